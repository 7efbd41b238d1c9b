/** Runs made by workers elsewhere: batches go out, lines come back in the order of the jobs. */
import type { CampaignWorld, Job, RunLine } from './job.ts';

/** Runs that go to a worker together. Plain data: it travels as JSON. */
export interface Batch {
  readonly world: CampaignWorld;
  readonly jobs: readonly Job[];
}

/** What makes the runs of a campaign: worker threads, or a queue to workers elsewhere. */
export interface Runs {
  /** The records come in the order of the jobs, whoever was first. */
  run(world: CampaignWorld, jobs: Iterable<Job>): AsyncGenerator<RunLine>;
  close(): Promise<void>;
}

/** What takes batches to workers and brings their lines back. */
export interface BatchCarrier {
  /** The lines of a batch. It rejects where its workers died so often that it was given up. */
  carry(batch: Batch): Promise<readonly RunLine[]>;
  /** Batches that are not done are taken back. */
  close(): Promise<void>;
}

/** Runs of a batch: so long that carrying it costs nothing, so short that one that is lost costs little. */
export const BATCH_RUNS = 10;
/** Batches that are out at once: workers for some hundred processors find work. */
const BATCHES_OUT = 64;

/** The runs of a campaign by way of a queue. */
export class QueuedRuns implements Runs {
  readonly #carrier: BatchCarrier;

  constructor(carrier: BatchCarrier) {
    this.#carrier = carrier;
  }

  /** As `RunPool.run`: which worker made a run, and how often it was begun, changes nothing. */
  async *run(world: CampaignWorld, jobs: Iterable<Job>): AsyncGenerator<RunLine> {
    const out: Promise<readonly RunLine[]>[] = [];
    for (const batch of batchesOf(world, jobs)) {
      out.push(this.#carry(batch));
      if (out.length >= BATCHES_OUT) yield* await out.shift()!;
    }
    while (out.length > 0) yield* await out.shift()!;
  }

  /** A batch that was given up costs its runs, whose records say so, and no other. */
  async #carry(batch: Batch): Promise<readonly RunLine[]> {
    try {
      return checked(batch, await this.#carrier.carry(batch));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return batch.jobs.map((job) => ({ ...job, error: `the worker ended: ${reason}` }));
    }
  }

  close(): Promise<void> {
    return this.#carrier.close();
  }
}

function* batchesOf(world: CampaignWorld, jobs: Iterable<Job>): Generator<Batch> {
  let some: Job[] = [];
  for (const job of jobs) {
    some.push(job);
    if (some.length < BATCH_RUNS) continue;
    yield { world, jobs: some };
    some = [];
  }
  if (some.length > 0) yield { world, jobs: some };
}

/** The lines, when they are those of the batch. Errors: `TypeError`. */
function checked({ jobs }: Batch, lines: readonly RunLine[]): readonly RunLine[] {
  const fits =
    Array.isArray(lines) &&
    lines.length === jobs.length &&
    jobs.every(({ run, seed }, i) => lines[i]?.run === run && lines[i]?.seed === seed);
  if (!fits) throw new TypeError('its answer is not that of the runs it was given');
  return lines;
}
