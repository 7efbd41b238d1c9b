/** Maps of changed blocks: more than was changed, never less, and nothing said of what is not known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockRun } from '../../../../src/history/backup.ts';
import { applyMapPolicy, ChangedBlocks } from '../../../../src/scsi/medium/changed-blocks.ts';

const lbasOf = (runs: readonly BlockRun[]): Set<number> =>
  new Set(runs.flatMap(({ lba, blocks }) => Array.from({ length: blocks }, (_, i) => lba + i)));

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('mark'),
      lba: fc.nat(59),
      blocks: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constantFrom('begin', 'forget'),
      reference: fc.constantFrom('a', 'b', 'c'),
    }),
  },
);

describe('A map of changed blocks', () => {
  it('has every block that was changed since each reference, whatever became of the others', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        (steps, grain) => {
          const map = new ChangedBlocks(64, grain);
          const truth = new Map<string, Set<number>>();
          for (const one of steps) {
            if ('lba' in one) {
              map.mark(one.lba, one.blocks);
              for (const changed of truth.values()) {
                for (let i = 0; i < one.blocks; i++) changed.add(one.lba + i);
              }
            } else if (one.op === 'begin') {
              map.begin(one.reference);
              truth.set(one.reference, new Set());
            } else {
              map.forget(one.reference);
              truth.delete(one.reference);
            }
          }
          for (const reference of ['a', 'b', 'c']) {
            const runs = map.since(reference);
            const changed = truth.get(reference);
            expect(runs === undefined).toBe(changed === undefined);
            if (runs === undefined || changed === undefined) continue;
            const said = lbasOf(runs);
            expect([...changed].filter((lba) => !said.has(lba))).toEqual([]);
            expect([...said].every((lba) => lba < 64)).toBe(true);
          }
        },
      ),
      { seed: 15, numRuns: 300 },
    );
  });

  it('joins runs, and ends with the medium', () => {
    const map = new ChangedBlocks(100, 32);
    map.begin('full');
    map.mark(0, 1);
    map.mark(40, 1);
    map.mark(99, 1);
    expect(map.since('full')).toEqual([
      { lba: 0, blocks: 64 },
      { lba: 96, blocks: 4 },
    ]);
  });

  it('does not know what it was never told, or what it had to forget', () => {
    const map = new ChangedBlocks(8);
    expect(map.since('full')).toBeUndefined();
    for (let i = 0; i < 70; i++) map.begin(`r${i}`);
    expect(map.references).toHaveLength(64);
    expect(map.since('r5')).toBeUndefined();
    expect(map.since('r6')).toEqual([]);
    expect(() => new ChangedBlocks(8, 0)).toThrow(RangeError);
  });

  it('is carried, lost without a word, or lost and says so', () => {
    const made = (): ChangedBlocks => {
      const map = new ChangedBlocks(8, 1);
      map.begin('full');
      map.mark(3, 1);
      return map;
    };
    const saidUnder = (policy: Parameters<typeof applyMapPolicy>[1]) => {
      const map = made();
      applyMapPolicy(map, policy);
      return map.since('full');
    };
    expect(saidUnder('carried')).toEqual([{ lba: 3, blocks: 1 }]);
    expect(saidUnder('lost')).toEqual([]);
    expect(saidUnder('said-lost')).toBeUndefined();
  });
});
