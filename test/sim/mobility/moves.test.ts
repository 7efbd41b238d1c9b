/** Moves end to end: strategies, drains, seeds, refusals and the way back. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Host, HostEvent } from '../../../src/host/host.ts';
import { type RunReport, runMove } from '../../../src/run/run.ts';
import type { World } from '../../../src/scenario/build.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';

const TEXT = readFileSync(
  new URL('../../../scenarios/two-host-move.yaml', import.meta.url),
  'utf8',
);
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

/** The built-in scenario, shortened: what matters here is the move, not how long it runs before. */
function scenarioOf(
  overrides: { seed?: number; strategy?: string; drain?: string },
  text = TEXT,
): Scenario {
  const scenario = loadScenario(text, 'two-host-move.yaml', overrides);
  return {
    ...scenario,
    timing: { ...scenario.timing, beforeMs: 3, afterMs: 6 },
    move: { ...scenario.move, preCopyMs: 2 },
  };
}

function violations(report: RunReport): string[] {
  return report.verdict
    .filter((one) => one.result === 'violated')
    .map((one) => `${one.invariant}: ${one.detail}`);
}

describe.each(['wwpn-pair', 'same-wwpn'])('%s', (strategy) => {
  test.each(['wait', 'abort'])('drain %s: nothing is dropped, seeds 1 to 20', (drain) => {
    for (const seed of SEEDS) {
      const report = runMove({ scenario: scenarioOf({ seed, strategy, drain }) });
      expect(report.result, `seed ${seed}`).toEqual({ outcome: 'moved' });
      expect(violations(report), `seed ${seed}`).toEqual([]);
      const { submitted, completed, failed, dropped } = report.io;
      expect({ failed, dropped, completed }).toEqual({
        failed: 0,
        dropped: 0,
        completed: submitted,
      });
      expect(submitted).toBeGreaterThan(50);
      expect(report.blackoutNs).toBeGreaterThan(0);
    }
  });

  test('the same seed gives the same digest, another seed another', () => {
    const digest = (seed: number) => runMove({ scenario: scenarioOf({ seed, strategy }) }).digest;
    expect(digest(3)).toBe(digest(3));
    expect(digest(3)).not.toBe(digest(4));
  });

  test('an abort drain ends exchanges by ABTS and sends their I/O again', () => {
    const report = runMove({ scenario: scenarioOf({ seed: 2, strategy, drain: 'abort' }) });
    expect(report.io.requeued).toBeGreaterThan(0);
    expect(report.io.dropped).toBe(0);
  });
});

describe('preflight says no', () => {
  const refused = (text: string, strategy: string) => {
    const report = runMove({ scenario: scenarioOf({ strategy }, text) });
    expect(violations(report)).toEqual([]);
    expect(report.io.dropped).toBe(0);
    return report.result;
  };

  test('F1: the second WWPN is not zoned', () => {
    const zones = (first: string) =>
      `zoning: hard, zones: [{ name: z, members: [array, "${first}"] }]`;
    const text = TEXT.replace(
      'domain: 1 }',
      `domain: 1, ${zones('c0:50:76:00:00:00:01:00')} }`,
    ).replace('domain: 2 }', `domain: 2, ${zones('c0:50:76:00:00:00:01:02')} }`);
    const result = refused(text, 'wwpn-pair');
    expect(result).toMatchObject({ outcome: 'refused' });
    expect('reason' in result && result.reason).toMatch(
      /h2 does not see system \(LUN 0, .* on fabric A, .* \(not zoned or not masked\)/,
    );
  });

  const masked = (second: string) =>
    TEXT.replace(
      'vms:\n',
      `  masks:
    - { for: "c0:50:76:00:00:00:01:00", luns: { "0": system, "1": data } }
    - { for: "c0:50:76:00:00:00:01:02", luns: { "0": system, "1": data } }
    - { for: "c0:50:76:00:00:00:01:01", luns: ${second} }
    - { for: "c0:50:76:00:00:00:01:03", luns: ${second} }
vms:\n`,
    );

  test('F2: the second WWPN is zoned but not masked', () => {
    const result = refused(masked('{ "0": system }'), 'wwpn-pair');
    expect('reason' in result && result.reason).toMatch(/does not see data \(LUN 1, /);
  });

  test('F3: the same logical units under other numbers', () => {
    const result = refused(masked('{ "0": data, "1": system }'), 'wwpn-pair');
    expect('reason' in result && result.reason).toMatch(/is LUN 0 on h1 and LUN 1 on h2/);
  });
});

describe('the way back', () => {
  /** Refuses a command on a host, once. */
  const refuseOnce = (world: World, hostName: string, command: string): void => {
    const host: Host = world.hosts.get(hostName)!;
    const handle = host.handleCommand.bind(host);
    const poll = host.poll.bind(host);
    const waiting: { event: HostEvent }[] = [];
    let left = 1;
    host.poll = () => waiting.shift() ?? poll();
    host.handleCommand = (id, asked, now) => {
      if (asked.command === command && left > 0) {
        left--;
        waiting.push({
          event: { type: 'reply', id, answer: { ok: false, reason: 'refused by the test' } },
        });
      } else handle(id, asked, now);
    };
  };

  test.each([
    ['same-wwpn', 'h2', 'prepare', 'the join fails after the leave'],
    ['same-wwpn', 'h1', 'surrender', 'the hand-over fails after the join'],
    ['proxy', 'h2', 'prepare', 'the names go back to the source'],
    ['cold', 'h2', 'prepare', 'the guest starts where it was'],
    ['handoff', 'h2', 'prepare', 'the login has been carried over, and is made anew'],
    ['wwpn-pair', 'h1', 'leave', 'the leave fails'],
    ['wwpn-pair', 'h1', 'drain', 'the drain fails'],
  ])('%s: %s refuses %s: %s', (strategy, host, command) => {
    const report = runMove({
      scenario: scenarioOf({ strategy }),
      // h1 is asked to `prepare` when the guest starts: break the command only once that is over.
      prepare: (world) => refuseOnce(world, host, command),
    });
    expect(report.result).toMatchObject({ outcome: 'rolled-back' });
    expect(violations(report)).toEqual([]);
    expect(report.io.dropped).toBe(0);
    expect(report.io.completed).toBe(report.io.submitted);
    const after = report.timeline.at(-1)!;
    expect(after.phase).toBe('rolled-back');
    expect(after.completed).toBeGreaterThan(0);
  });
});
