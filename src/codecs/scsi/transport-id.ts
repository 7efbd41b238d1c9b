/** TransportIDs: how a parameter list names an initiator port. Source: SPC-5, 7.6.4. */
import {
  bit,
  bytes,
  codec,
  derived,
  family,
  type Infer,
  type InferInput,
  named,
  of,
  reserved8,
  reserved16,
  reserved24,
  reservedBits,
  reservedBytes,
  restText,
  sized,
  type Table,
  type TailField,
  u16,
  u64,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { ProtocolIdentifier } from './designation.ts';
import { option } from './parts.ts';

/** Bytes of every TransportID but iSCSI's. */
const TRANSPORT_ID_BYTES = 24;

function transportIdOf<const K extends string, F extends Table>(
  kind: K,
  protocol: number,
  fields: F,
) {
  return codec(
    `TransportID: ${kind}`,
    'SPC-5, TransportID',
    {
      formatCode: option(2),
      reserved1: reservedBits(2),
      protocolIdentifier: withDefault(named(bit(4), ProtocolIdentifier), protocol),
      ...fields,
    },
    kind,
  );
}

const fibreChannel = transportIdOf('Fibre Channel', ProtocolIdentifier.FIBRE_CHANNEL, {
  reserved2: reservedBytes(7),
  portName: wwn,
  reserved3: reservedBytes(8),
});
const parallelScsi = transportIdOf('parallel SCSI', ProtocolIdentifier.PARALLEL_SCSI, {
  reserved2: reserved8,
  scsiAddress: u16,
  obsolete1: reserved16,
  relativeTargetPort: u16,
  reserved3: reservedBytes(16),
});
const ieee1394 = transportIdOf('IEEE 1394', ProtocolIdentifier.IEEE_1394, {
  reserved2: reservedBytes(7),
  eui64: u64,
  reserved3: reservedBytes(8),
});
const srp = transportIdOf('SRP', ProtocolIdentifier.SRP, {
  reserved2: reservedBytes(7),
  initiatorPortIdentifier: bytes(16),
});
/** FORMAT CODE 1: the session's ISID stands behind the name. Padded with zeros. */
const iscsi = transportIdOf('iSCSI', ProtocolIdentifier.ISCSI, {
  reserved2: reserved8,
  additionalLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('iscsiName')),
  iscsiName: sized(
    of<{ additionalLengthBytes: number }>((v) => v.additionalLengthBytes),
    restText,
    { mayBeCut: true },
  ),
});
const sas = transportIdOf('SAS', ProtocolIdentifier.SAS, {
  reserved2: reserved24,
  sasAddress: u64,
  reserved3: reservedBytes(12),
});
const sop = transportIdOf('SOP', ProtocolIdentifier.SOP, {
  reserved2: reserved8,
  routingId: u16,
  reserved3: reservedBytes(20),
});

const members = {
  [ProtocolIdentifier.FIBRE_CHANNEL]: fibreChannel,
  [ProtocolIdentifier.PARALLEL_SCSI]: parallelScsi,
  [ProtocolIdentifier.IEEE_1394]: ieee1394,
  [ProtocolIdentifier.SRP]: srp,
  [ProtocolIdentifier.ISCSI]: iscsi,
  [ProtocolIdentifier.SAS]: sas,
  [ProtocolIdentifier.SOP]: sop,
} as const;

/** Any TransportID: 24 bytes, of iSCSI 4 and as many as it says. Other protocols stay bytes. */
export const transportId = family('TransportID', 'SPC-5, 7.6.4', {
  members,
  select(bytes, at, end) {
    const protocol = bytes[at]! & 0x0f;
    if (!Object.hasOwn(members, protocol)) return undefined;
    const member = protocol as keyof typeof members;
    return end - at < members[member].minBytes ? undefined : member;
  },
  peekBytes: 4,
  extent: (bytes, at, end) =>
    Math.min(
      end - at,
      (bytes[at]! & 0x0f) === ProtocolIdentifier.ISCSI
        ? 4 + bytes[at + 2]! * 256 + bytes[at + 3]!
        : TRANSPORT_ID_BYTES,
    ),
});
export type TransportId = Infer<typeof transportId>;
export type TransportIdInput = InferInput<typeof transportId>;
/** A TransportID as a field. */
export interface TransportIdField extends TailField<TransportId, false, TransportIdInput> {}
