/** A volatile write cache against two plain media: what is read, and what a loss of power leaves. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VolatileCache } from '../../../../src/scsi/medium/cache.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { filled } from '../../../helpers/scsi-target.ts';

const BLOCKS = 16;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constantFrom('write', 'unmap'),
      lba: fc.nat(12),
      blocks: fc.integer({ min: 1, max: 4 }),
      value: fc.integer({ min: 1, max: 255 }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ op: 'flush' }, { op: 'power' }) },
);

describe('A volatile cache', () => {
  it('reads as if it were the medium, and after a loss of power as at its last flush', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const cache = new VolatileCache(new MemoryMedium(BLOCKS));
        let now = new Uint8Array(BLOCKS * 512);
        let safe = now.slice();
        for (const one of steps) {
          if ('lba' in one) {
            const data = one.op === 'write' ? filled(one.blocks, one.value) : filled(one.blocks, 0);
            if (one.op === 'write') cache.write(one.lba, data);
            else cache.unmap(one.lba, one.blocks);
            now.set(data, one.lba * 512);
          } else if (one.op === 'flush') {
            cache.flush();
            safe = now.slice();
          } else {
            cache.powerLost();
            now = safe.slice();
          }
          expect(Buffer.compare(cache.read(0, BLOCKS), now)).toBe(0);
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('counts the blocks that a loss of power takes back', () => {
    const cache = new VolatileCache(new MemoryMedium(BLOCKS));
    cache.write(3, filled(2, 7));
    cache.write(4, filled(2, 8));
    expect(cache.powerLost()).toBe(3);
    cache.write(3, filled(2, 7));
    cache.flush();
    expect(cache.powerLost()).toBe(0);
    expect(cache.read(3, 2)).toEqual(filled(2, 7));
  });

  it('tells which blocks are mapped as the medium does after a flush', () => {
    const cache = new VolatileCache(new MemoryMedium(BLOCKS));
    cache.write(2, filled(3, 1));
    cache.unmap(3, 1);
    expect(cache.mappedRun(0)).toEqual({ mapped: false, blocks: 2 });
    expect(cache.mappedRun(2)).toEqual({ mapped: true, blocks: 1 });
    expect(cache.mappedRun(3)).toEqual({ mapped: false, blocks: 1 });
  });
});
