/** What the readers of IP say of packets that carry Fibre Channel otherwise. */
import { expect, it } from 'vitest';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';

it('says of FCIP, which is a stream of TCP, that it is not read', () => {
  const segment = (source: number, destination: number): Uint8Array => {
    const bytes = new Uint8Array(14 + 20 + 20);
    bytes.set([0x08, 0x00, 0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6], 12);
    bytes.set([source >> 8, source & 0xff, destination >> 8, destination & 0xff], 34);
    return bytes;
  };
  const fcip = { what: 'TCP port', code: 3225 };
  expect(decodeFrame(segment(50_000, 3225)).unread).toEqual(fcip);
  expect(decodeFrame(segment(3225, 50_000)).unread).toEqual(fcip);
  expect(decodeFrame(segment(50_000, 443)).unread).toBeUndefined();
});
