/** How many workers there are changes nothing; and what a fault does to a run. */
import { describe, expect, test } from 'vitest';
import {
  type CampaignWorld,
  type Job,
  optionsOf,
  type RunLine,
  runJob,
} from '../../../src/campaign/job.ts';
import {
  type CampaignPlan,
  framesOfMove,
  jobsOf,
  templatesOf,
} from '../../../src/campaign/plan.ts';
import { RunPool } from '../../../src/campaign/pool.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const world: CampaignWorld = { scenario: loadScenario(TEXT, 'x.yaml'), iosPerStep: 2 };

async function linesOf(
  pool: RunPool,
  world: CampaignWorld,
  jobs: Iterable<Job>,
): Promise<RunLine[]> {
  const lines: RunLine[] = [];
  for await (const line of pool.run(world, jobs)) lines.push(line);
  await pool.close();
  return lines;
}

test('one and two workers give the same results, byte for byte', async () => {
  const plan: CampaignPlan = { mode: { mode: 'random', faultsMax: 2 }, seeds: [1, 8] };
  const texts = [];
  for (const workers of [1, 2]) {
    const lines = await linesOf(new RunPool(workers), world, jobsOf(world, plan));
    texts.push(lines.map((one) => JSON.stringify(one)).join('\n'));
  }
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).toContain('"run":8');
});

describe('the world mends itself after', () => {
  const frames = framesOfMove(world, 1);
  const templates = templatesOf(world);

  test.each(templates.map((one) => [JSON.stringify(one), one] as const))(
    '%s',
    (_name, template) => {
      for (const share of [0.2, 0.6, 0.95]) {
        const faults = [{ frame: Math.ceil(frames * share), ...template }] as Job['faults'];
        const line = runJob(world, { run: 1, seed: 1, faults });
        if ('error' in line) throw new Error(line.error);
        expect(line.io.dropped).toBe(0);
        expect(line.io.completed + line.io.failed).toBe(line.io.submitted);
        // The fault came to its frame; a crash is none of a frame's faults.
        if (template.fault !== 'crash') expect(line.hits).toBeGreaterThan(0);
      }
    },
  );

  test('a run with faults can be repeated', () => {
    const job = { seed: 3, faults: [{ frame: 60, fault: 'corrupt' as const }] };
    const [a, b] = [runMove(optionsOf(world, job)), runMove(optionsOf(world, job))];
    expect(a.digest).toBe(b.digest);
    expect(a.hits.length).toBe(1);
    const undisturbed = runMove(optionsOf(world, { seed: 3, faults: [] }));
    expect(undisturbed.digest).not.toBe(a.digest);
  });

  test('a frame that is held longer than frames live is lost; in a broken network it comes', () => {
    // A frame on its way to the switch, where the tap sees it come.
    let number = 0;
    let bytes: Uint8Array = new Uint8Array();
    framesOfMove(world, 1, (count, frame) => {
      if (number > 0 || count < 60 || frame[0] !== 0x0e || frame[1] !== 0) return;
      [number, bytes] = [count, frame];
    });
    const hold = { frame: number, fault: 'delay' as const, delayNs: 11e9 };
    const comesLate = (lifetimeNs?: number): number => {
      let late = 0;
      const report = runMove({
        ...optionsOf(world, { seed: 1, faults: [hold] }),
        ...(lifetimeNs === undefined ? {} : { lifetimeNs }),
        observer: {
          see: (one) => {
            if (one.at >= 11e9 && Buffer.compare(one.bytes, bytes) === 0) late++;
          },
        },
      });
      expect(report.hits.map((one) => one.fault)).toEqual([hold]);
      return late;
    };
    expect(comesLate()).toBe(0);
    expect(comesLate(20e9)).toBe(1);
  });
});
