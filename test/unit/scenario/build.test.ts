/** Machines from a topology. */

import { describe, expect, test } from 'vitest';
import type { Fcf } from '../../../src/fabric/fcoe/fcf.ts';
import { fcInitiatorDevice, fcInitiatorPort } from '../../../src/history/port-name.ts';
import { vhbasOf } from '../../../src/host/attachment-identity.ts';
import { streams } from '../../../src/machine/random.ts';
import { buildSwitch, buildWorld } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { nodesOf, type Topology } from '../../../src/scenario/topology.ts';
import { VolatileCache } from '../../../src/scsi/medium/cache.ts';
import { MemoryMedium } from '../../../src/scsi/medium/medium.ts';
import { scenarioOf } from '../../helpers/moves.ts';
import { TEXT, withMove } from '../../helpers/scenario.ts';

const topology = (text = TEXT, overrides = {}): Topology =>
  topologyOf(loadScenario(text, 'x.yaml', overrides));
const asked: string[] = [];
const random = (name: string) => {
  asked.push(name);
  return streams(1).stream(name);
};

describe('a world', () => {
  const plan = topology();
  const world = buildWorld(plan, random);

  test('has a machine for each node that is one', () => {
    expect([...world.switches.keys()]).toEqual(['fcf-A', 'fcf-B']);
    expect([...world.hosts.keys()]).toEqual(['h1', 'h2']);
    expect([...world.arrays.keys()]).toEqual(['array']);
    expect(world.array).toBe(world.arrays.get('array'));
    // And a kind for each of them: who walks over all machines finds it there.
    const further = `${TEXT.replace(
      'domain: 1 }',
      'domain: 1, npv: {}, furtherFcfs: [{ domain: 3 }] }',
    )}backup: {}\nlan: {}\n`;
    const { nodes } = topology(further);
    const kinds = new Set(nodes.map(({ kind }) => kind).filter((kind) => kind !== 'mover'));
    const { machines } = buildWorld(topology(further), random);
    expect(new Set(Object.keys(machines))).toEqual(kinds.add('fc-switch').add('router'));
    expect([...machines.switch.keys()]).toEqual(['fcf-A', 'fcf-A-2', 'fcf-B']);
    expect([...machines.bridge.keys()]).toEqual(['bridge-A']);
    expect([...machines.npv.keys()]).toEqual(['npv-A']);
  });

  test('the same from the topology as JSON keeps it', () => {
    const again = buildWorld(JSON.parse(JSON.stringify(plan)) as Topology, random);
    const { random: _, ...config } = world.machines.switch.get('fcf-B')!.config;
    expect(again.switches.get('fcf-B')!.config).toMatchObject(config);
    expect(again.vms).toEqual(world.vms);
    expect(again.moves).toEqual(world.moves);
  });

  test('options arrive at the machine by their names', () => {
    const { config } = world.switches.get('fcf-A')!;
    expect(config).toMatchObject({ name: 'A', domain: 1, vlan: 1002, ports: 4, linksUp: true });
    expect(config.zoning.zones[0]!.members).toContain(0x5006_0160_0000_0001n);
    expect(world.hosts.get('h2')!.options.ports[1]).toEqual({
      mac: '00:25:b5:00:02:01',
      wwpn: 0x2100_0025_b500_0201n,
      vlan: 1003,
      vlanDiscovery: true,
      vlanPriority: 3,
      fcfSelectionDelayNs: 50_000_000,
    });
  });

  test('each machine has its own stream of chance', () => {
    asked.length = 0;
    buildWorld(plan, random);
    expect(asked.sort()).toEqual(['array', 'fcf A', 'fcf B']);
  });

  test('a mask shows an initiator its logical units', () => {
    const view = world.array.device.masks.viewOf(fcInitiatorDevice(0xc050_7600_0000_0100n));
    expect([...view].map(([lun, { index }]) => [lun, index])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(world.array.device.masks.defaultView.size).toBe(0);
  });

  test('a plan and its guests have names as numbers', () => {
    expect(vhbasOf(world.plan.source)[0]!.wwpn).toBe(0xc050_7600_0000_0100n);
    expect(vhbasOf(world.plan.destination)[0]!.wwpn).toBe(0xc050_7600_0000_0101n);
    expect(world.vms[0]).toMatchObject({ name: 'vm1', host: 'h1', units: 2 });
    expect(world.vms[0]!.identities).toEqual(world.plan.source);
  });
});

test('write caches stand before the medium, or in it, or nowhere', () => {
  const of = (writeCache: string) =>
    buildWorld(topology(TEXT.replace('array:\n', `array:\n  writeCache: ${writeCache}\n`)), random)
      .array.device.units[0]!;
  expect(of('volatile').medium).toBeInstanceOf(VolatileCache);
  expect(of('protected').medium).toBeInstanceOf(MemoryMedium);
  expect([of('none').mode.writeCacheEnabled, of('protected').mode.writeCacheEnabled]).toEqual([
    false,
    true,
  ]);
});

test('a reservation has its key as a number', () => {
  const { vms } = buildWorld(topology(TEXT, { defences: ['preempt-and-abort'] }), random);
  const { reservation } = vms[0]!.guest;
  expect(reservation!.key).toBe(0x1000n);
  expect(reservation!.successors.get(fcInitiatorPort(0xc050_7600_0000_0102n))).toBe(
    fcInitiatorPort(0xc050_7600_0000_0103n),
  );
});

test('a switch with changes of its driver, and names that it gives', () => {
  const [plan] = nodesOf(topology(withMove('strategy: proxy')), 'switch');
  const fcf: Fcf = buildSwitch(plan!, random('x'), { ports: 9, linksUp: false });
  expect([fcf.config.ports, fcf.config.linksUp]).toEqual([9, false]);
  expect(fcf.config.virtualWwpns).toEqual([
    { wwpn: 0xc050_7600_0000_0100n, to: 0x2102_0025_0001_0100n },
  ]);
});

describe('a node that starts anew', () => {
  test('a host is another machine without guests, an array another with its media', () => {
    const world = buildWorld(topology(), random);
    const { device } = world.array;
    const [host, array] = [world.hosts.get('h1'), world.array];
    expect(world.remake('h1')).toBe(world.hosts.get('h1'));
    expect(world.hosts.get('h1')).not.toBe(host);
    world.remake('array');
    expect(world.array).not.toBe(array);
    expect(world.array.device).toBe(device);
  });

  test('a tunnel endpoint is another one, and what is no part of the LAN is none', () => {
    const scenario = scenarioOf({}, 'f35-vtep-restarted');
    const world = buildWorld(topologyOf(scenario), random);
    const before = world.machines.lan.get('vtep-h2');
    expect(before).toBeDefined();
    expect(world.remakeLan('vtep-h2')).toBe(world.machines.lan.get('vtep-h2'));
    expect(world.machines.lan.get('vtep-h2')).not.toBe(before);
    expect(world.remakeLan('h1')).toBeUndefined();
  });

  test('what is neither is an error of the caller', () => {
    const world = buildWorld(topology(), random);
    expect(() => world.remake('fcf-A')).toThrow(TypeError);
  });
});

describe('several arrays and moves', () => {
  const plan = topology();
  const [array] = nodesOf(plan, 'array');
  const two: Topology = {
    ...plan,
    nodes: [...plan.nodes, { ...array!, name: 'mirror' }],
    moves: [...plan.moves, ...plan.moves],
  };

  test('are built, each with its own stream', () => {
    asked.length = 0;
    const world = buildWorld(two, random);
    expect([...world.arrays.keys()]).toEqual(['array', 'mirror']);
    expect(world.moves).toHaveLength(2);
    expect(asked).toContain('array mirror');
  });

  test('and whoever asks for the only one is told that it is not', () => {
    const world = buildWorld(two, random);
    expect(() => world.array).toThrow('world: 2 of array, not one');
    expect(world.plan).toBe(world.moves[0]);
  });
});

test('a logical unit in memory needs a size', () => {
  const plan = topology();
  const nodes = plan.nodes.map((node) =>
    node.kind === 'array'
      ? { ...node, units: [{ name: 'd', file: 'd.img', writeCache: 'none' as const }] }
      : node,
  );
  expect(() => buildWorld({ ...plan, nodes }, random)).toThrow('world: d does not say its blocks');
});
