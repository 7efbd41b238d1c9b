/** The smallest storage network: one fabric, two hosts, one array, a disk; hosts are asked by hand. */

import type { HostAnswer, HostCommand } from '../../src/host/control.ts';
import type { Host } from '../../src/host/host.ts';
import { streams } from '../../src/machine/random.ts';
import { addWorld } from '../../src/run/power.ts';
import { buildWorld, type World } from '../../src/scenario/build.ts';
import { topologyOf } from '../../src/scenario/from-scenario.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { Simulator } from '../../src/sim/simulator.ts';

const SECOND = 1e9;

export class San {
  readonly world: World;
  readonly simulator: Simulator;
  /** Events of all machines, with the node that told each. */
  readonly events: { readonly node: string; readonly event: { readonly type: string } }[] = [];
  readonly #answers = new Map<number, HostAnswer>();
  #nextId = 1;

  constructor(changes: object = {}) {
    const scenario = scenarioSchema.parse({
      name: 'san',
      fabrics: [{ name: 'A', vlan: 100 }],
      hosts: ['h1', 'h2'].map((name) => ({ name, ports: ['A'] })),
      array: { ports: ['A'], luns: [{ name: 'd', blocks: 256 }] },
      vms: [{ name: 'vm', host: 'h1', luns: ['d'], workload: { queueDepth: 2, rangeBlocks: 256 } }],
      links: { gbps: 100 },
      move: { vm: 'vm', to: 'h2' },
      ...changes,
    });
    const random = streams(1);
    this.world = buildWorld(topologyOf(scenario), (name) => random.stream(name));
    this.simulator = new Simulator({ seed: 1 });
    const { world, simulator } = this;
    addWorld(simulator, world);
    simulator.observe({
      event: ({ node, event }) => {
        const told = event as { type: string; id?: number; answer?: HostAnswer };
        if (told.type === 'reply') this.#answers.set(told.id!, told.answer!);
        else this.events.push({ node, event: told });
      },
    });
    for (const node of ['h1', 'h2', 'array']) this.link(node, 0, true);
    this.run(2);
  }

  link(node: string, port: number, up: boolean): void {
    const machine = node === 'array' ? this.world.array : this.host(node);
    this.simulator.act(node, (now) => machine.handleLink(port, up, now));
  }

  host(name: string): Host {
    return this.world.hosts.get(name)!;
  }

  run(seconds: number): void {
    this.simulator.run({ untilNs: this.simulator.nowNs + seconds * SECOND });
  }

  /** Asks a host; its answer, `undefined` when there is none within so many seconds. */
  ask(host: string, command: HostCommand, seconds = 10): HostAnswer | undefined {
    const id = this.#nextId++;
    this.simulator.act(host, (now) => this.host(host).handleCommand(id, command, now));
    this.simulator.run({
      untilNs: this.simulator.nowNs + seconds * SECOND,
      when: () => this.#answers.has(id),
    });
    return this.#answers.get(id);
  }

  /** Logs the names of the virtual machine in on its first host. */
  prepare(host = 'h1'): HostAnswer | undefined {
    return this.ask(host, { command: 'prepare', vm: 'vm', identities: this.identities });
  }

  /** Prepares it, and lets the guest run. */
  start(): void {
    this.prepare();
    this.ask('h1', { command: 'adopt', vm: 'vm', guest: this.world.vms[0]!.guest });
    this.ask('h1', { command: 'resume', vm: 'vm' });
  }

  get identities() {
    return this.world.vms[0]!.identities;
  }

  /** Events of one type, in order. */
  told<T = { readonly type: string }>(type: string): T[] {
    return this.events.filter(({ event }) => event.type === type).map(({ event }) => event as T);
  }
}
