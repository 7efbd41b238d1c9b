/** What two arrays answered, told by hand: gone, early, or by both at once. */
import { describe, expect, it } from 'vitest';
import { AnsweredWrites } from '../../../../src/audit/ledger/answered-writes.ts';
import { type Happening, type PairState, PlaceIndex } from '../../../../src/history/index.ts';
import { apply, LU_NAME } from '../../../helpers/audit-rig.ts';

const LEG = 'leg';
const PLACES = new PlaceIndex({
  nodes: [],
  ports: [],
  units: [
    { luName: LU_NAME, name: 'data', luns: [0], isStretched: true },
    { luName: LEG, name: 'leg', luns: [1], copyOf: LU_NAME },
    { luName: 'other', name: 'other', luns: [2] },
  ],
});

class Told {
  readonly unknown = new Set<string>();
  readonly writes = new AnsweredWrites(PLACES, (node) => !this.unknown.has(node));

  tell(node: string, ...events: Happening[]): this {
    for (const event of events) this.writes.observe({ at: 0, node, event });
    return this;
  }

  stand(node: string, state: PairState, leads = false): this {
    const more = { leads, generation: '1', luNames: [LU_NAME], detail: '' };
    return this.tell(node, { type: 'pair', state, ...more });
  }

  together(): this {
    return this.stand('east', 'in-sync', true).stand('west', 'in-sync');
  }

  /** At the array's own leg, and well. */
  applied(node: string, version: number, luName = LU_NAME): this {
    const { lun, nexus, tag } = apply(version);
    const done = { command: 'WRITE(16)', lun, nexus, tag, luName, status: 0, sense: undefined };
    return this.tell(node, apply(version, { luName }), { type: 'command-done', ...done });
  }

  settled(node: string, version: number, answers = true): this {
    const { lun, nexus, tag } = apply(version);
    return this.tell(node, { type: 'change-settled', lun, nexus, tag, luName: LU_NAME, answers });
  }

  /** Written on both legs and answered. */
  written(version: number): this {
    return this.applied('east', version).applied('west', version, LEG).settled('east', version);
  }

  get found() {
    const { lost, split, unequal } = this.writes;
    return { lost: lost.count, split: split.count, unequal: unequal.count };
  }
}

const SOUND = { lost: 0, split: 0, unequal: 0 };

describe('answered writes', () => {
  it('are on both legs while both are together', () => {
    const told = new Told().together().written(1).written(2);
    told.writes.end();
    expect(told.found).toEqual(SOUND);
    const { answered, checked, compared, mirrored } = told.writes;
    expect([answered, mirrored, checked, compared]).toEqual([2, 2, 2, 1]);
    const early = new Told().together().applied('east', 1).settled('east', 1);
    expect(early.found.unequal).toBe(1);
    expect(early.writes.unequal.conclude('').detail).toMatch(
      /LBA 0 of data .* was answered by east before it was on the leg at west/,
    );
  });

  it('count when they are answered: not before, and not where that is known of nobody', () => {
    expect(new Told().together().applied('east', 1).settled('east', 1, false).found).toEqual(SOUND);
    const cut = new Told().together();
    cut.unknown.add('west');
    expect(cut.applied('east', 1).settled('east', 1).found).toEqual(SOUND);
    expect(
      new Told()
        .together()
        .settled('east', 1)
        .tell('east', apply(1, { luName: 'other' })).writes.answered,
    ).toBe(0);
  });

  it('are gone where a leg that serves holds what was before', () => {
    const alone = new Told().together().written(1).stand('east', 'detached', true);
    alone
      .stand('west', 'suspended')
      .applied('east', 2)
      .settled('east', 2)
      .stand('east', 'source', true);
    // What east had first is copied over.
    alone.applied('west', 1, LEG).stand('west', 'in-sync').stand('east', 'in-sync', true);
    expect(alone.found).toEqual({ lost: 1, split: 0, unequal: 1 });
    alone.writes.end();
    expect(alone.found.lost).toBe(1);
    const sound = new Told().together().written(1).stand('east', 'detached', true);
    sound.applied('east', 2).settled('east', 2).stand('east', 'source', true);
    sound.applied('west', 2, LEG).stand('west', 'in-sync').stand('east', 'in-sync', true);
    sound.writes.end();
    expect(sound.found).toEqual(SOUND);
  });

  it('may be followed by one that was not, on either leg', () => {
    const told = new Told().together().written(1).applied('east', 2);
    told.stand('east', 'suspended').stand('west', 'detached', true);
    told.writes.end();
    expect(told.found).toEqual(SOUND);
    const kept = new Told().together().written(1).applied('east', 2).applied('west', 2, LEG);
    kept.stand('east', 'suspended').stand('west', 'detached', true);
    kept.writes.end();
    expect(kept.found).toEqual(SOUND);
  });

  it('of an array that begins anew are where the other has them', () => {
    const told = new Told().together().written(1);
    told.writes.begin('west');
    told.stand('east', 'detached', true).stand('east', 'source', true);
    told.applied('west', 1, LEG).stand('west', 'in-sync').stand('east', 'in-sync', true);
    expect(told.found).toEqual(SOUND);
    const empty = new Told().together().written(1);
    empty.writes.begin('west');
    expect(empty.stand('west', 'in-sync').found.lost).toBe(1);
  });

  it('by both while neither has the other’s are a split brain; by one after the other are none', () => {
    const both = new Told()
      .together()
      .stand('east', 'detached', true)
      .stand('west', 'detached', true);
    both.applied('east', 1).settled('east', 1).applied('west', 2).settled('west', 2);
    expect(both.found.split).toBe(1);
    // East has not fenced itself: it takes the other for there.
    const unfenced = new Told().together().stand('west', 'detached', true);
    unfenced.applied('west', 2).settled('west', 2).applied('east', 1).settled('east', 1);
    expect(unfenced.found.split).toBe(1);
    const turns = new Told().together().stand('east', 'detached', true).stand('west', 'suspended');
    turns.applied('east', 1).settled('east', 1).applied('west', 1, LEG);
    turns.stand('west', 'in-sync').stand('east', 'in-sync').stand('west', 'detached', true);
    turns.stand('east', 'suspended').applied('west', 2).settled('west', 2);
    expect(turns.found.split).toBe(0);
  });

  it('that who ended without an end may have made say nothing of a block', () => {
    const told = new Told().together().written(1).written(2);
    told.unknown.add('east');
    // Version 1 again, as far as is told: by a write of east that nobody knows.
    told.applied('west', 1, LEG).stand('west', 'detached', true);
    told.writes.end();
    expect(told.found).toEqual(SOUND);
  });
});
