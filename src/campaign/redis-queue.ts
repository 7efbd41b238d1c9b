/**
 * Batches of runs through Redis, by BullMQ: workers on any machine take them, and join and leave as
 * they like. A worker that dies holds its batches no longer than `LOCK_MS`; then another has them.
 *
 * BullMQ and ioredis are optional peers of the package, loaded here and nowhere else. The workers of
 * another version of sanmotion have another queue: their runs would not be the same.
 */
import type { Redis } from 'ioredis';
import type { RunLine } from './job.ts';
import type { RunPool } from './pool.ts';
import { BATCH_RUNS, type Batch, type BatchCarrier } from './queue.ts';

/** A worker tells Redis at least so often that it lives; twice as often in fact. */
const LOCK_MS = 10_000;
/** How often workers look for the batches of one that died. */
const STALLED_MS = 5_000;
/** Workers that may die over one batch before it is given up. */
const DEATHS_MAX = 5;
/** Answers that nobody fetched are thrown away after this time. */
const KEPT_S = 3600;

/** What keeps a queue from being used, in one line. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}

const URL_FORM = /^rediss?:\/\/[^/\s]+/;
const MISSING = 'needs BullMQ and ioredis, which are not installed: npm install bullmq ioredis';

/** The peers, loaded. Errors: `QueueError` for a bad address, and where they are not installed. */
async function peersFor(url: string) {
  if (!URL_FORM.test(url) || !URL.canParse(url))
    throw new QueueError(`--queue ${shown(url)}: needs redis://HOST:PORT, or rediss:// for TLS`);
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { ...bullmq, Redis: ioredis.Redis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new QueueError(`--queue ${MISSING}`);
  }
}

/** The address without its password. */
function shown(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

/** A connection that is there. Errors: `QueueError` where nobody answers. */
async function connected(Client: typeof Redis, url: string): Promise<Redis> {
  const redis = new Client(url, { maxRetriesPerRequest: null, lazyConnect: true });
  let fault = 'no answer';
  redis.on('error', (error) => {
    fault = error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    const { message } = error as Error;
    // ioredis ends with this whatever the reason was.
    const why = message === 'Connection is closed.' ? fault : message;
    throw new QueueError(`--queue ${shown(url)}: Redis cannot be reached: ${why}`);
  }
  return redis;
}

/** Bull wants a connection to be one of the clients it knows; ours is, of any version. */
const asConnection = (redis: Redis) => ({ connection: redis as unknown as object });

const queueName = (version: string): string => `sanmotion-${version}`;

/** Opens the sending side of the queue. Errors: `QueueError`. */
export async function openRedisQueue(url: string, version: string): Promise<BatchCarrier> {
  const { Queue, QueueEvents, Redis } = await peersFor(url);
  const connections = [await connected(Redis, url), await connected(Redis, url)];
  const [sending, hearing] = connections as [Redis, Redis];
  const queue = new Queue(queueName(version), asConnection(sending));
  const events = new QueueEvents(queueName(version), asConnection(hearing));
  // ioredis goes on by itself when the connection is back.
  queue.on('error', () => {});
  events.on('error', () => {});
  events.setMaxListeners(0);
  queue.setMaxListeners(0);
  await events.waitUntilReady();
  const out = new Set<{ remove(): Promise<unknown> }>();
  return {
    carry: async (batch) => {
      const job = await queue.add('runs', batch, {
        removeOnComplete: { age: KEPT_S },
        removeOnFail: { age: KEPT_S },
        attempts: DEATHS_MAX,
      });
      out.add(job);
      try {
        return (await job.waitUntilFinished(events)) as readonly RunLine[];
      } finally {
        out.delete(job);
        await job.remove().catch(() => {});
      }
    },
    close: async () => {
      // One that a worker has at this moment stays with it, and its answer is thrown away.
      await Promise.all([...out].map((job) => job.remove().catch(() => {})));
      await events.close();
      await queue.close();
      for (const one of connections) one.disconnect();
    },
  };
}

/** A worker of a queue. */
export interface QueueWorker {
  /** Rejects when its pool can make no more runs. */
  readonly broken: Promise<never>;
  /** Takes no more batches; ends when those it has are done. */
  close(): Promise<void>;
}

/** What a worker of a queue is made of. */
export interface QueueWorkerOptions {
  readonly url: string;
  readonly version: string;
  readonly pool: Pick<RunPool, 'run'>;
  /** Threads of the pool. */
  readonly threads: number;
  /** A batch is done. */
  readonly made: (runs: number) => void;
}

/** Begins to take batches. Errors: `QueueError`. */
export async function openQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const { made, pool, threads, url, version } = options;
  const { Redis, Worker } = await peersFor(url);
  const redis = await connected(Redis, url);
  let breakUp: (error: unknown) => void = () => {};
  const broken = new Promise<never>((_resolve, reject) => {
    breakUp = reject;
  });
  broken.catch(() => {});
  const work = async ({ data }: { readonly data: Batch }): Promise<RunLine[]> => {
    const lines: RunLine[] = [];
    try {
      for await (const line of pool.run(data.world, data.jobs)) lines.push(line);
    } catch (error) {
      breakUp(error);
      throw error;
    }
    made(lines.length);
    return lines;
  };
  const worker = new Worker(queueName(version), work, {
    ...asConnection(redis),
    // One more than its threads can work on, so that none waits for Redis.
    concurrency: Math.ceil(threads / BATCH_RUNS) + 1,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_MS,
    maxStalledCount: DEATHS_MAX,
  });
  worker.on('error', () => {});
  return {
    broken,
    close: async () => {
      await worker.close();
      redis.disconnect();
    },
  };
}
