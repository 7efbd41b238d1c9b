/** A run over iSCSI or NFS and its capture say the same of what frames show; a broken target shows in its frames. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TappedFrame } from '../../../src/audit/seen/tapped-frame.ts';
import { judgeSeen } from '../../../src/audit/seen-judge.ts';
import { sessionInvariants } from '../../../src/audit/session-audit.ts';
import { MILLISECOND } from '../../../src/machine/machine.ts';
import { LoginPhase } from '../../../src/port/iscsi/login.ts';
import { Sessions4 } from '../../../src/port/nfs4/sessions.ts';
import { lateFrames } from '../../../src/run/late-frames.ts';
import type { LateSchedule } from '../../../src/run/late-schedules.ts';
import type { RunOptions } from '../../../src/run/options.ts';
import { runMove } from '../../../src/run/run.ts';
import { broken, scenarioOf } from '../../helpers/moves.ts';

const LONG_MS = 120_000;
/** What a run's happenings judge as well. */
const TOLD_TOO: ReadonlySet<string> = new Set(['I1', 'I6', 'I7', 'I8', 'I17', 'I20', 'I21']);
const IDS = sessionInvariants().map(({ invariant }) => invariant);

/** A run, and its frames judged as a capture that somebody else has made. */
function both(options: RunOptions) {
  const frames: TappedFrame[] = [];
  const observer = {
    see: (frame: TappedFrame) => void frames.push({ ...frame, bytes: frame.bytes.slice() }),
  };
  const report = runMove({ ...options, observer });
  return { report, capture: judgeSeen(frames) };
}

const late = (scenario: RunOptions['scenario'], schedule: LateSchedule) =>
  lateFrames(schedule, scenario, runMove({ scenario }));

describe('a run and its capture agree', () => {
  it.each([
    ['iscsi-safe', {}, undefined, ['I2', 'I5', 'I12', 'I13', 'I14', 'I15', 'I19']],
    ['iscsi-safe', {}, 'data', ['I2', 'I5', 'I12', 'I13', 'I14', 'I15', 'I19']],
    ['iscsi-late-data', {}, 'uplink', ['I2', 'I5', 'I12', 'I15', 'I19']],
    ['iscsi-same-isid', {}, 'data', ['I2', 'I5', 'I12', 'I15', 'I19']],
    ['zoo', { protocol: 'nfs' }, undefined, ['I2']],
    ['zoo', { protocol: 'nfs', drain: 'purge' }, 'data', ['I2']],
    ['nfs4-same-owner', {}, 'data', ['I2', 'I12', 'I19', 'I20']],
    ['nfs4-other-owner', {}, 'data', ['I2', 'I12', 'I19', 'I20']],
    ['nfs4-layouts', {}, undefined, ['I2', 'I12', 'I19', 'I20']],
  ] as const)(
    '%s %j, late %s',
    (name, overrides, schedule, judged) => {
      const scenario = scenarioOf(overrides, name);
      const rules = schedule === undefined ? [] : late(scenario, schedule);
      const { report, capture } = both({ scenario, rules });
      for (const invariant of IDS) {
        const ran = report.verdict.find((one) => one.invariant === invariant)!;
        const seen = capture.verdict.find((one) => one.invariant === invariant)!;
        if (!TOLD_TOO.has(invariant)) expect(ran.result).toBe(seen.result);
        // Both are in one verdict where they are alike: nobody is accused twice.
        if (seen.result !== 'not-observable' && ran.result === seen.result)
          expect(ran.detail.endsWith(seen.detail)).toBe(true);
      }
      const holds = report.verdict.filter(({ result }) => result === 'holds');
      expect(holds.map(({ invariant }) => invariant)).toEqual(expect.arrayContaining([...judged]));
    },
    LONG_MS,
  );
});

it.each([['iscsi'], ['nfs'], ['nfs', 4.1]])(
  'frames of %s %s that were damaged on their way accuse nobody',
  (protocol, nfsVersion?: number) => {
    const scenario = scenarioOf({ protocol, ...(nfsVersion === undefined ? {} : { nfsVersion }) });
    const rules = [{ chance: 0.02, action: { kind: 'corrupt' } }] as const;
    const { report, capture } = both({ scenario, rules });
    expect(broken(report)).toEqual([]);
    // Its capture has them, and takes them for nobody's word.
    expect(capture.streams.some(({ checksumBad }) => checksumBad > 0)).toBe(true);
    const accused = capture.verdict.filter(({ result }) => result === 'violated');
    expect(accused).toEqual([]);
    expect(capture.streams.reduce((sum, one) => sum + one.malformed, 0)).toBe(0);
  },
);

describe('a server of NFS version 4.1', () => {
  afterEach(() => vi.restoreAllMocks());
  const given = scenarioOf({ drain: 'purge' }, 'nfs4-same-owner');
  const scenario = { ...given, timing: { ...given.timing, beforeMs: 30, afterMs: 100 } };
  /** What the source sent comes long after the session that took the place of its own. */
  const delayed = () => {
    const rules = late(scenario, 'uplink').map((rule) => ({
      ...rule,
      action: { kind: 'delay', delayNs: 60 * MILLISECOND } as const,
    }));
    return both({ scenario, rules });
  };

  it('that ends the sessions of a client which starts anew is not accused', () => {
    expect(broken(delayed().report)).toEqual([]);
  });

  it('that does not is found by the frames, too (I7, I13)', () => {
    const forget = vi.spyOn(Sessions4.prototype, 'forget').mockImplementation(() => {});
    const { report, capture } = delayed();
    expect(forget).toHaveBeenCalled();
    expect(broken(report)).toEqual(expect.arrayContaining(['I7', 'I13', 'I14']));
    const accused = capture.verdict.filter(({ result }) => result === 'violated');
    expect(accused.map(({ invariant }) => invariant)).toEqual(['I7', 'I13', 'I14']);
  });
});

describe('a target', () => {
  const sound = Object.getOwnPropertyDescriptor(LoginPhase.prototype, 'result')!;
  afterEach(() => {
    Object.defineProperty(LoginPhase.prototype, 'result', sound);
  });
  /** What the source sent comes long after the login that took its place; two ends of a tap are 20 ms apart at most. */
  const reinstated = () => {
    const given = scenarioOf({
      protocol: 'iscsi',
      strategy: 'same-isid',
      drain: 'link-pull',
      defences: [],
    });
    const scenario = {
      ...given,
      move: { ...given.move, requeueWaitMs: 0 },
      timing: { ...given.timing, beforeMs: 30, afterMs: 100 },
    };
    const rules = late(scenario, 'uplink').map((rule) => ({
      ...rule,
      action: { kind: 'delay', delayNs: 60 * MILLISECOND } as const,
    }));
    return both({ scenario, rules });
  };

  it('that ends the old session at reinstatement is not accused', () => {
    expect(broken(reinstated().report)).toEqual([]);
  });

  it('that does not is found by the frames, too (I13)', () => {
    let logins = 0;
    Object.defineProperty(LoginPhase.prototype, 'result', {
      configurable: true,
      get(this: LoginPhase) {
        // Each login is another initiator port for it.
        const login = sound.get!.call(this) as LoginPhase['result'];
        return { ...login, isid: Uint8Array.of(0x80, 0, 0, 0, 0, ++logins) };
      },
    });
    const { report, capture } = reinstated();
    expect(broken(report)).toEqual(['I7', 'I13', 'I14']);
    const of = (verdict: typeof report.verdict, invariant: string) =>
      verdict.find((one) => one.invariant === invariant)!;
    expect(of(report.verdict, 'I13')).toEqual(of(capture.verdict, 'I13'));
    expect(of(report.verdict, 'I7').frames.length).toBeGreaterThan(0);
  });
});
