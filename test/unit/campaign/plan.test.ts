/** Which runs a campaign is made of, and in which order. */
import { describe, expect, test } from 'vitest';
import type { CampaignWorld } from '../../../src/campaign/job.ts';
import {
  type CampaignPlan,
  framesOfMove,
  jobsOf,
  runsOf,
  templatesOf,
} from '../../../src/campaign/plan.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const world: CampaignWorld = { scenario: loadScenario(TEXT, 'x.yaml'), iosPerStep: 2 };

describe('the runs of a campaign', () => {
  test('exhaustive: the run without a fault, then every frame times every fault', () => {
    const frames = framesOfMove(world, 1);
    const templates = templatesOf(world);
    const jobs = [...jobsOf(world, { mode: { mode: 'exhaustive' }, seeds: [1, 1] })];
    expect(frames).toBeGreaterThan(100);
    expect(jobs.length).toBe(1 + frames * templates.length);
    expect(runsOf(world, { mode: { mode: 'exhaustive' }, seeds: [1, 1] })).toBe(jobs.length);
    expect(jobs[0]!.faults).toEqual([]);
    expect(jobs.at(-1)).toEqual({
      run: jobs.length,
      seed: 1,
      faults: [{ frame: frames, fault: 'crash', node: 'mover' }],
    });
    expect(new Set(jobs.map((one) => JSON.stringify(one.faults))).size).toBe(jobs.length);
  });

  test.each([
    { mode: 'random', faultsMax: 3 },
    { mode: 'pairs', pairs: 5 },
  ] as const)('$mode: the same runs every time, other ones for other seeds', (mode) => {
    const plan: CampaignPlan = { mode, seeds: [4, 6] };
    const jobs = [...jobsOf(world, plan)];
    expect([...jobsOf(world, plan)]).toEqual(jobs);
    expect(jobs.map((one) => one.run)).toEqual(jobs.map((_, i) => i + 1));
    const sets = jobs.map((one) => JSON.stringify(one.faults)).filter((one) => one !== '[]');
    expect(new Set(sets).size).toBe(sets.length);
    for (const { faults } of jobs) {
      expect(new Set(faults.map((one) => one.frame)).size).toBe(faults.length);
      expect(faults.length).toBeLessThanOrEqual(3);
    }
  });
});
