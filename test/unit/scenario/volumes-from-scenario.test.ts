/** Volumes of a scenario: what they become, and what is refused in one line. */
import { expect, it, test } from 'vitest';
import { formatHex } from '../../../src/codecs/layout/index.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { luIdOf } from '../../../src/scsi/target/logical-unit.ts';

const text = (volumes: string, workload = 'rangeBlocks: 64'): string => `
name: v
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array: { ports: [A], luns: [{ name: a, blocks: 100 }, { name: b, blocks: 128 }] }
vms: [{ name: vm1, host: h1, luns: [a, b], volumes: ${volumes}, workload: { ${workload} } }]
move: { vm: vm1, to: h2 }
`;
const load = (...parts: Parameters<typeof text>) => loadScenario(text(...parts), 'v.yaml');

it('names units by their identity, and knows how much room there is', () => {
  const { guests } = topologyOf(load('[{ name: v, kind: stripe, on: [b, a], chunkBlocks: 16 }]'));
  const [b, a] = [1, 0].map((unit) => formatHex(luIdOf('array', unit)));
  expect(guests[0]!.volumes).toEqual([
    {
      name: 'v',
      kind: 'stripe',
      by: 'identity',
      members: [
        { luName: b, blocks: 128 },
        { luName: a, blocks: 100 },
      ],
      chunkBlocks: 16,
      blocks: 192,
    },
  ]);
});

test.each([
  ['[{ name: v, kind: linear, on: [a] }]', undefined, 'logical unit b is in no volume'],
  ['[{ name: v, kind: linear, on: [a, b, a] }]', undefined, 'logical unit a is in more than one'],
  ['[{ name: v, kind: linear, on: [a, x] }]', undefined, 'there is no logical unit x of vm1'],
  [
    '[{ name: v, kind: linear, on: [a] }, { name: v, kind: linear, on: [b] }]',
    undefined,
    'vm1 has two volumes v',
  ],
  ['[{ name: v, kind: mirror, on: [a, b], blocks: 9 }]', undefined, 'blocks is for thin ones'],
  ['[{ name: v, kind: mirror, on: [a, b] }]', 'rangeBlocks: 101', 'volume v has 100 blocks'],
  [
    '[{ name: v, kind: thin, on: [a, b] }]',
    'rangeBlocks: 64, readPercent: 100',
    'nothing to be read',
  ],
  [
    '[{ name: v, kind: mirror, on: [a, b] }]',
    'rangeBlocks: 64, unmapPercent: 1',
    'unmapPercent: volumes are',
  ],
])('%s %s is refused', (volumes, workload, words) => {
  expect(() => load(volumes, workload)).toThrow(words);
});
