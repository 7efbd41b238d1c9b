/** FCoE in both formats, native FC with delimiters: where the FC frame lies, and its CRC. */
import { describe, expect, it } from 'vitest';
import { fcTrailer } from '../../../../src/codecs/fc/delimiter.ts';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { Eof } from '../../../../src/codecs/fcoe/codes.ts';
import { fcoeTrailerPreT11 } from '../../../../src/codecs/fcoe/pre-t11.ts';
import { fcpCmnd } from '../../../../src/codecs/fcp/index.ts';
import { decodeFrame, LinkType } from '../../../../src/codecs/frame/decode.ts';
import { encodeFrame } from '../../../../src/codecs/frame/encode.ts';
import { fcsBytesBehind } from '../../../../src/codecs/frame/fcoe.ts';
import { layerPart, layerValue } from '../../../../src/codecs/frame/layer.ts';
import { summarize } from '../../../../src/codecs/frame/summary.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { concat } from '../../../helpers/capture.ts';
import { COMMAND, expectLossless, fcoe, names, READ } from '../../../helpers/frames.ts';

describe('an FCoE frame', () => {
  it('says when the CRC is bad, and keeps it', () => {
    const bytes = fcoe(COMMAND, READ);
    bytes[60]! ^= 1;
    expect(expectLossless(bytes).crc).toBe('bad');
    expect(decodeFrame(bytes, { checkCrc: false }).crc).toBe('absent');
  });

  it('keeps an Ethernet FCS that the capture left on', () => {
    const frame = expectLossless(concat([fcoe(COMMAND, READ), parseHex('a1b2c3d4')]));
    expect(frame.crc).toBe('good');
    expect(names(frame).at(-1)).toBe('pad');
  });

  it('reads what a cut capture kept, and calls nothing of it malformed', () => {
    const bytes = fcoe(COMMAND, READ);
    for (let length = 0; length < bytes.length; length++) {
      const frame = expectLossless(bytes.subarray(0, length), { originalLength: bytes.length });
      expect(frame).toMatchObject({
        cut: true,
        crc: length < 14 + 14 + 24 ? expect.stringMatching(/absent|cut/) : 'cut',
        malformed: undefined,
      });
      if (length >= 14 + 14 + 24) expect(layerValue(frame, fcHeader)?.oxId).toBe(0x12);
    }
  });

  it('calls a short frame malformed', () => {
    const bytes = fcoe(COMMAND, READ);
    for (let length = 0; length < 14 + 14 + 24 + 8; length++) {
      expect(expectLossless(bytes.subarray(0, length)).malformed?.fault).toBe('truncated');
    }
  });

  it('of before August 2007 is told by its second byte: fixtures/read-3frame-pre-t11.pcap, frame 1', () => {
    // tshark: FCoE pre-T11 (SOFi3/EOFt), CRC 0xeb96600d [correct].
    const bytes = parseHex(`0efc00fffffe 0efc00010203 8906 00fe
      06010300 00010203 08290000 00000000 0100ffff 00000000
      0000000000000000 00000002 28000000000000000a00000000000000 00001400 eb96600d 42`);
    const frame = expectLossless(bytes);
    expect(names(frame)).toEqual(['ethernet', 'fcoe', 'fc', 'fcp', 'scsi', 'fcoe-trailer']);
    expect(frame.crc).toBe('good');
    expect(layerValue(frame, fcoeTrailerPreT11)).toEqual({ crc: 0x0d60_96eb, eof: Eof.EOFt });
    const longer = bytes.slice();
    longer[15] = 0xfe;
    longer[14] = 0x01;
    expect(expectLossless(longer).malformed).toMatchObject({ field: 'lengthWords' });
  });

  it('has an FCS where the EOF lies four bytes further in front', () => {
    const bytes = fcoe(COMMAND, READ);
    expect(fcsBytesBehind(bytes, 14, bytes.length)).toBe(0);
    const longer = concat([bytes, parseHex('a1b2c3d4')]);
    expect(fcsBytesBehind(longer, 14, longer.length)).toBe(4);
  });

  it('has an FCS, by its FC CRC, where both places hold what could be an EOF', () => {
    const longer = concat([fcoe(COMMAND, READ), parseHex('42000000')]);
    expect(fcsBytesBehind(longer, 14, longer.length)).toBe(4);
    expect(expectLossless(longer).crc).toBe('good');
    // A CRC may begin with a byte that is an EOF's.
    const other = fcoe(COMMAND, READ);
    other[other.length - 8] = 0x41;
    expect(fcsBytesBehind(other, 14, other.length)).toBe(0);
  });

  it('has an FCS of which the capture tells as a layer of its own', () => {
    const longer = concat([fcoe(COMMAND, READ), parseHex('a1b2c3d4')]);
    const frame = expectLossless(longer, { fcsBytes: 4 });
    expect(frame.crc).toBe('good');
    expect(names(frame).slice(-2)).toEqual(['fcoe-trailer', 'fcs']);
  });

  it('of a cut frame says the fields before the cut, and judges no CRC', () => {
    const bytes = fcoe(COMMAND, READ);
    const at = 14 + 14 + 24;
    for (const length of [at + 11, at + 13, at + 22, at + 30]) {
      const frame = expectLossless(bytes.subarray(0, length), { originalLength: bytes.length });
      expect(frame).toMatchObject({ cut: true, crc: 'cut', malformed: undefined });
      expect(layerPart(frame, fcpCmnd)).toMatchObject({ taskAttribute: 0 });
      if (length > at + 12) expect(summarize(frame)).toContain('READ(10)');
    }
  });
});

describe('native FC', () => {
  it('reads native FC with delimiters: CRC least significant byte first', () => {
    // fixtures/native-read.pcap, frame 1; tshark says of its CRC (a7 22 89 a0): correct.
    const bytes = parseHex(`bcb55656 06010e02 00010e01 08290000 00000000 0010ffff 00000000
      0000000000000000 00000002 28000000006400000200000000000000 00000400 a72289a0 bc957575`);
    const options = { linkType: LinkType.FC_2_WITH_FRAME_DELIMS };
    const frame = expectLossless(bytes, options);
    expect(names(frame)).toEqual(['sof', 'fc', 'fcp', 'scsi', 'fc-trailer']);
    expect(frame.crc).toBe('good');
    expect(layerValue(frame, fcTrailer)).toEqual({ crc: 0xa089_22a7, eof: 0xbc95_7575 });
    const recomputed = { recompute: ['crc'] } as const;
    expect(encodeFrame(frame, recomputed)).toEqual(bytes);
    const reversed = bytes.slice();
    reversed.set(parseHex('a08922a7'), 60);
    expect(decodeFrame(reversed, options).crc).toBe('bad');
  });

  it('in the middle of a sequence is told by its SOF: fixtures/native-read.pcap, frame 3', () => {
    const header = '01010e01 00010e02 08880008 01000001 00101000 00000200';
    const body = `bcb53636 ${header} 00000000 00000000 bc957575`;
    const options = { linkType: LinkType.FC_2_WITH_FRAME_DELIMS };
    const frame = expectLossless(parseHex(body), options);
    expect(names(frame)).toEqual(['sof', 'fc', 'data', 'fc-trailer']);
    const els = body.replace('01010e01', '22010e01').replace('02 08880008', '02 01880008');
    expect(names(expectLossless(parseHex(els), options))).toContain('data');
    const first = els.replace('bcb53636', 'bcb55656');
    expect(names(expectLossless(parseHex(first), options))).not.toContain('data');
  });

  it('without delimiters has no CRC', () => {
    const frame = expectLossless(concat([fcHeader.encode(COMMAND), READ]), {
      linkType: LinkType.FC_2,
    });
    expect(names(frame)).toEqual(['fc', 'fcp', 'scsi']);
    expect(frame.crc).toBe('absent');
  });
});
