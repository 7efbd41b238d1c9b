/** After the faults: who waits for what, and who gives up. */
import { expect, test } from 'vitest';
import { mend } from '../../../src/run/mend.ts';
import { RunError } from '../../../src/run/power.ts';
import { RunInProgress } from '../../../src/run/run-in-progress.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const scenario = loadScenario(TEXT, 'x.yaml');
const faults = [{ frame: 1, fault: 'drop' as const }];

test('a run without faults has nothing to mend', () => {
  const run = new RunInProgress({ scenario });
  mend(run);
  expect(run.simulator.nowNs).toBe(0);
});

test('the guests work on for a while after the last fault', () => {
  const run = new RunInProgress({ scenario, faults });
  mend(run);
  const { afterMs } = scenario.timing;
  // Without power no port logs in: that is waited for as long as it may take.
  expect(run.simulator.nowNs).toBe(1e6 + 900e9 + afterMs * 1e6);
});

test('a stranded guest that no host has is lost, and a run in which one stays down fails', () => {
  const told: unknown[] = [];
  const run = new RunInProgress({
    scenario,
    faults,
    observer: { observe: ({ event }) => event.type === 'guest' && told.push(event) },
  });
  run.results[0] = { outcome: 'stranded', reason: 'x' };
  expect(() => mend(run)).toThrow(RunError);
  expect(told).toEqual([{ type: 'guest', vm: 'vm1', state: 'lost' }]);
});
