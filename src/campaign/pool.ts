/** Makes runs in worker threads; those of a campaign come in the order of its jobs. */
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import type { CampaignWorld, Job, RunLine } from './job.ts';
import type { LateEnd, LateEvidence, LateFailure, LateJob } from './late-run.ts';
import type { Runs } from './queue.ts';
import type { WorkerTask } from './worker.ts';

/** Jobs that wait or run for each worker: enough that none is idle, few enough to stop soon. */
const JOBS_PER_WORKER = 4;

/** The worker lies beside this file, as TypeScript in a clone and as JavaScript when built. */
const WORKER = import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js';

/** Worker threads. Close them when there is nothing more to run. */
export class RunPool implements Runs {
  readonly #pool: Tinypool;
  readonly #workers: number;
  readonly #broken: Promise<never>;

  /** `worker`: another worker file, for tests. */
  constructor(workers: number, worker: URL = new URL(WORKER, import.meta.url)) {
    this.#workers = workers;
    this.#pool = new Tinypool({
      filename: fileURLToPath(worker),
      minThreads: workers,
      maxThreads: workers,
    });
    this.#broken = new Promise<never>((_resolve, reject) => this.#pool.on('error', reject));
    this.#broken.catch(() => {});
  }

  /**
   * Runs jobs. The records come in the order of the jobs, whoever was first, so the number of
   * workers changes nothing but the time. A worker that dies costs its run, whose record says so,
   * and no other. Errors: what keeps a worker from starting.
   */
  async *run(world: CampaignWorld, jobs: Iterable<Job>): AsyncGenerator<RunLine> {
    const pending: Promise<RunLine>[] = [];
    for (const job of jobs) {
      pending.push(this.#runOne(world, job));
      if (pending.length >= this.#workers * JOBS_PER_WORKER) yield await this.#next(pending);
    }
    while (pending.length > 0) yield await this.#next(pending);
  }

  #next(pending: Promise<RunLine>[]): Promise<RunLine> {
    return Promise.race([pending.shift()!, this.#broken]);
  }

  async #runOne(world: CampaignWorld, job: Job): Promise<RunLine> {
    try {
      const task: WorkerTask = { world, job };
      return (await this.#pool.run(task)) as RunLine;
    } catch (error) {
      const { run, seed, faults } = job;
      const reason = error instanceof Error ? error.message : String(error);
      return { run, seed, faults, error: `the worker ended: ${reason}` };
    }
  }

  /** Makes a run under late frames. A worker that dies is a failure of that run. */
  runLate(late: LateJob): Promise<LateEnd | LateFailure> {
    return this.#late<LateEnd>({ late });
  }

  /** Makes such a run once more, for the frames that show what it violates. */
  evidence(late: LateJob, invariant: string): Promise<LateEvidence | LateFailure> {
    return this.#late<LateEvidence>({ late, invariant });
  }

  async #late<Result>(task: WorkerTask): Promise<Result | LateFailure> {
    try {
      return (await Promise.race([this.#pool.run(task), this.#broken])) as Result | LateFailure;
    } catch (error) {
      return { error: `the worker ended: ${error instanceof Error ? error.message : error}` };
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
