/** A disk that a move takes along: broken movers are caught by what the guest reads and where its blocks lie, sound ones are not. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DiskCopy } from '../../../src/host/disk-copy.ts';
import type { RunReport } from '../../../src/run/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { run } from '../../helpers/audited-run.ts';

type Disk = NonNullable<Scenario['move']['disk']>;

const DISK: Disk = {
  ...{ to: 'new', by: 'mirror', chunkBlocks: 16, windowBlocks: 64, rounds: 30 },
  ...{ restBlocks: 64, marks: 'ended' },
};

/** The guest of the built-in move has one disk, which goes along. */
const withDisk =
  (disk: Partial<Disk>, workload: Partial<Scenario['vms'][number]['workload']> = {}) =>
  (scenario: Scenario): Scenario => ({
    ...scenario,
    array: {
      ...scenario.array,
      luns: ['old', 'new'].map((name) => ({ name, blocks: 1024 })),
    },
    vms: scenario.vms.slice(0, 1).map((vm) => ({
      ...vm,
      luns: ['old', 'new'],
      volumes: [{ name: 'disk', kind: 'linear', on: ['old'], by: 'identity', chunkBlocks: 128 }],
      workload: {
        ...vm.workload,
        ...{ readPercent: 40, rangeBlocks: 256, blocksMax: 8, queueDepth: 4, thinkUs: 100 },
        ...workload,
      },
    })),
    move: { ...scenario.move, disk: { ...DISK, ...disk } },
  });

const violated = ({ verdict }: RunReport): string[] =>
  verdict.filter(({ result }) => result === 'violated').map(({ invariant }) => invariant);

const { begin, end } = DiskCopy.prototype;
const FIRST = { lba: 0, blocks: 0 };
const isInFirst = ({ lba }: { readonly lba: number }) => lba < DISK.chunkBlocks;

/** What is wrong, how, in which copy it shows, and by what. */
const MUTANTS: readonly [string, () => void, Partial<Disk>, string[]][] = [
  [
    'what is written behind the pass of a mirror goes to the source alone',
    () =>
      vi.spyOn(DiskCopy.prototype, 'begin').mockImplementation(function (this: DiskCopy, one) {
        const route = begin.call(this, one);
        return route === 'both' ? 'source' : route;
      }),
    {},
    ['I8', 'I51'],
  ],
  [
    'a write where a copy is under way does not wait for it',
    () => vi.spyOn(DiskCopy.prototype, 'isHeld').mockReturnValue(false),
    {},
    ['I51'],
  ],
  [
    'the map of an iterative copy has no bit for the first chunk',
    () => {
      vi.spyOn(DiskCopy.prototype, 'begin').mockImplementation(function (this: DiskCopy, one) {
        return begin.call(this, isInFirst(one) ? FIRST : one);
      });
      vi.spyOn(DiskCopy.prototype, 'end').mockImplementation(function (this: DiskCopy, one, good) {
        end.call(this, isInFirst(one) ? FIRST : one, good);
      });
    },
    { by: 'iterative' },
    ['I51'],
  ],
  [
    'the guest is put on the copy with a round left',
    () =>
      vi.spyOn(DiskCopy.prototype, 'finish').mockImplementation(function (this: DiskCopy, asked) {
        this.isWhole = true;
        asked(undefined);
      }),
    { by: 'iterative' },
    ['I8', 'I51'],
  ],
  [
    'a write is in the map only since it was asked for',
    () => {},
    { by: 'iterative', marks: 'asked' },
    ['I51'],
  ],
];

describe('a broken mover is caught', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(MUTANTS)('%s', (_what, make, disk, found) => {
    const busy = disk.marks === 'asked' ? { queueDepth: 16, thinkUs: 0, readPercent: 0 } : {};
    const report = (change: Partial<Disk>) =>
      run({ make: () => {}, tune: withDisk({ ...disk, ...change, restBlocks: 256 }, busy) });
    const sound = report({ marks: 'ended' });
    expect(violated(sound)).toEqual([]);
    expect(sound.result).toEqual({ outcome: 'moved' });
    make();
    expect(violated(report({}))).toEqual(found);
  });
});

describe.each(['mirror', 'iterative'] as const)('a sound %s', (by) => {
  it.each(['wait', 'abort', 'purge'] as const)('goes along with drain %s', (drain) => {
    const tune = (scenario: Scenario): Scenario => {
      const tuned = withDisk({ by, restBlocks: 256 })(scenario);
      return { ...tuned, move: { ...tuned.move, drain, defences: ['logo-acknowledged'] } };
    };
    const report = run({ make: () => {}, tune });
    expect(violated(report)).toEqual([]);
    expect(report.result).toEqual({ outcome: 'moved' });
    expect(report.verdict.find(({ invariant }) => invariant === 'I51')!.result).toBe('holds');
  });
});
