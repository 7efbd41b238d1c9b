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

/** FCP's targets ask for write data; over iSCSI and NFS small ones come with the request. */
test.each([
  ['fcoe', 2],
  ['fc', 2],
  ['iscsi', 1],
  ['nfs', 1],
] as const)('a write over %s takes %i round trips', (protocol, trips) => {
  const strategy = protocol === 'iscsi' ? 'other-isid' : 'wwpn-pair';
  const over = scenarioOf({ protocol, strategy, drain: 'wait', defences: [] });
  const [short, long] = [500, 2500].map((delayUs) => {
    const { links, timing } = over;
    const longer = { ...over, links: { ...links, delayUs }, timing: { ...timing, beforeMs: 200 } };
    const end = runLate({ scenario: longer, times: true });
    if ('error' in end) throw new Error(end.error);
    return end.writeNs!;
  });
  // Two links there and two back.
  expect(Math.round((long! - short!) / (2_000_000 * 4))).toBe(trips);
});
