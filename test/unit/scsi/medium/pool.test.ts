import { describe, expect, it } from 'vitest';
import { MediumError, MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { EXTENT_BLOCKS, SpacePool } from '../../../../src/scsi/medium/pool.ts';

const block = new Uint8Array(512).fill(1);

describe('a pool', () => {
  it('gives what it has to all its media, and takes back what is unmapped', () => {
    const pool = new SpacePool({ extents: 3 });
    const [one, other] = [1, 2].map(() => new MemoryMedium(1024, { pool }));
    one!.write(0, block);
    one!.write(1, block);
    other!.write(5 * EXTENT_BLOCKS, block);
    expect([pool.used, pool.available]).toEqual([2, 1]);
    // All or nothing: two extents are not there.
    const two = new Uint8Array(2 * 512).fill(2);
    expect(() => other!.write(EXTENT_BLOCKS - 1, two)).toThrow(MediumError);
    expect(other!.read(EXTENT_BLOCKS - 1, 2).every((byte) => byte === 0)).toBe(true);
    expect(pool.used).toBe(2);
    one!.unmap(0, 1);
    expect(pool.used).toBe(2);
    one!.unmap(0, 8);
    expect(pool.used).toBe(1);
    other!.write(EXTENT_BLOCKS - 1, two);
    expect(pool.available).toBe(0);
    other!.write(EXTENT_BLOCKS - 1, two);
    expect(() => one!.write(0, block)).toThrow('the pool has 0 extents left');
    pool.grow(1);
    one!.write(0, block);
    expect(pool.used).toBe(pool.extents);
  });

  it('warns once when it is as full as its threshold, and again after it was not', () => {
    const pool = new SpacePool({ extents: 10, thresholdPercent: 75 });
    let warnings = 0;
    pool.onThreshold = () => warnings++;
    expect(pool.threshold).toBe(8);
    expect(pool.take(7)).toBe(true);
    expect(warnings).toBe(0);
    pool.take(1);
    pool.take(1);
    expect(pool.take(2)).toBe(false);
    expect(warnings).toBe(1);
    pool.give(0);
    pool.give(1);
    pool.take(1);
    expect(warnings).toBe(2);
    // More space ends it too.
    pool.grow(10);
    pool.take(7);
    expect(warnings).toBe(3);
    expect(() => new SpacePool({ extents: 0 })).toThrow(RangeError);
  });
});
