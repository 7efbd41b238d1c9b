/** The format of before August 2007: fixtures/read-3frame-pre-t11.pcap, frame 1, and what tshark says of it. */
import { describe, expect, it } from 'vitest';
import { Eof, Sof } from '../../../../src/codecs/fcoe/codes.ts';
import {
  fcoeHeaderPreT11,
  fcoeTrailerPreT11,
  sofPreT11,
} from '../../../../src/codecs/fcoe/pre-t11.ts';
import { expectVector } from '../../../helpers/vector.ts';

describe('FCoE before August 2007', () => {
  it('begins with two bytes: frame length 56 without CRC, SOFi3', () => {
    const { sof } = expectVector(fcoeHeaderPreT11, '00fe', {
      version: 0,
      lengthWords: 15,
      sof: 0xe,
    });
    expect(sofPreT11(sof)).toBe(Sof.SOFi3);
    // Frame 2: frame length 2072, SOFi3; frame 3: the same length, SOFn3.
    expectVector(fcoeHeaderPreT11, '207e', { lengthWords: 2072 / 4 + 1, sof: 0xe });
    expect(sofPreT11(expectVector(fcoeHeaderPreT11, '2076', { sof: 6 }).sof)).toBe(Sof.SOFn3);
  });

  it('ends with its CRC (0xeb96600d, correct) and EOFt', () => {
    expectVector(fcoeTrailerPreT11, 'eb96600d 42', { crc: 0x0d60_96eb, eof: Eof.EOFt });
  });
});
