/** Snapshots of an array by its management: what is cut, refused, and what a loss of power leaves. */
import { describe, expect, it } from 'vitest';
import { StorageArray } from '../../../src/array/storage-array.ts';
import type { CutTaken, SnapshotChanged } from '../../../src/history/index.ts';
import { streams } from '../../../src/machine/random.ts';
import type { ArrayAnswer, ArrayCommand } from '../../../src/scsi/management.ts';
import { SnapshotMedium } from '../../../src/scsi/medium/snapshot.ts';
import { San } from '../../helpers/san.ts';
import { filled } from '../../helpers/scsi-target.ts';

class Snapshots {
  readonly san = new San({
    array: { ports: ['A'], luns: [{ name: 'd', blocks: 256 }, { name: 'e' }], cutUs: 500 },
    events: [{ at: 1, do: 'snapshot', snapshot: 'unused' }],
  });
  readonly answers: ArrayAnswer[] = [];

  ask(command: ArrayCommand): ArrayAnswer | undefined {
    const { san } = this;
    const before = this.answers.length;
    san.simulator.act('array', (now) =>
      san.world.array.handleCommand(command, now, (answer) => this.answers.push(answer)),
    );
    return this.answers[before];
  }

  medium(unit: number): SnapshotMedium {
    const { medium } = this.san.world.array.device.units[unit]!;
    if (!(medium instanceof SnapshotMedium)) throw new TypeError('no snapshots');
    return medium;
  }
}

const cut: ArrayCommand = { command: 'cut', snapshot: 's1', units: [0, 1] };

describe('snapshots of an array', () => {
  it('are cut one unit after the other while it runs no command, and then answered', () => {
    const snapshots = new Snapshots();
    const { san } = snapshots;
    san.start();
    san.run(0.01);
    const began = san.simulator.nowNs;
    expect(snapshots.ask(cut)).toBeUndefined();
    expect(snapshots.ask({ ...cut, snapshot: 's2' })).toEqual({
      ok: false,
      reason: 'another cut is under way',
    });
    expect(san.world.array.standsUntil - began).toBe(1_000_001);
    san.run(0.1);
    expect(snapshots.answers.at(-1)).toEqual({ ok: true });
    expect(san.told<CutTaken>('cut').map(({ state }) => state)).toEqual(['begin', 'end']);
    expect(san.told<SnapshotChanged>('snapshot').map(({ luName }) => luName)).toEqual(
      san.world.array.device.units.map(({ luName }) => luName),
    );
    const applied = san.events.map(({ event }) => event.type);
    const during = applied.slice(applied.indexOf('cut'), applied.lastIndexOf('cut'));
    expect(during).not.toContain('apply');
  });

  it('know what has changed since, go back to it, and are deleted', () => {
    const snapshots = new Snapshots();
    snapshots.medium(0).write(9, filled(1, 1));
    snapshots.ask(cut);
    snapshots.san.run(0.1);
    snapshots.medium(0).write(9, filled(1, 2));
    expect(snapshots.ask({ command: 'revert', snapshot: 's1' })).toEqual({ ok: true });
    expect(snapshots.medium(0).read(9, 1)).toEqual(filled(1, 1));
    expect(snapshots.san.told<SnapshotChanged>('snapshot').at(-2)).toMatchObject({
      state: 'reverted',
      changed: [{ lba: 9, blocks: 1 }],
    });
    expect(snapshots.ask({ command: 'delete-snapshot', snapshot: 's1' })).toEqual({ ok: true });
    expect(snapshots.medium(0).snapshots).toEqual([]);
  });

  it('that are not there, or cannot be, are refused in words', () => {
    const snapshots = new Snapshots();
    const reason = (command: ArrayCommand) => {
      const answer = snapshots.ask(command);
      return answer?.ok === false ? answer.reason : undefined;
    };
    expect(reason({ command: 'revert', snapshot: 'gone' })).toBe('there is no snapshot gone');
    expect(reason({ command: 'delete-snapshot', snapshot: 'gone' })).toMatch(/no snapshot gone/);
    expect(reason({ ...cut, units: [7] })).toBe('there is no unit 7');
    snapshots.ask(cut);
    expect(reason({ command: 'delete-snapshot', snapshot: 's1' })).toBe('s1 is being cut');
    snapshots.san.run(0.1);
    expect(reason(cut)).toBe('there is a snapshot s1 already');
    const plain = new San();
    let answer: ArrayAnswer | undefined;
    plain.simulator.act('array', (now) =>
      plain.world.array.handleCommand({ ...cut, units: [0] }, now, (one) => {
        answer = one;
      }),
    );
    expect(answer).toEqual({ ok: false, reason: 'unit 0 keeps no snapshots' });
  });

  it('do not come of a cut in which power was lost', () => {
    const snapshots = new Snapshots();
    const { san } = snapshots;
    snapshots.ask(cut);
    san.run(0.0007);
    expect(snapshots.medium(0).snapshots).toEqual(['s1']);
    const again = StorageArray.afterPowerLoss(san.world.array, streams(2).stream('array'));
    expect(snapshots.answers).toEqual([{ ok: false, reason: 'array lost power while it cut' }]);
    expect(snapshots.medium(0).snapshots).toEqual([]);
    san.run(0.1);
    expect(snapshots.medium(1).snapshots).toEqual([]);
    expect(again.standsUntil).toBe(0);
  });
});
