/** Mode parameter lists; layout: SPC-5, 7.5, as sg_modes and tshark read them. */
import { describe, expect, test } from 'vitest';
import {
  BlockDeviceParameter,
  blockDescriptor,
  longBlockDescriptor,
  modeParameters6,
  modeParameters10,
} from '../../../../src/codecs/scsi/mode.ts';
import { checkFixedVector, checkRead, checkVector } from '../../../helpers/vector.ts';

const CACHING = `08 12 04 ${'00'.repeat(17)}`;
const short = { numberOfBlocks: 0x0020_0000, blockLengthBytes: 512 };
const SHORT = '00200000 00 000200';

describe('block descriptors', () => {
  test('8 bytes, or 16 for long addresses', () => {
    checkFixedVector(blockDescriptor, SHORT, short);
    checkFixedVector(longBlockDescriptor, '0000000100000000 00000000 00001000', {
      numberOfBlocks: 1n << 32n,
      blockLengthBytes: 4096,
    });
  });
});

describe('mode parameter lists', () => {
  test('of the 6-byte commands: the length counts what follows it', () => {
    checkVector(
      modeParameters6,
      `1f 00 90 08 ${SHORT} ${CACHING}`,
      {
        modeDataLengthBytes: 31,
        deviceSpecificParameter: BlockDeviceParameter.WP | BlockDeviceParameter.DPOFUA,
        blockDescriptorLengthBytes: 8,
        blockDescriptors: [short],
        pages: [{ kind: 'caching', wce: 1 }],
      },
      {
        deviceSpecificParameter: 0x90,
        blockDescriptors: [short],
        pages: [{ kind: 'caching', wce: 1 }],
      },
    );
    checkVector(modeParameters6, '03 00 00 00', { pages: [] }, {});
  });

  test('of the 10-byte commands, with short and with long descriptors', () => {
    checkVector(
      modeParameters10,
      `0022 00 80 00 00 0008 ${SHORT} ${CACHING}`,
      {
        modeDataLengthBytes: 34,
        longlba: 0,
        blockDescriptors: [short],
        pages: [{ kind: 'caching' }],
      },
      {
        deviceSpecificParameter: 0x80,
        blockDescriptors: [short],
        pages: [{ kind: 'caching', wce: 1 }],
      },
    );
    const long = { numberOfBlocks: 1n, blockLengthBytes: 512 };
    checkVector(
      modeParameters10,
      '0016 00 00 01 00 0010 0000000000000001 00000000 00000200',
      { longlba: 1, blockDescriptorLengthBytes: 16, longBlockDescriptors: [long], pages: [] },
      { longlba: 1, longBlockDescriptors: [long] },
    );
  });

  test('cut by the allocation length: what is whole is read', () => {
    checkRead(modeParameters6, `1f 00 00 08 ${SHORT} 0812`, {
      modeDataLengthBytes: 31,
      blockDescriptors: [short],
    });
  });

  test('bits of block devices', () => {
    expect(BlockDeviceParameter).toEqual({ WP: 0x80, DPOFUA: 0x10 });
  });
});
