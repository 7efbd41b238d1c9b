import { describe, expect, it } from 'vitest';
import type { HoldState } from '../../../../src/history/index.ts';
import {
  ARRAY,
  AuditRig,
  apply,
  CRASHED,
  IDENTITIES,
  moveEnd,
  NEXUS,
  OTHER,
  reservation,
  step,
  TARGET,
} from '../../../helpers/audit-rig.ts';

const held = (change: Partial<HoldState>): HoldState => ({
  type: 1,
  holder: { initiator: OTHER, target: TARGET },
  registered: false,
  spc2Holder: undefined,
  ...change,
});
const wrote = (change: Partial<HoldState>) =>
  new AuditRig().tell(ARRAY, reservation(), apply(1, { heldWhenEnabled: held(change) }));

describe('I20, reservations are handed over', () => {
  it('finds a write of one who is not the holder', () => {
    expect(wrote({}).verdict('I20').detail).toContain(`which ${OTHER} holds`);
    const spc2 = wrote({ type: undefined, spc2Holder: { ...NEXUS, initiator: OTHER } });
    expect(spc2.verdict('I20').result).toBe('violated');
  });

  it('passes the holder, and a registrant where registrants may write', () => {
    expect(wrote({ holder: NEXUS }).verdict('I20').result).toBe('holds');
    expect(wrote({ registered: true, type: 5 }).verdict('I20').result).toBe('holds');
    expect(wrote({ registered: true, type: 1 }).verdict('I20').result).toBe('violated');
  });

  it('finds a generation that shrinks, but not where the array lost its power', () => {
    const shrinks = [reservation({ generation: 4 }), reservation({ generation: 3 })] as const;
    const rig = new AuditRig().tell(ARRAY, ...shrinks, apply(1));
    expect(rig.verdict('I20').detail).toContain('went from 4 to 3');
    const fell = new AuditRig().tell(ARRAY, shrinks[0], CRASHED, shrinks[1], apply(1));
    expect(fell.verdict('I20').result).toBe('holds');
  });

  it('finds a unit without holder in the middle of the move', () => {
    const free = reservation({ reservationType: undefined, holder: undefined, cause: 'release' });
    const begun = () =>
      new AuditRig()
        .tell('', IDENTITIES)
        .tell(ARRAY, reservation(), apply(1))
        .tell('mover', step('stun'));
    expect(begun().tell(ARRAY, free).verdict('I20').detail).toContain('(release)');
    expect(
      begun()
        .tell(ARRAY, { ...free, cause: 'preempt' })
        .verdict('I20').result,
    ).toBe('holds');
    const after = begun().tell('mover', moveEnd('moved')).tell(ARRAY, free);
    expect(after.verdict('I20').result).toBe('holds');
  });
});
