/** Wiring, power on, and nodes that go and come back, in the simulator. */
import { beforeEach, describe, expect, test } from 'vitest';
import { streams } from '../../../src/machine/random.ts';
import type { AnySimulator } from '../../../src/run/control-plane.ts';
import {
  addWorld,
  PortWatch,
  portsPluggedIn,
  portsToLogIn,
  powerOff,
  powerOn,
  powerOnAgain,
  RunError,
} from '../../../src/run/power.ts';
import { buildWorld, type World } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { TEXT } from '../../helpers/scenario.ts';

let world: World;
let simulator: AnySimulator;
let ports: PortWatch;

beforeEach(() => {
  const topology = topologyOf(loadScenario(TEXT, 'x.yaml'));
  world = buildWorld(topology, (name) => streams(1).stream(name));
  simulator = new Simulator({ seed: 1 });
  ports = new PortWatch();
  addWorld(simulator, world);
  simulator.observe({
    event: ({ event, node }) => {
      const one = event as { type?: string; port: number; state: string };
      if (one.type === 'port') ports.changed(node, one.port, one.state);
    },
  });
});

const isUp = (cable: string): boolean => simulator.link(cable).up;

test('every cable joins what its topology says', () => {
  const link = simulator.link('array.3-B');
  expect([link.a, link.b]).toEqual([
    { node: 'array', port: 3 },
    { node: 'fcf-B', port: 1 },
  ]);
  expect(portsToLogIn(world)).toBe(8);
  expect(portsPluggedIn(simulator, world)).toBe(8);
  simulator.link('h1.0-A').cut();
  expect(portsPluggedIn(simulator, world)).toBe(7);
  simulator.link('h1.0-A').restore();
});

describe('power', () => {
  test('on: every port of hosts and array logs in', () => {
    powerOn(simulator, world, ports);
    expect(ports.ready).toBe(8);
    expect(world.switches.get('fcf-A')!.logins()).toHaveLength(4);
  });

  test('on, where a port cannot log in: the run does not begin', () => {
    simulator.link('h2.0-A').cut();
    expect(() => powerOn(simulator, world, ports)).toThrow(RunError);
    expect(() => powerOn(simulator, world, ports)).toThrow(/^1 of 8 ports did not log in/);
  });

  test('a switch that stops takes its links down, and serves again when it is back', () => {
    powerOn(simulator, world, ports);
    simulator.crashNode('fcf-A');
    powerOff(simulator, world, 'fcf-A');
    expect([isUp('h1.0-A'), isUp('array.1-A'), isUp('h1.1-B')]).toEqual([false, false, true]);
    simulator.run({ untilNs: simulator.nowNs + 1e9 });
    powerOnAgain(simulator, world, 'fcf-A');
    expect(isUp('h1.0-A')).toBe(true);
    simulator.run({ untilNs: simulator.nowNs + 60e9, when: () => ports.ready === 8 });
    expect(world.switches.get('fcf-A')!.logins()).toHaveLength(4);
  });

  test('a host that stops leaves its links up, and another machine comes in its place', () => {
    powerOn(simulator, world, ports);
    const before = world.hosts.get('h1');
    simulator.crashNode('h1');
    powerOff(simulator, world, 'h1');
    ports.forget('h1');
    expect([isUp('h1.0-A'), ports.ready]).toEqual([true, 6]);
    powerOnAgain(simulator, world, 'h1');
    simulator.run({ untilNs: simulator.nowNs + 60e9, when: () => ports.ready === 8 });
    expect(ports.ready).toBe(8);
    expect(world.hosts.get('h1')).not.toBe(before);
  });
});

describe('ports that have logged in', () => {
  test('are counted once each, and not after they are lost', () => {
    const watch = new PortWatch();
    watch.changed('h1', 0, 'ready');
    watch.changed('h1', 0, 'ready');
    watch.changed('h1 0', 0, 'ready');
    watch.changed('h1', 1, 'ready');
    watch.changed('h1', 1, 'login');
    expect(watch.ready).toBe(2);
    watch.forget('h1');
    watch.forget('h9');
    expect(watch.ready).toBe(1);
  });
});
