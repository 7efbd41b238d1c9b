/** Snapshots against copies of the whole medium: what each holds, whatever is done to medium and snapshots. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VolatileCache } from '../../../../src/scsi/medium/cache.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import {
  SNAPSHOTS_MAX,
  SnapshotError,
  SnapshotMedium,
} from '../../../../src/scsi/medium/snapshot.ts';
import { filled } from '../../../helpers/scsi-target.ts';

const BLOCKS = 24;
const BYTES = 512;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constantFrom('write', 'unmap'),
      lba: fc.nat(BLOCKS - 4),
      blocks: fc.integer({ min: 1, max: 4 }),
      value: fc.integer({ min: 1, max: 255 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constantFrom('cut', 'delete', 'revert'),
      name: fc.constantFrom('a', 'b', 'c'),
    }),
  },
);

describe('A medium with snapshots', () => {
  it('holds each cut as it was, and goes back to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const medium = new SnapshotMedium(new MemoryMedium(BLOCKS), { granularityBlocks: 1 });
        let now = new Uint8Array(BLOCKS * BYTES);
        const images = new Map<string, Uint8Array>();
        for (const one of steps) {
          if ('lba' in one) {
            const data = one.op === 'write' ? filled(one.blocks, one.value) : filled(one.blocks, 0);
            if (one.op === 'write') medium.write(one.lba, data);
            else medium.unmap(one.lba, one.blocks);
            now.set(data, one.lba * BYTES);
          } else if (one.op === 'cut') {
            if (images.has(one.name)) expect(() => medium.cut(one.name)).toThrow(SnapshotError);
            else {
              medium.cut(one.name);
              medium.changed!.begin(one.name);
              images.set(one.name, now.slice());
            }
          } else if (!images.has(one.name)) {
            expect(() => medium[one.op as 'delete'](one.name)).toThrow(/there is no snapshot/);
          } else if (one.op === 'delete') {
            medium.delete(one.name);
            images.delete(one.name);
          } else {
            medium.revert(one.name);
            now = images.get(one.name)!.slice();
          }
        }
        expect(Buffer.compare(medium.read(0, BLOCKS), now)).toBe(0);
        expect(medium.snapshots.sort()).toEqual([...images.keys()].sort());
        for (const [name, image] of images) {
          expect(Buffer.compare(medium.readSnapshot(name, 0, BLOCKS), image)).toBe(0);
          // Whatever differs now was changed since, and the map says so: after going back, too.
          const said = new Set(
            medium
              .changed!.since(name)!
              .flatMap(({ lba, blocks }) => Array.from({ length: blocks }, (_, i) => lba + i)),
          );
          for (let lba = 0; lba < BLOCKS; lba++) {
            const differs = now
              .subarray(lba * BYTES, (lba + 1) * BYTES)
              .some((byte, i) => byte !== image[lba * BYTES + i]);
            if (differs) expect(said.has(lba)).toBe(true);
          }
        }
      }),
      { seed: 33, numRuns: 300 },
    );
  });

  it('keeps a cut through a loss of power that empties the cache behind it, once that was flushed', () => {
    const medium = new SnapshotMedium(new VolatileCache(new MemoryMedium(BLOCKS)));
    medium.write(1, filled(1, 7));
    medium.flush();
    medium.cut('a');
    medium.write(1, filled(1, 8));
    medium.write(2, filled(1, 8));
    expect(medium.volatile).toBe(true);
    expect(medium.powerLost()).toBe(2);
    expect(medium.read(1, 2)).toEqual(new Uint8Array([...filled(1, 7), ...filled(1, 0)]));
    expect(medium.readSnapshot('a', 1, 2)).toEqual(medium.read(1, 2));
  });

  it('says which blocks going back has changed, and refuses more snapshots than it can keep', () => {
    const medium = new SnapshotMedium(new MemoryMedium(1024));
    medium.cut('first');
    medium.write(300, filled(200, 3));
    expect(medium.revert('first').map(({ lba }) => lba)).toEqual(
      Array.from({ length: 200 }, (_, i) => 300 + i),
    );
    expect(medium.mappedRun(0)).toEqual({ mapped: false, blocks: 1024 });
    for (let i = 1; i < SNAPSHOTS_MAX; i++) medium.cut(`s${i}`);
    expect(() => medium.cut('one more')).toThrow(/at most 256 snapshots/);
    expect(() => medium.readSnapshot('gone', 0, 1)).toThrow(/there is no snapshot gone/);
  });
});
