/** A guest that holds its writes: what it waits for, its bounds, and that it goes along in a move. */
import { describe, expect, it } from 'vitest';
import type { GuestFroze } from '../../../src/history/index.ts';
import type { HostAnswer } from '../../../src/host/control.ts';
import { GuestFreeze } from '../../../src/host/guest-freeze.ts';
import { San } from '../../helpers/san.ts';

const MS = 1e6;
const bounds = (writersMs: number, holdMs: number) => ({
  writersNs: writersMs * MS,
  holdNs: holdMs * MS,
});

class Frozen {
  readonly san = new San();

  constructor() {
    this.san.start();
    this.san.run(0.05);
  }

  freeze(writersMs: number, holdMs: number): HostAnswer | undefined {
    return this.san.ask('h1', { command: 'freeze', vm: 'vm', ...bounds(writersMs, holdMs) });
  }

  /** `frozen`, `thawed hold` and so on. */
  get told(): string[] {
    const told = this.san.told<GuestFroze>('freeze');
    return told.map(({ bound, state }) => (bound === undefined ? state : `${state} ${bound}`));
  }

  /** I/Os submitted within so long. */
  submitted(seconds: number): number {
    const before = this.san.told('io-submit').length;
    this.san.run(seconds);
    return this.san.told('io-submit').length - before;
  }
}

describe('a guest that holds its writes', () => {
  it('answers when nothing is under way, submits nothing, and goes on when it is told', () => {
    const frozen = new Frozen();
    expect(frozen.freeze(1000, 1000)).toEqual({ ok: true, command: 'freeze' });
    const { san } = frozen;
    expect(san.told('io-submit')).toHaveLength(san.told('io-complete').length);
    expect(frozen.submitted(0.2)).toBe(0);
    expect(frozen.freeze(1000, 1000)).toEqual({ ok: false, reason: 'vm holds its writes already' });
    expect(san.ask('h1', { command: 'thaw', vm: 'vm' })).toEqual({
      ok: true,
      command: 'thaw',
      held: true,
    });
    expect(frozen.submitted(0.2)).toBeGreaterThan(0);
    expect(frozen.told).toEqual(['began', 'frozen', 'thawed']);
  });

  it('goes on by itself at the bound that comes first, and says so', () => {
    for (const [writersMs, holdMs, bound] of [
      [1000, 100, 'hold'],
      [100, 1000, 'writers'],
    ] as const) {
      const frozen = new Frozen();
      frozen.freeze(writersMs, holdMs);
      frozen.san.run(0.05);
      expect(frozen.told).toEqual(['began', 'frozen']);
      frozen.san.run(0.1);
      expect(frozen.told).toEqual(['began', 'frozen', `thawed ${bound}`]);
      expect(frozen.submitted(0.1)).toBeGreaterThan(0);
      expect(frozen.san.ask('h1', { command: 'thaw', vm: 'vm' })).toMatchObject({ held: false });
    }
  });

  it('cannot while it stands still', () => {
    const frozen = new Frozen();
    frozen.san.ask('h1', { command: 'stun', vm: 'vm' });
    expect(frozen.freeze(1000, 1000)).toEqual({ ok: false, reason: 'vm stands still' });
    expect(frozen.told).toEqual([]);
  });

  it('holds them on another host, too, and looks at its bounds when it goes on there', () => {
    for (const [waitS, after] of [
      [0.05, ['began', 'frozen']],
      [0.5, ['began', 'frozen', 'thawed hold']],
    ] as const) {
      const frozen = new Frozen();
      const { san } = frozen;
      frozen.freeze(10_000, 400);
      san.ask('h1', { command: 'stun', vm: 'vm' });
      const given = san.ask('h1', { command: 'surrender', vm: 'vm' });
      if (given?.ok !== true || given.command !== 'surrender') throw new Error('not given');
      const guest = san.host('h1').takeGuest(given.guest)!;
      san.host('h2').bringGuest(given.guest, guest);
      san.ask('h1', { command: 'leave', vm: 'vm' });
      san.prepare('h2');
      san.ask('h2', { command: 'adopt', vm: 'vm', guest: given.guest });
      san.run(waitS);
      san.ask('h2', { command: 'resume', vm: 'vm' });
      expect(frozen.told).toEqual(after);
    }
  });

  it('is refused where it had to go on before it was frozen', () => {
    const refusals: (string | undefined)[] = [];
    const freeze = new GuestFreeze('vm', bounds(5, 5), 0, (refusal) => refusals.push(refusal));
    expect(freeze.deadline).toBe(5 * MS);
    expect(freeze.expiredAt(4 * MS)).toBeUndefined();
    expect(freeze.expiredAt(5 * MS)).toBe('writers');
    freeze.refuse('why');
    freeze.settle({ now: 1, after: () => {}, emit: () => {} });
    expect(refusals).toEqual(['why']);
    expect(freeze.isFrozen).toBe(true);
  });
});
