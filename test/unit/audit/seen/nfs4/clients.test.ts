/** Clients of version 4.1 and their sessions: who takes whose place. */
import { describe, expect, it } from 'vitest';
import { Clients4 } from '../../../../../src/audit/seen/nfs4/clients.ts';
import { SessionChecks } from '../../../../../src/audit/seen/session.ts';

const owner = (name: string) => Uint8Array.from(name, (one) => one.charCodeAt(0));
const idOf = (number: number) => new Uint8Array(16).fill(number);
const moment = (seconds: number) => ({ at: seconds * 1e9, frame: seconds });
const endsOf = (number: number, server = '10.0.0.1:2049') => ({
  number,
  client: `10.0.0.2:${700 + number}`,
  server,
});

function rig(): Clients4 {
  let sessions = 0;
  const clients = new Clients4({
    tell: () => {},
    checks: new SessionChecks(),
    nextNumber: () => ++sessions,
    slotSink: () => ({ fault() {}, repeated() {}, ranAgain() {}, isOrdered: () => true }),
  });
  clients.named('10.0.0.1', 1n, owner('a'));
  clients.created(endsOf(1), 1n, idOf(1), moment(1));
  return clients;
}

describe('clients of version 4.1', () => {
  it('end their sessions when they start anew under their name', () => {
    const clients = rig();
    const { session: first } = clients.sessionOf(endsOf(1), idOf(1));
    clients.named('10.0.0.1', 2n, owner('a'));
    clients.created(endsOf(2), 2n, idOf(2), moment(2));
    const { session: second } = clients.sessionOf(endsOf(2), idOf(2));
    expect(first.ended).toMatchObject({ how: 'reinstated', by: second, frame: 2 });
    expect(second.ended).toBeUndefined();
    expect(first.device).toBe(second.device);
  });

  it('have several sessions side by side, and others of other names', () => {
    const clients = rig();
    clients.created(endsOf(1), 1n, idOf(2), moment(2));
    clients.named('10.0.0.1', 3n, owner('b'));
    clients.created(endsOf(3), 3n, idOf(3), moment(3));
    for (const number of [1, 2, 3])
      expect(clients.sessionOf(endsOf(1), idOf(number)).session.ended).toBeUndefined();
  });

  it('share a session where they reach it by two connections or addresses', () => {
    const clients = rig();
    const known = clients.sessionOf(endsOf(1), idOf(1));
    expect(known.session.isShared).toBe(false);
    clients.closed(1);
    clients.sessionOf(endsOf(2), idOf(1));
    expect(known.session.isShared).toBe(false);
    expect(clients.sessionOf(endsOf(3, '10.0.0.9:2049'), idOf(1))).toBe(known);
    expect(known.session.isShared).toBe(true);
  });

  it('are met by a call where the capture has begun in the middle, and say when they were heard', () => {
    const clients = rig();
    const known = clients.sessionOf(endsOf(4), idOf(9));
    expect(known).toMatchObject({
      client: '',
      session: { began: undefined, initiator: '10.0.0.2' },
    });
    const own = clients.sessionOf(endsOf(1), idOf(1));
    own.heard = moment(7);
    expect(clients.clientOf('10.0.0.1', idOf(1))).toBe(own.client);
    expect(clients.heard(own.client)).toEqual(moment(7));
    clients.destroyed('10.0.0.1', idOf(1), moment(8));
    expect(own.session.ended?.how).toBe('logged out');
  });
});
