/** Smaller worlds: how they are told, and what is left of a scenario. */
import { describe, expect, test } from 'vitest';
import { parseReduction, reduced, reductionsOf } from '../../../src/campaign/reduce.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const WORLD = { scenario: loadScenario(TEXT, 'x.yaml'), iosPerStep: 4 };

describe('reductions', () => {
  test('what a smaller world leaves is taken as it is', () => {
    const reduction = { oneVm: true, fabric: 'A', iosPerStep: 2, readPercent: 0 };
    expect(parseReduction(reduction)).toEqual(reduction);
  });

  test.each([[[]], [{ oneVm: false }], [{ fabric: 1 }], [{ vms: 1 }], [{ queueDepth: -1 }]])(
    '%j: only what is known',
    (value) => {
      if (Array.isArray(value)) expect(parseReduction(value)).toEqual(value);
      else expect(() => parseReduction(value)).toThrow('reduce: ');
    },
  );
});

describe('a smaller world', () => {
  test('has one logical unit for each guest, and the load that is named', () => {
    const { iosPerStep, scenario } = reduced(WORLD, { oneLun: true, iosPerStep: 1, queueDepth: 2 });
    expect(iosPerStep).toBe(1);
    expect(scenario.vms.map(({ luns }) => luns)).toEqual([['system']]);
    expect(scenario.vms[0]!.workload).toEqual({
      ...WORLD.scenario.vms[0]!.workload,
      queueDepth: 2,
    });
  });

  test('on one fabric has the ports on it, and nothing of the other', () => {
    const { scenario } = reduced(WORLD, { fabric: 'B' });
    expect(scenario.fabrics.map(({ name }) => name)).toEqual(['B']);
    expect(scenario.hosts.map(({ ports }) => ports)).toEqual([['B'], ['B']]);
    expect(scenario.array.ports).toEqual(['B', 'B']);
  });

  test('is the same where nothing is named', () => expect(reduced(WORLD, {})).toEqual(WORLD));

  test('those that are tried make something smaller than it is', () => {
    const tried = reductionsOf(WORLD);
    expect(tried).toContainEqual({ fabric: 'A' });
    expect(tried).toContainEqual({ oneLun: true });
    expect(tried.flatMap(({ iosPerStep = [] }) => iosPerStep)).toEqual([1, 2]);
    expect(tried.flatMap(({ queueDepth = [] }) => queueDepth)).toEqual([1, 2, 4]);
    expect(tried).not.toContainEqual({ oneVm: true });
    const small = reduced(WORLD, { oneLun: true, fabric: 'A', blocksMax: 1, readPercent: 0 });
    const left = reductionsOf(small).flatMap(Object.keys);
    for (const done of ['oneLun', 'fabric', 'blocksMax', 'readPercent'])
      expect(left).not.toContain(done);
  });
});
