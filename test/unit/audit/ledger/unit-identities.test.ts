/** Which unit a LUN was, and what a warning, the commands behind it and the next look prove. */
import { describe, expect, it } from 'vitest';
import { UnitIdentities } from '../../../../src/audit/ledger/unit-identities.ts';
import type { ExchangeRow } from '../../../../src/audit/seen/exchange-row.ts';
import { exchangeRow } from '../../../helpers/exchange-row.ts';

const A = 'naa.600000000000000a';
const B = 'naa.600000000000000b';
const SENSE = { senseKey: 6, asc: 0x3f, ascq: 0x0e };

/** Exchanges one after the other, of two frames each unless `at` says where. */
class Rig {
  readonly identities = new UnitIdentities();
  #frame = 1;

  row(changes: Partial<ExchangeRow>, names?: readonly string[]): this {
    const firstFrame = changes.firstFrame ?? this.#frame;
    const lastFrame = changes.lastFrame ?? firstFrame + 1;
    this.#frame = Math.max(this.#frame, lastFrame + 1);
    const row = exchangeRow({ ...changes, firstFrame, lastFrame });
    this.identities.take(row, names === undefined ? undefined : { names });
    return this;
  }

  look = (...names: string[]) => this.row({ command: 'INQUIRY' }, names);
  warn = (changes: Partial<ExchangeRow> = {}) =>
    this.row({ command: 'WRITE(10)', status: 'CHECK_CONDITION', sense: SENSE, ...changes });
  write = (changes: Partial<ExchangeRow> = {}) => this.row({ command: 'WRITE(10)', ...changes });
  reportLuns = () => this.row({ command: 'REPORT LUNS' });
  result = () => this.identities.conclude()?.result;
}

describe('writes after a warning', () => {
  it('are proven to be for another unit by the next look, with frames and both names', () => {
    const rig = new Rig().look(A).warn().write().write().look(B);
    expect(rig.identities.conclude()).toEqual({
      result: 'violated',
      detail: `010101 wrote 2 times to LUN 0 of 010201 on the fabric after the warning 3F/0E of frame 4, meaning ${A}, which its look in frame 9 shows to be ${B}`,
      frames: [4, 5, 7, 9],
      subject: 'LUN 0',
    });
  });

  it('prove nothing where the unit is the same, or where the host looked before', () => {
    expect(new Rig().look(A).warn().write().look(A).result()).toBe('holds');
    expect(new Rig().look(A).warn().look(B).write().result()).toBe('holds');
    expect(new Rig().look(A).write().look(B).result()).toBeUndefined();
  });

  it('are not judged without a look before, or without one after', () => {
    expect(new Rig().look(A).warn().write().result()).toBe('not-observable');
    expect(new Rig().warn().write().look(B).result()).toBeUndefined();
    expect(new Rig().look(A).warn().write().look().result()).toBeUndefined();
    // Names of two kinds are no two units.
    expect(new Rig().look(A).warn().write().look('eui.01').result()).toBe('holds');
  });

  it('count where they were sent behind the command that was warned, before its answer', () => {
    const under = { firstFrame: 11, lastFrame: 15 };
    const rig = new Rig().look(A).warn({ firstFrame: 10, lastFrame: 12 });
    expect(rig.write(under).look(B).result()).toBe('violated');
    const before = new Rig().look(A).warn({ firstFrame: 10, lastFrame: 12 });
    expect(before.write({ firstFrame: 9, lastFrame: 15 }).look(B).result()).toBe('holds');
    // Its answer may come behind the look.
    const late = new Rig().look(A).warn({ firstFrame: 10, lastFrame: 12 });
    late.row({ command: 'INQUIRY', firstFrame: 20, lastFrame: 22 }, [B]);
    expect(late.write({ firstFrame: 14, lastFrame: 30 }).result()).toBe('violated');
  });

  it('that failed are none, and reads are no writes', () => {
    const failed = new Rig().look(A).warn().write({ status: 'BUSY' }).look(B);
    expect(failed.result()).toBe('holds');
    // Reads of another unit are said, and not blamed: path checkers read, too.
    expect(new Rig().look(A).warn().row({}).look(B).result()).toBe('not-observable');
    expect(new Rig().look(A).warn().row({ command: 'WRITE BUFFER' }).look(B).result()).toBe(
      'holds',
    );
  });
});

describe('a change that may have come behind the last write accuses nobody', () => {
  it('where there was another warning behind it', () => {
    expect(new Rig().look(A).warn().write().warn().look(B).result()).toBe('not-observable');
    // Also one that was told with another LUN of the login.
    const other = new Rig().look(A).warn().write().warn({ lun: 1n }).look(B);
    expect(other.result()).toBe('not-observable');
  });

  it('where REPORT LUNS may have taken a warning away', () => {
    expect(new Rig().look(A).warn().write().reportLuns().look(B).result()).toBe('not-observable');
    expect(new Rig().look(A).warn().reportLuns().write().look(B).result()).toBe('violated');
  });

  it('where one is told as soon as the unit has been looked at', () => {
    const rig = new Rig().look(A).warn().write().look(B);
    expect(rig.warn().result()).toBe('not-observable');
    const later = new Rig().look(A).warn().write().look(B).write();
    expect(later.warn().result()).toBe('violated');
  });
});

describe('warnings', () => {
  it('of 3F/03 are of one unit, those of 3F/0E of all of the login, and of no other login', () => {
    const at = (ascq: number, lun: bigint) =>
      new Rig()
        .look(A)
        .warn({ lun, sense: { ...SENSE, ascq } })
        .write()
        .identities.units.map(({ unseen }) => unseen?.commands);
    expect(at(0x03, 1n)).toEqual([undefined, 0]);
    expect(at(0x0e, 1n)).toEqual([1, 0]);
    const others = new Rig().look(A).warn({ originator: 5 }).write();
    expect(others.identities.units[0]!.unseen).toBeUndefined();
  });

  it('end with the login: the next one looks anew', () => {
    const rig = new Rig().look(A).warn();
    rig.row({ kind: 'els', command: 'PLOGI', lun: undefined }).write().look(B);
    expect(rig.result()).toBeUndefined();
  });

  it('of other conditions are none', () => {
    const sense = { senseKey: 6, asc: 0x29, ascq: 0 };
    expect(new Rig().look(A).warn({ sense }).write().look(B).result()).toBeUndefined();
  });

  it('of many units are bounded', () => {
    const rig = new Rig();
    for (let lun = 0n; lun < 10_005n; lun++)
      rig.row({ command: 'INQUIRY', lun, originator: Number(lun) }, [A]);
    expect([rig.identities.units.length, rig.identities.left]).toEqual([10_000, 5]);
  });
});
