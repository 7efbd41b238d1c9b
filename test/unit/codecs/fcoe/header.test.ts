/** FCoE header and trailer, held against tshark 4.0.17. */
import { describe, expect, it } from 'vitest';
import { Eof, Sof } from '../../../../src/codecs/fcoe/codes.ts';
import {
  FCOE_HEADER_BYTES,
  FCOE_MTU_BYTES,
  FCOE_TRAILER_BYTES,
  fcoeHeader,
  fcoeTrailer,
} from '../../../../src/codecs/fcoe/header.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('FCoE header and trailer', () => {
  it('keep version, reserved bits and the little-endian CRC', () => {
    const header = parseHex('1f 010203040506070809 0a0b0c 2e');
    expect(fcoeHeader.decode(header)).toMatchObject({ version: 1, reserved1: 15, sof: Sof.SOFi3 });
    expect(fcoeHeader.encode(fcoeHeader.decode(header))).toEqual(header);
    const trailer = parseHex('78563412 42 000001');
    expect(fcoeTrailer.decode(trailer)).toMatchObject({ crc: 0x1234_5678, eof: Eof.EOFt });
    expect(fcoeTrailer.encode(fcoeTrailer.decode(trailer))).toEqual(trailer);
  });

  it('stand around the FC frame of Linux: fixtures/fabric-io.pcap, frame 141', () => {
    // fcoe.ver 0, fcoe.sof 0x36 (SOFn3), fcoe.crc 0x7c8a3851 [correct], fcoe.eof 0x42 (EOFt).
    expectVector(fcoeHeader, `${'00'.repeat(13)}36`, { version: 0, sof: Sof.SOFn3 });
    expectEncoded(fcoeHeader, { sof: Sof.SOFi3 }, `${'00'.repeat(13)}2e`);
    expectVector(fcoeTrailer, '7c8a3851 42 000000', { crc: 0x5138_8a7c, eof: Eof.EOFt });
    expectEncoded(fcoeTrailer, { crc: 0x0102_0304, eof: Eof.EOFn }, '04030201 41 000000');
  });

  it('have their sizes, and room for the largest FC frame between them', () => {
    expect([FCOE_HEADER_BYTES, FCOE_TRAILER_BYTES]).toEqual([14, 8]);
    expect([fcoeHeader.headBytes, fcoeTrailer.headBytes]).toEqual([14, 8]);
    // FC-BB-5: 14 + 24 + 2112 + 8; Linux asks for it in Max FCoE Size (fip.fcoe_size 2158).
    expect(FCOE_MTU_BYTES).toBe(2158);
  });
});
