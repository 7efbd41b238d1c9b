/** Who makes the runs of a campaign, by the options that say so. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { RunPool } from '../../../src/campaign/pool.ts';
import { QueueError } from '../../../src/campaign/redis-queue.ts';
import { campaignWorkerCommand, openRuns } from '../../../src/cli/campaign-worker.ts';
import { UsageError } from '../../../src/cli/output.ts';

afterEach(() => vi.restoreAllMocks());

describe('the runs of a campaign', () => {
  test('are made by threads here where no queue is named', async () => {
    const { runs, workers } = await openRuns({ workers: '1' }, '1.2.3');
    expect(runs).toBeInstanceOf(RunPool);
    expect(workers).toBe(1);
    await runs.close();
  });

  test('threads here are none of a campaign that has a queue', async () => {
    const given = openRuns({ workers: '2', queue: 'redis://127.0.0.1:1' }, '1.2.3');
    await expect(given).rejects.toThrow(UsageError);
    await expect(given).rejects.toThrow('--workers does nothing with --queue');
  });

  test('an address that is none is told in a line', async () => {
    const given = openRuns({ queue: 'http://u:secret@x' }, '1.2.3');
    await expect(given).rejects.toThrow(QueueError);
    const { message } = (await given.catch((error: Error) => error)) as Error;
    expect(message).toBe('--queue http://x: needs redis://HOST:PORT, or rediss:// for TLS');
  });
});

describe('a worker', () => {
  test('needs a queue', async () => {
    await expect(campaignWorkerCommand({}, '1.2.3')).rejects.toThrow(
      'campaign worker: needs --queue redis://HOST:PORT',
    );
  });

  test('ends its threads where there is no queue to be had', async () => {
    const close = vi.spyOn(RunPool.prototype, 'close');
    const given = campaignWorkerCommand({ queue: 'redis:', workers: '1' }, '1.2.3');
    await expect(given).rejects.toThrow(QueueError);
    expect(close).toHaveBeenCalledTimes(1);
  });
});
