/** Messages between caches, as frames that anybody reads as UDP. */
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../src/codecs/frame/index.ts';
import type { Mac } from '../../../src/codecs/layout/index.ts';
import {
  type CacheMessage,
  CacheWord,
  cacheFrame,
  cacheMessageIn,
} from '../../../src/host/cache-message.ts';
import { parseIpv4 } from '../../../src/net/index.ts';

const one = { mac: '00:25:b5:ca:00:01' as Mac, address: '172.31.0.1' };
const other = { mac: '00:25:b5:ca:00:02' as Mac, address: '172.31.0.2' };
const message: CacheMessage = {
  word: CacheWord.INVALIDATE,
  luId: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
  ...{ number: 123_456_789_012, lba: 2 ** 33, blocks: 8, openFrom: 5, leaseNs: 1e9 },
};

describe('a message between caches', () => {
  it('is a UDP datagram, and is read again', () => {
    const frame = cacheFrame(one, other, message);
    expect(cacheMessageIn(frame)).toEqual({
      source: parseIpv4(one.address),
      destination: parseIpv4(other.address),
      message,
    });
    const layers = decodeFrame(frame).layers.map(({ layer }) => layer);
    expect(layers.slice(0, 3)).toEqual(['ethernet', 'ipv4', 'udp']);
  });

  it('is not read where it is cut, changed or of another kind', () => {
    const frame = cacheFrame(one, other, message);
    for (let end = 0; end < frame.length; end++)
      expect(cacheMessageIn(frame.subarray(0, end))).toBeUndefined();
    const at = frame.length - 68;
    for (let i = at; i < frame.length; i++) {
      const changed = frame.slice();
      changed[i]! ^= 0x40;
      expect(cacheMessageIn(changed)).toBeUndefined();
    }
    const word = 9 as CacheWord;
    expect(cacheMessageIn(cacheFrame(one, other, { ...message, word }))).toBeUndefined();
    const ipv6 = frame.slice();
    ipv6[12] = 0x86;
    expect(cacheMessageIn(ipv6)).toBeUndefined();
  });
});
