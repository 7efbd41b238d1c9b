/** Worker threads: one that dies costs its run, and lines come in the order of the jobs. */
import { describe, expect, test } from 'vitest';
import type { CampaignWorld, Job, RunLine } from '../../../src/campaign/job.ts';
import { RunPool } from '../../../src/campaign/pool.ts';
import { Summary } from '../../../src/campaign/summary.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const world: CampaignWorld = { scenario: loadScenario(TEXT, 'x.yaml'), iosPerStep: 2 };

async function linesOf(
  pool: RunPool,
  world: CampaignWorld,
  jobs: Iterable<Job>,
): Promise<RunLine[]> {
  const lines: RunLine[] = [];
  for await (const line of pool.run(world, jobs)) lines.push(line);
  await pool.close();
  return lines;
}

describe('workers', () => {
  test('one that dies costs its run and no other', async () => {
    const worker = new URL('../../helpers/dying-worker.mjs', import.meta.url);
    const jobs = [1, 2, 3, 4, 5, 6].map((run) => ({ run, seed: run, faults: [] }));
    const lines = await linesOf(new RunPool(2, worker), world, jobs);
    expect(lines.map((one) => one.run)).toEqual([1, 2, 3, 4, 5, 6]);
    const broken = lines.filter((one) => 'error' in one);
    expect(broken).toEqual([
      { run: 3, seed: 3, faults: [], error: 'the worker ended: out of memory' },
    ]);
    const summary = new Summary();
    for (const line of lines) summary.add(line);
    expect(summary.conclude()).toMatchObject({ runs: 6, bad: 1, errors: 1 });
  });
});
