/** FC-NVMe link services: associations and connections. Source: FC-NVMe-2, clause 8. */
import {
  bytes,
  codec,
  derived,
  family,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved8,
  reserved24,
  reserved32,
  reservedBytes,
  rest,
  sized,
  type Table,
  text,
  u8,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import {
  NvmeLsCommand,
  NvmeLsDescriptor,
  NvmeLsRejectExplanation,
  NvmeLsRejectReason,
} from './names.ts';

const HEAD_BYTES = 8;
/** Bytes of a name (NQN), ended and padded with zeros. */
export const NQN_BYTES = 256;

/** A descriptor whose parameters have a fixed size, so that its length is known. */
function descriptor<const K extends string, F extends Table>(
  kind: K,
  tag: number,
  lengthBytes: number,
  fields: F,
) {
  return codec(
    `FC-NVMe LS descriptor: ${kind}`,
    'FC-NVMe-2, NVMe_LS descriptors',
    {
      descriptorTag: withDefault(named(u32, NvmeLsDescriptor), tag),
      descriptorLengthBytes: withDefault(u32, lengthBytes),
      ...fields,
    },
    kind,
  );
}

const identifier = { ...u64, format: (value: bigint) => `0x${value.toString(16)}` };

const members = {
  [NvmeLsDescriptor.REQUEST_INFORMATION]: descriptor(
    'request information',
    NvmeLsDescriptor.REQUEST_INFORMATION,
    8,
    { lsCommand: named(u8, NvmeLsCommand), reserved1: reserved24, reserved2: reserved32 },
  ),
  [NvmeLsDescriptor.REJECT]: descriptor('reject', NvmeLsDescriptor.REJECT, 8, {
    reserved1: reserved8,
    reason: named(u8, NvmeLsRejectReason),
    explanation: named(u8, NvmeLsRejectExplanation),
    vendorSpecific: withDefault(u8, 0),
    reserved2: reserved32,
  }),
  /** Creates the association and its admin queue. */
  [NvmeLsDescriptor.CREATE_ASSOCIATION_COMMAND]: descriptor(
    'create association command',
    NvmeLsDescriptor.CREATE_ASSOCIATION_COMMAND,
    1008,
    {
      erspRatio: u16,
      reserved1: reservedBytes(38),
      controllerId: u16,
      sqsize: u16,
      reserved2: reserved32,
      hostId: bytes(16),
      hostNqn: text(NQN_BYTES, '\0'),
      subsystemNqn: text(NQN_BYTES, '\0'),
      reserved3: reservedBytes(432),
    },
  ),
  /** Creates an I/O queue. */
  [NvmeLsDescriptor.CREATE_CONNECTION_COMMAND]: descriptor(
    'create connection command',
    NvmeLsDescriptor.CREATE_CONNECTION_COMMAND,
    48,
    {
      erspRatio: u16,
      reserved1: reservedBytes(38),
      queueId: u16,
      sqsize: u16,
      reserved2: reserved32,
    },
  ),
  [NvmeLsDescriptor.DISCONNECT_COMMAND]: descriptor(
    'disconnect command',
    NvmeLsDescriptor.DISCONNECT_COMMAND,
    16,
    { reserved1: reservedBytes(16) },
  ),
  [NvmeLsDescriptor.CONNECTION_IDENTIFIER]: descriptor(
    'connection identifier',
    NvmeLsDescriptor.CONNECTION_IDENTIFIER,
    8,
    { connectionId: identifier },
  ),
  [NvmeLsDescriptor.ASSOCIATION_IDENTIFIER]: descriptor(
    'association identifier',
    NvmeLsDescriptor.ASSOCIATION_IDENTIFIER,
    8,
    { associationId: identifier },
  ),
} as const;

/** An unknown descriptor, or one shorter than its layout here. */
const other = codec(
  'FC-NVMe LS descriptor',
  'FC-NVMe-2, NVMe_LS descriptors',
  {
    descriptorTag: named(u32, NvmeLsDescriptor),
    descriptorLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('parameters')),
    parameters: sized(
      of<{ descriptorLengthBytes: number }>((v) => v.descriptorLengthBytes),
      rest,
    ),
  },
  'descriptor',
);

const u32At = (source: Uint8Array, at: number): number => u32.read(source, at, 0);

/**
 * Any link service descriptor: tag, length, then as many bytes as that.
 *
 * Shape: 8 bytes and `descriptorLengthBytes`.
 * Errors: `bad-length` for one that runs past the list.
 */
export const nvmeLsDescriptor = family('FC-NVMe LS descriptor', 'FC-NVMe-2, NVMe_LS descriptors', {
  members: { ...members, other },
  select(source, at, end) {
    const tag = u32At(source, at);
    if (!Object.hasOwn(members, tag)) return 'other';
    const member = tag as keyof typeof members;
    return end - at < members[member].minBytes ? 'other' : member;
  },
  peekBytes: HEAD_BYTES,
  extent: (source, at) => HEAD_BYTES + u32At(source, at + 4),
});
export type NvmeLsDescriptorValue = Infer<typeof nvmeLsDescriptor>;
export type NvmeLsDescriptorInput = InferInput<typeof nvmeLsDescriptor>;

/**
 * An FC-NVMe link service request or response, told apart by its command code.
 *
 * Shape: 8 bytes, then descriptors. Units: `descriptorListLengthBytes` counts them all.
 */
export const nvmeLinkService = codec('NVMe_LS', 'FC-NVMe-2, NVMe_LS requests and responses', {
  lsCommand: named(u8, NvmeLsCommand),
  reserved1: reserved24,
  descriptorListLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('descriptors')),
  descriptors: sized(
    of<{ descriptorListLengthBytes: number }>((v) => v.descriptorListLengthBytes),
    list(nvmeLsDescriptor),
  ),
});
export type NvmeLinkService = Infer<typeof nvmeLinkService>;
export type NvmeLinkServiceInput = InferInput<typeof nvmeLinkService>;
