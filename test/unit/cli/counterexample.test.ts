/** Violations made small, and the command that shows one again. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunEnd } from '../../../src/campaign/job.ts';
import { runJob } from '../../../src/campaign/job.ts';
import { jobsOf } from '../../../src/campaign/plan.ts';
import { Summary } from '../../../src/campaign/summary.ts';
import { worldOf } from '../../../src/cli/campaign-options.ts';
import { counterexamples, replayCommand } from '../../../src/cli/counterexample.ts';
import { testFolder } from '../../helpers/folder.ts';

const folder = testFolder('counterexample');
const FILE = 'scenarios/s-id-reuse.yaml';

test('the command says everything that is not the default', () => {
  const world = worldOf(FILE, { drain: 'purge' }, { lifetime: '250' });
  const run = { seed: 2, faults: [{ frame: 40, fault: 'drop' }] } as const;
  const at = { file: FILE, overrides: { drain: 'purge' }, world };
  expect(replayCommand(at, { ...run, reduction: { fabric: 'A' } })).toBe(
    `sanmotion campaign ${FILE} --drain purge --lifetime 250 --replay '{"seed":2,"faults":[{"frame":40,"fault":"drop"}],"reduce":{"fabric":"A"}}'`,
  );
  const plain = { file: undefined, overrides: {}, world: worldOf(undefined, {}, {}) };
  expect(replayCommand(plain, { ...run, reduction: {} })).toBe(
    `sanmotion campaign --replay '{"seed":2,"faults":[{"frame":40,"fault":"drop"}]}'`,
  );
});

test('a violation is made small and written; runs that fell are only counted', async () => {
  const campaign = { file: FILE, overrides: {}, world: worldOf(FILE, {}, {}) };
  const summary = new Summary();
  summary.add({ run: 1, seed: 1, faults: [], error: 'it fell' });
  let bad: RunEnd | undefined;
  for (const job of jobsOf(campaign.world, { mode: { mode: 'exhaustive' }, seeds: [1, 1] })) {
    if (job.faults[0]?.fault !== 'hold') continue;
    const line = runJob(campaign.world, job);
    if ('violated' in line && line.violated.some((one) => one.invariant === 'I7')) bad = line;
    if (bad !== undefined) break;
  }
  expect(bad).toBeDefined();
  const { invariant, detail } = bad!.violated.find((one) => one.invariant === 'I7')!;
  summary.add({ ...bad!, violated: [{ invariant, detail }] });
  const shown = await counterexamples(campaign, summary.conclude(), folder.path('.'));
  expect(shown).toHaveLength(1);
  const [{ command, evidence, path, shrunk }] = shown as [(typeof shown)[0]];
  expect(shrunk.invariant).toBe('I7');
  expect(path).toBe(folder.path('s-id-reuse-I7.pcapng'));
  expect(existsSync(path)).toBe(true);
  expect(evidence.frames.length).toBeLessThanOrEqual(40);
  expect(command).toContain(`sanmotion campaign ${FILE} --replay '{"seed":1,`);
}, 120_000);
