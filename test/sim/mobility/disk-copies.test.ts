/** A disk that goes along, and what goes wrong on the way: nothing that was acknowledged is lost, and the guest keeps a whole disk. */
import { describe, expect, it } from 'vitest';
import type { DiskCopied, HistoryEntry } from '../../../src/history/index.ts';
import { runMove } from '../../../src/run/run.ts';
import type { World } from '../../../src/scenario/build.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { MediumError } from '../../../src/scsi/medium/medium.ts';
import { inFull } from '../../helpers/in-full.ts';
import { broken, scenarioOf } from '../../helpers/moves.ts';

type Change = (scenario: Scenario) => Scenario;
const COPIES = ['disk-mirror', 'disk-iterative'] as const;
const QUICK = { commandTimeoutMs: 100, guestTimeoutMs: 2000, blackoutBudgetMs: 30_000 };

function run(name: string, change: Change = (one) => one, prepare?: (world: World) => void) {
  const told: HistoryEntry[] = [];
  const report = runMove({
    scenario: change(scenarioOf({}, name)),
    ...(prepare === undefined ? {} : { prepare }),
    observer: { observe: (entry) => void told.push(entry) },
  });
  const copies = told.flatMap(({ event }) => (event.type === 'disk-copy' ? [event] : []));
  return { report, told, violated: broken(report), states: statesOf(copies), copies };
}

const statesOf = (copies: readonly DiskCopied[]) =>
  copies.map(({ state }) => state).filter((one) => one !== 'round');

const withEvents = (...events: Scenario['events']): Change => {
  return (one) => ({ ...one, events, timing: { ...one.timing, ...QUICK } });
};

describe('a disk goes along', () => {
  it('by a mirror: no rest, and the old unit is given back', () => {
    const { copies, report, states, violated } = run('disk-mirror');
    expect(violated).toEqual([]);
    expect(report.result).toEqual({ outcome: 'moved' });
    expect(states).toEqual(['began', 'whole', 'switched', 'dropped']);
    expect(copies.at(-1)!.blocks).toBe(8192);
  });

  it('in rounds: the rest while the guest stands still', () => {
    const { report, states, told, violated } = run('disk-iterative');
    expect(violated).toEqual([]);
    expect(report.result).toEqual({ outcome: 'moved' });
    expect(states).toEqual(['began', 'copied', 'rest', 'whole', 'switched', 'dropped']);
    const at = (state: string) =>
      told.findIndex(({ event }) => event.type === 'disk-copy' && event.state === state);
    const stunned = told.findIndex(
      ({ event }) => event.type === 'guest' && event.state === 'stunned',
    );
    expect(at('copied')).toBeLessThan(stunned);
    expect(stunned).toBeLessThan(at('rest'));
  });

  it('in rounds that come to no end: it is given up and says so', () => {
    const { report, states, violated } = run('disk-iterative', (one) => ({
      ...one,
      vms: one.vms.map((vm) => ({
        ...vm,
        workload: { ...vm.workload, queueDepth: 8, readPercent: 0, thinkUs: 0, rangeBlocks: 4096 },
      })),
    }));
    expect(violated).toEqual([]);
    expect(report.result.outcome).toBe('rolled-back');
    expect(report.result).toMatchObject({ reason: expect.stringContaining('comes to no end') });
    expect(states).toEqual(['began', 'failed', 'dropped']);
  });

  it('and its guest dies with its host afterwards: it is started again on the copy', () => {
    const { told, violated } = run(
      'disk-mirror',
      withEvents({ at: 'resume', afterMs: 5, ofMove: 1, do: 'crash', node: 'esx-2', forMs: 500 }),
    );
    expect(violated).toEqual([]);
    const volumes = told.flatMap(({ event }) => (event.type === 'volume' ? [event.luNames] : []));
    expect(volumes.length).toBeGreaterThan(2);
    expect(volumes.at(-1)).not.toEqual(volumes[0]);
  });
});

describe.each(inFull ? COPIES : COPIES.slice(0, 1))('%s', (name) => {
  it('is cancelled while it is copied: the guest keeps its disk, and the copy is given back', () => {
    const { report, states, violated } = run(
      name,
      withEvents({ at: 'pre-copy', afterMs: 62, ofMove: 1, do: 'cancel-move' }),
    );
    expect(violated).toEqual([]);
    expect(report.result.outcome).toBe('rolled-back');
    expect(states).toEqual(['began', 'failed', 'dropped']);
  });

  it('is cancelled while the guest stands still', () => {
    const { report, states, violated } = run(
      name,
      withEvents({ at: 'drain', afterMs: 0.1, ofMove: 1, do: 'cancel-move' }),
    );
    expect(violated).toEqual([]);
    expect(report.result.outcome).toBe('rolled-back');
    expect(states).not.toContain('switched');
  });

  it.each([100, 5000])('loses the array for %i ms in the middle of the pass', (forMs) => {
    const { violated } = run(
      name,
      withEvents({ at: 'pre-copy', afterMs: 62, ofMove: 1, do: 'crash', node: 'array', forMs }),
    );
    expect(violated).toEqual([]);
  });

  it('loses its source host in the middle of the pass: the guest is started again on the old disk', () => {
    const { states, violated } = run(
      name,
      withEvents({
        at: 'pre-copy',
        afterMs: 62,
        ofMove: 1,
        do: 'crash',
        node: 'esx-1',
        forMs: 500,
      }),
    );
    expect(violated).toEqual([]);
    expect(states).not.toContain('switched');
  });

  it('cannot read a block of the source: the move is taken back', () => {
    const { report, states, violated } = run(
      name,
      (one) => one,
      ({ array }) => {
        const { medium } = array.device.units[0]!;
        const read = medium.read.bind(medium);
        medium.read = (lba, blocks) => {
          if (lba <= 6000 && 6000 < lba + blocks && blocks < 8000)
            throw new MediumError('unreadable', 'a bad block');
          return read(lba, blocks);
        };
      },
    );
    expect(violated).toEqual([]);
    expect(report.result.outcome).toBe('rolled-back');
    expect(report.result).toMatchObject({ reason: expect.stringMatching(/read of the source/) });
    expect(states).toEqual(['began', 'failed', 'dropped']);
  });

  it('finds no space for the copy: the move is taken back, and the guest is not stopped', () => {
    const { report, states, told, violated } = run(
      name,
      (one) => one,
      ({ array }) => {
        const { medium } = array.device.units[1]!;
        const write = medium.write.bind(medium);
        medium.write = (lba, data) => {
          if (lba >= 6000) throw new MediumError('no-space', 'the pool is full');
          write(lba, data);
        };
      },
    );
    expect(violated).toEqual([]);
    expect(report.result).toMatchObject({ reason: expect.stringMatching(/write to the copy/) });
    expect(states).toEqual(['began', 'failed', 'dropped']);
    expect(told.some(({ event }) => event.type === 'space' && event.state === 'out')).toBe(false);
  });
});

it('a map that forgets what was under way puts the guest on a disk that lacks writes', () => {
  const { report } = run('disk-iterative-marks');
  expect(report.result).toEqual({ outcome: 'moved' });
  expect(report.verdict.find(({ invariant }) => invariant === 'I51')!.result).toBe('violated');
});
