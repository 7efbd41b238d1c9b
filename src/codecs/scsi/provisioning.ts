/** Ranges of blocks: UNMAP, GET LBA STATUS, REPORT REFERRALS, tokens. Source: SBC-4, clause 5. */
import {
  bit,
  bytes,
  codec,
  derived,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved8,
  reserved16,
  reserved24,
  reserved32,
  reservedBits,
  reservedBytes,
  sized,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { option, optionByte } from './parts.ts';
import { ROD_TOKEN_BYTES, RodType } from './rod-token.ts';
import { referral } from './sense-descriptor.ts';
import { listOrNone } from './shape.ts';

const cut = { mayBeCut: true } as const;

/** A range of blocks: 16 bytes. Also the block device range descriptor of the token commands. */
export const blockRangeDescriptor = codec(
  'Block range descriptor',
  'SBC-4, UNMAP block descriptor; block device range descriptor',
  { lba: u64, numberOfBlocks: u32, reserved1: reserved32 },
);
export type BlockRangeDescriptor = Infer<typeof blockRangeDescriptor>;

const UNMAP_HEAD_BYTES = 8;

/** UNMAP parameter list: 8 bytes, then 16 for each range. */
export const unmapList = codec('UNMAP parameter list', 'SBC-4, UNMAP parameter list', {
  unmapDataLengthBytes: derived(u16, (_v, sizeOf) => UNMAP_HEAD_BYTES - 2 + sizeOf('ranges')),
  blockDescriptorDataLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('ranges')),
  reserved1: reserved32,
  ranges: sized(
    of<{ blockDescriptorDataLengthBytes: number }>((v) => v.blockDescriptorDataLengthBytes),
    listOrNone(list(blockRangeDescriptor)),
  ),
});
export type UnmapList = Infer<typeof unmapList>;
export type UnmapListInput = InferInput<typeof unmapList>;

/** PROVISIONING STATUS of a range of blocks. */
export const ProvisioningStatus = {
  MAPPED_OR_UNKNOWN: 0x0,
  DEALLOCATED: 0x1,
  ANCHORED: 0x2,
  MAPPED: 0x3,
  UNKNOWN: 0x4,
} as const;

const lbaStatus = codec('LBA status descriptor', 'SBC-4, GET LBA STATUS', {
  lba: u64,
  numberOfBlocks: u32,
  lbaAccess: option(4),
  provisioningStatus: named(bit(4), ProvisioningStatus),
  additionalStatus: optionByte,
  reserved1: reserved16,
});

/** GET LBA STATUS data: 8 bytes, then 16 for each range. */
export const getLbaStatusData = codec('GET LBA STATUS data', 'SBC-4, GET LBA STATUS', {
  parameterDataLengthBytes: derived(u32, (_v, sizeOf) => 4 + sizeOf('descriptors')),
  reserved1: reserved24,
  reserved2: reservedBits(4),
  completionCondition: option(3),
  rtp: option(1),
  descriptors: sized(
    of<{ parameterDataLengthBytes: number }>((v) => Math.max(0, v.parameterDataLengthBytes - 4)),
    list(lbaStatus, cut),
    cut,
  ),
});
export type GetLbaStatusData = Infer<typeof getLbaStatusData>;

/** REPORT REFERRALS data: 4 bytes, then referrals. */
export const reportReferralsData = codec('REPORT REFERRALS data', 'SBC-4, REPORT REFERRALS', {
  reserved1: reserved16,
  referralsLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('referrals')),
  referrals: sized(
    of<{ referralsLengthBytes: number }>((v) => v.referralsLengthBytes),
    list(referral, cut),
    cut,
  ),
});
export type ReportReferralsData = Infer<typeof reportReferralsData>;

const ranges = sized(
  of<{ rangeDescriptorLengthBytes: number }>((v) => v.rangeDescriptorLengthBytes),
  list(blockRangeDescriptor),
);
const rangesLength = derived<number>(u16, (_v, sizeOf) => sizeOf('ranges'));

/** POPULATE TOKEN parameter list: 16 bytes, then the ranges that the token stands for. */
export const populateTokenList = codec(
  'POPULATE TOKEN parameter list',
  'SBC-4, POPULATE TOKEN parameter list',
  {
    dataLengthBytes: derived(u16, (_v, sizeOf) => 14 + sizeOf('ranges')),
    reserved1: reservedBits(6),
    rtv: option(1),
    immed: option(1),
    reserved2: reserved8,
    inactivityTimeoutSeconds: withDefault(u32, 0),
    rodType: withDefault(named(u32, RodType), 0),
    reserved3: reserved16,
    rangeDescriptorLengthBytes: rangesLength,
    ranges,
  },
);
export type PopulateTokenList = Infer<typeof populateTokenList>;

/** WRITE USING TOKEN parameter list: 536 bytes, then the ranges to write. */
export const writeUsingTokenList = codec(
  'WRITE USING TOKEN parameter list',
  'SBC-4, WRITE USING TOKEN parameter list',
  {
    dataLengthBytes: derived(u16, (_v, sizeOf) => 534 + sizeOf('ranges')),
    reserved1: reservedBits(6),
    delTkn: option(1),
    immed: option(1),
    reserved2: reservedBytes(5),
    offsetIntoRodBlocks: withDefault(u64, 0n),
    rodToken: bytes(ROD_TOKEN_BYTES),
    reserved3: reservedBytes(6),
    rangeDescriptorLengthBytes: rangesLength,
    ranges,
  },
);
export type WriteUsingTokenList = Infer<typeof writeUsingTokenList>;
