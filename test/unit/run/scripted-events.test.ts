/** What the events of a scenario do to its world. */
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../src/history/index.ts';
import { fcTargetPort } from '../../../src/history/port-name.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

/** A guest that asks for little. */
const LIGHT = TEXT.replace('queueDepth: 8', 'queueDepth: 1').replace(
  'thinkUs: 50',
  'thinkUs: 2000',
);

/** Happenings of a type; one type can stand for several. */
type OfType<T extends Happening['type'], H = Happening> = H extends { readonly type: infer U }
  ? T extends U
    ? H
    : never
  : never;

interface Place {
  readonly at: number;
  readonly node: string;
}

/** Port 0 of the array. */
const ARRAY_PORT = 0x5006_0160_0000_0001n;

const played = (events: string) => {
  const seen: (Happening & Place)[] = [];
  const report = runMove({
    scenario: loadScenario(`${LIGHT}events:\n  - ${events}\n`, 'x.yaml'),
    observer: { observe: ({ at, node, event }) => seen.push({ ...event, at, node }) },
  });
  const of = <T extends Happening['type']>(type: T) =>
    seen.filter((one) => one.type === type) as (OfType<T> & Place)[];
  return { report, of };
};

describe('events', () => {
  it('happen so long after the guests began, or after a step of the move', () => {
    const early = played('{ at: 2.5, do: rscn, fabric: A, for: array }');
    const [began] = early.of('io-submit');
    const [acted] = early.of('operator');
    expect(acted!.at - began!.at).toBe(2_550_000);
    expect(acted!.what).toBe('fabric A tells of a change of array');
    expect(early.of('rscn').some(({ at }) => at >= acted!.at)).toBe(true);
    const late = played('{ at: join, afterMs: 1, do: rscn, fabric: A, for: vm1 }');
    const join = late.of('move-step').find(({ phase }) => phase === 'join')!;
    expect(late.of('operator')[0]!.at - join.at).toBe(1_000_000);
  });

  it('that never come are told', () => {
    const { report } = played(
      '{ at: roll back, do: cancel-move }\n  - { at: 900000, do: cancel-move }',
    );
    expect(report.eventsLeft).toEqual(['the move is cancelled', 'the move is cancelled']);
    expect(played('{ at: 1, do: rscn, fabric: A, for: array }').report.eventsLeft).toEqual([]);
  });

  it('change a mask, a zone set, access states', () => {
    expect(played('{ at: 1, do: mask, for: vm1, luns: {} }').of('mask').at(-1)).toMatchObject({
      luns: [],
    });
    const zones = played('{ at: end, do: zones, fabric: A, zones: [] }').of('zone-change');
    expect(zones.at(-1)).toMatchObject({ node: 'fcf-A', zones: [], enforced: 'hard' });
    const access = played('{ at: 1, do: access, states: { "1": standby } }').of('access');
    expect(access.at(-1)).toMatchObject({ group: 1, state: 2, explicit: false });
  });

  it('have a WWPN of the array fail over to another port and N_Port_ID, and come back', () => {
    const { of, report } = played(
      '{ at: 2, do: port-failover, from: 0, to: 1 }\n  - { at: pre-copy, afterMs: 30, do: port-failback, port: 0 }',
    );
    const logins = of('login').filter(({ wwpn }) => wwpn === ARRAY_PORT);
    expect(logins.map(({ by, port }) => [by, port])).toEqual([
      ['FLOGI', 0],
      ['FDISC', 1],
      ['FLOGI', 0],
    ]);
    const target = fcTargetPort(ARRAY_PORT);
    const sent = of('io-sent').filter((one) => one.target === target);
    const addresses = new Set(sent.map(({ targetAddress }) => targetAddress));
    for (const { nPortId } of logins) expect(addresses.has(nPortId)).toBe(true);
    expect(of('target-port-moved').map(({ node, port, to }) => [node, port, to])).toEqual([
      ['array', 0, 1],
      ['array', 0, 0],
    ]);
    const source = of('io-sent')[0]!.initiator;
    const { luName } = of('path')[0]!;
    const stunned = of('move-step').find(({ phase }) => phase === 'stun')!.at;
    const states = of('path')
      .filter((one) => one.luName === luName && one.target === target)
      .filter((one) => one.initiator === source && one.at < stunned)
      .map(({ state }) => state);
    expect(states.filter((one) => one !== 'removed')).toEqual([
      'active-optimized',
      'lost',
      'active-optimized',
      'lost',
      'active-optimized',
    ]);
    expect(report.result.outcome).toBe('moved');
    expect(report.verdict.filter(({ result }) => result === 'violated')).toEqual([]);
  });

  it('have it fail over when its cable is pulled, and the paths are there again', () => {
    const { of, report } = played(
      '{ at: 2, do: link-down, node: array, port: 0 }\n  - { at: 3, do: port-failover, from: 0, to: 1 }',
    );
    const target = fcTargetPort(ARRAY_PORT);
    const down = of('operator')[0]!.at;
    const sent = of('io-sent').filter((one) => one.target === target && one.at > down + 1e6);
    expect(sent.length).toBeGreaterThan(0);
    expect(new Set(sent.map(({ initiator }) => initiator)).size).toBe(2);
    expect(report.result.outcome).toBe('moved');
    expect(report.io.failed).toBe(0);
  });

  it('clear links, log a base port out, pull cables and plug them in', () => {
    const cleared = played('{ at: 1, do: clear-link, fabric: A, for: vm1 }').of('logout');
    expect(cleared.some(({ reason }) => reason === 'CVL')).toBe(true);
    const base = played('{ at: 1, do: base-logout, host: h1, port: 0 }').of('logout');
    expect(base.filter(({ node }) => node === 'fcf-A').length).toBeGreaterThan(0);
    const link = played(
      '{ at: 1, do: link-down, node: h1, port: 0 }\n  - { at: 3, do: link-up, node: h1, port: 0 }',
    );
    expect(link.of('link-down')[0]!.link).toBe('h1.0-A');
    expect(link.of('link-up')[0]!.link).toBe('h1.0-A');
  });

  it('crash and pause nodes, which run again', () => {
    const crashed = played('{ at: pre-copy, do: crash, node: fcf-A, forMs: 5 }');
    expect(crashed.of('node-crashed')[0]!.node).toBe('fcf-A');
    expect(crashed.of('node-started')[0]!.node).toBe('fcf-A');
    const paused = played('{ at: pre-copy, do: pause, node: array, forMs: 1 }');
    expect(paused.of('node-paused')[0]!.node).toBe('array');
    expect(paused.report.io.dropped).toBe(0);
  });

  it('have another initiator preempt a reservation, with what follows', () => {
    const text = LIGHT.replace(/(- name: vm1\n)/, '$1    reservation: { type: write-exclusive }\n');
    expect(text).not.toBe(LIGHT);
    const seen: Happening[] = [];
    const report = runMove({
      scenario: loadScenario(
        `${text}events:\n  - { at: 5, do: preempt, lun: system, by: "21:00:00:00:00:00:00:99" }\n`,
        'x.yaml',
      ),
      observer: { observe: ({ event }) => seen.push(event) },
    });
    const holders = seen.flatMap((event) =>
      event.type === 'reservation' ? [event.holder?.initiator] : [],
    );
    expect(holders).toContain('21:00:00:00:00:00:00:99');
    expect(report.io.failed).toBeGreaterThan(0);
    const [i1] = report.verdict;
    expect(i1!.detail).toMatch(/\d+ failed for 21:00:00:00:00:00:00:99, which holds the unit/);
    expect(i1!.result).toBe('holds');
  });

  it('take the order of a move back, as long as that can be', () => {
    for (const step of ['preflight', 'join', 'pre-copy', 'stun', 'drain', 'leave']) {
      const { report } = played(`{ at: ${step}, do: cancel-move }`);
      expect(report.result).toMatchObject({
        outcome: step === 'preflight' || step === 'join' ? 'refused' : 'rolled-back',
        reason: expect.stringMatching(/cancelled by its operator$/),
      });
      expect(report.verdict.filter(({ result }) => result === 'violated')).toEqual([]);
    }
    expect(played('{ at: resume, do: cancel-move }').report.result.outcome).toBe('moved');
  });

  it('make answers of the management late, or lose them', () => {
    const late = played('{ at: pre-copy, do: management, host: h2, answers: late, delayMs: 50 }');
    expect(late.report.result.outcome).toBe('moved');
    // The mover asks again until the answer comes; the guest stands still so long.
    const lost = runMove({
      iosPerStep: 5,
      scenario: loadScenario(
        `${LIGHT}events:\n  - { at: pre-copy, do: management, host: h2, answers: lost, forMs: 20000 }\n`,
        'x.yaml',
      ),
    });
    expect(lost.result).toEqual({ outcome: 'moved' });
    expect(lost.verdict.find(({ invariant }) => invariant === 'I29')!.detail).toMatch(
      /vm1: \d{5}\.\d+ ms without/,
    );
  });
});
