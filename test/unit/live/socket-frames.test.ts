/** Frames made of what sockets carry: a TCP connection that any reader of captures puts together again. */
import { describe, expect, test } from 'vitest';
import { ethernet, IpProtocol, ipv4, ipv6, tcp } from '../../../src/codecs/ethernet/index.ts';
import { SocketFrames } from '../../../src/live/socket-frames.ts';

/** Ones' complement sum; 0xffff over data that hold a good checksum. Source: RFC 1071, 4.1. */
function onesSum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const bytes of parts)
    for (let i = 0; i < bytes.length; i++) sum += i % 2 === 0 ? bytes[i]! * 256 : bytes[i]!;
  while (sum > 0xffff) sum = Math.floor(sum / 0x10000) + (sum % 0x10000);
  return sum;
}

interface Segment {
  readonly direction: 'in' | 'out';
  readonly ip: Uint8Array;
  readonly source: Uint8Array;
  readonly header: ReturnType<typeof tcp.decode>;
  readonly data: Uint8Array;
}

function read(direction: 'in' | 'out', frame: Uint8Array): Segment {
  const isV6 = ethernet.decode(frame.subarray(0, 14)).etherType === 0x86dd;
  const at = 14 + (isV6 ? 40 : 20);
  const { source, destination } = isV6
    ? ipv6.decode(frame.subarray(14, at))
    : ipv4.decode(frame.subarray(14, at));
  const segment = frame.subarray(at);
  const pseudo = Uint8Array.of(0, IpProtocol.TCP, segment.length >> 8, segment.length & 0xff);
  expect(onesSum(source, destination, pseudo, segment)).toBe(0xffff);
  const header = tcp.decode(segment.subarray(0, 20));
  return { direction, ip: frame.subarray(14, at), source, header, data: segment.subarray(20) };
}

function connection(local: string, peer: string, isOurs = false) {
  const segments: Segment[] = [];
  const frames = new SocketFrames(
    { address: local, port: 3260 },
    { address: peer, port: 40_000 },
    isOurs,
    (direction, frame) => segments.push(read(direction, frame)),
  );
  return { frames, segments };
}

const flagsOf = (segments: readonly Segment[]) =>
  segments.map(({ direction, header }) => `${direction} ${header.flags.toString(16)}`);

describe('what a socket carries', () => {
  test('a connection of the peer: handshake, bytes in order, two ends', () => {
    const { frames, segments } = connection('127.0.0.1', '127.0.0.2');
    frames.carried('in', Uint8Array.of(1, 2, 3));
    frames.carried(
      'out',
      Uint8Array.from({ length: 20_001 }, (_, i) => i & 0xff),
    );
    frames.ended('in');
    frames.ended('out');
    frames.reset('in');
    expect(flagsOf(segments)).toEqual([
      'in 2',
      'out 12',
      'in 10',
      'in 18',
      'out 10',
      'out 10',
      'out 18',
      'in 11',
      'out 11',
    ]);
    const next = { in: 0, out: 0 };
    for (const { direction, header, data, ip } of segments) {
      expect(header.sequenceNumber).toBe(next[direction]);
      expect(onesSum(ip)).toBe(0xffff);
      if (header.flags & 0x10)
        expect(header.acknowledgmentNumber).toBe(next[direction === 'in' ? 'out' : 'in']);
      next[direction] += data.length + (header.flags & 3 ? 1 : 0);
    }
    const sent = segments.filter(({ direction }) => direction === 'out').map(({ data }) => data);
    expect(Buffer.concat(sent)).toEqual(
      Buffer.from(Uint8Array.from({ length: 20_001 }, (_, i) => i & 0xff)),
    );
  });

  test('one that we made begins at our end, and a reset is said once', () => {
    const { frames, segments } = connection('127.0.0.1', '127.0.0.2', true);
    frames.reset('out');
    frames.reset('in');
    frames.ended('in');
    expect(flagsOf(segments)).toEqual(['out 2', 'in 12', 'out 10', 'out 14']);
  });

  test('IPv6 addresses, shortened and with a zone', () => {
    const { segments } = connection('fe80::1:2%eth0', '::1');
    expect([...segments[0]!.source]).toEqual([...new Array<number>(15).fill(0), 1]);
    expect(Buffer.from(segments[1]!.source).toString('hex')).toBe(
      'fe800000000000000000000000010002',
    );
  });
});
