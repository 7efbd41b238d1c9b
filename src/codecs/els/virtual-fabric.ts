/** Exchange virtual fabrics parameters: the message that the ELS and the SW_ILS EVFP share. */
import {
  bytes,
  codec,
  derived,
  embed,
  family,
  type Infer,
  list,
  named,
  of,
  reserved16,
  rest,
  sized,
  text,
  u8,
  u16,
  u32,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { whereBytesRemain } from './parts.ts';

/** Step of the exchange. Source: FC-SW-6, EVFP message codes. */
export const EvfpMessage = { EVFP_SYNC: 0x01, EVFP_COMMIT: 0x02 } as const;
/** Descriptors of an EVFP_SYNC. Source: FC-SW-6, EVFP descriptor types. */
export const EvfpDescriptorType = {
  TAGGING_ADMINISTRATIVE_STATUS: 0x01,
  PORT_VF_ID: 0x02,
  LOCALLY_ENABLED_VF_ID_LIST: 0x03,
  VENDOR_SPECIFIC: 0xf0,
} as const;
/** Whether unknown descriptors may be passed over. Source: FC-SW-6, EVFP descriptor control. */
export const EvfpDescriptorControl = { CRITICAL: 0x01, NON_CRITICAL: 0x02 } as const;
/** Whether a port wants frames with VFT headers. Source: FC-SW-6, tagging administrative status. */
export const TaggingStatus = { PROHIBITED: 0x01, PERMITTED: 0x02, NEGOTIATE: 0x03 } as const;

const SOURCE = 'FC-SW-6, EVFP descriptors';
type TypeName = keyof typeof EvfpDescriptorType;
const head = (type: TypeName, valueBytes: number) => ({
  control: withDefault(named(u8, EvfpDescriptorControl), EvfpDescriptorControl.CRITICAL),
  type: withDefault(named(u8, EvfpDescriptorType), EvfpDescriptorType[type]),
  valueLengthBytes: withDefault(u16, valueBytes),
});

/** Tagging administrative status. Shape: 8 bytes. */
export const taggingStatusDescriptor = codec(
  'tagging administrative status descriptor',
  SOURCE,
  { ...head('TAGGING_ADMINISTRATIVE_STATUS', 4), status: named(u32, TaggingStatus) },
  'TAGGING_ADMINISTRATIVE_STATUS',
);
/** Port VF_ID: the virtual fabric of untagged frames. Shape: 8 bytes. */
export const portVfIdDescriptor = codec(
  'port VF_ID descriptor',
  SOURCE,
  { ...head('PORT_VF_ID', 4), reserved1: reserved16, vfId: u16 },
  'PORT_VF_ID',
);
/** Virtual fabrics that the port carries: one bit per VF_ID. Shape: 516 bytes. */
export const vfIdListDescriptor = codec(
  'locally enabled VF_ID list descriptor',
  SOURCE,
  { ...head('LOCALLY_ENABLED_VF_ID_LIST', 512), vfIds: bytes(512) },
  'LOCALLY_ENABLED_VF_ID_LIST',
);

const DESCRIPTOR_HEAD_BYTES = 4;
const VENDOR_BYTES = 8;
/**
 * What a vendor adds; any type from F0h to FEh.
 *
 * Shape: 12 bytes and the vendor's data. Units: `valueLengthBytes` counts the vendor identifier too.
 * Source: FC-LS rev 1.61, vendor specific descriptor.
 */
export const evfpVendorDescriptor = codec(
  'vendor specific descriptor',
  SOURCE,
  {
    ...head('VENDOR_SPECIFIC', VENDOR_BYTES),
    valueLengthBytes: derived(u16, (_value, sizeOf) => VENDOR_BYTES + sizeOf('data')),
    vendorId: text(VENDOR_BYTES),
    data: sized(
      of<{ valueLengthBytes: number }>((value) => value.valueLengthBytes - VENDOR_BYTES),
      rest,
    ),
  },
  'VENDOR_SPECIFIC',
);
const LAST_VENDOR_TYPE = 0xfe;
const isVendorType = (type: number): boolean =>
  type >= EvfpDescriptorType.VENDOR_SPECIFIC && type <= LAST_VENDOR_TYPE;

/** Any descriptor of an EVFP_SYNC. Shape: 4 bytes and `valueLengthBytes` more. Source: FC-SW-6, EVFP descriptors. */
export const evfpDescriptor = family('EVFP descriptor', SOURCE, {
  members: {
    TAGGING_ADMINISTRATIVE_STATUS: taggingStatusDescriptor,
    PORT_VF_ID: portVfIdDescriptor,
    LOCALLY_ENABLED_VF_ID_LIST: vfIdListDescriptor,
    VENDOR_SPECIFIC: evfpVendorDescriptor,
  },
  select(raw, at, end) {
    const room = end - at;
    const type = raw[at + 1]!;
    if (type === EvfpDescriptorType.TAGGING_ADMINISTRATIVE_STATUS && room >= 8)
      return 'TAGGING_ADMINISTRATIVE_STATUS';
    if (type === EvfpDescriptorType.PORT_VF_ID && room >= 8) return 'PORT_VF_ID';
    if (type === EvfpDescriptorType.LOCALLY_ENABLED_VF_ID_LIST && room >= 516)
      return 'LOCALLY_ENABLED_VF_ID_LIST';
    if (room >= DESCRIPTOR_HEAD_BYTES && isVendorType(type)) {
      const length = u16.read(raw, at + 2, 0);
      if (length >= VENDOR_BYTES && room >= DESCRIPTOR_HEAD_BYTES + length)
        return 'VENDOR_SPECIFIC';
    }
    return undefined;
  },
  peekBytes: DESCRIPTOR_HEAD_BYTES,
  extent: (raw, at) => DESCRIPTOR_HEAD_BYTES + u16.read(raw, at + 2, 0),
});
/** What `evfpDescriptor` decodes. */
export type EvfpDescriptor = Infer<typeof evfpDescriptor>;

/** The descriptors of an EVFP_SYNC payload. Shape: 0 bytes or more: as many as the descriptors have. */
export const evfpSync = codec('EVFP_SYNC payload', 'FC-SW-6, EVFP_SYNC', {
  descriptors: list(evfpDescriptor),
});
/** What `evfpSync` decodes. */
export type EvfpSync = Infer<typeof evfpSync>;

/**
 * What an EVFP message carries.
 *
 * Shape: 4 bytes and the payload, which `evfpSync` reads in an EVFP_SYNC and which an
 * EVFP_COMMIT has none of.
 * Source: FC-SW-6, EVFP.
 */
export const evfpContent = codec('EVFP content', 'FC-SW-6, EVFP', {
  reserved1: reserved16,
  payloadLengthBytes: derived(u16, (_value, sizeOf) => sizeOf('payload')),
  payload: sized(
    of<{ payloadLengthBytes: number }>((value) => value.payloadLengthBytes),
    rest,
  ),
});
/** What `evfpContent` decodes. */
export type EvfpContent = Infer<typeof evfpContent>;

const CONTENT_BYTES = 4;
/** EVFP message. Shape: 12 bytes, and `content` unless the message is cut. Source: FC-SW-6, EVFP. */
export const evfpMessage = codec('EVFP message', 'FC-SW-6, EVFP', {
  revision: withDefault(u8, 1),
  messageCode: named(u8, EvfpMessage),
  transactionId: u16,
  coreName: wwn,
  content: whereBytesRemain(CONTENT_BYTES, embed(evfpContent)),
});
/** What `evfpMessage` decodes. */
export type EvfpMessageValue = Infer<typeof evfpMessage>;
