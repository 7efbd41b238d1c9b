/** The disk that a move takes along: its plan, and what is refused in one line. */
import { expect, it, test } from 'vitest';
import { formatHex } from '../../../src/codecs/layout/index.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { luIdOf } from '../../../src/scsi/target/logical-unit.ts';
import { scenarioText } from '../../helpers/moves.ts';
import { complaint } from '../../helpers/scenario.ts';

const load = (disk: string, others: Partial<Record<'vm' | 'move' | 'top', string>> = {}) =>
  loadScenario(
    `
name: v
${others.top ?? ''}
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array: { ports: [A], luns: [{ name: a, blocks: 100 }, { name: b, blocks: 128 }, { name: c, blocks: 64 }] }
vms:
  - name: vm1
    host: h1
    luns: [a, b, c]
    workload: { rangeBlocks: 64 }
    ${others.vm ?? 'volumes: [{ name: v, kind: linear, on: [a] }, { name: w, kind: linear, on: [c] }]'}
move: { vm: vm1, to: h2, disk: ${disk}${others.move ?? ''} }
`,
    'v.yaml',
  );

it('is in the plan of the move, and as much may be left as may be under way', () => {
  const [first] = topologyOf(load('{ of: v, to: b, by: iterative, windowBlocks: 64 }')).moves;
  expect(first!.plan.disk).toEqual({
    volume: 'v',
    to: formatHex(luIdOf('array', 1)),
    by: 'iterative',
    ...{ chunkBlocks: 128, windowBlocks: 64, restBlocks: 64, roundsMax: 8, marks: 'ended' },
  });
});

const ALL = 'volumes: [{ name: v, kind: linear, on: [a] }, { name: w, kind: linear, on: [b, c] }]';

test.each([
  ['{ of: v, to: b }', { vm: 'volumes: [{ name: v, kind: mirror, on: [a, c] }]' }, 'kind mirror'],
  ['{ to: b }', { vm: '' }, 'a disk that goes along is a volume, and vm1 has none'],
  ['{ to: b }', {}, 'vm1 has volumes v, w: of says which goes along'],
  ['{ of: x, to: b }', {}, 'there is no volume x of vm1'],
  ['{ of: v, to: x }', { vm: ALL }, 'there is no logical unit x of vm1'],
  ['{ of: v, to: c }', { vm: ALL }, 'logical unit c is in a volume already'],
  [
    '{ of: v, to: c }',
    { vm: 'volumes: [{ name: v, kind: linear, on: [a] }, { name: w, kind: linear, on: [b] }]' },
    'logical unit c has 64 blocks, and volume v has 100',
  ],
  ['{ of: v, to: b, by: iterative }', { move: ', drain: crash' }, 'behind drain crash'],
  ['{ of: v, to: b }', { top: 'protocol: nfs' }, 'over NFS a disk is a file'],
] as const)('%s with %o is refused', (disk, others, words) => {
  expect(() => load(disk, others)).toThrow(words);
});

it('a unit that is misspelt is told once, with the one that was meant', () => {
  const text = scenarioText('disk-mirror').replace('to: new,', 'to: neww,');
  const { message, others } = complaint(text);
  expect(message).toMatch(/there is no logical unit neww of sql01; .*; did you mean new\?$/);
  expect(others).toEqual([]);
});
