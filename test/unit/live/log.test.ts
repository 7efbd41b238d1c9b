/** Lines of the log: what each event is to a person, and what to a program. */
import { describe, expect, test } from 'vitest';
import type { ArrayEvent } from '../../../src/array/storage-array.ts';
import type { FabricEvent } from '../../../src/history/fabric.ts';
import { fcInitiatorPort, fcTargetPort } from '../../../src/history/port-name.ts';
import { LogLimiter, logOfArray, logOfFcf } from '../../../src/live/log.ts';

const KNOWN = 0xc050_7600_0000_0100n;
const UNKNOWN = 0xc050_7600_0000_0200n;
const who = (wwpn: bigint) => (wwpn === KNOWN ? 'vm1' : undefined);
const fcf = (event: FabricEvent) => logOfFcf('A', event, who);

const LOGIN: Omit<Extract<FabricEvent, { type: 'login' }>, 'wwpn'> = {
  type: 'login',
  nPortId: 0x01_01_01,
  wwnn: 1n,
  port: 3,
  mac: undefined,
  by: 'FDISC',
  enodeMac: '00:25:b5:00:00:01' as never,
  clean: true,
};

describe('a switch', () => {
  test('a login names who the scenario knows, and the address of who it does not', () => {
    expect(fcf({ ...LOGIN, wwpn: KNOWN })).toMatchObject({
      level: 'info',
      event: 'login',
      text: 'FDISC c0:50:76:00:00:00:01:00 (vm1) is 010101 on A.3',
      fields: { fabric: 'A', link: 'A.3', by: 'FDISC', nPortId: '010101' },
    });
    expect(fcf({ ...LOGIN, wwpn: UNKNOWN })!.text).toBe(
      'FDISC c0:50:76:00:00:00:02:00 is 010101 on A.3',
    );
  });

  test.each([
    ['LOGO', 'info'],
    ['relogin', 'info'],
    ['keep-alive', 'warn'],
    ['CVL', 'warn'],
  ] as const)('a logout that nobody asked for is a warning: %s', (reason, level) => {
    expect(fcf({ type: 'logout', nPortId: 0x010101, wwpn: KNOWN, port: 3, reason })).toMatchObject({
      level,
      text: `logout c0:50:76:00:00:00:01:00 (vm1), 010101 on A.3: ${reason}`,
    });
  });

  test('a refusal has its reason in hex; those of one name are limited', () => {
    const line = fcf({
      type: 'login-rejected',
      wwpn: UNKNOWN,
      port: 3,
      enodeMac: LOGIN.enodeMac,
      by: 'FLOGI',
      reason: 3,
      explanation: 0x29,
    });
    expect(line).toMatchObject({
      text: 'FLOGI of c0:50:76:00:00:00:02:00 on A.3 rejected: reason 03h, explanation 29h',
      limitKey: `rejected A.3 ${UNKNOWN}`,
    });
  });

  test('frames that are dropped are limited by link and reason', () => {
    const dropped = { type: 'dropped', reason: 'no-login', port: 3 } as const;
    expect(fcf(dropped as FabricEvent)).toMatchObject({
      text: 'frame on A.3 dropped, no-login',
      limitKey: 'dropped A.3 no-login',
    });
    expect(fcf({ ...dropped, sId: 0x010203, detail: 'too short' } as FabricEvent)!.text).toBe(
      'frame from 010203 on A.3 dropped, no-login: too short',
    );
  });

  test.each([
    [{ type: 'restarted' }, 'warn', 'FCF of A restarted'],
    [{ type: 'rscn-unanswered', to: 0x010203 }, 'warn', 'RSCN to 010203 was not answered'],
    [{ type: 'port-disabled', port: 3, wwpn: KNOWN }, 'warn', 'A.3 disabled: duplicate WWPN'],
    [{ type: 'port-enabled', port: 3 }, 'info', 'A.3 enabled'],
    [
      { type: 'zone-change', enforced: 'hard', zones: [], defaultZone: 'deny', affected: 4 },
      'info',
      'zoning of A changed (hard): 4 ports see others now',
    ],
  ] as const)('of a fabric or a port: $0.type', (event, level, text) => {
    expect(fcf(event as FabricEvent)).toMatchObject({ level, text });
  });

  test('what nobody has to read is no line', () => {
    expect(fcf({ type: 'registered', nPortId: 1, fc4Types: [8] })).toBeUndefined();
    expect(fcf({ type: 'link', port: 1, up: true })).toBeUndefined();
  });
});

describe('the array', () => {
  const target = fcTargetPort(0x5006_0160_0000_0001n);
  const nexus = { initiator: fcInitiatorPort(KNOWN), target, address: 0x010101, epoch: 2 };
  const stranger = { ...nexus, initiator: fcInitiatorPort(UNKNOWN) };
  const names = { who, targetPort: (port: unknown) => (port === target ? 1 : undefined) };
  const array = (event: object) => logOfArray(event as ArrayEvent, names);

  test('process logins are told with who it is, or with the address', () => {
    expect(array({ type: 'nexus', state: 'began', nexus })).toMatchObject({
      event: 'nexus-began',
      text: 'target port 1: process login of c0:50:76:00:00:00:01:00 (vm1) began',
      fields: { targetPort: 1, epoch: 2, nPortId: '010101' },
    });
    expect(array({ type: 'nexus', state: 'ended', nexus: stranger })!.text).toBe(
      'target port 1: process login of c0:50:76:00:00:00:02:00 (010101) ended',
    );
  });

  test('how the array stands to the other of its pair is a line', () => {
    const pair = { type: 'pair', generation: '2-east', luNames: [], detail: 'the witness lets it' };
    expect(array({ ...pair, state: 'detached', leads: true })).toMatchObject({
      level: 'warn',
      text: 'pair: detached, leads, generation 2-east: the witness lets it',
    });
    expect(array({ ...pair, state: 'in-sync', leads: false })).toMatchObject({ level: 'info' });
  });

  test.each([
    ['failed', 'error', 'target port 1 failed: no FCF'],
    ['online', 'debug', 'target port 1 online: no FCF'],
  ])('a port that has failed is an error: %s', (state, level, text) => {
    expect(array({ type: 'port', port: 1, state, reason: 'no FCF' })).toMatchObject({
      level,
      text,
    });
  });

  test('commands that end without an answer, and task management', () => {
    expect(
      array({ type: 'task-aborted', nexus, tag: 0x1f, lun: 0n, cause: 'nexus-lost' }),
    ).toMatchObject({
      text: 'command 1fh of c0:50:76:00:00:00:01:00 (vm1) ended without answer: nexus-lost',
    });
    expect(
      array({
        type: 'task-management',
        nexus,
        lun: 0n,
        function: 'abort-task',
        response: 'complete',
      })!.text,
    ).toBe('task management function abort-task of c0:50:76:00:00:00:01:00 (vm1): complete');
  });

  test('refusals are limited by what they say, but for the numbers in it', () => {
    const keyOf = (what: string) => array({ type: 'refused', port: 1, what })!.limitKey;
    expect(keyOf('PLOGI of 010203')).toBe(keyOf('PLOGI of 010204'));
    expect(keyOf('PLOGI of 010203')).not.toBe(keyOf('PRLI of 010203'));
  });

  test('what nobody has to read is no line', () => {
    expect(array({ type: 'apply' })).toBeUndefined();
    expect(array({ type: 'power-on' })!.text).toBe('array restarted');
  });
});

describe('LogLimiter', () => {
  test('lets a line of a key through each second, and says how many it left out', () => {
    const limiter = new LogLimiter();
    expect([0, 1, 999].map((ms) => limiter.pass('a', ms))).toEqual([0, undefined, undefined]);
    expect(limiter.pass('b', 999)).toBe(0);
    expect(limiter.pass('a', 1000)).toBe(2);
    expect(limiter.pass('a', 1001)).toBeUndefined();
    expect(limiter.pass('a', 2000)).toBe(1);
  });

  test('forgets all keys when there are a thousand', () => {
    const limiter = new LogLimiter();
    for (let key = 0; key < 1000; key++) limiter.pass(`${key}`, 0);
    expect(limiter.pass('0', 1)).toBeUndefined();
    limiter.pass('one more', 1);
    expect(limiter.pass('0', 1)).toBe(0);
  });
});
