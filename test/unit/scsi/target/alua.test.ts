import { describe, expect, it } from 'vitest';
import {
  filled,
  GOOD,
  INITIATOR_A,
  Rig,
  read10,
  TUR,
  write10,
} from '../../../helpers/scsi-target.ts';

const RTPG = 'a3 0a 00000000 00001000 00 00';
const OPTIMIZED = 0;
const NON_OPTIMIZED = 1;
const STANDBY = 2;
const UNAVAILABLE = 3;
const OFFLINE = 0xe;
const TRANSITIONING = 0xf;

/** The rig's groups: 10 with port 1, 20 with port 2. */
function twoPaths() {
  const rig = new Rig();
  const lu = rig.unit();
  return { rig, lu, near: rig.login(INITIATOR_A, 0), far: rig.login(INITIATOR_A, 1) };
}

describe('an access state', () => {
  it.each([
    [STANDBY, '02 2/04/0b', GOOD],
    [UNAVAILABLE, '02 2/04/0c', '02 2/04/0c'],
    [OFFLINE, '02 2/04/12', '02 2/04/12'],
    [TRANSITIONING, '02 2/04/0a', '02 2/04/0a'],
  ])('%i refuses blocks at that port only', (state, refusal, modeSense) => {
    const { rig, lu, near, far } = twoPaths();
    rig.target.setAccessStates(lu, [{ groupId: 10, state }]);
    if (state !== TRANSITIONING) expect(rig.ask(near, TUR)).toBe('02 6/2a/06');
    expect(rig.ask(near, TUR)).toBe(refusal);
    expect(rig.ask(near, read10(0, 1))).toBe(refusal);
    expect(rig.ask(near, write10(0, 1), filled(1, 1))).toBe(refusal);
    expect(rig.ask(near, '1a 08 08 00 ff 00')).toBe(modeSense);
    expect(rig.ask(near, '5e 00 0000000000 1000 00')).toBe(modeSense);
    for (const cdb of ['12 00 00 00ff 00', RTPG, 'a0 00 00 000000 00001000 00 00']) {
      expect(rig.ask(near, cdb)).toBe(GOOD);
    }
    if (state !== TRANSITIONING) expect(rig.ask(far, TUR)).toBe('02 6/2a/06');
    expect(rig.ask(far, write10(0, 1), filled(1, 1))).toBe(GOOD);
  });

  it('non-optimized serves all', () => {
    const { rig, lu, near } = twoPaths();
    rig.target.setAccessStates(lu, [{ groupId: 10, state: NON_OPTIMIZED }]);
    expect(rig.ask(near, TUR)).toBe('02 6/2a/06');
    expect(rig.ask(near, write10(0, 1), filled(1, 1))).toBe(GOOD);
  });

  it('is told when the transition is over, once', () => {
    const { rig, lu, near } = twoPaths();
    rig.target.setAccessStates(lu, [{ groupId: 10, state: TRANSITIONING }]);
    expect(rig.ask(near, TUR)).toBe('02 2/04/0a');
    rig.target.setAccessStates(lu, [{ groupId: 10, state: OPTIMIZED }]);
    expect([1, 2].map(() => rig.ask(near, TUR))).toEqual(['02 6/2a/06', GOOD]);
  });

  it('is of one logical unit, not of all', () => {
    const { rig, lu, near } = twoPaths();
    rig.unit();
    rig.target.setAccessStates(lu, [{ groupId: 10, state: STANDBY }]);
    expect(rig.ask(near, TUR, undefined, 1n << 48n)).toBe(GOOD);
  });

  it('of an unknown group is a mistake of the caller', () => {
    const { rig, lu } = twoPaths();
    expect(() => rig.target.setAccessStates(lu, [{ groupId: 1, state: STANDBY }])).toThrow(
      RangeError,
    );
  });
});
