/** The switches of a server, as its topology has them. */
import { expect, test } from 'vitest';
import { buildFabrics, GUESTS_MAX } from '../../../src/live/links.ts';
import { parseListenAddress } from '../../../src/live/listen-address.ts';
import { defaultPlan } from '../../../src/live/plan.ts';
import { streams } from '../../../src/machine/random.ts';

test('each has room for guests behind the ports of the array, and no link yet', () => {
  const listen = ['east=unix:a.sock', 'west=unix:b.sock'].map(parseListenAddress);
  const { topology } = defaultPlan({ listen, luns: [], vlan: 7 });
  const names: string[] = [];
  const fabrics = buildFabrics(topology, (name) => {
    names.push(name);
    return streams(1).stream(name);
  });
  expect([...fabrics.keys()]).toEqual(['east', 'west']);
  // A stream of its own each: what one switch draws is no business of the other.
  expect(names).toEqual(['fcf-east', 'fcf-west']);
  const west = fabrics.get('west')!;
  const { config } = west.fcf;
  expect([config.domain, config.vlan, config.ports, config.linksUp]).toEqual([
    2,
    7,
    1 + GUESTS_MAX,
    false,
  ]);
  expect([west.node, west.targetPorts, west.links.size]).toEqual(['fcf-west', [0], 0]);
  expect(west.fcf.portState(0).up).toBe(false);
});
