/** The virtual HBAs of a scenario's guests, and where they sit. */
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';
import { givenPairs, inOrderOf, pairsOf, seatsOf } from '../../../src/scenario/vhba-seats.ts';
import { TEXT } from '../../helpers/scenario.ts';

const load = (ports1: string, ports2: string, wwpns = '') =>
  loadScenario(
    TEXT.replace('h1, ports: [A, B]', `h1, ports: ${ports1}`)
      .replace('h2, ports: [A, B]', `h2, ports: ${ports2}`)
      .replace('host: h1\n', `host: h1\n${wwpns === '' ? '' : `    wwpns: ${wwpns}\n`}`),
    'x.yaml',
  );

describe('WWPNs of vHBAs', () => {
  test('of the first on each fabric do not depend on how many there are', () => {
    const one = load('[A, B]', '[A, B]');
    const three = load('[A, A, B, A]', '[A, B]');
    expect(pairsOf(three, three.vms[0]!, 0, 'A')[0]).toEqual(pairsOf(one, one.vms[0]!, 0, 'A')[0]);
    expect(pairsOf(three, three.vms[0]!, 0, 'B')).toEqual(pairsOf(one, one.vms[0]!, 0, 'B'));
  });

  test('are each of one vHBA only', () => {
    const scenario = load('[A, A, B, A, B]', '[A, B]');
    const vm = scenario.vms[0]!;
    const all = ['A', 'B'].flatMap((fabric) => pairsOf(scenario, vm, 0, fabric).flat());
    expect(all.length).toBe(10);
    expect(new Set(all).size).toBe(10);
  });

  test('are those of the file, for one vHBA or for each', () => {
    expect(givenPairs(['x', 'y'])).toEqual([['x', 'y']]);
    expect(givenPairs([['x', 'y'], ['z']])).toEqual([['x', 'y'], ['z']]);
    const given =
      '{ A: [["C0:50:76:00:00:00:09:00", "c0:50:76:00:00:00:09:01"], ["c0:50:76:00:00:00:09:02", "c0:50:76:00:00:00:09:03"]] }';
    const scenario = load('[A, B]', '[A, B]', given);
    expect(pairsOf(scenario, scenario.vms[0]!, 0, 'A')).toEqual([
      ['c0:50:76:00:00:00:09:00', 'c0:50:76:00:00:00:09:01'],
      ['c0:50:76:00:00:00:09:02', 'c0:50:76:00:00:00:09:03'],
    ]);
  });
});

describe('seats', () => {
  test('are at the n-th port of the fabric, and shared where there are fewer', () => {
    const scenario = load('[A, A, A]', '[B, A, A]');
    const vm = scenario.vms[0]!;
    const source = seatsOf(scenario, vm, 0, 'h1');
    expect(source.map(({ port, vhba }) => [vhba, port])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    const destination = inOrderOf(seatsOf(scenario, vm, 0, 'h2'), source);
    expect(destination.map(({ fabric, port, vhba }) => [fabric, vhba, port])).toEqual([
      ['A', 0, 1],
      ['A', 1, 2],
      ['A', 2, 1],
      ['B', 0, 0],
    ]);
  });
});
