/** Runs the jobs of a campaign in worker threads, and gives their results in the order of the jobs. */
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import type { CampaignWorld, Job, RunLine } from './job.ts';

/** Jobs that wait or run for each worker: enough that none is idle, few enough to stop soon. */
const JOBS_PER_WORKER = 4;

/** The worker lies beside this file, as TypeScript in a clone and as JavaScript when built. */
const WORKER = import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js';

/**
 * Runs jobs on so many workers. The records come in the order of the jobs, whoever was first, so
 * the number of workers changes nothing but the time. A worker that dies costs its run, whose
 * record says so, and no other. Errors: what keeps a worker from starting.
 */
export async function* runJobs(
  world: CampaignWorld,
  jobs: Iterable<Job>,
  workers: number,
): AsyncGenerator<RunLine> {
  const pool = new Tinypool({
    filename: fileURLToPath(new URL(WORKER, import.meta.url)),
    minThreads: workers,
    maxThreads: workers,
    workerData: world,
  });
  const broken = new Promise<never>((_resolve, reject) => pool.on('error', reject));
  broken.catch(() => {});
  const pending: Promise<RunLine>[] = [];
  try {
    for (const job of jobs) {
      pending.push(runOn(pool, job));
      if (pending.length >= workers * JOBS_PER_WORKER) {
        yield await Promise.race([pending.shift()!, broken]);
      }
    }
    while (pending.length > 0) yield await Promise.race([pending.shift()!, broken]);
  } finally {
    await pool.destroy();
  }
}

async function runOn(pool: Tinypool, job: Job): Promise<RunLine> {
  try {
    return (await pool.run(job)) as RunLine;
  } catch (error) {
    const { run, seed, faults } = job;
    const reason = error instanceof Error ? error.message : String(error);
    return { run, seed, faults, error: `the worker ended: ${reason}` };
  }
}
