/** Frames through views: what the scanner says of frames of Linux. */
import { describe, expect, it } from 'vitest';
import { FrameScanner } from '../../../../src/codecs/frame/scan.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { concat } from '../../../helpers/capture.ts';
import { COMMAND, fcoe, READ } from '../../../helpers/frames.ts';

// linux/fabric-vlan.pcap, frame 34: INQUIRY on VLAN 1002; tshark: FCP_DL 36, CRC [correct].
const INQUIRY = parseHex(`02fcf0000001 0efc0001aa00 8100 03ea 8906 ${'00'.repeat(13)} 2e
  0601bb00 0001aa00 08290000 00000000 0001ffff 00000000
  0000000000000000 00000002 12000000240000000000000000000000 00000024 73de7acd 42 000000`);

describe('a scanner', () => {
  it('stands on a tagged command: addresses, tag, header, unit, trailer', () => {
    const one = new FrameScanner();
    expect(one.scan(INQUIRY)).toBe(true);
    expect(one.ethernet.destination).toBe('02:fc:f0:00:00:01');
    expect([one.etherType, one.vlanTags, one.vlan.vid]).toEqual([0x8906, 1, 1002]);
    expect(one.fcoe.sof).toBe(0x2e);
    expect([one.fc.dId, one.fc.sId, one.fc.oxId]).toEqual([0x01_bb00, 0x01_aa00, 1]);
    expect([one.unit, one.command.rddata, one.fcpDl]).toEqual(['command', 1, 36]);
    expect([one.payloadAt, one.payloadEnd]).toEqual([56, 88]);
    expect([one.crc, one.trailer.crc]).toEqual(['good', 0xcd7a_de73]);
  });

  it('finds a frame anywhere in an array, also with its FCS', () => {
    const one = new FrameScanner();
    const larger = concat([new Uint8Array(7), INQUIRY, parseHex('a1b2c3d4')]);
    expect(one.scan(larger, 7, larger.length)).toBe(true);
    expect([one.crc, one.payloadEnd]).toEqual(['good', 95]);
  });

  it('says when the CRC is bad, and does not ask where it is not to', () => {
    const bad = INQUIRY.slice();
    bad[60]! ^= 1;
    const one = new FrameScanner();
    expect(one.scan(bad)).toBe(true);
    expect(one.crc).toBe('bad');
    const lazy = new FrameScanner({ checkCrc: false });
    lazy.scan(bad);
    expect(lazy.crc).toBe('absent');
  });

  it('tells units by R_CTL', () => {
    const one = new FrameScanner();
    const header = { ...COMMAND, dId: 1, sId: 2 };
    const of = (rCtl: number, payload: Uint8Array) => {
      one.scan(fcoe({ ...header, rCtl }, payload));
      return one.unit;
    };
    expect(of(1, new Uint8Array(8))).toBe('data');
    expect(of(5, parseHex('00000200 00001000 00000000'))).toBe('xferRdy');
    expect(one.xferRdy.burstLengthBytes).toBe(4096);
    expect(of(7, new Uint8Array(24))).toBe('response');
    expect(of(6, READ)).toBe('command');
    expect(one.fcpDl).toBe(4096);
    expect(of(6, new Uint8Array(4))).toBeUndefined();
    expect(one.fcpDl).toBeUndefined();
    expect(of(3, new Uint8Array(4))).toBeUndefined();
  });

  it('reads what a cut capture kept, and leaves other frames alone', () => {
    const one = new FrameScanner();
    expect(one.scan(INQUIRY, 0, 70, INQUIRY.length)).toBe(true);
    expect([one.crc, one.payloadEnd]).toEqual(['cut', 70]);
    expect(one.scan(INQUIRY, 0, 20)).toBe(false);
    expect(one.scan(parseHex('010203040506 0708090a0b0c 9999 0102'))).toBe(false);
    expect(one.etherType).toBe(0x9999);
    expect(one.scan(new Uint8Array(4))).toBe(false);
    expect(one.etherType).toBe(-1);
    const extended = INQUIRY.slice();
    extended[32] = 0x50;
    expect(one.scan(extended)).toBe(false);
  });
});
