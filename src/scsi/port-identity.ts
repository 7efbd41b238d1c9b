/**
 * Ports as the bytes of their protocol: TransportIDs, designators, version descriptors.
 *
 * Source: SPC-5, TransportID identifiers, and designation descriptors of target ports.
 */
import { parseWwn } from '../codecs/layout/index.ts';
import {
  Association,
  type DesignationInput,
  ProtocolIdentifier,
  type TransportId,
  type TransportIdInput,
  VersionDescriptor,
} from '../codecs/scsi/index.ts';
import {
  fcInitiatorPort,
  type InitiatorPort,
  protocolOf,
  type TargetPort,
} from '../history/port-name.ts';

/** FORMAT CODE of a TransportID with the name of an iSCSI initiator port, not of a device. */
const ISCSI_PORT = 1;
/** ADDITIONAL LENGTH is a multiple of 4 and at least this. */
const ISCSI_NAME_BYTES_MIN = 20;

/** The TransportID of an initiator port; `undefined` for one whose protocol has none. */
export function transportIdOf(port: InitiatorPort): TransportIdInput | undefined {
  switch (protocolOf(port)) {
    case 'fibre-channel':
      return {
        kind: 'Fibre Channel',
        formatCode: 0,
        protocolIdentifier: ProtocolIdentifier.FIBRE_CHANNEL,
        reserved1: 0,
        reserved2: new Uint8Array(7),
        portName: parseWwn(port),
        reserved3: new Uint8Array(8),
      };
    case 'iscsi': {
      // At least one zero ends the name.
      const bytes = Math.max(4 * Math.ceil((port.length + 1) / 4), ISCSI_NAME_BYTES_MIN);
      return { kind: 'iSCSI', formatCode: ISCSI_PORT, iscsiName: port.padEnd(bytes, '\0') };
    }
    case 'other':
      return undefined;
  }
}

/** The one initiator port that a TransportID names; `undefined`: refuse it as an invalid field. */
export function initiatorPortOf(id: TransportId): InitiatorPort | undefined {
  if (id.kind === 'Fibre Channel') return fcInitiatorPort(id.portName);
  if (id.kind !== 'iSCSI' || id.formatCode !== ISCSI_PORT) return undefined;
  const name = id.iscsiName.replace(/\0+$/, '') as InitiatorPort;
  return protocolOf(name) === 'iscsi' ? name : undefined;
}

/** PIV and PROTOCOL IDENTIFIER in the designators of a target port. */
export function protocolFieldsOf(port: TargetPort): { piv?: number; protocolIdentifier?: number } {
  switch (protocolOf(port)) {
    case 'fibre-channel':
      return { piv: 1, protocolIdentifier: ProtocolIdentifier.FIBRE_CHANNEL };
    case 'iscsi':
      return { piv: 1, protocolIdentifier: ProtocolIdentifier.ISCSI };
    case 'other':
      return {};
  }
}

/** The designator that holds a target port's name. */
export function nameDesignatorOf(port: TargetPort): DesignationInput {
  if (protocolOf(port) !== 'fibre-channel')
    return { kind: 'SCSI name string', scsiNameString: port };
  return { kind: 'NAA', identifier: wwnBytes(port) };
}

function wwnBytes(port: TargetPort): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, parseWwn(port));
  return bytes;
}

/** The designator of the target device that a port is of: an iSCSI name without the portal group, on Fibre Channel the port's. */
export function deviceDesignatorOf(port: TargetPort): DesignationInput {
  const association = Association.TARGET_DEVICE;
  if (protocolOf(port) === 'fibre-channel')
    return { kind: 'NAA', association, identifier: wwnBytes(port) };
  return { kind: 'SCSI name string', association, scsiNameString: port.replace(/,t,.*$/, '') };
}

/** The standard of a port's protocol, for standard INQUIRY data. */
export function versionOf(port: TargetPort): number | undefined {
  return VERSIONS[protocolOf(port)];
}

const VERSIONS = {
  'fibre-channel': VersionDescriptor['FCP-4'],
  iscsi: VersionDescriptor.iSCSI,
  other: undefined,
} as const;
