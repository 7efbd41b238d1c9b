import { describe, expect, it } from 'vitest';
import {
  AuditRig,
  complete,
  H1,
  LOST,
  login,
  logout,
  SECOND,
  SWITCH,
  sent,
  submit,
} from '../../../helpers/audit-rig.ts';

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

  it('finds a login that two ports take from each other, with both places', () => {
    const rig = ended(new AuditRig());
    for (let i = 0; i < 7; i++) {
      rig.tell(SWITCH, login(), logout({ reason: 'replaced' }));
      rig.tell(SWITCH, login({ port: 2 }), logout({ port: 2, reason: 'replaced' }));
    }
    expect(rig.verdict('I30').detail).toBe(
      'the login of c0:50:76:00:00:00:01:00 on fabric A went to and fro 14 times between h1 uplink and h2 uplink',
    );
    const few = ended(new AuditRig());
    for (let i = 0; i < 6; i++) few.tell(SWITCH, login(), logout({ reason: 'replaced' }));
    expect(few.verdict('I30').result).toBe('holds');
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
