/** Vital product data: what INQUIRY gives when EVPD is set. Source: SPC-5, 7.7; SBC-4, 6.6. */
import {
  codec,
  derived,
  family,
  type Infer,
  type InferInput,
  named,
  rest,
  sized,
  u8,
  u16,
} from '../layout/index.ts';
import { peripheral } from './data-primary.ts';
import * as block from './vpd-block.ts';
import { thirdPartyCopy } from './vpd-copy.ts';
import { pageRest, VPD_HEAD_BYTES, VpdPage } from './vpd-page.ts';
import * as primary from './vpd-primary.ts';

/** A page without a layout of its own here, or one cut inside the part that is always there. */
const otherPage = codec(
  'VPD page',
  'SPC-5, 7.7',
  {
    ...peripheral,
    pageCode: named(u8, VpdPage),
    pageLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('parameters')),
    parameters: sized(pageRest(), rest, { mayBeCut: true }),
  },
  'VPD page',
);

const members = {
  [VpdPage.SUPPORTED_VPD_PAGES]: primary.supportedPages,
  [VpdPage.UNIT_SERIAL_NUMBER]: primary.unitSerialNumber,
  [VpdPage.DEVICE_IDENTIFICATION]: primary.deviceIdentification,
  [VpdPage.MANAGEMENT_NETWORK_ADDRESSES]: primary.managementNetworkAddresses,
  [VpdPage.EXTENDED_INQUIRY_DATA]: primary.extendedInquiry,
  [VpdPage.MODE_PAGE_POLICY]: primary.modePagePolicy,
  [VpdPage.SCSI_PORTS]: primary.scsiPorts,
  [VpdPage.THIRD_PARTY_COPY]: thirdPartyCopy,
  [VpdPage.BLOCK_LIMITS]: block.blockLimits,
  [VpdPage.BLOCK_DEVICE_CHARACTERISTICS]: block.blockDeviceCharacteristics,
  [VpdPage.LOGICAL_BLOCK_PROVISIONING]: block.logicalBlockProvisioning,
  [VpdPage.REFERRALS]: block.referrals,
} as const;

/** Bytes that the page says it has, as far as they are there. */
function lengthAt(bytes: Uint8Array, at: number, end: number): number {
  return Math.min(end - at, VPD_HEAD_BYTES + bytes[at + 2]! * 256 + bytes[at + 3]!);
}

/**
 * Any VPD page.
 *
 * A page that is not in the table, and one too short for what is always in it, decodes to kind
 * `VPD page`, its parameters as bytes. Errors: `truncated` below 4 bytes.
 */
export const vpd = family('VPD page', 'SPC-5, 7.7', {
  members: { ...members, shortBlockLimits: block.shortBlockLimits, other: otherPage },
  select(bytes, at, end) {
    const code = bytes[at + 1]!;
    if (!Object.hasOwn(members, code)) return 'other';
    const member = code as keyof typeof members;
    const length = lengthAt(bytes, at, end);
    if (length >= members[member].minBytes) return member;
    return code === VpdPage.BLOCK_LIMITS && length >= block.shortBlockLimits.minBytes
      ? 'shortBlockLimits'
      : 'other';
  },
  peekBytes: VPD_HEAD_BYTES,
});
export type Vpd = Infer<typeof vpd>;
export type VpdInput = InferInput<typeof vpd>;
