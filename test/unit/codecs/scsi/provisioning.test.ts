/** Ranges of blocks; layout: SBC-4, clause 5, as Linux sd.c sends UNMAP and sg_get_lba_status reads its data. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  blockRangeDescriptor,
  getLbaStatusData,
  ProvisioningStatus,
  populateTokenList,
  reportReferralsData,
  unmapList,
  writeUsingTokenList,
} from '../../../../src/codecs/scsi/provisioning.ts';
import { ROD_TOKEN_BYTES } from '../../../../src/codecs/scsi/rod-token.ts';
import { bareHex, checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const RANGE = '0000000000000064 00000008 00000000';
const range = { lba: 100n, numberOfBlocks: 8 };

test('UNMAP: two lengths, then ranges of 16 bytes', () => {
  checkFixedVector(blockRangeDescriptor, RANGE, range);
  checkVector(unmapList, `0026 0020 00000000 ${RANGE} ${RANGE}`, {
    unmapDataLengthBytes: 38,
    blockDescriptorDataLengthBytes: 32,
    ranges: [range, range],
  });
  checkVector(unmapList, '0006 0000 00000000', { ranges: [] }, {});
});

describe('GET LBA STATUS', () => {
  test('what is mapped, what is not', () => {
    checkVector(
      getLbaStatusData,
      '00000024 000000 05 0000000000000000 00000064 02 00 0000 0000000000000064 00000001 11 07 0000',
      {
        parameterDataLengthBytes: 36,
        completionCondition: 2,
        rtp: 1,
        descriptors: [
          {
            lba: 0n,
            numberOfBlocks: 100,
            lbaAccess: 0,
            provisioningStatus: ProvisioningStatus.ANCHORED,
          },
          {
            lba: 100n,
            numberOfBlocks: 1,
            lbaAccess: 1,
            provisioningStatus: ProvisioningStatus.DEALLOCATED,
            additionalStatus: 7,
          },
        ],
      },
    );
    // A descriptor that the allocation length cuts is no descriptor.
    const cut = parseHex(bareHex('00000024 00000000 0000000000000000'));
    expect(getLbaStatusData.decode(cut)).toMatchObject({
      descriptors: [],
      trailing: new Uint8Array(8),
    });
  });

  test('status codes of scsi_sbc.get_lba_status.provisioning_type', () => {
    expect(ProvisioningStatus).toMatchObject({ MAPPED_OR_UNKNOWN: 0, DEALLOCATED: 1, ANCHORED: 2 });
  });
});

test('REPORT REFERRALS: segments and the groups that reach them', () => {
  checkVector(
    reportReferralsData,
    '0000 0018 000000 01 0000000000000000 00000000000003e7 01 00 0002',
    {
      referralsLengthBytes: 24,
      referrals: [
        {
          targetPortGroupCount: 1,
          firstLba: 0n,
          lastLba: 999n,
          targetPortGroups: [{ asymmetricAccessState: 1, targetPortGroup: 2 }],
        },
      ],
    },
  );
});

describe('tokens', () => {
  test('POPULATE TOKEN: 16 bytes and ranges', () => {
    checkVector(populateTokenList, `001e 03 00 0000003c 00800001 0000 0010 ${RANGE}`, {
      dataLengthBytes: 30,
      rtv: 1,
      immed: 1,
      inactivityTimeoutSeconds: 60,
      rodType: 0x80_0001,
      rangeDescriptorLengthBytes: 16,
      ranges: [range],
    });
  });

  test('WRITE USING TOKEN: the token lies in bytes 16 to 527', () => {
    const token = 'a5'.repeat(512);
    checkVector(
      writeUsingTokenList,
      `0226 02 0000000000 0000000000000003 ${token} 000000000000 0010 ${RANGE}`,
      {
        dataLengthBytes: 550,
        delTkn: 1,
        immed: 0,
        offsetIntoRodBlocks: 3n,
        rodToken: new Uint8Array(512).fill(0xa5),
        ranges: [range],
      },
    );
    expect(ROD_TOKEN_BYTES).toBe(512);
  });
});
