/** The same moves over iSCSI: sessions over real TCP segments, and what stops the late write of an old session. */
import { afterEach, describe, expect, it } from 'vitest';
import { LoginPhase } from '../../../src/port/iscsi/login.ts';
import { LATE_SCHEDULES } from '../../../src/run/late-schedules.ts';
import { runMove } from '../../../src/run/run.ts';
import { ScenarioError } from '../../../src/scenario/scenario-error.ts';
import { broken, run, scenarioOf } from '../../helpers/moves.ts';

const LONG_MS = 120_000;
const overIscsi = (overrides: Parameters<typeof scenarioOf>[0] = {}) =>
  scenarioOf({ ...overrides, protocol: 'iscsi' });

/** A guest that brings its own initiator. */
const inGuest = () => overIscsi({ strategy: 'in-guest', drain: 'wait', defences: [] });

describe('a move over iSCSI', () => {
  it.each(['other-isid', 'same-isid', 'random-isid', 'in-guest', 'cold', 'wwpn-pair', 'same-wwpn'])(
    'by %s loses nothing',
    (strategy) => {
      const report = runMove({ scenario: overIscsi({ strategy }) });
      expect(report.result.outcome).toBe('moved');
      expect(broken(report)).toEqual([]);
      const of = (invariant: string) => report.verdict.find((one) => one.invariant === invariant);
      for (const invariant of ['I1', 'I3', 'I6', 'I7', 'I8', 'I21'])
        expect(of(invariant)).toMatchObject({ result: 'holds' });
    },
    LONG_MS,
  );

  it.each(['other-isid', 'random-isid'])(
    'by %s has nothing that fences the late write of the old session',
    (strategy) => {
      const late = run(overIscsi({ strategy, drain: 'purge', defences: [] }), 'data');
      expect(broken(late)).toContain('I7');
    },
    LONG_MS,
  );

  it(
    'by the same ISID is fenced by the target, which ends the old session',
    () => {
      const late = run(overIscsi({ strategy: 'same-isid', drain: 'purge', defences: [] }), 'data');
      expect([late.result.outcome, broken(late)]).toEqual(['moved', []]);
    },
    LONG_MS,
  );

  it.each(LATE_SCHEDULES)(
    'of sessions that go with the guest bears late frames (%s): they are of the same connection',
    (schedule) => {
      const late = run(inGuest(), schedule);
      expect([late.result.outcome, broken(late)]).toEqual(['moved', []]);
      // Nothing was sent again: what was under way has gone with the guest.
      expect(late.io).toMatchObject({ requeued: 0, failed: 0, dropped: 0 });
    },
    LONG_MS,
  );

  it('of sessions that go with the guest logs nothing in or out', () => {
    const logins: string[] = [];
    let stunned = false;
    runMove({
      scenario: inGuest(),
      observer: {
        observe({ event }) {
          if (event.type === 'move-step' && event.phase === 'stun') stunned = true;
          if (stunned && event.type === 'nexus') logins.push(event.state);
        },
      },
    });
    expect([stunned, logins]).toEqual([true, []]);
  });

  it('of sessions that go with the guest is refused where the destination has no port on a LAN', () => {
    const { hosts, ...scenario } = inGuest();
    const report = runMove({
      scenario: {
        ...scenario,
        hosts: [hosts[0]!, { ...hosts[1]!, ports: hosts[1]!.ports.slice(0, 1) }],
      },
    });
    expect(report.result).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(
        /h2 has no port on the LAN of port 1 of h1, where \S+ is 10\.16\./,
      ),
    });
    expect(broken(report)).toEqual([]);
  });

  it.each(['logout-acknowledged', 'nexus-reset', 'time2retain', 'preempt-and-abort'])(
    'is fenced by %s',
    (defence) => {
      const scenario = overIscsi({ strategy: 'other-isid', drain: 'purge', defences: [defence] });
      const late = run(scenario, 'data');
      expect([late.result.outcome, broken(late)]).toEqual(['moved', []]);
    },
    LONG_MS,
  );

  it.each([
    ['lost', { kind: 'drop' }],
    ['late', { kind: 'delay', delayNs: 2_000_000 }],
    ['doubled', { kind: 'duplicate', afterNs: 300_000 }],
    ['overtaken', { kind: 'reorder' }],
  ] as const)(
    'goes well where frames are %s: TCP mends it',
    (_, action) => {
      const rules = [{ chance: 0.01, action }];
      const report = runMove({ scenario: overIscsi({ strategy: 'other-isid' }), rules });
      expect(report.result.outcome).toBe('moved');
      expect(broken(report)).toEqual([]);
    },
    LONG_MS,
  );

  it('gives the same frames for the same seed', () => {
    const once = () => runMove({ scenario: overIscsi({ strategy: 'random-isid' }) }).digest;
    expect(once()).toBe(once());
  });

  it('has strategies and defences of its own, which others have not', () => {
    expect(() => scenarioOf({ strategy: 'same-isid' })).toThrow(ScenarioError);
    expect(() => scenarioOf({ defences: ['nexus-reset'] })).toThrow(ScenarioError);
    expect(() => overIscsi({ strategy: 'proxy' })).toThrow(ScenarioError);
    expect(() => overIscsi({ strategy: 'in-guest', drain: 'crash' })).toThrow(/destroys them/);
    expect(() => overIscsi({ strategy: 'in-guest', defences: ['time2retain'] })).toThrow(
      /no old sessions that defence time2retain could fence/,
    );
  });
});

describe('a move after one that was refused', () => {
  /** There and back; the first move finds no port where it wants to go. */
  const thereAndBack = () => scenarioOf({}, 'iscsi-in-guest');

  it('takes nothing from the guest, which is not where it was told', () => {
    const faults = [{ frame: 10, fault: 'crash', node: 'bridge-B', forNs: 3e9 }] as const;
    const report = runMove({ scenario: thereAndBack(), faults, iosPerStep: 25 });
    expect(report.moves.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
    expect(broken(report)).toEqual([]);
  });

  it('does not crash before it has begun', () => {
    const faults = [{ frame: 54, fault: 'crash', node: 'mover-2', forNs: 1e9 }] as const;
    const report = runMove({ scenario: thereAndBack(), faults, iosPerStep: 25 });
    expect(report.moves.map(({ outcome }) => outcome)).toEqual(['moved', 'moved']);
    expect(broken(report)).toEqual([]);
  });
});

describe('a scenario of its own', () => {
  it.each([
    ['iscsi-safe', []],
    ['iscsi-same-isid', []],
    ['iscsi-in-guest', []],
    ['iscsi-late-data', ['I7']],
  ])(
    '%s comes under late data to what its head says',
    (name, violated) => {
      const late = run(scenarioOf({}, name), 'data');
      expect(late.result.outcome).toBe('moved');
      expect(broken(late).filter((one) => one !== 'I8')).toEqual(violated);
    },
    LONG_MS,
  );
});

describe('a target', () => {
  const sound = Object.getOwnPropertyDescriptor(LoginPhase.prototype, 'result')!;
  afterEach(() => {
    Object.defineProperty(LoginPhase.prototype, 'result', sound);
  });
  /** The source vanishes without a word, and what it had under way is sent again at once. */
  const vanishing = () => {
    const scenario = overIscsi({ strategy: 'same-isid', drain: 'link-pull', defences: [] });
    return { ...scenario, move: { ...scenario.move, requeueWaitMs: 0 } };
  };

  it('that ends the old session at reinstatement keeps its late write away', () => {
    const late = run(vanishing(), 'data');
    expect([late.result.outcome, broken(late)]).toEqual(['moved', []]);
  });

  it('that does not, as tgt 1.0.85 for a login from the operational stage, is found (I7)', () => {
    let logins = 0;
    Object.defineProperty(LoginPhase.prototype, 'result', {
      configurable: true,
      get(this: LoginPhase) {
        // Each login is another initiator port for it.
        const login = sound.get!.call(this) as LoginPhase['result'];
        return { ...login, isid: Uint8Array.of(0x80, 0, 0, 0, 0, ++logins) };
      },
    });
    expect(broken(run(vanishing(), 'data'))).toContain('I7');
  });
});
