import { expect, it } from 'vitest';
import { addWords, checksumOf } from '../../../src/codecs/ethernet/index.ts';
import { formatIpv4, ipv4At, ipv4Bytes, parseIpv4 } from '../../../src/net/ipv4-address.ts';

it('an address is its text and its bytes', () => {
  expect(parseIpv4('10.0.255.1')).toBe(0x0a00ff01);
  expect(formatIpv4(0xffffffff)).toBe('255.255.255.255');
  expect(ipv4At(ipv4Bytes(0xc0a80102), 0)).toBe(0xc0a80102);
});

it.each(['10.0.0', '10.0.0.256', '10.0.0.1.2', 'localhost', '::1', ''])('%s is none', (text) => {
  expect(() => parseIpv4(text)).toThrow(RangeError);
});

it('a checksum is that of RFC 1071: the example of its section 3', () => {
  const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
  expect(checksumOf(addWords(bytes, 0, 8))).toBe(~0xddf2 & 0xffff);
  expect(addWords(Uint8Array.of(1), 0, 1)).toBe(0x100);
});
