/** A scenario file as the plan of a server, without a world of machines behind it. */
import { describe, expect, test } from 'vitest';
import { ListenError, parseListenAddress } from '../../../src/live/listen-address.ts';
import { LunError } from '../../../src/live/lun-source.ts';
import { arrayOf, ownersOf } from '../../../src/live/plan.ts';
import { scenarioPlan } from '../../../src/live/plan-scenario.ts';
import { readScenario } from '../../../src/scenario/load.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { placeOf, TEXT } from '../../helpers/scenario.ts';

/** The first WWPN that the file's virtual machine has on fabric A. */
const VM1_ON_A = 0xc050_7600_0000_0100n;
const LISTEN = [parseListenAddress('unix:a.sock')];

const scenario = (change: (text: string) => string = (text) => text) =>
  readScenario(change(TEXT), 'x.yaml');

describe('a scenario', () => {
  test('gives fabrics, target ports, logical units, masks and the names of guests', () => {
    const plan = scenarioPlan(scenario(), { listen: LISTEN, luns: [] });
    const switches = nodesOf(plan.topology, 'switch');
    expect(switches.map(({ fabric, options }) => [fabric, options.vlan, options.domain])).toEqual([
      ['A', 1002, 1],
      ['B', 1003, 2],
    ]);
    const array = arrayOf(plan);
    expect(array.ports.map((one) => one.fabric)).toEqual(['A', 'A', 'B', 'B']);
    expect(plan.units.map(({ name, source }) => [name, source])).toEqual([
      ['system', { kind: 'memory', bytes: 2_097_152 }],
      ['data', { kind: 'memory', bytes: 2_097_152 }],
    ]);
    const mask = array.masks.find(({ initiator }) => initiator === 'c0:50:76:00:00:00:01:00');
    expect([array.defaultMask, mask!.luns]).toEqual([
      [],
      [
        { lun: 0, unit: 0 },
        { lun: 1, unit: 1 },
      ],
    ]);
    expect(ownersOf(plan).get(VM1_ON_A)).toBe('vm1');
    expect(ownersOf(plan).get(0x5006_0160_0000_0002n)).toBe('array port 1');
  });

  test('serves switches and arrays with the cables between them, and nothing that moves', () => {
    const { topology } = scenarioPlan(scenario(), { listen: LISTEN, luns: [] });
    expect(topology.nodes.map((one) => one.name)).toEqual(['fcf-A', 'fcf-B', 'array']);
    expect(topology.cables.map((one) => one.ends[0].node)).toEqual(Array(4).fill('array'));
    expect(topology.moves).toEqual([]);
    const [first] = nodesOf(topology, 'switch');
    expect(first!.options.duplicateDisablesPort).toBe(false);
    expect(nodesOf(topology, 'array')[0]!.options.service!.writeNs).toBe(0);
  });

  test('options come on top of what it says', () => {
    const file = { kind: 'file', path: 'd.img', bytes: undefined } as const;
    const plan = scenarioPlan(scenario(), { listen: LISTEN, luns: [file], vlan: 0 });
    expect(plan.units.map((one) => one.source.kind)).toEqual(['file', 'memory']);
    const switches = nodesOf(plan.topology, 'switch');
    expect(switches.map((one) => one.options.vlan)).toEqual([0, 0]);
    expect(arrayOf(plan).ports).toEqual(
      Array(4).fill(expect.objectContaining({ vlanDiscovery: false })),
    );
    expect(plan.topology.cables.map((one) => one.vlan)).toEqual(Array(4).fill(0));
    expect(plan.listen[0]!.fabric).toBe('A');
  });

  test('says where to listen and where blocks are kept', () => {
    const said = scenario((text) =>
      text
        .replace('domain: 2 }', "domain: 2, listen: ['unix:b.sock'] }")
        .replace('name: system, blocks: 4096 }', 'name: system, file: s.img }'),
    );
    const plan = scenarioPlan(said, { listen: [], luns: [] });
    expect(plan.listen).toEqual([{ fabric: 'B', place: { kind: 'unix', path: 'b.sock' } }]);
    expect(plan.units[0]!.source).toEqual({ kind: 'file', path: 's.img', bytes: 2_097_152 });
  });

  test('that says too little or too much is refused in one line', () => {
    expect(() => scenarioPlan(scenario(), { listen: [], luns: [] })).toThrow(ListenError);
    const lun = { kind: 'memory', bytes: 8192 } as const;
    const tooMany = () => scenarioPlan(scenario(), { listen: LISTEN, luns: [lun, lun, lun] });
    expect(tooMany).toThrow(LunError);
    expect(tooMany).toThrow(
      `3 times, but the scenario has 2 logical units (${placeOf(TEXT, '- { name: system')})`,
    );
  });

  test.each([
    [
      'A=unix:b.sock',
      /x\.yaml:\d+:\d+: listen A=unix:b\.sock: stands with fabric B; leave A= out$/,
    ],
    ['ftp:x', /x\.yaml:\d+:\d+: listen ftp:x: needs unix:PATH/],
  ])('an address that it cannot mean is told with its place: %s', (address, message) => {
    const said = scenario((text) =>
      text.replace('domain: 2 }', `domain: 2, listen: ['${address}'] }`),
    );
    expect(() => scenarioPlan(said, { listen: [], luns: [] })).toThrow(message);
  });
});

test('stretched units are served by one array, which waits for no other', () => {
  const said = scenario((text) =>
    text.replace('  luns:\n', '  stretched: { ports: [B] }\n  luns:\n'),
  );
  const plan = scenarioPlan(said, { listen: LISTEN, luns: [] });
  expect(nodesOf(plan.topology, 'array').map(({ name, pair }) => [name, pair])).toEqual([
    ['array', undefined],
  ]);
  expect(arrayOf(plan).units.map(({ name }) => name)).toEqual(['system', 'data']);
});
