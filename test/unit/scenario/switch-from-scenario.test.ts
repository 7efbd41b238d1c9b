/** The switches that a scenario gives, with their zones. */
import { describe, expect, test } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { switchIdentity } from '../../../src/scenario/switch-from-scenario.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { TEXT, withMove } from '../../helpers/scenario.ts';

const switchesOf = (text: string) => nodesOf(topologyOf(loadScenario(text, 'x.yaml')), 'switch');

describe('a switch', () => {
  test('has names and an address by its place', () => {
    const [first, second] = switchesOf(TEXT);
    expect(first!.options).toMatchObject(switchIdentity('A', 1));
    expect(second!.options).toMatchObject({
      name: 'B',
      fcfMac: '0e:00:fc:f0:00:02',
      fabricName: '20:00:02:00:fa:b0:00:02',
      switchName: '10:00:02:00:fc:f0:00:02',
    });
  });

  test('zones every guest with the array where the file says no zones', () => {
    const [first] = switchesOf(TEXT);
    expect(first!.options.zoning!.zones).toEqual([
      {
        name: 'vm1',
        members: [
          'c0:50:76:00:00:00:01:00',
          'c0:50:76:00:00:00:01:01',
          '50:06:01:60:00:00:00:01',
          '50:06:01:60:00:00:00:02',
        ],
      },
    ]);
    expect(first!.options.zoning).toMatchObject({ defaultZone: 'deny', enforced: 'hard' });
  });

  test('does what the file says of its fabric', () => {
    const [first, second] = switchesOf(
      TEXT.replace(
        'domain: 1 }',
        'domain: 9, rATovMs: 500, rscn: none, cleanAddress: true, zones: [{ name: z, members: [array, vm1, "10:00:00:00:00:00:00:0A"] }] }',
      ),
    );
    expect(first!.options).toMatchObject({
      domain: 9,
      rATovMs: 500,
      eDTovMs: 2000,
      rscn: 'none',
      cleanAddress: true,
    });
    expect(second!.options).toMatchObject({ domain: 2, cleanAddress: false });
    expect(first!.options.zoning!.zones).toEqual([
      {
        name: 'z',
        members: [
          '50:06:01:60:00:00:00:01',
          '50:06:01:60:00:00:00:02',
          'c0:50:76:00:00:00:01:00',
          'c0:50:76:00:00:00:01:01',
          '10:00:00:00:00:00:00:0a',
        ],
      },
    ]);
  });

  test('gives the names that are known where the move is a proxy one', () => {
    const [first] = switchesOf(withMove('strategy: proxy'));
    expect(first!.options.virtualWwpns).toEqual([
      { wwpn: 'c0:50:76:00:00:00:01:00', to: '21:02:00:25:00:01:01:00' },
    ]);
  });
});
