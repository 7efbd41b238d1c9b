import { describe, expect, it } from 'vitest';
import type { FcFrame, FrameRole } from '../../../../src/audit/seen/frame.ts';
import { seeDecoded, seeFrame } from '../../../../src/audit/seen/see-frame.ts';
import type { TapDirection, TappedFrame } from '../../../../src/audit/seen/tapped-frame.ts';
import { decodeFrame } from '../../../../src/codecs/frame/index.ts';
import { ADDRESS, TARGET_ADDRESS } from '../../../helpers/audit-rig.ts';
import {
  abts,
  baAcc,
  command,
  dataIn,
  dataOut,
  elsReply,
  elsRequest,
  fc,
  fip,
  response,
  xferRdy,
} from '../../../helpers/fc-frames.ts';

const tapped = (bytes: Uint8Array, direction: TapDirection = 'in', fabric = 'A'): TappedFrame => ({
  at: 5,
  number: 3,
  tap: 'cable',
  fabric,
  direction,
  bytes,
});
const ELS = Uint8Array.of(3, 0, 0, 0);
const ARP = new Uint8Array(60).fill(0);
ARP.set([0x08, 0x06], 12);

describe('a frame and what it says', () => {
  it.each<[string, Uint8Array, FrameRole]>([
    ['command', command(1), 'command'],
    ['XFER_RDY', xferRdy(1, 512), 'xfer-rdy'],
    ['write data', dataOut(1, 8), 'data-out'],
    ['read data', dataIn(1, 8), 'data-in'],
    ['response', response(1), 'response'],
    ['ABTS', abts(1), 'abts'],
    ['BA_ACC', baAcc(1), 'ba'],
    ['ELS', elsRequest(1, ELS), 'els-request'],
    ['its answer', elsReply(1, ELS), 'els-reply'],
    ['CT', fc({ header: { rCtl: 2, type: 0x20 } }), 'ct'],
    ['something else of FC', fc({ header: { rCtl: 0, type: 5 } }), 'other'],
    ['FIP', fip({ operation: 1, subcode: 1, descriptors: [] }), 'fip'],
    ['another protocol', ARP, 'foreign'],
    ['nothing at all', new Uint8Array(3), 'foreign'],
  ])('is for: %s', (_name, bytes, role) => {
    expect(seeFrame(tapped(bytes)).role).toBe(role);
    expect(seeDecoded(decodeFrame(bytes), tapped(bytes)).role).toBe(role);
  });

  it('names the ends of its exchange, whoever sent it', () => {
    for (const bytes of [command(1), response(1)]) {
      const seen = seeFrame(tapped(bytes)) as FcFrame;
      expect([seen.originator, seen.responder]).toEqual([ADDRESS, TARGET_ADDRESS]);
      expect([seen.at, seen.number, seen.link, seen.fabric]).toEqual([5, 3, 'cable', 'A']);
    }
  });

  it('goes the way its tap says, or the way its MAC addresses tell', () => {
    const mapped = '0e:fc:00:01:01:01';
    const way = (bytes: Uint8Array, direction: TapDirection) =>
      (seeFrame(tapped(bytes, direction)) as FcFrame).direction;
    expect(way(command(1), 'out')).toBe('out');
    expect(way(fc({ header: {}, source: mapped }), 'unknown')).toBe('in');
    const answer = { header: {}, from: TARGET_ADDRESS, to: ADDRESS, destination: mapped };
    expect(way(fc(answer), 'unknown')).toBe('out');
    expect(way(command(1), 'unknown')).toBe('unknown');
  });

  it('knows a broken CRC, and a FIP message that cannot be read', () => {
    const broken = command(1);
    expect((seeFrame(tapped(broken)) as FcFrame).crcGood).toBe(true);
    broken[40]! ^= 1;
    expect((seeFrame(tapped(broken)) as FcFrame).crcGood).toBe(false);
    const message = fip({ operation: 1, subcode: 1, descriptors: [] });
    expect(seeFrame(tapped(message))).toMatchObject({ protocol: 'fip', message: { operation: 1 } });
    const short = seeFrame(tapped(message.subarray(0, 18)));
    expect(short.protocol === 'fip' && short.message).toBeUndefined();
  });

  it('of which a capture kept only a part shows only that there was one', () => {
    const bytes = command(1);
    const cut = bytes.subarray(0, 60);
    const decoded = decodeFrame(cut, { originalLength: bytes.length });
    expect(seeDecoded(decoded, tapped(cut))).toMatchObject({
      protocol: 'cut',
      role: 'foreign',
      originator: ADDRESS,
      oxId: 1,
    });
  });
});
