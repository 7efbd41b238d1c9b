/** The search for the smallest safe wait, with runs that are told instead of being made. */
import { expect, test } from 'vitest';
import type { CampaignWorld, Job, RunLine } from '../../../src/campaign/job.ts';
import { type QuiesceSearch, quiescePoint } from '../../../src/campaign/quiesce.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const scenario = loadScenario(TEXT, 'x.yaml');
const lifetimes: (number | undefined)[] = [];

/** A search in which waits below `safeMs` break an invariant. A world tells its wait by the I/Os of a step, one more. */
function search(safeMs: number, invariant: string): QuiesceSearch {
  return {
    seed: 1,
    worldOf: (waitMs) => ({ scenario, iosPerStep: waitMs + 1 }),
    async *run({ iosPerStep, lifetimeNs }: CampaignWorld, jobs: readonly Job[]) {
      lifetimes.push(lifetimeNs);
      const violated = iosPerStep - 1 < safeMs ? [{ invariant, detail: '' }] : [];
      for (const job of jobs) yield { ...job, violated } as unknown as RunLine;
    },
  };
}

test('is found to a part of the lifetime', async () => {
  const point = await quiescePoint(search(37, 'I7'), 100, 64);
  expect(point).toMatchObject({ lifetimeMs: 100, waitMs: 37, breaks: ['I7'] });
  expect(point.blackoutMs).toBeGreaterThan(0);
  expect(new Set(lifetimes)).toEqual(new Set([100e6]));
});

test('no wait is enough where the longest is not', async () => {
  const point = await quiescePoint(search(1000, 'I1'), 100, 64);
  expect(point).toMatchObject({ waitMs: undefined, blackoutMs: undefined, breaks: ['I1'] });
});

test('a wait that is only too long, or shorter than the standard wants, is safe', async () => {
  for (const invariant of ['I29', 'I13'])
    expect(await quiescePoint(search(1000, invariant), 100, 64)).toMatchObject({ waitMs: 0 });
});
