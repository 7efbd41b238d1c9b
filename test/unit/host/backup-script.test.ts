/** The script of a backup against a guest, an array and disks of the test's own. */
import { describe, expect, it } from 'vitest';
import type { BlockRun } from '../../../src/history/index.ts';
import {
  type BackupPlan,
  BackupScript,
  type Given,
  type Need,
} from '../../../src/host/backup-script.ts';

const BYTES = 512;
const PLAN: BackupPlan = {
  vm: 'vm1',
  quiesce: 'guest',
  bounds: { writersNs: 1000, holdNs: 100 },
  map: 'host',
  units: [
    {
      luName: 'u',
      unit: 0,
      blocks: 100,
      view: { luName: 'view', unit: 1 },
      restore: { luName: 'back', unit: 2 },
    },
  ],
};

/** Answers a script: blocks of the snapshot are what `image` says when it is read. */
class World {
  readonly script: BackupScript;
  image = new Uint8Array(100 * BYTES);
  readonly restored = new Uint8Array(100 * BYTES).fill(9);
  changed: readonly BlockRun[] | undefined = [];
  /** Answers of its own; `undefined` leaves it to the good one. */
  own: (need: Need) => Given | 'silence' | undefined = () => undefined;
  readonly asked: string[] = [];

  constructor(plan: Partial<BackupPlan> = {}) {
    this.script = new BackupScript({ ...PLAN, ...plan });
  }

  /** One backup: its steps with their details. */
  run(): string[] {
    const told: string[] = [];
    const steps = this.script.run();
    let next = steps.next();
    for (let count = 0; next.done !== true; count++) {
      if (count > 10_000) throw new Error('no end');
      const need = next.value;
      if (need.need === 'tell') {
        const { consistency = '', detail, step } = need.event;
        told.push(`${step} ${detail} ${consistency}`.trim());
      }
      if (need.need === 'ask-guest' || need.need === 'ask-array') {
        this.asked.push(need.command.command);
      }
      const own = this.own(need);
      next = steps.next(own === 'silence' ? undefined : (own ?? this.#answer(need)));
    }
    return told;
  }

  #answer(need: Need): Given {
    switch (need.need) {
      case 'ask-guest': {
        const { command } = need.command;
        if (command === 'changes') return { ok: true, command, changed: this.changed };
        if (command === 'thaw') return { ok: true, command, held: true };
        return { ok: true, command: 'freeze' };
      }
      case 'ask-array':
        return { ok: true, changed: this.changed };
      case 'read': {
        const from = need.luName === 'view' ? this.image : this.restored;
        return from.slice(need.lba * BYTES, (need.lba + need.blocks) * BYTES);
      }
      case 'write':
        this.restored.set(need.data, need.lba * BYTES);
        return new Uint8Array(0);
      default:
        return undefined;
    }
  }
}

describe('a backup', () => {
  it('holds, cuts, lets go, reads everything, restores and compares', () => {
    const world = new World();
    world.image.fill(1, 3 * BYTES, 4 * BYTES);
    expect(world.run()).toEqual([
      'began of 1 units',
      'freeze vm1 holds its writes',
      'cut done',
      'thaw vm1 goes on',
      'read full, 100 blocks',
      'kept full application',
      'restore 1 backups',
      'compared identical',
    ]);
    expect(world.asked).toEqual(['freeze', 'track', 'cut', 'thaw', 'present']);
    expect(world.restored).toEqual(world.image);
  });

  it('then reads what has changed, clipped at the end, and gives the older snapshot up', () => {
    const world = new World();
    world.run();
    world.image.fill(2, 98 * BYTES);
    world.changed = [{ lba: 96, blocks: 64 }];
    expect(world.run()).toEqual(
      expect.arrayContaining([
        "map the host's map knows what has changed since backup-1",
        'read incremental, 4 blocks',
        'restore 2 backups',
        'compared identical',
      ]),
    );
    expect(world.asked.at(-1)).toBe('delete-snapshot');
  });

  it('reads nothing of a snapshot that is not shown: it asks again, and fails where that is refused', () => {
    const world = new World();
    world.run();
    let silent = 1;
    world.own = (need) =>
      need.need === 'ask-array' && need.command.command === 'present' && silent-- > 0
        ? 'silence'
        : undefined;
    expect(world.run()).toEqual(expect.arrayContaining(['compared identical']));
    expect(world.asked.filter((one) => one === 'present')).toHaveLength(3);
    silent = 99;
    expect(world.run().at(-1)).toBe('failed backup-3 is not shown: no answer');
    world.own = (need) =>
      need.need === 'ask-array' && need.command.command === 'present'
        ? { ok: false, reason: 'unit 1 shows no snapshots' }
        : undefined;
    expect(world.run().at(-1)).toBe('failed backup-4 is not shown: unit 1 shows no snapshots');
  });

  it('asks again for a snapshot to be given up that an array without power was asked to give up', () => {
    const world = new World();
    world.run();
    world.own = (need) =>
      need.need === 'ask-array' && need.command.command === 'delete-snapshot'
        ? 'silence'
        : undefined;
    world.run();
    world.own = () => undefined;
    world.asked.length = 0;
    world.run();
    expect(world.asked.filter((one) => one === 'delete-snapshot')).toHaveLength(2);
  });

  it('is a full one where the map does not know, where there is none, and after one that differed', () => {
    const unknown = new World({ map: 'array' });
    unknown.run();
    unknown.changed = undefined;
    expect(unknown.run()).toContain('read full, 100 blocks');
    const none = new World({ map: 'none', quiesce: 'none' });
    none.run();
    expect(none.run()).toContain('kept full crash');
    const differed = new World();
    differed.run();
    differed.image.fill(5, 7 * BYTES, 8 * BYTES);
    expect(differed.run()).toContain('compared LBA 7 of u differs');
    expect(differed.run()).toContain('read full, 100 blocks');
  });

  it('cuts again where the guest went on by itself, and gives up after three', () => {
    const world = new World();
    let left = 1;
    world.own = (need) => {
      if (need.need !== 'ask-guest' || need.command.command !== 'thaw' || left-- <= 0)
        return undefined;
      return { ok: true, command: 'thaw', held: false };
    };
    expect(world.run()).toContain('kept full application');
    expect(world.asked.filter((one) => one === 'cut')).toHaveLength(2);
    left = 100;
    expect(world.run().at(-1)).toBe('failed no cut was made within the bounds of the guest');
  });

  it('asks a guest again that cannot answer, and fails in words', () => {
    const world = new World();
    let refusals = 2;
    world.own = (need) => {
      if (need.need !== 'ask-guest' || need.command.command !== 'freeze' || refusals-- <= 0)
        return undefined;
      return { ok: false, reason: 'vm1 stands still' };
    };
    expect(world.run()).toContain('compared identical');
    refusals = 1e9;
    expect(world.run().at(-1)).toBe('failed vm1 could not be asked to freeze: vm1 stands still');
    const cut = new World();
    cut.own = (need) =>
      need.need === 'ask-array' && need.command.command === 'cut' ? 'silence' : undefined;
    expect(cut.run().at(-1)).toBe('failed the array did not answer to cut');
    expect(cut.asked.slice(-2)).toEqual(['thaw', 'delete-snapshot']);
    for (const need of ['read', 'write'] as const) {
      const broken = new World();
      broken.own = (one) => (one.need === need ? 'silence' : undefined);
      expect(broken.run().at(-1)).toMatch(/^failed LBA 0 could not be (read|restored)$/);
    }
  });
});
