/** One run of a campaign: what it is made of, and the line that comes of it. */
import { describe, expect, test } from 'vitest';
import { isBad, optionsOf, type RunEnd, runJob } from '../../../src/campaign/job.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const WORLD = { scenario: loadScenario(TEXT, 'x.yaml'), iosPerStep: 1 };

describe('a job', () => {
  test('brings its seed and its faults, the world the rest', () => {
    const faults = [{ frame: 5, fault: 'drop' as const }];
    const options = optionsOf({ ...WORLD, lifetimeNs: 7 }, { seed: 9, faults });
    expect(options).toEqual({
      scenario: { ...WORLD.scenario, seed: 9 },
      faults,
      iosPerStep: 1,
      lifetimeNs: 7,
    });
    expect(optionsOf(WORLD, { seed: 9, faults })).not.toHaveProperty('lifetimeNs');
  });

  test('gives a line of plain data', () => {
    const line = runJob(WORLD, { run: 3, seed: 2, faults: [] }) as RunEnd;
    expect(line).toMatchObject({ run: 3, seed: 2, faults: [], outcome: 'moved', violated: [] });
    expect(JSON.parse(JSON.stringify(line))).toEqual(line);
    expect(isBad(line)).toBe(false);
  });

  test('that cannot be run gives a line as well, no longer than a person reads', () => {
    const vms = WORLD.scenario.vms.map((vm) => ({ ...vm, name: 'v'.repeat(600) }));
    const move = { ...WORLD.scenario.move, vm: vms[0]!.name };
    const fabrics = WORLD.scenario.fabrics.map((fabric) => ({ ...fabric, zones: [] }));
    const world = { ...WORLD, scenario: { ...WORLD.scenario, vms, move, fabrics } };
    const line = runJob(world, { run: 1, seed: 1, faults: [] });
    expect(line).toMatchObject({ run: 1, seed: 1, faults: [] });
    const { error } = line as { error: string };
    expect(error).toMatch(/^v+\.\.\.$/);
    expect(error).toHaveLength(500);
    expect(isBad(line)).toBe(true);
  });
});
