/** How a violation is made small, in worlds whose runs are told by a rule instead of being made. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { CampaignWorld, Job, RunLine } from '../../../src/campaign/job.ts';
import { shrink } from '../../../src/campaign/shrink.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

/** Which jobs violate I7 in a world. */
let isViolated: (world: CampaignWorld, job: Job) => boolean;
let runs: number;

vi.mock(import('../../../src/campaign/job.ts'), async (original) => ({
  ...(await original()),
  runJob: (world: CampaignWorld, job: Job): RunLine => {
    runs++;
    const violated = isViolated(world, job) ? [{ invariant: 'I7', detail: '' }] : [];
    return { ...job, outcome: 'moved', violated } as unknown as RunLine;
  },
}));
/** A smaller world has half of the frames, of the same kinds in the same order. */
vi.mock(import('../../../src/campaign/plan.ts'), async (original) => ({
  ...(await original()),
  framesOfMove: (
    world: CampaignWorld,
    _seed: number,
    sees?: (number: number, frame: Uint8Array) => void,
  ) => {
    const frames = world.scenario.fabrics.length === 1 ? 10 : 20;
    for (let number = 1; number <= frames; number++)
      sees?.(number, Uint8Array.of(Math.ceil((number / frames) * 10)));
    return frames;
  },
}));
vi.mock(import('../../../src/run/signature.ts'), async (original) => ({
  ...(await original()),
  signatureOf: (frame: Uint8Array) => `kind ${frame[0]}`,
}));

const WORLD: CampaignWorld = { scenario: loadScenario(TEXT, 'x.yaml'), iosPerStep: 4 };
const drop = (frame: number) => ({ frame, fault: 'drop' as const });

beforeEach(() => {
  runs = 0;
});

test('a run that does not violate it is not made small', () => {
  isViolated = () => false;
  expect(shrink(WORLD, { seed: 1, faults: [drop(1)] }, 'I7')).toBeUndefined();
  expect(runs).toBe(1);
});

test('another invariant is another violation', () => {
  isViolated = () => true;
  expect(shrink(WORLD, { seed: 1, faults: [] }, 'I8')).toBeUndefined();
});

test('only the faults that it needs stay, and every reduction that still shows it', () => {
  isViolated = ({ scenario }, { faults }) =>
    faults.some(({ frame }) => frame === (scenario.fabrics.length === 1 ? 6 : 12)) &&
    scenario.vms.every((vm) => vm.luns.length === 2);
  const told: number[] = [];
  const job = { seed: 3, faults: [drop(3), drop(12), drop(19)] };
  const shrunk = shrink(WORLD, job, 'I7', (tries) => told.push(tries))!;
  expect(shrunk.seed).toBe(3);
  // The frame of the same kind in the smaller world.
  expect(shrunk.faults).toEqual([drop(6)]);
  expect(shrunk.reduction).toMatchObject({ fabric: 'A', iosPerStep: 1, readPercent: 0 });
  expect(shrunk.reduction).not.toHaveProperty('oneLun');
  expect(shrunk.tries).toBe(runs);
  expect(told).toEqual(Array.from({ length: runs }, (_, i) => i + 1));
  expect(shrink(WORLD, job, 'I7')).toEqual(shrunk);
});
