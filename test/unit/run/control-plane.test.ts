/** The management network: commands to hosts and switches, and a mover that comes back. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { CarriedGuest } from '../../../src/host/carried-guest.ts';
import type { HostAnswer, HostCommand } from '../../../src/host/control.ts';
import type { Workload } from '../../../src/host/workload.ts';
import { streams } from '../../../src/machine/random.ts';
import { type AnySimulator, ControlPlane } from '../../../src/run/control-plane.ts';
import { addWorld } from '../../../src/run/power.ts';
import { buildWorld, type World } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Topology } from '../../../src/scenario/topology.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { TEXT } from '../../helpers/scenario.ts';

const ONE_WAY_NS = 50_000;
const PLAN = topologyOf(loadScenario(TEXT, 'x.yaml'));

let world: World;
let simulator: AnySimulator;
let control: ControlPlane;

function begin(topology: Topology): void {
  world = buildWorld(topology, (name) => streams(1).stream(name));
  simulator = new Simulator({ seed: 1 });
  addWorld(simulator, world);
  control = new ControlPlane(simulator, world);
  simulator.observe({ event: ({ event, node }) => control.handleEvent(node, event as never) });
}

beforeEach(() => begin(PLAN));

describe('a command to a host', () => {
  test('takes the management network there and back', () => {
    const answers: { at: number; answer: HostAnswer }[] = [];
    const told: string[] = [];
    control.onAnswer = (host, command) => told.push(`${host} ${command.command}`);
    control.ask('h1', { command: 'stop', vm: 'nobody' }, (answer) =>
      answers.push({ at: simulator.nowNs, answer }),
    );
    simulator.run({ untilNs: 1e9 });
    expect(answers).toHaveLength(1);
    expect(answers[0]!.at).toBe(2 * ONE_WAY_NS);
    expect(answers[0]!.answer.ok).toBe(false);
    expect(told).toEqual(['h1 stop']);
  });

  test('that has started anew is answered by that, once', () => {
    const answers: HostAnswer[] = [];
    simulator.crashNode('h2');
    control.ask('h2', { command: 'stop', vm: 'vm1' }, (answer) => answers.push(answer));
    simulator.run({ untilNs: 1e6 });
    expect(answers).toEqual([]);
    control.hostRestarted('h1');
    control.hostRestarted('h2');
    control.hostRestarted('h2');
    simulator.run({ untilNs: 2e6 });
    expect(answers).toEqual([{ ok: false, reason: 'h2 has started anew' }]);
  });
});

describe('the mover', () => {
  test('is the node that the topology names', () => {
    const [move] = PLAN.moves;
    const nodes = PLAN.nodes.map((node) =>
      node.kind === 'mover' ? { ...node, name: 'carrier' } : node,
    );
    begin({ ...PLAN, nodes, moves: [{ ...move!, mover: 'carrier' }] });
    control.startMove(0, world.plan);
    expect(simulator.nodeState('carrier')).toBe('running');
    expect([control.moveOf('carrier'), control.moveOf('mover')]).toEqual([0, -1]);
  });

  test('a command to a fabric goes to the first of its switches', () => {
    const asked: string[] = [];
    for (const [name, fcf] of world.switches) {
      const handle = fcf.handleCommand.bind(fcf);
      fcf.handleCommand = (command, now) => {
        asked.push(name);
        return handle(command, now);
      };
    }
    control.startMove(0, world.plan);
    control.handleEvent('mover', {
      type: 'fabric-command',
      fabric: 'B',
      id: 7,
      command: { command: 'clear', wwpn: 1n },
    } as never);
    simulator.run({ untilNs: simulator.nowNs + 1e6 });
    expect(asked).toEqual(['fcf-B']);
  });
});

describe('a guest that goes from host to host', () => {
  const guest: CarriedGuest = { guest: { workload: {} as Workload, pending: [] } };
  const token = { guest: 'vm1', token: 1 };
  const surrendered: HostAnswer = { ok: true, command: 'surrender', guest: token };

  /** Has hosts that say what the test has them say asked for something. */
  function carry(host: string, command: HostCommand): void {
    control.ask(host, command, () => {});
    simulator.run({ untilNs: simulator.nowNs + 1e6 });
  }

  test('goes beside its commands, which are plain data', () => {
    const [h1, h2] = [world.hosts.get('h1')!, world.hosts.get('h2')!];
    h1.handleCommand = () => h1.bringGuest(token, guest);
    let brought: CarriedGuest | undefined;
    let adopted: HostCommand | undefined;
    h2.handleCommand = (_id, command) => {
      adopted = command;
      brought = h2.takeGuest(token);
    };
    carry('h1', { command: 'surrender', vm: 'vm1' });
    control.handleEvent('h1', { type: 'reply', id: 1, answer: surrendered });
    // It is with whoever carries the commands, and no more with its old host.
    expect(h1.takeGuest(token)).toBeUndefined();
    carry('h2', { command: 'adopt', vm: 'vm1', guest: token });
    expect(brought).toBe(guest);
    expect(JSON.parse(JSON.stringify(adopted))).toEqual(adopted);
  });

  test('goes once: a second host that is asked for it has none', () => {
    const [h1, h2] = [world.hosts.get('h1')!, world.hosts.get('h2')!];
    h1.handleCommand = (_id, { command }) => {
      if (command === 'surrender') h1.bringGuest(token, guest);
    };
    h2.handleCommand = () => {};
    carry('h1', { command: 'surrender', vm: 'vm1' });
    control.handleEvent('h1', { type: 'reply', id: 1, answer: surrendered });
    carry('h2', { command: 'adopt', vm: 'vm1', guest: token });
    carry('h1', { command: 'adopt', vm: 'vm1', guest: token });
    expect(h1.takeGuest(token)).toBeUndefined();
    expect(h2.takeGuest(token)).toBe(guest);
    expect(h2.takeGuest(token)).toBeUndefined();
  });
});
