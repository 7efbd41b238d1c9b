import { describe, expect, it } from 'vitest';
import {
  AuditRig,
  CRASHED,
  complete,
  H1,
  LOST,
  login,
  MS,
  SECOND,
  STARTED,
  SWITCH,
  sent,
  step,
  submit,
} from '../../../helpers/audit-rig.ts';

describe('I29, the blackout is bounded', () => {
  const paused = (ns: number, disturb = false) => {
    const rig = new AuditRig().tell('mover', step('stun')).tell(H1, complete(1));
    if (disturb) rig.tell(SWITCH, CRASHED, STARTED);
    return rig.wait(ns).tell(H1, complete(2));
  };

  it('finds a pause past the budget', () => {
    expect(paused(6 * SECOND).verdict('I29')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining('6000.001 ms without an I/O; budget 5000 ms'),
    });
  });

  it('passes a shorter one, and one that a fall made', () => {
    expect(paused(20 * MS).verdict('I29').detail).toBe('longest pause 20.001 ms, budget 5000 ms');
    expect(paused(6 * SECOND, true).verdict('I29')).toMatchObject({
      result: 'holds',
      detail: expect.stringContaining('in part by what was done to it'),
    });
  });

  it('finds a guest for whom nothing ever ended well', () => {
    const rig = new AuditRig().tell('mover', step('stun'));
    rig.tell(H1, complete(1, { result: 'failed', reason: 'x' }));
    expect(rig.verdict('I29').detail).toBe('no I/O succeeded at all');
  });
});

describe('I30, progress', () => {
  const ended = (rig: AuditRig) => rig.tell(H1, submit(1), sent(1), complete(1));

  it('finds an I/O to which nothing happens any more', () => {
    const rig = ended(new AuditRig())
      .tell(H1, submit(2), sent(2))
      .wait(31 * SECOND);
    rig.tell(H1, { type: 'io-requeue', vm: 'vm1', io: 3, reason: 'x' });
    expect(rig.verdict('I30').detail).toBe('nothing happened to I/O 2 of vm1 for 31.0 s');
  });

  it('finds an I/O and a login that go round in circles', () => {
    const rig = ended(new AuditRig()).tell(H1, submit(2), sent(2, { attempt: 51 }), complete(2));
    const rejected = { ...login(), type: 'login-rejected', reason: 3, explanation: 0 } as const;
    for (let i = 0; i < 13; i++) rig.tell(SWITCH, rejected);
    const { detail } = rig.verdict('I30');
    expect(detail).toContain('I/O 2 of vm1 was tried 51 times');
    expect(detail).toContain('was tried 13 times');
  });

  it('passes I/Os that go on, refusals that end in a login, and a guest that is lost', () => {
    const rig = ended(new AuditRig())
      .tell(H1, submit(2), sent(2), LOST)
      .wait(31 * SECOND);
    const rejected = { ...login(), type: 'login-rejected', reason: 3, explanation: 0 } as const;
    for (let i = 0; i < 20; i++) rig.tell(SWITCH, rejected, login());
    expect(rig.verdict('I30')).toMatchObject({
      result: 'holds',
      detail: '1 I/Os went on to their end',
    });
  });
});
