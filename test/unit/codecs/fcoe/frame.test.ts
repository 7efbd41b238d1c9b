import { describe, expect, it } from 'vitest';
import { ethernet, vlanTag } from '../../../../src/codecs/ethernet/header.ts';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { Eof, Sof } from '../../../../src/codecs/fcoe/codes.ts';
import {
  encodeBehindHead,
  encodeFcoeFrame,
  encodeMessageBehindHead,
  FcLocator,
  fcCrcAt,
  fcCrcIsGood,
  fcoeFrameHead,
  locateFc,
  putFcCrc,
  rewriteMacs,
} from '../../../../src/codecs/fcoe/frame.ts';
import { fcoeHeader, fcoeTrailer } from '../../../../src/codecs/fcoe/header.ts';
import { fcpCmnd } from '../../../../src/codecs/fcp/cmnd.ts';
import { fcsBytesBehind } from '../../../../src/codecs/frame/fcoe.ts';
import { decodeFrame, layerValue } from '../../../../src/codecs/frame/index.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { sharedCaptures } from '../../../helpers/shared-captures.ts';

const HEADER = { rCtl: 0x22, dId: 0xff_fffc, sId: 0x01_0203, type: 1, fCtl: 0x29_0000, oxId: 0x55 };
const ADDRESSES = { destination: '02:fc:f0:00:00:01', source: '0e:fc:00:01:02:03' };

function frameWith(payload: Uint8Array, vlan?: { vid: number; priority?: number }): Uint8Array {
  const { SOFi3: sof } = Sof;
  const { EOFt: eof } = Eof;
  return encodeFcoeFrame({ ...ADDRESSES, vlan, sof, eof, header: HEADER, payload });
}

/** linux/fabric-vlan.pcap, frame 34: INQUIRY on VLAN 1002; tshark: FCP_DL 36, CRC 0x73de7acd [correct]. */
const INQUIRY = parseHex(`02fcf0000001 0efc0001aa00 8100 03ea 8906 ${'00'.repeat(13)} 2e
  0601bb00 0001aa00 08290000 00000000 0001ffff 00000000
  0000000000000000 00000002 12000000240000000000000000000000 00000024 73de7acd 42 000000`);
const INQUIRY_PARTS = {
  destination: '02:fc:f0:00:00:01',
  source: '0e:fc:00:01:aa:00',
  vlan: { vid: 1002 },
  header: fcHeader.decode(
    fcHeader.encode({ ...HEADER, rCtl: 6, dId: 0x01_bb00, sId: 0x01_aa00, type: 8, oxId: 1 }),
  ),
  command: { lun: 0n, rddata: 1, cdb: parseHex('120000002400'), fcpDl: 36 },
};

/** Zeros, as a port hands them out. */
const room = (bytes: number): Uint8Array => new Uint8Array(bytes);

describe('a frame of Linux', () => {
  const { destination, source, vlan, header, command } = INQUIRY_PARTS;
  const payload = fcpCmnd.encode(command);

  it('is written by each of the writers', () => {
    const whole = { destination, source, vlan, sof: Sof.SOFi3, eof: Eof.EOFt, header, payload };
    expect(encodeFcoeFrame(whole)).toEqual(INQUIRY);
    const head = fcoeFrameHead(destination, source, vlan);
    expect(encodeBehindHead(head, Sof.SOFi3, Eof.EOFt, header, payload, room)).toEqual(INQUIRY);
    const written = encodeMessageBehindHead(
      head,
      Sof.SOFi3,
      Eof.EOFt,
      header,
      fcpCmnd,
      command,
      room,
    );
    expect(written).toEqual(INQUIRY);
    expect(head[head.length - 1]).toBe(0);
  });

  it('has priority and DEI in its tag', () => {
    const tag = { vid: 1002, priority: 3, dei: 1 };
    expect(fcoeFrameHead(destination, source, tag).subarray(12, 18)).toEqual(
      parseHex('8100 73ea 8906'),
    );
  });

  it('is found, part by part', () => {
    const locator = new FcLocator();
    expect(locator.find(INQUIRY)).toBeUndefined();
    expect({ ...locator }).toEqual({
      fcAt: 32,
      payloadAt: 56,
      payloadEnd: 88,
      sofAt: 31,
      crcAt: 88,
      eofAt: 92,
      vlan: 1002,
    });
    expect(INQUIRY[locator.sofAt]).toBe(Sof.SOFi3);
    expect(INQUIRY[locator.eofAt]).toBe(Eof.EOFt);
    expect(fcCrcAt(INQUIRY, locator.crcAt)).toBe(0xcd7a_de73);
    expect(fcCrcIsGood(INQUIRY, locator)).toBe(true);
  });

  it('has its CRC least significant byte first', () => {
    const target = new Uint8Array(6);
    putFcCrc(target, 1, 0xcd7a_de73);
    expect(target).toEqual(parseHex('00 73de7acd 00'));
  });
});

describe('encodeFcoeFrame', () => {
  it('pads the payload to whole words and counts the fill in F_CTL', () => {
    for (let length = 0; length < 9; length++) {
      const frame = frameWith(new Uint8Array(length).fill(0xaa));
      const fill = (4 - (length % 4)) % 4;
      expect(frame).toHaveLength(14 + 14 + 24 + length + fill + 8);
      const where = locateFc(frame);
      if (where instanceof CodecError) throw where;
      expect(where.payloadEnd - where.payloadAt).toBe(length);
      expect(fcHeader.view(frame, where.fcAt).fCtl & 3).toBe(fill);
      expect(fcCrcIsGood(frame, where)).toBe(true);
    }
  });

  it('refuses what does not fit', () => {
    const good = { ...ADDRESSES, sof: 0x2e, eof: 0x42, header: HEADER, payload: new Uint8Array(4) };
    const faulty = [
      { ...good, destination: '02:fc' },
      { ...good, sof: 256 },
      { ...good, vlan: { vid: 4096 } },
      { ...good, vlan: { vid: 1, priority: 8 } },
      { ...good, header: { ...HEADER, oxId: 0x1_0000 } },
      { ...good, header: { ...HEADER, parameter: -1 } },
    ];
    for (const input of faulty) expect(() => encodeFcoeFrame(input)).toThrow(CodecError);
  });

  it('writes every FCoE frame of the captures again from its parts', () => {
    let compared = 0;
    for (const { name, linkType, frames } of sharedCaptures()) {
      if (linkType !== 1) continue;
      for (const { bytes: captured, originalLength } of frames) {
        // What the capture cut cannot be written again; an Ethernet FCS is no part of the frame.
        if (originalLength > captured.length) continue;
        const fcs = captured.length < 14 ? 0 : fcsBytesBehind(captured, 14, captured.length);
        const bytes = captured.subarray(0, captured.length - fcs);
        const where = locateFc(bytes);
        if (where instanceof CodecError || name.includes('pre-t11')) continue;
        // It writes one C-VLAN tag, or none.
        const tagBytes = where.fcAt - 28;
        if (tagBytes > 4 || (tagBytes === 4 && bytes[12] !== 0x81)) continue;
        const outer = ethernet.decode(bytes, 0, 14);
        const tag = where.vlan === undefined ? undefined : vlanTag.decode(bytes, 14, 18);
        const trailer = fcoeTrailer.decode(bytes, where.crcAt);
        const payload = bytes.subarray(where.payloadAt, where.payloadEnd);
        const written = encodeFcoeFrame({
          ...outer,
          vlan: tag,
          sof: fcoeHeader.decode(bytes, where.fcAt - 14, where.fcAt).sof,
          eof: trailer.eof,
          header: fcHeader.decode(bytes, where.fcAt, where.payloadAt),
          payload,
        });
        // Fill bytes need not be zero on the wire, and then the CRC differs too.
        const fill = bytes.subarray(where.payloadEnd, where.crcAt);
        // Nor do all senders fill to whole words, as `encodeFcoeFrame` does.
        const isWords = (where.crcAt - where.payloadAt) % 4 === 0;
        if (isWords && fill.every((byte) => byte === 0)) {
          expect(written).toEqual(bytes);
          compared++;
        }
      }
    }
    if (sharedCaptures().length > 0) expect(compared).toBeGreaterThan(5000);
  });
});

describe('locateFc', () => {
  it('answers every cut with a value or a fault, never with a throw', () => {
    const frame = frameWith(new Uint8Array(8), { vid: 100, priority: 3 });
    for (let length = 0; length < frame.length; length++) {
      const where = locateFc(frame.subarray(0, length));
      if (length < 14 + 4 + 14 + 24 + 8) expect(where).toBeInstanceOf(CodecError);
      else expect(where).not.toBeInstanceOf(CodecError);
    }
    expect(locateFc(frame)).toMatchObject({ fcAt: 32, payloadAt: 56, payloadEnd: 64, vlan: 100 });
  });

  it('refuses another EtherType and more fill than payload', () => {
    const frame = frameWith(new Uint8Array(0));
    const fip = frame.slice();
    fip[13] = 0x14;
    expect(locateFc(fip)).toMatchObject({ fault: 'bad-value', field: 'etherType' });
    const filled = frame.slice();
    filled[28 + 11] = 3;
    expect(locateFc(filled)).toMatchObject({ fault: 'bad-length', field: 'fCtl' });
  });
});

describe('rewriteMacs', () => {
  it('changes the addresses and leaves the frame and its CRC alone', () => {
    const frame = frameWith(new Uint8Array(5));
    const before = frame.slice();
    const moved = rewriteMacs(frame, '0e:fc:00:0a:0b:0c', '02:00:00:00:00:02');
    expect(frame).toEqual(before);
    expect(moved.subarray(12)).toEqual(frame.subarray(12));
    const decoded = decodeFrame(moved);
    expect(decoded.crc).toBe('good');
    expect(layerValue(decoded, ethernet)).toMatchObject({
      destination: '0e:fc:00:0a:0b:0c',
      source: '02:00:00:00:00:02',
    });
    expect(() => rewriteMacs(frame, 'x', 'y')).toThrow(TypeError);
  });
});
