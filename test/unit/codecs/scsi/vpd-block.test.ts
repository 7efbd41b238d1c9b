/** VPD pages of block devices: bytes of a Storwize and of a Linux target; others as sg_vpd --inhex reads them. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  blockDeviceCharacteristics,
  blockLimits,
  FormFactor,
  logicalBlockProvisioning,
  MediumRotationRate,
  ProvisioningType,
  referrals,
  shortBlockLimits,
  UGAVALID,
} from '../../../../src/codecs/scsi/vpd-block.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

describe('block limits', () => {
  test('a Storwize: esxi-cisco/fcoe1-both.pcap, frame 88', () => {
    checkFixedVector(
      blockLimits,
      `00 b0 003c 01 80 0040 00200000 ${'00'.repeat(24)} 0000000000000800 ${'00'.repeat(20)}`,
      {
        kind: 'block limits',
        pageLengthBytes: 60,
        wsnz: 1,
        maximumCompareAndWriteLengthBlocks: 128,
        optimalTransferLengthGranularityBlocks: 64,
        maximumTransferLengthBlocks: 0x20_0000,
        maximumWriteSameLengthBlocks: 2048n,
      },
    );
  });

  test('every limit has its place', () => {
    checkFixedVector(
      blockLimits,
      `00 b0 003c 00 01 0002 00000003 00000004 00000005 00000006 00000007 00000008 80000009
       000000000000000a 0000000b 0000000c 0000000d 0000000e 0000000f`,
      {
        wsnz: 0,
        maximumCompareAndWriteLengthBlocks: 1,
        optimalTransferLengthGranularityBlocks: 2,
        maximumTransferLengthBlocks: 3,
        optimalTransferLengthBlocks: 4,
        maximumPrefetchLengthBlocks: 5,
        maximumUnmapLbaCount: 6,
        maximumUnmapBlockDescriptorCount: 7,
        optimalUnmapGranularityBlocks: 8,
        unmapGranularityAlignment: UGAVALID + 9,
        maximumWriteSameLengthBlocks: 10n,
        maximumAtomicTransferLengthBlocks: 11,
        atomicAlignmentBlocks: 12,
        atomicTransferLengthGranularityBlocks: 13,
        maximumAtomicTransferLengthWithAtomicBoundaryBlocks: 14,
        maximumAtomicBoundarySizeBlocks: 15,
      },
    );
    expect(UGAVALID).toBe(0x8000_0000);
  });

  test('of SBC-2: linux/vn2vn-io.pcap, frame 68', () => {
    checkVector(shortBlockLimits, '00 b0 000c 01 01 0001 fffffff8 fffffff8', {
      kind: 'block limits (SBC-2)',
      wsnz: 1,
      maximumCompareAndWriteLengthBlocks: 1,
      optimalTransferLengthGranularityBlocks: 1,
      maximumTransferLengthBlocks: 0xffff_fff8,
      optimalTransferLengthBlocks: 0xffff_fff8,
    });
  });
});

describe('block device characteristics', () => {
  test('nothing turns: linux/vn2vn-io.pcap, frame 77', () => {
    checkFixedVector(blockDeviceCharacteristics, `00 b1 003c 0001 ${'00'.repeat(58)}`, {
      kind: 'block device characteristics',
      mediumRotationRate: MediumRotationRate.NON_ROTATING,
    });
  });

  test('7,200 turns a minute, 2.5 inches, and all flags', () => {
    checkFixedVector(
      blockDeviceCharacteristics,
      `00 b1 003c 1c20 02 63 6a 000000 0000003c ${'00'.repeat(48)}`,
      {
        mediumRotationRate: 7200,
        productType: 2,
        wabereq: 1,
        wacereq: 2,
        nominalFormFactor: FormFactor.INCH_2_5,
        macr: 1,
        zoned: 2,
        rbwz: 1,
        bocs: 0,
        fuab: 1,
        vbuls: 0,
        depopulationTimeSeconds: 60,
      },
    );
    expect(Object.values(FormFactor)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('logical block provisioning', () => {
  test('a Storwize: esxi-cisco/fcoe1-both.pcap, frame 207', () => {
    checkVector(logicalBlockProvisioning, '00 b2 0004 00 04 00 00', {
      kind: 'logical block provisioning',
      lbprz: 1,
      ancSup: 0,
      dp: 0,
    });
  });

  test('a thin unit of a group', () => {
    checkVector(
      logicalBlockProvisioning,
      '00 b2 0018 08 e7 52 50 01 03 00 10 60050768010000010000000000000007',
      {
        pageLengthBytes: 24,
        thresholdExponent: 8,
        lbpu: 1,
        lbpws: 1,
        lbpws10: 1,
        lbprz: 1,
        ancSup: 1,
        dp: 1,
        minimumPercentage: 10,
        provisioningType: ProvisioningType.THIN,
        thresholdPercentage: 80,
        provisioningGroup: { kind: 'NAA' },
      },
      {
        thresholdExponent: 8,
        lbpu: 1,
        lbpws: 1,
        lbpws10: 1,
        lbprz: 1,
        ancSup: 1,
        dp: 1,
        minimumPercentage: 10,
        provisioningType: 2,
        thresholdPercentage: 80,
        provisioningGroup: {
          kind: 'NAA',
          identifier: parseHex('60050768010000010000000000000007'),
        },
      },
    );
    expect(ProvisioningType).toEqual({ NOT_REPORTED: 0, RESOURCE: 1, THIN: 2 });
  });
});

test('referrals: segments of so many blocks', () => {
  checkFixedVector(referrals, '00 b3 000c 00000000 00001000 00000002', {
    kind: 'referrals',
    userDataSegmentSizeBlocks: 4096,
    userDataSegmentMultiplier: 2,
  });
});
