/** The VLANs of connections: whose frame is where. */
import { expect, test } from 'vitest';
import type { SessionTold } from '../../../../src/audit/seen/session.ts';
import { StreamVlans } from '../../../../src/audit/seen/stream-vlans.ts';
import { decodeFrame } from '../../../../src/codecs/frame/index.ts';
import { tcpFrame } from '../../../helpers/tcp-frames.ts';

function rig() {
  const told: SessionTold[] = [];
  const vlans = new StreamVlans((one) => told.push(one));
  let frame = 0;
  const take = (vid: number, seq: number, ms: number, tap = 'a', port = 700): void => {
    const bytes = tcpFrame({ from: [2, port], to: [1, 3260], seq });
    const out = new Uint8Array(bytes.length + 4);
    out.set(bytes.subarray(0, 12));
    out.set([0x81, 0x00, vid >> 8, vid & 0xff], 12);
    out.set(bytes.subarray(12), 16);
    vlans.take(decodeFrame(out), { at: ms * 1e6, frame: ++frame }, tap);
  };
  const strays = (): number[] => {
    vlans.finish();
    return told.flatMap((one) => (one.type === 'stray' ? [one.frame] : []));
  };
  return { take, strays, told };
}

test('a segment elsewhere is told, unless the same one is seen at home within 20 ms', () => {
  const { take, strays } = rig();
  take(10, 1, 0);
  take(20, 2, 100);
  take(10, 3, 200);
  take(20, 4, 300);
  take(10, 4, 310);
  expect(strays()).toEqual([2]);
});

test('one that is sent again later was not there before', () => {
  const { take, strays } = rig();
  take(10, 1, 0);
  take(20, 2, 100);
  take(10, 2, 500);
  expect(strays()).toEqual([2]);
});

test('taps and connections are told apart, and a priority is no VLAN', () => {
  const { take, strays, told } = rig();
  take(10, 1, 0);
  take(20, 2, 100, 'b');
  take(30, 3, 200, 'a', 701);
  take(0, 4, 300);
  expect(strays()).toEqual([]);
  expect(told).toEqual([{ type: 'checked', kind: 'vlan', count: 2 }]);
});
