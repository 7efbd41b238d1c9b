/** How many frames there are of what is not judged. */
import { expect, it } from 'vitest';
import { OtherTraffic } from '../../../../src/audit/told/other-traffic.ts';
import { decodeFrame } from '../../../../src/codecs/frame/index.ts';

const frame = (etherType: number) => {
  const bytes = new Uint8Array(60);
  bytes.set([etherType >> 8, etherType & 0xff], 12);
  return decodeFrame(bytes);
};

it('counts by what they carry, the most first, and knows a bound', () => {
  const traffic = new OtherTraffic();
  traffic.take(frame(0x88f5));
  for (let i = 0; i < 3; i++) traffic.take(frame(0x88f6));
  // An LLDPDU is none of them.
  traffic.take(frame(0x88cc));
  expect(traffic.rows()).toEqual([
    { what: 'EtherType 88f6', frames: 3 },
    { what: 'EtherType 88f5', frames: 1 },
  ]);
  for (let i = 0; i < 200; i++) traffic.take(frame(0x9a00 + i));
  const rows = traffic.rows();
  expect(rows).toHaveLength(101);
  expect(rows[0]).toEqual({ what: 'others', frames: 102 });
});
