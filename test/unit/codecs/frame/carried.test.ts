/** What frames carry that nothing here reads further. */
import { expect, it } from 'vitest';
import { carriedBy } from '../../../../src/codecs/frame/carried.ts';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';

const ETHERNET = Array<number>(12).fill(2);
const words = (...bytes: number[]) =>
  carriedBy(decodeFrame(Uint8Array.from([...ETHERNET, ...bytes, ...Array<number>(20).fill(0)])));
const ipv4 = (protocol: number, ...payload: number[]) =>
  words(
    0x08,
    0,
    0x45,
    0,
    0,
    48,
    0,
    0,
    0,
    0,
    64,
    protocol,
    0,
    0,
    ...Array<number>(8).fill(1),
    ...payload,
  );
const ports = (source: number, destination: number) =>
  ipv4(6, source >> 8, source & 0xff, destination >> 8, destination & 0xff);

it.each([
  ['the port of iSCSI', ports(3260, 50_000), 'iSCSI (TCP port 3260)'],
  ['in the other direction', ports(50_000, 3260), 'iSCSI (TCP port 3260)'],
  ['NFS', ports(700, 2049), 'NFS (TCP port 2049)'],
  ['a port that nobody knows', ports(50_000, 13_260), 'TCP port 13260'],
  ['ICMP', ipv4(1), 'ICMP'],
  ['OSPF', ipv4(89), 'IPv4, protocol 89'],
  ['UDP', ipv4(17, 0, 99, 0, 98, 0, 8, 0, 0), 'UDP'],
  ['an EtherType', words(0x88, 0xf5), 'EtherType 88f5'],
  ['an EtherType behind a tag', words(0x81, 0, 0, 5, 0x88, 0xf5), 'EtherType 88f5'],
  ['a length', words(0, 20), 'IEEE 802.2 LLC'],
  ['nothing', carriedBy(decodeFrame(new Uint8Array(4))), undefined],
])('%s', (_what, said, expected) => {
  expect(said).toBe(expected);
});

it('looks behind the headers of IPv6', () => {
  const address = Array<number>(32).fill(3);
  const port = [0xc3, 0x50, 0x0c, 0xbc];
  const whole = [
    0x86,
    0xdd,
    0x60,
    0,
    0,
    0,
    0,
    24,
    0,
    64,
    ...address,
    6,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...port,
  ];
  expect(words(...whole)).toBe('iSCSI (TCP port 3260)');
  expect(words(0x86, 0xdd, 0x60, 0, 0, 0, 0, 4, 6, 64, ...address, ...port)).toBe(
    'iSCSI (TCP port 3260)',
  );
});
