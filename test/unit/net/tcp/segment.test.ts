import { expect, it } from 'vitest';
import { TcpFlags } from '../../../../src/codecs/ethernet/index.ts';
import { parseIpv4 } from '../../../../src/net/ipv4-address.ts';
import { packetOf, readSegment, writeSegment } from '../../../../src/net/tcp/segment.ts';

const SEGMENT = {
  source: parseIpv4('10.0.0.1'),
  destination: parseIpv4('10.0.0.2'),
  sourcePort: 50_000,
  destinationPort: 3260,
  seq: 0xdead_beef,
  ack: 0,
  flags: TcpFlags.SYN,
  window: 0xffff,
  mss: 1460,
  windowScale: 7,
  payload: Uint8Array.of(1, 2, 3),
};
const PLACE = {
  destination: '02:00:00:00:00:02',
  source: '02:00:00:00:00:01',
  vlan: 0,
  identification: 9,
};

it.each([0, 1002])('a segment is what it was, in VLAN %i', (vlan) => {
  const frame = writeSegment({ ...PLACE, vlan }, SEGMENT);
  const packet = packetOf(frame)!;
  expect(packet).toEqual({ etherType: 0x0800, vlan, at: vlan === 0 ? 14 : 18 });
  expect(readSegment(frame, packet.at)).toEqual(SEGMENT);
  // Ethernet may have padded it.
  const padded = new Uint8Array(frame.length + 20);
  padded.set(frame);
  expect(readSegment(padded, packet.at)).toEqual(SEGMENT);
});

it('is none with one bit changed, nor cut', () => {
  const frame = writeSegment(PLACE, SEGMENT);
  for (let bit = 14 * 8; bit < frame.length * 8; bit++) {
    const changed = frame.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(readSegment(changed, 14), `bit ${bit}`).toBeUndefined();
  }
  for (let length = 0; length < frame.length; length++)
    expect(readSegment(frame.subarray(0, length), 14)).toBeUndefined();
});

it('reads options that others send, and passes by what it does not know', () => {
  const frame = writeSegment(PLACE, { ...SEGMENT, windowScale: undefined });
  expect(readSegment(frame, 14)).toMatchObject({ mss: 1460, windowScale: undefined });
});
