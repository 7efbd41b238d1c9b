/** Who makes the runs of a campaign: threads here, or workers elsewhere; and being such a worker. */
import { availableParallelism } from 'node:os';
import { RunPool } from '../campaign/pool.ts';
import { QueuedRuns, type Runs } from '../campaign/queue.ts';
import { openQueueWorker, openRedisQueue } from '../campaign/redis-queue.ts';
import { count, Exit, UsageError } from './output.ts';
import { wholeOf } from './scenario-file.ts';
import { untilStopped } from './until-stopped.ts';

const WORKERS_MAX = 64;

/** Options that say who makes the runs, as they were typed. */
export interface WorkerOptions {
  readonly workers?: string;
  readonly queue?: string;
}

/** What makes the runs, and with how many threads where those are ours. Errors: `UsageError`, `QueueError`. */
export async function openRuns(
  { queue, workers }: WorkerOptions,
  version: string,
): Promise<{ readonly runs: Runs; readonly workers: number | undefined }> {
  if (queue === undefined) {
    const threads = threadsOf(workers);
    return { runs: new RunPool(threads), workers: threads };
  }
  if (workers !== undefined)
    throw new UsageError(
      '--workers does nothing with --queue: say it to sanmotion campaign worker, or leave it out',
    );
  return { runs: new QueuedRuns(await openRedisQueue(queue, version)), workers: undefined };
}

/** Makes runs for campaigns until a signal comes. Returns the exit status. Errors: `UsageError`, `QueueError`. */
export async function campaignWorkerCommand(
  { queue: url, workers }: WorkerOptions,
  version: string,
): Promise<number> {
  if (url === undefined)
    throw new UsageError('campaign worker: needs --queue redis://HOST:PORT, as campaign has it');
  const threads = threadsOf(workers);
  const pool = new RunPool(threads);
  let made = 0;
  try {
    const worker = await openQueueWorker({
      url,
      version,
      pool,
      threads,
      made: (runs) => {
        made += runs;
      },
    });
    process.stdout.write(`ready with ${count(threads)} ${threads === 1 ? 'thread' : 'threads'}\n`);
    await Promise.race([untilStopped(), worker.broken]);
    await worker.close();
  } finally {
    await pool.close();
  }
  process.stdout.write(`${count(made)} runs made\n`);
  return Exit.clean;
}

function threadsOf(workers: string | undefined): number {
  const most = Math.min(WORKERS_MAX, availableParallelism());
  return wholeOf('--workers', workers ?? `${most}`, 1, WORKERS_MAX);
}
