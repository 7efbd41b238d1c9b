/** Ordered sets and the trailer of native FC, held against tshark 4.0.17 and a capture of link type 225. */
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../../src/codecs/crc32.ts';
import {
  EofOrderedSet,
  fcTrailer,
  SofOrderedSet,
  sofDelimiter,
} from '../../../../src/codecs/fc/delimiter.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

// fixtures/native-read.pcap, frame 1: an FCP_CMND between its SOF and its trailer.
const COMMAND = parseHex(`06010e02 00010e01 08290000 00000000 0010ffff 00000000
  0000000000000000 00000002 28000000006400000200000000000000 00000400`);
const TRAILER = 'a72289a0 bc957575';

describe('SOF', () => {
  it('is one word', () => {
    expectVector(sofDelimiter, 'bcb55656', { sof: SofOrderedSet.SOFi3 });
    expectEncoded(sofDelimiter, { sof: SofOrderedSet.SOFn3 }, 'bcb53636');
  });

  it('has the ordered sets of tshark -G values, fc.sof', () => {
    expect(SofOrderedSet).toEqual({
      SOFc1: 0xbcb5_1717,
      SOFi1: 0xbcb5_5757,
      SOFn1: 0xbcb5_3737,
      SOFi2: 0xbcb5_5555,
      SOFn2: 0xbcb5_3535,
      SOFi3: 0xbcb5_5656,
      SOFn3: 0xbcb5_3636,
      SOFc4: 0xbcb5_1919,
      SOFi4: 0xbcb5_5959,
      SOFn4: 0xbcb5_3939,
      SOFf: 0xbcb5_5858,
    });
  });
});

describe('the trailer', () => {
  it('holds the CRC least significant byte first: tshark calls these bytes correct', () => {
    const crc = crc32(COMMAND);
    expect(crc).toBe(0xa089_22a7);
    expectVector(fcTrailer, TRAILER, { crc, eof: EofOrderedSet['EOFt-'] });
    expectEncoded(fcTrailer, { crc, eof: EofOrderedSet['EOFt-'] }, TRAILER);
  });

  it('has the ordered sets of tshark -G values, fc.eof', () => {
    expect(EofOrderedSet).toEqual({
      'EOFt-': 0xbc95_7575,
      'EOFt+': 0xbcb5_7575,
      'EOFdt-': 0xbc95_9595,
      'EOFdt+': 0xbcb5_9595,
      'EOFa-': 0xbc95_f5f5,
      'EOFa+': 0xbcb5_f5f5,
      'EOFn-': 0xbc95_d5d5,
      'EOFn+': 0xbcb5_d5d5,
      'EOFni-': 0xbc8a_d5d5,
      'EOFni+': 0xbcaa_d5d5,
      'EOFdti-': 0xbc8a_9595,
      'EOFdti+': 0xbcaa_9595,
      'EOFrt-': 0xbc95_9999,
      'EOFrt+': 0xbcb5_9999,
      'EOFrti-': 0xbc8a_9999,
      'EOFrti+': 0xbcaa_9999,
    });
  });
});
