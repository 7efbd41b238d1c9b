/** Numbers of the pcapng format, against the draft. */
import { expect, it } from 'vitest';
import {
  BLOCK_OVERHEAD_BYTES,
  BlockType,
  BYTE_ORDER_MAGIC,
  OptionCode,
  padTo4,
  SECTION_HEADER_BYTES,
} from '../../../src/capture/pcapng-format.ts';

it('a section header reads the same in both byte orders, its magic does not', () => {
  const swapped = (value: number) =>
    Buffer.from(value.toString(16).padStart(8, '0'), 'hex').readUInt32LE();
  expect(swapped(BlockType.SECTION_HEADER)).toBe(BlockType.SECTION_HEADER);
  expect(swapped(BYTE_ORDER_MAGIC)).toBe(0x4d3c_2b1a);
});

it('blocks and options have the numbers of the draft', () => {
  expect(BlockType).toEqual({
    INTERFACE: 1,
    PACKET: 2,
    SIMPLE_PACKET: 3,
    NAME_RESOLUTION: 4,
    INTERFACE_STATISTICS: 5,
    ENHANCED_PACKET: 6,
    SECTION_HEADER: 0x0a0d0d0a,
  });
  const { END, COMMENT, IF_NAME, IF_TSRESOL, IF_TSOFFSET } = OptionCode;
  expect([END, COMMENT, IF_NAME, IF_TSRESOL, IF_TSOFFSET]).toEqual([0, 1, 2, 9, 14]);
  // Type, two lengths; byte-order magic, two versions, section length.
  expect([BLOCK_OVERHEAD_BYTES, SECTION_HEADER_BYTES]).toEqual([12, 12 + 4 + 4 + 8]);
});

it('everything is filled up to 32 bits', () => {
  expect([0, 1, 2, 3, 4, 5].map(padTo4)).toEqual([0, 4, 4, 4, 4, 8]);
});
