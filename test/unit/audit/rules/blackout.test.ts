import { describe, expect, it } from 'vitest';
import { ScsiStatus } from '../../../../src/codecs/scsi/index.ts';
import {
  AuditRig,
  attemptEnd,
  CRASHED,
  complete,
  H1,
  H2,
  H2_LINK,
  IDENTITIES,
  MS,
  OTHER,
  reservation,
  runs,
  SECOND,
  STARTED,
  STUNNED,
  SWITCH,
  step,
  submit,
  TARGET,
} from '../../../helpers/audit-rig.ts';

const FAILED = { result: 'failed', reason: 'status 18h' } as const;

describe('I29, the blackout is bounded', () => {
  const paused = (ns: number, disturb = false) => {
    const rig = new AuditRig()
      .tell('mover', step('stun'))
      .tell(H1, submit(1), submit(2), complete(1));
    if (disturb) rig.tell(SWITCH, CRASHED, STARTED);
    return rig.wait(ns).tell(H1, complete(2));
  };

  it('finds a pause past the budget', () => {
    expect(paused(6 * SECOND).verdict('I29')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining(
        'vm1: 6000.001 ms without an I/O that ended well; budget 5000 ms',
      ),
    });
  });

  it('passes a shorter one, and one that a fall made', () => {
    expect(paused(20 * MS).verdict('I29').detail).toBe('longest pause 20.001 ms, budget 5000 ms');
  });

  it('says who is the reason for a longer one that the move is not charged with', () => {
    expect(paused(6 * SECOND, true).verdict('I29')).toMatchObject({
      result: 'holds',
      detail: 'longest pause 6000.003 ms, excused by the fall of switch, budget 5000 ms',
      excused: { what: '6.000 s without I/O', by: 'the fall of switch' },
    });
    // One within the bounds needs no excuse.
    expect(paused(4 * SECOND, true).verdict('I29')).not.toHaveProperty('excused');
    const cut = new AuditRig().tell('mover', step('stun')).tell(H1, submit(1), complete(1));
    cut.tell(H2, submit(2, { vm: 'vm2' })).tell('', { type: 'link-down', link: H2_LINK });
    cut.wait(7 * SECOND).tell(H2, complete(2, { vm: 'vm2' }));
    expect(cut.verdict('I29').excused).toEqual({
      what: '7.000 s without I/O of vm2',
      by: 'the link of h2 that was down',
    });
  });

  it('counts the time in which a guest stands still, and not the time in which it wants nothing', () => {
    const rig = new AuditRig().tell('mover', step('stun')).tell(H1, submit(1), complete(1));
    rig.wait(60 * SECOND).tell(H1, STUNNED);
    rig.wait(6 * SECOND).tell(H2, runs(), submit(2), complete(2));
    expect(rig.verdict('I29').detail).toContain('vm1: 6000.003 ms without an I/O');
  });

  it('finds a pause without an end: I/Os that fail for ever, and one that hangs', () => {
    const rig = new AuditRig().tell('mover', step('stun')).tell(H1, submit(1), complete(1));
    for (let io = 2; io < 10; io++)
      rig.tell(H2, submit(io)).wait(SECOND).tell(H2, complete(io, FAILED));
    expect(rig.verdict('I29').detail).toContain('vm1: 8000.015 ms without an I/O');
    const hangs = new AuditRig().tell('mover', step('stun')).tell(H1, submit(1), complete(1));
    hangs
      .tell(H1, submit(2))
      .wait(7 * SECOND)
      .tell('mover', step('resume'));
    expect(hangs.verdict('I29').result).toBe('violated');
  });

  it('judges guests that do not move, too', () => {
    const rig = new AuditRig().tell('mover', step('stun')).tell(H2, submit(1, { vm: 'vm2' }));
    rig.wait(6 * SECOND).tell(H2, complete(1, { vm: 'vm2' }));
    expect(rig.verdict('I29').detail).toContain('vm2: 6000.001 ms');
  });

  it('does not charge the move with what another initiator took away', () => {
    const rig = new AuditRig().tell(H1, IDENTITIES).tell('mover', step('stun'));
    rig.tell(H1, submit(1), complete(1), submit(2));
    rig.tell('array', reservation({ holder: { initiator: OTHER, target: TARGET } }));
    rig
      .wait(6 * SECOND)
      .tell(H1, attemptEnd(2, ScsiStatus.RESERVATION_CONFLICT), complete(2, FAILED));
    expect(rig.verdict('I29')).toMatchObject({
      result: 'holds',
      excused: { by: 'c0:50:76:00:00:00:02:00, which holds the unit' },
    });
    expect(rig.verdict('I1').detail).toContain('1 failed for c0:50:76:00:00:00:02:00');
  });

  it('finds a guest for whom nothing ever ended well', () => {
    const rig = new AuditRig().tell('mover', step('stun'));
    rig.tell(H1, submit(1), complete(1, { result: 'failed', reason: 'x' }));
    expect(rig.verdict('I29').detail).toBe('no I/O of vm1 succeeded at all');
  });
});
