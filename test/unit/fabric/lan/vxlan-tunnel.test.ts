/** Frames into tunnels and out of them. */
import { expect, test } from 'vitest';
import { decodeFrame } from '../../../../src/codecs/frame/index.ts';
import type { Mac } from '../../../../src/codecs/layout/index.ts';
import {
  outerFrame,
  outOfTunnel,
  packetBytesOf,
  tunnelPacket,
  tunnelPayload,
} from '../../../../src/fabric/lan/vxlan-tunnel.ts';
import { rarpFrame } from '../../../../src/net/lan-frame.ts';

const [A, B] = ['02:00:00:00:0a:01', '02:00:00:00:0a:02'] as Mac[];
const there = { mac: B!, address: '198.51.100.2', vid: 100, vni: 10_100 };
const station = rarpFrame('02:00:00:00:00:01' as Mac, { vid: 100, priority: 0 });
const payload = tunnelPayload(station, there.vni);
const packet = tunnelPacket(payload, '198.51.100.1', there.address);
const frame = outerFrame(packet, A!, B!);

test('what goes in comes out with its tag, and with the end that sent it', () => {
  expect(packet).toHaveLength(packetBytesOf(payload));
  expect(outOfTunnel(frame, there)).toEqual({ inner: station, from: '198.51.100.1' });
  expect(decodeFrame(frame).malformed).toBeUndefined();
});

test('what is for another end, network or address is not taken out', () => {
  expect(outOfTunnel(frame, { ...there, vni: 7 })).toBe('elsewhere');
  expect(outOfTunnel(frame, { ...there, address: '198.51.100.3' })).toBe('elsewhere');
  expect(outOfTunnel(frame, { ...there, mac: A! })).toBe('elsewhere');
  expect(outOfTunnel(station, there)).toBeUndefined();
});

test('nothing comes out of a frame that is cut', () => {
  for (let size = 0; size < 14 + 20 + 8 + 8 + 14; size++)
    expect(outOfTunnel(frame.subarray(0, size), there)).toBeUndefined();
});
