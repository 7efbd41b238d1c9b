/** The LAN of a scenario as nodes and cables. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { nodesOf, type Topology } from '../../../src/scenario/topology.ts';

const TEXT = readFileSync('scenarios/two-host-move.yaml', 'utf8');
const topology = (lan: string): Topology => topologyOf(loadScenario(`${TEXT}${lan}`, 'test.yaml'));
const namesOf = (plan: Topology): string[] => nodesOf(plan, 'lan').map(({ name }) => name);

describe('a LAN', () => {
  it('is not there where a scenario has none', () => {
    const plan = topology('');
    expect(namesOf(plan)).toEqual([]);
    expect(plan.cables.every(({ kind }) => kind === 'fcoe')).toBe(true);
    expect(plan.moves[0]!.plan.lan).toBeUndefined();
  });

  it('of bridges in a row, hosts by turns', () => {
    const plan = topology('lan: { bridges: 2, loop: true, order: lan-first }\n');
    expect(namesOf(plan)).toEqual(['lan-h1', 'lan-h2', 'station', 'lan-bridge-1', 'lan-bridge-2']);
    const cables = plan.cables.filter(({ kind }) => kind === 'lan').map(({ name }) => name);
    expect(cables).toEqual([
      'station-lan',
      'lan-h1-lan',
      'trunk-1-2',
      'trunk-1-2-again',
      'lan-h2-lan',
    ]);
    expect(plan.moves[0]!.plan.lan).toEqual({ order: 'lan-first', from: 'lan-h1', to: 'lan-h2' });
  });

  it('of tunnel endpoints has one for each host, and reflectors where they speak BGP', () => {
    expect(namesOf(topology('lan: { kind: vxlan }\n'))).not.toContain('reflector-1');
    const plan = topology('lan: { kind: evpn, reflectors: 2, reflectorDelayMs: 30 }\n');
    expect(namesOf(plan)).toEqual([
      ...['lan-h1', 'lan-h2', 'station', 'vtep-station', 'vtep-h1', 'vtep-h2'],
      ...['reflector-1', 'reflector-2', 'underlay'],
    ]);
    const far = plan.cables.find(({ name }) => name === 'reflector-2-underlay');
    expect(far!.link!.propagationNs).toBe(30e6);
  });

  it('every cable ends at ports that there are, each once', () => {
    for (const lan of ['{}', '{ bridges: 3, loop: true }', '{ kind: vdp }', '{ kind: evpn }']) {
      const plan = topology(`lan: ${lan}\n`);
      const ports = new Map(plan.nodes.map(({ name, ports: all }) => [name, all.length]));
      const used = new Set<string>();
      for (const { ends, kind } of plan.cables)
        for (const { node, port } of kind === 'lan' ? ends : []) {
          expect(port, `${lan}: ${node}`).toBeLessThan(ports.get(node)!);
          expect(used.has(`${node} ${port}`), `${lan}: ${node} ${port}`).toBe(false);
          used.add(`${node} ${port}`);
        }
    }
  });
});
