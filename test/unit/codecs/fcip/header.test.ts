/** FCIP: values of RFC 3643 and RFC 3821; the bytes are what tshark 4.0.17 reads as them (test/oracle). */
import { expect, test } from 'vitest';
import {
  FcipFlags,
  fcipBytesAt,
  fcipHeader,
  fcipSof,
  fcipSpecialFrame,
  fcipTrailer,
  looksLikeFcip,
} from '../../../../src/codecs/fcip/index.ts';
import { Eof, Sof } from '../../../../src/codecs/fcoe/codes.ts';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { bareHex, checkFixedVector } from '../../../helpers/vector.ts';

// RFC 3821, figure 9: protocol and version 1, a special frame of 19 words.
const SPECIAL = `01 01 fe fe  01 01 fe fe  01 00 fe ff  0013 ffec
                 00000000 00000000 00000000`;

test('the header of a special frame', () => {
  checkFixedVector(
    fcipHeader,
    SPECIAL,
    { protocol: 1, version: 1, pFlags: FcipFlags.SF, flags: 0, frameLengthWords: 19 },
    { pFlags: FcipFlags.SF, frameLengthWords: 19 },
  );
  expect(fcipBytesAt(parseHex(bareHex(SPECIAL)), 0)).toBe(76);
});

test('what a special frame says', () => {
  checkFixedVector(
    fcipSpecialFrame,
    `0000 ffff 1000000000000001 0000000000000002 0102030405060708 20 00 0000
     1000000000000003 00001388 0000 ffff`,
    {
      sourceFabricEntityName: 0x1000_0000_0000_0001n,
      sourceEntityId: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2),
      connectionNonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      connectionUsageFlags: 0x20,
      destinationFabricEntityName: 0x1000_0000_0000_0003n,
      kATovMs: 5000,
    },
  );
});

test('SOF and EOF stand there twice, and as their complements', () => {
  checkFixedVector(fcipSof, '2e 2e d1 d1', { sof: Sof.SOFi3 });
  checkFixedVector(fcipTrailer, '04030201 42 42 bd bd', { crc: 0x0102_0304, eof: Eof.EOFt });
});

test('a header whose complement does not fit is none', () => {
  const whole = parseHex(bareHex(SPECIAL));
  expect(looksLikeFcip(whole, 0, 28)).toBe(true);
  expect(looksLikeFcip(whole, 0, 27)).toBe(false);
  for (const at of [0, 1, 2, 3, 12, 13, 14, 15]) {
    const changed = whole.slice();
    changed[at]! ^= 4;
    expect(fcipBytesAt(changed, 0), `byte ${at}`).toBeUndefined();
  }
});

test('a frame shorter than its own header is none', () => {
  const short = fcipHeader.encode({ frameLengthWords: 6 });
  expect(fcipBytesAt(short, 0)).toBeUndefined();
});
