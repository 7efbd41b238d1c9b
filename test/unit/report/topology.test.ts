/** A topology as a drawing, by what its nodes are. */
import { expect, test } from 'vitest';
import { drawTopology } from '../../../src/report/topology.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Topology } from '../../../src/scenario/topology.ts';
import { TEXT } from '../../helpers/scenario.ts';

const topology = topologyOf(loadScenario(TEXT, 'x.yaml'));

/** The places of boxes by their titles. */
const boxes = (text: string): Map<string, { x: number; role: string }> =>
  new Map(
    [...text.matchAll(/class="box ([^"]*)"[^>]*><rect x="(\d+)"[^>]*\/><text[^>]*>([^<]+)</g)].map(
      ([, role, x, title]) => [title!, { role: role!, x: Number(x) }],
    ),
  );
const cables = (text: string): number => text.match(/class="cable"/g)?.length ?? 0;

test('every node has a box, every cable a line, and the ends of the move stand out', () => {
  const { text } = drawTopology(topology);
  const found = boxes(text);
  expect([...found.keys()]).toEqual(['h1', 'h2', 'fcf-A', 'fcf-B', 'array']);
  expect([found.get('h1')!.role, found.get('h2')!.role]).toEqual(['from', 'to']);
  expect(cables(text)).toBe(topology.cables.length);
  expect(text).toContain('>vm1<');
  expect(text).toContain('>fabric A, VLAN 1002<');
  expect(text).toContain('>4 target ports<');
});

test('a second array and other names change nothing in how it is read', () => {
  const [array] = topology.nodes.filter(({ kind }) => kind === 'array');
  const renamed = JSON.parse(JSON.stringify(topology).replaceAll('fcf-A', 'h9')) as Topology;
  const second = { ...array!, name: 'fcf-Z' };
  const found = boxes(drawTopology({ ...renamed, nodes: [...renamed.nodes, second] }).text);
  expect(found.get('h9')).toEqual({ role: 'fabric', x: found.get('fcf-B')!.x });
  expect(found.get('fcf-Z')).toEqual({ role: 'array', x: found.get('array')!.x });
});

test('of many hosts some are drawn, and the others are counted', () => {
  const [host] = topology.nodes.filter(({ kind }) => kind === 'host');
  const hosts = Array.from({ length: 15 }, (_, i) => ({ ...host!, name: `n${i}` }));
  const { text } = drawTopology({ ...topology, nodes: hosts });
  expect(boxes(text).size).toBe(12);
  expect(text).toContain('and 3 more hosts');
  expect(cables(text)).toBe(0);
});

test('who makes backups is beside the array, whose own units are counted', () => {
  const { text } = drawTopology(topologyOf(loadScenario(`${TEXT}backup: {}\n`, 'x.yaml')));
  const found = boxes(text);
  expect(found.get('backup')).toEqual({ role: 'array', x: found.get('array')!.x });
  expect(text).toContain('>backs up vm1<');
  expect(text).toContain('>2 logical units<');
});
