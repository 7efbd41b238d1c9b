import { describe, expect, it } from 'vitest';
import {
  CodecError,
  decodeFrame,
  Eof,
  encodeFcoeFrame,
  ethernet,
  fcCrcIsGood,
  fcHeader,
  fcMapOf,
  fcoeHeader,
  fcoeTrailer,
  fpma,
  isFpma,
  layerValue,
  locateFc,
  nPortIdOf,
  parseHex,
  rewriteMacs,
  Sof,
  vlanTag,
} from '../../../../src/codecs/index.ts';
import { sharedCaptures } from '../../../helpers/shared-captures.ts';

const HEADER = { rCtl: 0x22, dId: 0xff_fffc, sId: 0x01_0203, type: 1, fCtl: 0x29_0000, oxId: 0x55 };
const ADDRESSES = { destination: '02:fc:f0:00:00:01', source: '0e:fc:00:01:02:03' };

function frameWith(payload: Uint8Array, vlan?: { vid: number; priority?: number }): Uint8Array {
  const { SOFi3: sof } = Sof;
  const { EOFt: eof } = Eof;
  return encodeFcoeFrame({ ...ADDRESSES, vlan, sof, eof, header: HEADER, payload });
}

describe('FPMA', () => {
  it('joins FC-MAP and N_Port_ID', () => {
    expect(fpma(0x0e_fc00, 0x01_0e01)).toBe('0e:fc:00:01:0e:01');
    expect(fpma(0x0e_fcff, 0xff_ffff)).toBe('0e:fc:ff:ff:ff:ff');
    expect(fcMapOf('0E-FC-12-01-0E-01')).toBe(0x0e_fc12);
    expect(nPortIdOf('0e:fc:00:01:0e:01')).toBe(0x01_0e01);
    expect(isFpma('0e:fc:00:01:0e:01', 0x0e_fc00, 0x01_0e01)).toBe(true);
    expect(isFpma('0e:fc:00:01:0e:02', 0x0e_fc00, 0x01_0e01)).toBe(false);
    expect(() => fpma(0x0e_fc00, 0x100_0000)).toThrow(RangeError);
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
      for (const { bytes } of frames) {
        const where = locateFc(bytes);
        if (where instanceof CodecError || name.includes('pre-t11')) continue;
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
        if (fill.every((byte) => byte === 0)) {
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

describe('FCoE header and trailer', () => {
  it('keep version, reserved bits and the little-endian CRC', () => {
    const header = parseHex('1f 010203040506070809 0a0b0c 2e');
    expect(fcoeHeader.decode(header)).toMatchObject({ version: 1, reserved1: 15, sof: Sof.SOFi3 });
    expect(fcoeHeader.encode(fcoeHeader.decode(header))).toEqual(header);
    const trailer = parseHex('78563412 42 000001');
    expect(fcoeTrailer.decode(trailer)).toMatchObject({ crc: 0x1234_5678, eof: Eof.EOFt });
    expect(fcoeTrailer.encode(fcoeTrailer.decode(trailer))).toEqual(trailer);
  });
});
