/** Runs by way of a queue: batches may come back in any order, late, wrong or never. */
import { describe, expect, test } from 'vitest';
import type { CampaignWorld, Job, RunLine } from '../../../src/campaign/job.ts';
import { BATCH_RUNS, type Batch, QueuedRuns } from '../../../src/campaign/queue.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const world: CampaignWorld = { scenario: loadScenario(TEXT, 'x.yaml'), iosPerStep: 2 };
const jobs = (count: number): Job[] =>
  Array.from({ length: count }, (_, i) => ({ run: i + 1, seed: 100 + i, faults: [] }));
const made = (batch: Batch): RunLine[] => batch.jobs.map((job) => ({ ...job, error: 'a stub' }));

async function linesOf(
  carry: (batch: Batch) => Promise<readonly RunLine[]>,
  all: Iterable<Job>,
): Promise<RunLine[]> {
  const lines: RunLine[] = [];
  const runs = new QueuedRuns({ carry, close: () => Promise.resolve() });
  for await (const line of runs.run(world, all)) lines.push(line);
  return lines;
}

describe('runs by way of a queue', () => {
  test('come in the order of the jobs, whichever batch was first', async () => {
    const waiting: (() => void)[] = [];
    const sizes: number[] = [];
    const lines = linesOf(async (batch) => {
      sizes.push(batch.jobs.length);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return made(batch);
    }, jobs(25));
    await new Promise((resolve) => setImmediate(resolve));
    // The last one first.
    for (const answer of waiting.reverse()) answer();
    expect((await lines).map(({ run }) => run)).toEqual(jobs(25).map(({ run }) => run));
    expect(sizes).toEqual([BATCH_RUNS, BATCH_RUNS, 5]);
  });

  test('a batch that is given up costs its runs and no other', async () => {
    const lines = await linesOf(async (batch) => {
      if (batch.jobs[0]!.run === BATCH_RUNS + 1) throw new Error('job stalled');
      return made(batch);
    }, jobs(30));
    const lost = lines.filter((one) => 'error' in one && one.error !== 'a stub');
    expect(lines).toHaveLength(30);
    expect(lost.map(({ run }) => run)).toEqual(
      jobs(20)
        .slice(10)
        .map(({ run }) => run),
    );
    expect(lost[0]).toMatchObject({ seed: 110, error: 'the worker ended: job stalled' });
  });

  test.each([
    ['fewer lines', (lines: RunLine[]) => lines.slice(1)],
    ['lines of other runs', (lines: RunLine[]) => lines.toReversed()],
    ['no list', () => 'lines' as unknown as RunLine[]],
  ])('an answer with %s is not taken for the runs', async (_what, change) => {
    const lines = await linesOf(async (batch) => change(made(batch)), jobs(3));
    expect(lines.map((one) => 'error' in one && one.error)).toEqual(
      Array(3).fill('the worker ended: its answer is not that of the runs it was given'),
    );
  });

  test('only so many batches are out at once', async () => {
    let out = 0;
    let most = 0;
    await linesOf(async (batch) => {
      most = Math.max(most, ++out);
      await new Promise((resolve) => setImmediate(resolve));
      out--;
      return made(batch);
    }, jobs(2000));
    expect(most).toBe(64);
  });
});
