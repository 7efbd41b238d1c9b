/** A run between its phases. */
import { expect, test } from 'vitest';
import type { HistoryEntry } from '../../../src/history/index.ts';
import { begin } from '../../../src/run/begin.ts';
import { RunError } from '../../../src/run/power.ts';
import { RunInProgress } from '../../../src/run/run-in-progress.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const scenario = loadScenario(TEXT, 'x.yaml');

function runOf(iosPerStep?: number) {
  const entries: HistoryEntry[] = [];
  const run = new RunInProgress({
    scenario,
    ...(iosPerStep === undefined ? {} : { iosPerStep }),
    observer: { observe: (entry) => entries.push(entry) },
  });
  return { run, entries };
}

test('what is declared is told before anything happens', () => {
  const { run, entries } = runOf();
  expect(run.simulator.nowNs).toBe(0);
  expect(new Set(entries.map(({ event }) => event.type))).toEqual(
    new Set(['zone-change', 'access', 'identities']),
  );
});

test('time passes as it is told to, and a condition that does not come is said', () => {
  const { run } = runOf();
  run.advance(5);
  expect(run.simulator.nowNs).toBe(5);
  expect(run.until(() => true, 10)).toBe(true);
  expect(run.until(() => false, 10)).toBe(false);
  expect(() => run.require(() => false, 10, 'it did not come')).toThrow(
    new RunError('it did not come'),
  );
});

test('guests that rest get so many I/Os, and a trickle until they are stopped', () => {
  const { run } = runOf(2);
  begin(run);
  const submitted = (): number => run.account.io.submitted;
  run.allow();
  run.advance(1e8);
  const first = submitted();
  run.advance(10e9);
  expect(submitted()).toBe(first);
  run.trickle();
  run.advance(4.5e9);
  expect(submitted()).toBe(first + 2);
  run.stop();
  run.advance(10e9);
  expect(submitted()).toBe(first + 2);
});

test('guests that die with their host are told of, with the logins they had', () => {
  const { run, entries } = runOf(1);
  begin(run);
  const before = entries.length;
  const faulty = new RunInProgress({
    scenario,
    iosPerStep: 1,
    faults: [{ frame: 1, fault: 'crash', node: 'h1' }],
    observer: { observe: (entry) => entries.push(entry) },
  });
  begin(faulty);
  faulty.adversary.begin();
  faulty.allow();
  faulty.advance(1e8);
  const lost = entries.slice(before).filter(({ event }) => event.type === 'guest');
  expect(lost.at(-1)).toMatchObject({ node: 'h1', event: { vm: 'vm1', state: 'lost' } });
});
