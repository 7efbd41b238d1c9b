/** Sessions of one array with the other's portals: all are asked for, and asked for again. */
import { expect, it } from 'vitest';
import { PeerSessions } from '../../../../src/array/pair/peer-sessions.ts';
import { Timers } from '../../../../src/machine/timers.ts';
import type { AttachedMachine, IpStack } from '../../../../src/net/index.ts';
import type { IscsiInitiator } from '../../../../src/port/iscsi/initiator.ts';
import type { InitiatorSession } from '../../../../src/port/iscsi/initiator-session.ts';
import type { InitiatorNexus } from '../../../../src/scsi/transport.ts';

const PORTALS = ['10.0.254.1', '10.16.254.1'].map((address, i) => ({
  target: 'iqn.2026-01.com.example:mirror',
  groupTag: i + 1,
  address,
  port: 3260,
}));

function rig() {
  let now = 0;
  const timers = new Timers();
  const log: string[] = [];
  let machine: IscsiInitiator | undefined;
  const drain = (): void => {
    for (let out = machine!.poll(); out !== undefined; out = machine!.poll())
      if ('connect' in out) log.push(`${out.connect.address}:${out.connect.port}`);
  };
  const stack = {
    attach(one: IscsiInitiator): AttachedMachine {
      machine = one;
      return { drain, detach: () => {} };
    },
  } as unknown as IpStack;
  const sessions = new PeerSessions(
    { initiator: 'iqn.2026-01.com.example:array', portals: PORTALS },
    stack,
    { heartbeatNs: 10, silenceNs: 100 },
    {
      get now() {
        return now;
      },
      after: (delayNs, run) => timers.set(now + delayNs, run),
      found: () => void log.push('found'),
      gone: () => void log.push('gone'),
      contradiction: (what) => void log.push(what),
    },
  );
  const pass = (ns: number): void => {
    now += ns;
    timers.run(now);
    machine!.handleTimeout(now);
    drain();
  };
  return {
    log,
    pass,
    sessions,
    timers,
    unreachable: (id: number) => machine!.handleUnreachable(id, now),
  };
}

it('each portal is called, and called again where nobody is there', () => {
  const { log, pass, unreachable } = rig();
  const both = PORTALS.map(({ address, port }) => `${address}:${port}`);
  expect(log).toEqual(both);
  unreachable(1);
  unreachable(2);
  pass(9);
  expect(log).toEqual(both);
  pass(1);
  expect(log).toEqual([...both, ...both]);
});

it('a link hears of nexuses that begin and end, and a session that is over is begun anew', () => {
  const { log, pass, sessions } = rig();
  log.length = 0;
  const session = {
    target: { name: 'iqn.x', address: '10.0.0.9', port: 3260 },
  } as InitiatorSession;
  sessions.sessionBegan(session, {} as InitiatorNexus);
  sessions.sessionLost(session);
  sessions.sessionEnded(session);
  pass(10);
  expect(log).toEqual(['found', 'gone', '10.0.0.9:3260']);
});
