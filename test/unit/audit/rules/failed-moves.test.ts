import { describe, expect, it } from 'vitest';
import {
  ADDRESS_2,
  ARRAY,
  AuditRig,
  CRASHED,
  H1,
  H1_LINK,
  H2,
  H2_LINK,
  IDENTITIES,
  LOST,
  login,
  logout,
  moveEnd,
  OTHER,
  OTHER_WWPN,
  reservation,
  runs,
  SECOND,
  STARTED,
  STUNNED,
  SWITCH,
  SWITCH_PORTS,
  step,
} from '../../../helpers/audit-rig.ts';

describe('I31, a rollback is whole', () => {
  const begun = () =>
    new AuditRig()
      .tell('', IDENTITIES)
      .tell(SWITCH, login())
      .tell(ARRAY, reservation())
      .tell(H1, runs())
      .tell('mover', step('preflight'))
      .tell(H1, STUNNED);
  const failed = (rig: AuditRig) => rig.tell('mover', moveEnd('rolled-back')).verdict('I31');

  it('finds a guest that does not run again', () => {
    expect(failed(begun()).detail).toContain('vm1 ran on h1, and now stunned on h1');
    expect(failed(begun().tell(H2, runs())).detail).toContain('and now running on h2');
  });

  it('finds logins that are gone, left over, or at another place', () => {
    expect(failed(begun().tell(SWITCH, logout()).tell(H1, runs())).detail).toContain(
      'no longer logged in: c0:50:76:00:00:00:01:00 at A h1 uplink',
    );
    const { nPortId, wwpn, port } = login();
    const toPort = SWITCH_PORTS[H2_LINK];
    const handed = begun().tell(SWITCH, { type: 'handed-over', nPortId, wwpn, port, toPort });
    expect(failed(handed.tell(H1, runs())).detail).toContain(
      'left logged in: c0:50:76:00:00:00:01:00 at A h2 uplink',
    );
  });

  it('takes no login for left over that a switch had forgotten when the move began', () => {
    const backAt = (link: string) =>
      failed(
        new AuditRig()
          .tell('', IDENTITIES)
          .tell(SWITCH, login())
          .tell(H1, runs())
          .tell(SWITCH, CRASHED)
          .tell('mover', step('preflight'))
          .tell(SWITCH, STARTED, login({ port: SWITCH_PORTS[link as typeof H2_LINK] }))
          .wait(100 * SECOND),
      );
    expect(backAt(H1_LINK).result).toBe('holds');
    expect(backAt(H2_LINK).detail).toContain('left logged in');
  });

  it('finds a reservation that is gone', () => {
    const free = reservation({ holder: undefined, reservationType: undefined });
    expect(failed(begun().tell(ARRAY, free).tell(H1, runs())).detail).toContain(
      'no longer reserved',
    );
  });

  it('finds what a move that failed did to others', () => {
    const others = { type: 'identities', vm: 'vm2', initiators: [OTHER] } as const;
    const with2 = () =>
      new AuditRig()
        .tell('', IDENTITIES, others)
        .tell(SWITCH, login(), login({ wwpn: OTHER_WWPN, nPortId: ADDRESS_2 }))
        .tell(H1, runs(), { type: 'guest', vm: 'vm2', state: 'running', view: [] })
        .tell('mover', step('preflight'));
    const gone = logout({ wwpn: OTHER_WWPN, nPortId: ADDRESS_2, reason: 'replaced' });
    const back = login({ wwpn: OTHER_WWPN, nPortId: ADDRESS_2 });
    expect(failed(with2().tell(SWITCH, gone, back)).detail).toBe(
      `vm2 lost its login as ${OTHER} on fabric A (replaced) once in the move of vm1`,
    );
    expect(failed(with2().tell(SWITCH, gone)).detail).toContain('no longer vm2 logged in');
    expect(failed(with2()).result).toBe('holds');
  });

  it('passes what is as before, and says nothing of a move that went well', () => {
    expect(failed(begun().tell(H1, runs()))).toMatchObject({
      result: 'holds',
      detail: 'rolled-back: 1 logins and 1 reservations as before, vm1 runs on h1',
    });
    const moved = begun().tell('mover', moveEnd('moved')).verdict('I31');
    expect(moved).toMatchObject({ result: 'not-observable', detail: 'no move failed' });
    const shaken = failed(begun().tell(SWITCH, CRASHED));
    expect(shaken.detail).toContain('had not settled');
  });
});

describe('I32, one owner', () => {
  it('finds a guest that runs on two hosts', () => {
    const rig = new AuditRig().tell(H1, runs()).tell(SWITCH, CRASHED).tell(H2, runs());
    expect(rig.verdict('I32').detail).toBe('vm1 runs on h1 and h2 at once');
  });

  it('finds one that runs nowhere though its host did not fall', () => {
    const rig = new AuditRig().tell('mover', step('stun')).tell(H1, runs(), STUNNED);
    expect(rig.tell(SWITCH, CRASHED).verdict('I32').detail).toContain('vm1 runs nowhere');
  });

  it('passes one that is started again where its host fell', () => {
    const rig = new AuditRig().tell('mover', step('stun')).tell(H1, runs(), CRASHED, LOST);
    expect(rig.tell(H2, runs()).verdict('I32')).toMatchObject({
      result: 'holds',
      detail: '1 machines fell, and vm1 was lost with its host',
    });
  });
});
