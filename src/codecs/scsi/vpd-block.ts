/** VPD pages of block devices. Source: SBC-4, 6.6. */
import {
  bit,
  embed,
  flags,
  named,
  optional,
  reserved32,
  reservedBits,
  reservedBytes,
  u16,
  u32,
  u64,
  when,
  withDefault,
} from '../layout/index.ts';
import { designation } from './designation.ts';
import { option, optionByte } from './parts.ts';
import { VpdPage, vpdPage } from './vpd-page.ts';

/** High bit of the unmap granularity alignment: the alignment is valid. */
export const UGAVALID = 0x8000_0000;

const limit32 = withDefault(u32, 0);

const transferLimits = {
  reserved1: reservedBits(7),
  wsnz: option(1),
  maximumCompareAndWriteLengthBlocks: optionByte,
  optimalTransferLengthGranularityBlocks: withDefault(u16, 0),
  maximumTransferLengthBlocks: limit32,
  optimalTransferLengthBlocks: limit32,
} as const;

/** Block limits. A limit of 0 is not told. Shape: 64 bytes. Units: blocks. */
export const blockLimits = vpdPage(
  'block limits',
  VpdPage.BLOCK_LIMITS,
  'SBC-4, Block Limits VPD page',
  {
    ...transferLimits,
    maximumPrefetchLengthBlocks: limit32,
    maximumUnmapLbaCount: limit32,
    maximumUnmapBlockDescriptorCount: limit32,
    optimalUnmapGranularityBlocks: limit32,
    unmapGranularityAlignment: withDefault(flags(u32, { UGAVALID }), 0),
    maximumWriteSameLengthBlocks: withDefault(u64, 0n),
    maximumAtomicTransferLengthBlocks: limit32,
    atomicAlignmentBlocks: limit32,
    atomicTransferLengthGranularityBlocks: limit32,
    maximumAtomicTransferLengthWithAtomicBoundaryBlocks: limit32,
    maximumAtomicBoundarySizeBlocks: limit32,
  },
);

/** Block limits as SBC-2 had them. Shape: 16 bytes. Units: blocks. */
export const shortBlockLimits = vpdPage(
  'block limits (SBC-2)',
  VpdPage.BLOCK_LIMITS,
  'SBC-2, Block Limits VPD page',
  transferLimits,
);

/** MEDIUM ROTATION RATE: 1 is no rotation; from 0401h on it counts revolutions per minute. */
export const MediumRotationRate = { NOT_REPORTED: 0x0000, NON_ROTATING: 0x0001 } as const;

/** NOMINAL FORM FACTOR. */
export const FormFactor = {
  NOT_REPORTED: 0,
  INCH_5_25: 1,
  INCH_3_5: 2,
  INCH_2_5: 3,
  INCH_1_8: 4,
  BELOW_INCH_1_8: 5,
} as const;

/** How the medium turns, how large it is, whether it has zones. Shape: 64 bytes. */
export const blockDeviceCharacteristics = vpdPage(
  'block device characteristics',
  VpdPage.BLOCK_DEVICE_CHARACTERISTICS,
  'SBC-4, Block Device Characteristics VPD page',
  {
    mediumRotationRate: withDefault(named(u16, MediumRotationRate), 0),
    productType: optionByte,
    wabereq: option(2),
    wacereq: option(2),
    nominalFormFactor: withDefault(named(bit(4), FormFactor), FormFactor.NOT_REPORTED),
    macr: option(2),
    zoned: option(2),
    rbwz: option(1),
    bocs: option(1),
    fuab: option(1),
    vbuls: option(1),
    reserved1: reservedBytes(3),
    depopulationTimeSeconds: withDefault(u32, 0),
    reserved2: reservedBytes(48),
  },
);

/** PROVISIONING TYPE. */
export const ProvisioningType = { NOT_REPORTED: 0, RESOURCE: 1, THIN: 2 } as const;

/**
 * DP: a designation descriptor names the provisioning group.
 *
 * Shape: 8 bytes, and a designation descriptor with DP.
 */
export const logicalBlockProvisioning = vpdPage(
  'logical block provisioning',
  VpdPage.LOGICAL_BLOCK_PROVISIONING,
  'SBC-4, Logical Block Provisioning VPD page',
  {
    thresholdExponent: optionByte,
    lbpu: option(1),
    lbpws: option(1),
    lbpws10: option(1),
    lbprz: option(3),
    ancSup: option(1),
    dp: option(1),
    minimumPercentage: option(5),
    provisioningType: withDefault(named(bit(3), ProvisioningType), ProvisioningType.NOT_REPORTED),
    thresholdPercentage: optionByte,
    provisioningGroup: optional(
      when<{ dp: number; pageLengthBytes: number }>((v) => v.dp === 1 && v.pageLengthBytes > 4),
      embed(designation),
    ),
  },
);

/** How user data segments are laid over the LBA space. Shape: 16 bytes. Units: blocks. */
export const referrals = vpdPage('referrals', VpdPage.REFERRALS, 'SBC-4, Referrals VPD page', {
  reserved1: reserved32,
  userDataSegmentSizeBlocks: u32,
  userDataSegmentMultiplier: u32,
});
