/** What is kept of failing runs, and in which order. */
import { expect, test } from 'vitest';
import type { RunEnd } from '../../../src/campaign/job.ts';
import { ResultsError, type ResultsHeader } from '../../../src/campaign/results.ts';
import {
  breaks,
  formatSeeds,
  KEPT_OF_INVARIANT,
  type KeptSeed,
  keptOf,
  parseSeeds,
  seedsOf,
} from '../../../src/campaign/seed-store.ts';

const HEADER = {
  sanmotion: '1.2.3',
  format: 1,
  scenario: { file: 'a.yaml', overrides: {} },
  scenarioDigest: '0123456789abcdef',
  plan: { mode: { mode: 'random', faultsMax: 2 }, seeds: [1, 9] },
  iosPerStep: 4,
} as const satisfies ResultsHeader;

const run = (seed: number, invariant?: string, frames = 100): RunEnd => ({
  run: seed,
  seed,
  faults: [{ frame: 1, fault: 'drop' }],
  outcome: 'moved',
  digest: '',
  virtualTimeNs: 1,
  frames,
  hits: 1,
  io: {} as RunEnd['io'],
  violated: invariant === undefined ? [] : [{ invariant, detail: 'x' }],
});

const seed = (number: number, changes: Partial<KeptSeed> = {}): KeptSeed => ({
  ...seedsOf(HEADER, [run(number, 'I7')], 'new')[0]!,
  ...changes,
});

test('failing runs alone, with what is needed to make them again', () => {
  const error = { run: 3, seed: 3, faults: [], error: 'no end' };
  const kept = seedsOf(HEADER, [run(1), run(2, 'I7'), error], 'abc');
  expect(kept).toMatchObject([
    { commit: 'abc', seed: 2, invariant: 'I7', iosPerStep: 4, scenarioDigest: '0123456789abcdef' },
    { commit: 'abc', seed: 3, invariant: 'error', detail: 'no end', frames: 0 },
  ]);
  expect(breaks(run(2, 'I7'), 'I7')).toBe(true);
  expect(breaks(run(2, 'I7'), 'I6')).toBe(false);
  expect(breaks(error, 'error')).toBe(true);
});

test('of a scenario and an invariant the small ones; the new before the old; a run once', () => {
  const old = [seed(1, { commit: 'old' }), seed(2, { commit: 'old' })];
  const found = [50, 30, 10].map((frames, i) => seed(10 + i, { frames }));
  const kept = keptOf([...found, seed(1)], old);
  expect(kept.map((one) => [one.seed, one.commit])).toEqual([
    [12, 'new'],
    [11, 'new'],
    [10, 'new'],
    [1, 'new'],
  ]);
  expect(kept).toHaveLength(KEPT_OF_INVARIANT);
  // Another invariant has room of its own.
  expect(keptOf([seed(20, { invariant: 'I6' })], kept)).toHaveLength(KEPT_OF_INVARIANT + 1);
});

test('the text of a store, there and back; a line that is none is named', () => {
  const kept = [seed(1), seed(2)];
  expect(parseSeeds(formatSeeds(kept), 's')).toEqual(kept);
  expect(() => parseSeeds(`${formatSeeds(kept)}{}\n`, 's')).toThrow(ResultsError);
  expect(() => parseSeeds(`${formatSeeds(kept)}x\n`, 's')).toThrow('s:3: no kept seed');
});
