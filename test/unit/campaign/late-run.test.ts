/** A run under late frames, in a worker and out of it. */
import { expect, test } from 'vitest';
import { runLate } from '../../../src/campaign/late-run.ts';
import { RunPool } from '../../../src/campaign/pool.ts';
import { broken, run, scenarioOf } from '../../helpers/moves.ts';

const scenario = scenarioOf({ profile: 'powervm' });
const undisturbed = run(scenario);
const late = { schedule: 'data', timeline: undisturbed.timeline } as const;

test('is the run that the move makes, from plain data', async () => {
  const report = run(scenario, 'data');
  const end = runLate(JSON.parse(JSON.stringify({ scenario, late })));
  if ('error' in end) throw new Error(end.error);
  expect(end).toMatchObject({ outcome: 'moved', digest: report.digest });
  const violated = end.results.filter(({ result }) => result === 'violated');
  expect(violated.map(({ invariant }) => invariant)).toEqual(broken(report));
  const pool = new RunPool(1);
  expect(await pool.runLate({ scenario, late })).toEqual(end);
  await pool.close();
});

test('one that cannot be made says why', async () => {
  const { hosts } = scenario;
  const none = { ...scenario, hosts: hosts.map((host) => ({ ...host, ports: [] })) };
  expect(runLate({ scenario: none })).toEqual({ error: expect.stringMatching(/./) });
});
