/** The events and moves that docs/moves.md shows are ones that a scenario takes. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventSchema } from '../../../src/scenario/event-schema.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const PAGE = readFileSync(new URL('../../../docs/moves.md', import.meta.url), 'utf8');
const BLOCKS = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);
const WORLD = `
name: shown
fabrics: [{ name: A, vlan: 0 }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }, { name: h3, ports: [A] }]
array:
  ports: [A, A]
  targetPortGroups: [{ id: 1, ports: [0] }, { id: 2, ports: [1] }]
  luns: [{ name: data }, { name: other }]
vms: [{ name: vm1, host: h1, luns: [data] }, { name: vm2, host: h3, luns: [other] }]
`;

it('takes the events that are shown', () => {
  const events = BLOCKS.find((text) => text.startsWith('events:'))!;
  const { events: read } = loadScenario(`${WORLD}move: { vm: vm1, to: h2 }\n${events}`, 'x.yaml');
  expect(read).toHaveLength(5);
});

it('takes the moves that are shown', () => {
  const moves = BLOCKS.find((text) => text.includes('nextMoves:'))!;
  expect(loadScenario(`${WORLD}${moves}`, 'x.yaml').nextMoves).toHaveLength(2);
});

it('has a row for everything that can be done', () => {
  const [, table = ''] = /\n\| `do` \|[^\n]*\n([\s\S]*?)\n\n/.exec(PAGE) ?? [];
  const told = [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, names]) =>
    [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );
  const known = eventSchema.options.flatMap(({ shape }) => [...shape.do._zod.values]);
  expect(told.sort()).toEqual(known.map(String).sort());
});

it('takes what docs/backup.md shows', () => {
  const page = readFileSync(new URL('../../../docs/backup.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);
  expect(blocks).toHaveLength(2);
  for (const text of blocks) {
    const { events } = loadScenario(`${WORLD}move: { vm: vm1, to: h2 }\n${text}`, 'x.yaml');
    expect(events.length).toBeGreaterThan(1);
  }
});

it('takes what docs/volumes.md shows', () => {
  const page = readFileSync(new URL('../../../docs/volumes.md', import.meta.url), 'utf8');
  const [, text] = /```yaml\n([\s\S]*?)```/.exec(page)!;
  const units = ['s0', 's1', 'm0', 'm1', 't0'].map((name) => `{ name: ${name} }`).join(', ');
  const world = `name: v
fabrics: [{ name: A }]
hosts: [{ name: esx-1, ports: [A] }, { name: esx-2, ports: [A] }]
array: { ports: [A], luns: [${units}] }
move: { vm: sql01, to: esx-2 }
`;
  const { vms } = loadScenario(`${world}${text}`, 'x.yaml');
  expect(vms[0]!.volumes?.map(({ kind }) => kind)).toEqual(['stripe', 'mirror', 'thin']);
});
