/** What routers say of packets that are too large: bytes that tshark reads as such. */
import { expect, it } from 'vitest';
import { addWords, checksumOf } from '../../../src/codecs/ethernet/index.ts';
import { tooBigAt, tooBigFrame } from '../../../src/net/icmp.ts';
import { parseIpv4, writeSegment } from '../../../src/net/index.ts';

const [host, array, router] = ['10.16.0.2', '10.16.254.1', '10.16.200.2'].map(parseIpv4) as [
  number,
  number,
  number,
];
const place = { destination: '00:25:b5:00:02:01', source: '02:00:5e:00:00:0a', vlan: 0 };
const segment = writeSegment(
  { ...place, identification: 9 },
  {
    ...{ source: host, destination: array, sourcePort: 55_575, destinationPort: 3260 },
    ...{ seq: 0xbb18_55e9, ack: 1, flags: 0x10, window: 100, payload: new Uint8Array(1460) },
  },
);
const frame = tooBigFrame(
  { ...place, identification: 1 },
  router,
  { frame: segment, at: 14 },
  1400,
);

it('is an ICMP message with the head of the packet in it', () => {
  // As RFC 1191, clause 4 draws it: type 3, code 4, checksum, 16 bits unused, the MTU of the next hop.
  expect([...frame.subarray(34, 36)]).toEqual([3, 4]);
  expect([...frame.subarray(38, 42)]).toEqual([0, 0, 0x05, 0x78]);
  expect(checksumOf(addWords(frame, 34, frame.length))).toBe(0);
  expect([...frame.subarray(42, 70)]).toEqual([...segment.subarray(14, 42)]);
  expect(tooBigAt(frame, 14)).toEqual({
    ...{ nextHopMtu: 1400, source: host, destination: array },
    ...{ sourcePort: 55_575, destinationPort: 3260, seq: 0xbb18_55e9 },
  });
});

it('says nothing where it is cut, damaged or of something else', () => {
  for (let end = 0; end < frame.length; end++)
    expect(tooBigAt(frame.subarray(0, end), 14)).toBeUndefined();
  for (let i = 14; i < frame.length; i++) {
    const changed = frame.slice();
    changed[i]! ^= 0x10;
    expect(tooBigAt(changed, 14)).toBeUndefined();
  }
  expect(tooBigAt(segment, 14)).toBeUndefined();
});
