/** The smallest storage network over IP: a bridge, two hosts, an array with two iSCSI portals, a disk. */
import { type ArrayEvent, StorageArray } from '../../src/array/storage-array.ts';
import { EthernetBridge } from '../../src/fabric/lan/bridge.ts';
import type { HostAnswer, HostCommand } from '../../src/host/control.ts';
import { Host, type HostEvent } from '../../src/host/host.ts';
import type { IscsiIdentity } from '../../src/host/iscsi-identity.ts';
import type { WorkloadOptions } from '../../src/host/workload.ts';
import { MILLISECOND, SECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { MemoryMedium } from '../../src/scsi/medium/medium.ts';
import { Simulator } from '../../src/sim/simulator.ts';

export const IP_TARGET = 'iqn.2026-01.com.example:array';
export const IP_INITIATOR = 'iqn.2026-01.com.example:vm';
export const IP_BLOCKS = 256;

const WORKLOAD: WorkloadOptions = {
  writerId: 1,
  queueDepth: 1,
  readPercent: 30,
  blocksMax: 8,
  rangeBlocks: IP_BLOCKS,
  thinkNs: 20 * MILLISECOND,
  compareAndWritePercent: 0,
  unmapPercent: 0,
  writeSamePercent: 0,
  synchronizePercent: 0,
  fuaPercent: 0,
  retryNonIdempotent: false,
};

type Told = ArrayEvent | HostEvent;

export class IpSan {
  readonly simulator = new Simulator<Told>({ seed: 1 });
  readonly random = streams(1);
  readonly medium = new MemoryMedium(IP_BLOCKS);
  readonly array: StorageArray;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly events: { readonly node: string; readonly event: Told }[] = [];
  readonly #answers = new Map<number, HostAnswer>();
  #nextId = 1;

  constructor() {
    const { simulator, random } = this;
    this.array = new StorageArray({
      name: 'array',
      nodeName: 0x5006_0160_0000_0000n,
      ports: [],
      ip: {
        ports: [10, 11].map((host) => ({
          mac: `02:00:00:00:01:${host}`,
          address: `10.0.0.${host}`,
        })),
        iscsi: { targetName: IP_TARGET },
      },
      random: random.stream('array'),
    });
    const lu = this.array.device.addUnit({ medium: this.medium });
    this.array.device.setDefaultMask([{ lun: 0, lu }]);
    this.hosts = new Map(
      ['h1', 'h2'].map((name, i) => [
        name,
        new Host({
          name,
          nodeName: BigInt(i + 1),
          ports: [],
          ipPorts: [{ mac: `02:00:00:00:02:0${i + 1}`, address: `10.0.0.${i + 1}` }],
          policy: {
            commandTimeoutNs: 30 * SECOND,
            lateWriteWaitNs: 0,
            guestTimeoutNs: 300 * SECOND,
          },
          random: (stream) => random.stream(stream),
        }),
      ]),
    );
    simulator.addNode('array', this.array);
    simulator.addNode('bridge', new EthernetBridge({ name: 'bridge', ports: 4, enodePorts: [] }));
    for (const [name, host] of this.hosts) simulator.addNode(name, host);
    const ends = [
      { node: 'array', port: 0 },
      { node: 'array', port: 1 },
      { node: 'h1', port: 0 },
      { node: 'h2', port: 0 },
    ];
    for (const [port, end] of ends.entries()) simulator.connect(end, { node: 'bridge', port });
    simulator.observe({
      event: ({ node, event }) => {
        if (event.type === 'reply') this.#answers.set(event.id, event.answer);
        else this.events.push({ node, event });
      },
    });
    for (const port of [0, 1])
      simulator.act('array', (now) => this.array.handleLink(port, true, now));
    for (const [name, host] of this.hosts)
      simulator.act(name, (now) => host.handleLink(0, true, now));
  }

  identity(isid: string, portal = 10, more: Partial<IscsiIdentity> = {}): IscsiIdentity {
    const target = { name: IP_TARGET, address: `10.0.0.${portal}`, port: 3260 };
    return { kind: 'iscsi', port: 0, initiator: IP_INITIATOR, isid, target, ...more };
  }

  host(name: string): Host {
    return this.hosts.get(name)!;
  }

  run(seconds: number): void {
    this.simulator.run({ untilNs: this.simulator.nowNs + seconds * SECOND });
  }

  /** Asks a host; its answer, `undefined` when there is none within so many seconds. */
  ask(host: string, command: HostCommand, seconds = 60): HostAnswer | undefined {
    const id = this.#nextId++;
    this.simulator.act(host, (now) => this.host(host).handleCommand(id, command, now));
    this.simulator.run({
      untilNs: this.simulator.nowNs + seconds * SECOND,
      when: () => this.#answers.has(id),
    });
    return this.#answers.get(id);
  }

  /** A guest runs on the first host. */
  start(identities: readonly IscsiIdentity[]): HostAnswer | undefined {
    const prepared = this.ask('h1', { command: 'prepare', vm: 'vm', identities });
    this.ask('h1', {
      command: 'adopt',
      vm: 'vm',
      guest: { workload: WORKLOAD, stream: 'guest vm' },
    });
    this.ask('h1', { command: 'resume', vm: 'vm' });
    return prepared;
  }

  told<T extends Told['type']>(type: T): Extract<Told, { type: T }>[] {
    return this.events.flatMap(({ event }) =>
      event.type === type ? [event as Extract<Told, { type: T }>] : [],
    );
  }

  get completed(): number {
    return this.told('io-complete').filter(({ result }) => result === 'good').length;
  }
}
