/** A thin pool that is full: the host stops its guest, and what it asked for is neither lost nor late. */
import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../src/history/index.ts';
import { runMove } from '../../../src/run/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { broken, scenarioOf } from '../../helpers/moves.ts';

function run(name: string, change: (scenario: Scenario) => Scenario = (one) => one) {
  const told: HistoryEntry[] = [];
  const report = runMove({
    scenario: change(scenarioOf({}, name)),
    observer: { observe: (entry) => void told.push(entry) },
  });
  return { told, violated: broken(report) };
}

/** Happenings between the moment when the guest was stopped and that when it went on. */
function whileStopped(told: ReturnType<typeof run>['told']) {
  const of = (state: string) =>
    told.findIndex(({ event }) => event.type === 'space' && event.state === state);
  const [out, given] = [of('out'), of('given')];
  expect(out).toBeGreaterThan(0);
  expect(given).toBeGreaterThan(out);
  return told.slice(out + 1, given);
}

describe('a pool that is full', () => {
  it.each(['full-pool', 'full-pool-move'])('%s: the guest stands still, and goes on', (name) => {
    const { told, violated } = run(name);
    const stopped = whileStopped(told);
    expect(stopped.filter(({ event }) => event.type === 'io-submit')).toEqual([]);
    expect(stopped.filter(({ event }) => event.type === 'io-sent').length).toBeGreaterThan(1);
    const failed = told.filter(
      ({ event }) => event.type === 'io-complete' && event.result === 'failed',
    );
    expect(failed).toEqual([]);
    const warned = told.filter(({ event }) => event.type === 'attention' && event.code === 0x3807);
    expect(warned.length).toBeGreaterThan(0);
    expect(violated).toEqual([]);
    const moved = stopped.some(
      ({ event }) => event.type === 'move-step' && event.phase === 'resume',
    );
    expect(moved).toBe(name === 'full-pool-move');
  });

  it('that nobody mends has lost what the guest asked for', () => {
    const { violated } = run('full-pool', (one) => ({ ...one, events: [] }));
    expect(violated).toContain('I1');
    expect(violated).toContain('I29');
  });

  it('for longer than the guest waits: it saw nothing of that time, and nothing is late', () => {
    const { told, violated } = run('full-pool', (one) => ({
      ...one,
      timing: { ...one.timing, guestTimeoutMs: 100, commandTimeoutMs: 50, blackoutBudgetMs: 300 },
    }));
    whileStopped(told);
    expect(violated).toEqual([]);
  });
});
