/** The reuse of an S_ID: found without being told where, made small, and gone under the defences. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type CampaignWorld,
  type Job,
  optionsOf,
  type RunLine,
  runJob,
} from '../../../src/campaign/job.ts';
import { jobsOf } from '../../../src/campaign/plan.ts';
import { quiescePoint } from '../../../src/campaign/quiesce.ts';
import { quiesceSvg } from '../../../src/campaign/quiesce-svg.ts';
import { reduced } from '../../../src/campaign/reduce.ts';
import { evidenceOfShrunk, shrink } from '../../../src/campaign/shrink.ts';
import { memorySink, readFrames } from '../../../src/capture/index.ts';
import { writeEvidence } from '../../../src/run/evidence.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { inFull } from '../../helpers/in-full.ts';

const TEXT = readFileSync(new URL('../../../scenarios/s-id-reuse.yaml', import.meta.url), 'utf8');

function worldOf(overrides: object = {}): CampaignWorld {
  return { scenario: loadScenario(TEXT, 's-id-reuse.yaml', overrides), iosPerStep: 4 };
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const ghost = (line: RunLine): boolean =>
  'violated' in line && line.violated.some((one) => one.invariant === 'I7');

/** The runs of an exhaustive campaign that hold exchanges back. */
function* holds(world: CampaignWorld): Generator<Job> {
  for (const job of jobsOf(world, { mode: { mode: 'exhaustive' }, seeds: [1, 1] })) {
    if (job.faults[0]?.fault === 'hold') yield job;
  }
}

/** The first frames of the move, before its destination logs in. */
const FRAMES = 40;

function firstGhost(world: CampaignWorld, from = 1, to = FRAMES): Job | undefined {
  for (const job of holds(world)) {
    const { frame } = job.faults[0]!;
    if (frame > to) return undefined;
    if (frame >= from && ghost(runJob(world, job))) return job;
  }
  return undefined;
}

describe('the ghost write', () => {
  const world = worldOf();
  const job = firstGhost(world)!;
  // The defences act later: until then the frames are the same.
  const at = job.faults[0]!.frame;
  const near = [at - 2, at + 8] as const;

  test('is found by holding exchanges back, and made small the same way every time', async () => {
    expect(job).toBeDefined();
    const shrunk = shrink(world, job, 'I7')!;
    expect(shrink(world, job, 'I7')).toEqual(shrunk);
    expect(shrunk.faults.length).toBe(1);
    const before = runMove(optionsOf(world, job));
    expect(shrunk.record.io.submitted).toBeLessThan(before.io.submitted);

    // The small world shows it by itself: this is what --replay runs.
    const small = reduced(world, shrunk.reduction);
    expect(ghost(runJob(small, { run: 1, seed: shrunk.seed, faults: shrunk.faults }))).toBe(true);

    const evidence = evidenceOfShrunk(world, shrunk);
    expect(evidence.frames.length).toBeGreaterThan(4);
    expect(evidence.frames.length).toBeLessThanOrEqual(40);
    const comments = evidence.frames.map((one) => one.comment).join('\n');
    expect(comments).toMatch(/the WRITE of I\/O \d+ .*is applied at .*after the guest was told/);
    expect(comments).toMatch(
      /leaves the switch at .*, is held by the fault .* and comes to array at /,
    );
    expect(comments).toMatch(/is given 01/);

    const sink = memorySink();
    await writeEvidence(sink, evidence, 'about');
    const frames = [];
    for await (const frame of readFrames(chunks(sink.bytes()))) frames.push(frame);
    expect(frames.length).toBe(evidence.frames.length);
    const written = new TextDecoder().decode(sink.bytes());
    for (const { comment } of evidence.frames) expect(written).toContain(comment);
  });

  test.each(['wait-r-a-tov', 'clean-address', 'oxid-epochs'])('is gone with %s', (defence) => {
    expect(firstGhost(worldOf({ defences: [defence] }), ...near)).toBeUndefined();
  });

  test.each(['logo-acknowledged', 'acl-first'])('is not gone with %s', (defence) => {
    expect(firstGhost(worldOf({ defences: [defence] }), ...near)).toBeDefined();
  });
});

test.skipIf(!inFull)('the wait that is needed is about as long as frames live', async () => {
  const reduction = { fabric: 'A', oneLun: true, iosPerStep: 2 } as const;
  const search = {
    seed: 1,
    worldOf: (waitMs: number) =>
      reduced(
        worldOf(
          waitMs === 0 ? { defences: [] } : { defences: ['wait-r-a-tov'], quiesceMs: waitMs },
        ),
        reduction,
      ),
    async *run(world: CampaignWorld, jobs: readonly Job[]) {
      for (const job of jobs) yield runJob(world, job);
    },
  };
  const point = await quiescePoint(search, 400, 10_000);
  expect(point.waitMs).toBeGreaterThan(300);
  expect(point.waitMs).toBeLessThanOrEqual(400);
  expect(point.breaks).toContain('I7');
  expect(await quiescePoint(search, 400, 10_000)).toEqual(point);
  const svg = quiesceSvg('a < b', [{ name: 'alone', points: [point] }]);
  expect(svg).toContain('a &lt; b');
  expect(svg.match(/<circle/g)?.length).toBe(1);
});
