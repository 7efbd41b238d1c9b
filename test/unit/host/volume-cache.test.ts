/** A host's cache: what it holds, and the order in which writes leave it. */
import { describe, expect, it } from 'vitest';
import type { StampReading } from '../../../src/codecs/stamp/index.ts';
import { VolumeCache } from '../../../src/host/volume-cache.ts';
import type { GuestIo } from '../../../src/host/workload.ts';

const cacheOf = (blocks: number, atMove: 'carried' | 'dropped' = 'carried') =>
  new VolumeCache({ writes: 'write-back', atMove, hitNs: 1, blocks });
const stamp = (version: number): StampReading => ({ found: 'stamp', writerId: 1, version });
const write = (id: number, lba: number, blocks = 1) => ({ id, lba, blocks }) as GuestIo;

describe('a cache', () => {
  it('serves what it has whole, and forgets what was used longest ago', () => {
    const cache = cacheOf(2);
    cache.fill(0, [stamp(1), stamp(2)]);
    expect(cache.read(0, 2)).toEqual([stamp(1), stamp(2)]);
    cache.fill(2, [stamp(3)]);
    expect(cache.read(0, 1)).toBeUndefined();
    expect(cache.read(1, 2)).toEqual([stamp(2), stamp(3)]);
    expect([cache.hits, cache.reads, cache.size]).toEqual([2, 3, 2]);
  });

  it('keeps what is not on the unit, and puts it into what was read there', () => {
    const cache = cacheOf(1);
    cache.hold(write(1, 5));
    cache.fill(5, [stamp(1)]);
    cache.fill(6, [stamp(2)]);
    expect(cache.read(5, 1)).toEqual([stamp(1)]);
    const found: StampReading[] = [{ found: 'blank' }, { found: 'blank' }];
    cache.complete(5, found);
    expect(found[0]).toEqual(stamp(1));
    expect(cache.dirtyBlocks).toBe(1);
  });

  it('sends writes of one block one after the other, and others beside them', () => {
    const cache = cacheOf(100);
    for (const one of [write(1, 0, 4), write(2, 2, 4), write(3, 4), write(4, 8)]) cache.hold(one);
    expect([cache.next()?.id, cache.next()?.id, cache.next()]).toEqual([1, 4, undefined]);
    cache.sent(1, write(9, 0, 4));
    expect(cache.flushed(1)).toBe(false);
    expect(cache.flushed(9)).toBe(true);
    expect(cache.next()?.id).toBe(2);
  });

  it('goes along or is dropped, but for what is not written', () => {
    for (const [policy, left] of [
      ['carried', 2],
      ['dropped', 1],
    ] as const) {
      const cache = cacheOf(10, policy);
      cache.hold(write(1, 0));
      cache.fill(0, [stamp(1), stamp(2)]);
      cache.leave();
      expect(cache.size).toBe(left);
    }
  });
});
