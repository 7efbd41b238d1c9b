/** Data of the first commands an initiator sends: INQUIRY, REPORT LUNS, READ CAPACITY. */
import {
  bit,
  codec,
  derived,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved32,
  reservedBits,
  reservedBytes,
  rest,
  sized,
  type TailField,
  text,
  u8,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { Tpgs } from './access-state.ts';
import { lunBytes } from './lun.ts';
import { option } from './parts.ts';
import { listOrNone } from './shape.ts';

/** PERIPHERAL QUALIFIER (3 bits): 3 says there is no such logical unit. */
export const PeripheralQualifier = { CONNECTED: 0, NOT_CONNECTED: 1, NOT_SUPPORTED: 3 } as const;

/** PERIPHERAL DEVICE TYPE (5 bits). */
export const PeripheralDeviceType = {
  DIRECT_ACCESS_BLOCK: 0x00,
  SEQUENTIAL_ACCESS: 0x01,
  PRINTER: 0x02,
  PROCESSOR: 0x03,
  WRITE_ONCE: 0x04,
  CD_DVD: 0x05,
  SCANNER: 0x06,
  OPTICAL_MEMORY: 0x07,
  MEDIA_CHANGER: 0x08,
  COMMUNICATIONS: 0x09,
  STORAGE_ARRAY_CONTROLLER: 0x0c,
  ENCLOSURE_SERVICES: 0x0d,
  SIMPLIFIED_DIRECT_ACCESS: 0x0e,
  OPTICAL_CARD: 0x0f,
  BRIDGE_CONTROLLER: 0x10,
  OBJECT_BASED_STORAGE: 0x11,
  AUTOMATION_DRIVE_INTERFACE: 0x12,
  SECURITY_MANAGER: 0x13,
  HOST_MANAGED_ZONED_BLOCK: 0x14,
  WELL_KNOWN_LOGICAL_UNIT: 0x1e,
  UNKNOWN: 0x1f,
} as const;

/** VERSION: the edition of SPC. */
export const SpcVersion = {
  NONE: 0x00,
  'SCSI-2': 0x02,
  SPC: 0x03,
  'SPC-2': 0x04,
  'SPC-3': 0x05,
  'SPC-4': 0x06,
  'SPC-5': 0x07,
  'SPC-6': 0x0d,
} as const;

/** VERSION DESCRIPTOR: the standards this project speaks, without a claim to an edition's draft. */
export const VersionDescriptor = {
  NONE: 0x0000,
  'SAM-3': 0x0060,
  'SAM-4': 0x0080,
  'SAM-5': 0x00a0,
  'SAM-6': 0x00c0,
  'SPC-2': 0x0260,
  'SPC-3': 0x0300,
  'SPC-4': 0x0460,
  'SPC-5': 0x05c0,
  'SBC-2': 0x0320,
  'SBC-3': 0x04c0,
  'SBC-4': 0x0600,
  FCP: 0x08c0,
  'FCP-2': 0x0900,
  'FCP-3': 0x0a00,
  'FCP-4': 0x0a40,
  iSCSI: 0x0960,
} as const;

/** The first byte of INQUIRY data and VPD pages. */
export const peripheral = {
  peripheralQualifier: withDefault(
    named(bit(3), PeripheralQualifier),
    PeripheralQualifier.CONNECTED,
  ),
  peripheralDeviceType: withDefault(
    named(bit(5), PeripheralDeviceType),
    PeripheralDeviceType.DIRECT_ACCESS_BLOCK,
  ),
} as const;

const INQUIRY_HEAD_BYTES = 36;
const VENDOR_SPECIFIC_BYTES = 20;
const CLOCKING_BYTES = 2;
const VERSION_DESCRIPTORS_MAX = 8;

type InquiryOwner = { additionalLengthBytes: number };
/** Bytes of the region [from, from + size) that the additional length says are there. */
const inquiryPart = (v: InquiryOwner, from: number, size: number) =>
  Math.max(0, Math.min(size, v.additionalLengthBytes + 5 - from));
const CLOCKING_AT = INQUIRY_HEAD_BYTES + VENDOR_SPECIFIC_BYTES;
const VERSION_DESCRIPTORS_AT = CLOCKING_AT + CLOCKING_BYTES;
const PARAMETERS_AT = VERSION_DESCRIPTORS_AT + 2 * VERSION_DESCRIPTORS_MAX;
const cut = { mayBeCut: true } as const;

/** Bytes in front of the version descriptors: zeros where there are some, else left out. */
const inFrontOfVersions = (length: number): TailField<Uint8Array, true> => ({
  ...rest,
  default: ({ versionDescriptors }) =>
    new Uint8Array(Array.isArray(versionDescriptors) && versionDescriptors.length > 0 ? length : 0),
});

/**
 * Standard INQUIRY data.
 *
 * Shape: 36 bytes, then as many as the additional length counts: 20 vendor specific, 2 for the
 * parallel bus, up to 8 version descriptors, the rest. Each of these ends where the data does.
 * Units: `additionalLengthBytes` counts from byte 5.
 * Errors: `truncated` below 36 bytes.
 */
export const standardInquiry = codec('Standard INQUIRY data', 'SPC-5, standard INQUIRY data', {
  ...peripheral,
  rmb: option(1),
  luCong: option(1),
  hotPluggable: option(2),
  reserved1: reservedBits(4),
  version: withDefault(named(u8, SpcVersion), SpcVersion['SPC-4']),
  /** AERC and TRMTSK of SPC-2. */
  obsolete1: reservedBits(2),
  normaca: option(1),
  hisup: option(1),
  responseDataFormat: withDefault(bit(4), 2),
  additionalLengthBytes: derived(
    u8,
    (_v, sizeOf) =>
      INQUIRY_HEAD_BYTES -
      5 +
      sizeOf('vendorSpecific') +
      sizeOf('clocking') +
      sizeOf('versionDescriptors') +
      sizeOf('parameters'),
  ),
  sccs: option(1),
  /** ACC of SPC-4. */
  obsolete2: reservedBits(1),
  tpgs: withDefault(named(bit(2), Tpgs), Tpgs.NONE),
  threePc: option(1),
  reserved2: reservedBits(2),
  protect: option(1),
  /** BQUE. */
  obsolete3: reservedBits(1),
  encserv: option(1),
  vs1: option(1),
  multip: option(1),
  /** MCHNGR, ACKREQQ, ADDR32 and ADDR16. */
  obsolete4: reservedBits(4),
  /** RELADR, WBUS32, WBUS16, SYNC, LINKED and TRANDIS. */
  obsolete5: reservedBits(6),
  cmdque: withDefault(bit(1), 1),
  vs2: option(1),
  t10VendorIdentification: text(8),
  productIdentification: text(16),
  productRevisionLevel: text(4),
  vendorSpecific: sized(
    of<InquiryOwner>((v) => inquiryPart(v, INQUIRY_HEAD_BYTES, VENDOR_SPECIFIC_BYTES)),
    inFrontOfVersions(VENDOR_SPECIFIC_BYTES),
    cut,
  ),
  clocking: sized(
    of<InquiryOwner>((v) => inquiryPart(v, CLOCKING_AT, CLOCKING_BYTES)),
    inFrontOfVersions(CLOCKING_BYTES),
    cut,
  ),
  versionDescriptors: sized(
    of<InquiryOwner>(
      (v) => inquiryPart(v, VERSION_DESCRIPTORS_AT, 2 * VERSION_DESCRIPTORS_MAX) & ~1,
    ),
    listOrNone(list(named(u16, VersionDescriptor), cut)),
    cut,
  ),
  parameters: sized(
    of<InquiryOwner>((v) => inquiryPart(v, PARAMETERS_AT, 255)),
    rest,
    cut,
  ),
});
export type StandardInquiry = Infer<typeof standardInquiry>;
export type StandardInquiryInput = InferInput<typeof standardInquiry>;

/**
 * REPORT LUNS data.
 *
 * Shape: 8 bytes, then 8 for each LUN that the allocation length left room for.
 * Units: `lunListLengthBytes` counts the whole list, also what was cut off.
 */
export const reportLunsData = codec('REPORT LUNS data', 'SPC-5, REPORT LUNS', {
  lunListLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('luns')),
  reserved1: reserved32,
  luns: sized(
    of<{ lunListLengthBytes: number }>((v) => v.lunListLengthBytes),
    list(lunBytes, cut),
    cut,
  ),
});
export type ReportLunsData = Infer<typeof reportLunsData>;

/** READ CAPACITY(10) data: 8 bytes. FFFFFFFFh says that the 16-byte command is needed. */
export const readCapacity10Data = codec('READ CAPACITY(10) data', 'SBC-4, READ CAPACITY(10)', {
  lastLba: u32,
  blockLengthBytes: u32,
});
export type ReadCapacity10Data = Infer<typeof readCapacity10Data>;

/** READ CAPACITY(16) data: 32 bytes. */
export const readCapacity16Data = codec('READ CAPACITY(16) data', 'SBC-4, READ CAPACITY(16)', {
  lastLba: u64,
  blockLengthBytes: u32,
  reserved1: reservedBits(2),
  rcBasis: option(2),
  pType: option(3),
  protEn: option(1),
  pIExponent: option(4),
  logicalBlocksPerPhysicalBlockExponent: option(4),
  lbpme: option(1),
  lbprz: option(1),
  lowestAlignedLba: option(14),
  reserved2: reservedBytes(16),
});
export type ReadCapacity16Data = Infer<typeof readCapacity16Data>;
