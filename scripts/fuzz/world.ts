/**
 * A whole emulated world for the fuzz of machines: two hosts with a guest each, one of them behind an N_Port
 * virtualizer, a switch, a bridge, an array with two ports. Guests read and write, compare, unmap and reserve, and begin anew when they stand still.
 */

import { StorageArray } from '../../src/array/storage-array.ts';
import { Fcf } from '../../src/fabric/fcoe/fcf.ts';
import { EthernetBridge } from '../../src/fabric/lan/bridge.ts';
import { Npv } from '../../src/fabric/npv/npv.ts';
import { fcInitiatorDevice, type InitiatorPort } from '../../src/history/port-name.ts';
import { BackupAgent, type BackupAgentEvent } from '../../src/host/backup-agent.ts';
import type { HostCommand } from '../../src/host/control.ts';
import { Host, type HostEvent } from '../../src/host/host.ts';
import type { Instant, Machine } from '../../src/machine/machine.ts';
import { MILLISECOND, SECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { CONFIRMATIONS } from '../../src/port/fcp/target-port.ts';
import { MemoryMedium } from '../../src/scsi/medium/medium.ts';
import { SnapshotMedium } from '../../src/scsi/medium/snapshot.ts';
import { SnapshotView } from '../../src/scsi/medium/snapshot-view.ts';
import type { LogicalUnit } from '../../src/scsi/target/logical-unit.ts';
import type { Kept, MachinesAtWork } from '../../src/testing/index.ts';

/** Blocks of a logical unit: small, so that the largest read is a bounded number of frames. */
const UNIT_BLOCKS = 1_024;
/** So few that guests have their share of the frames. */
const BACKED_UP_BLOCKS = 64;
const VLAN = 100;

/** The names of the machines. */
export const WORLD_NODES = ['h1', 'h2', 'npv', 'fcf', 'bridge', 'array', 'backup'] as const;

/**
 * The most that one frame may bring about: all blocks of a unit, read by a port that receives 256
 * bytes, and some more.
 */
export const WORLD_OUTPUTS_MAX = (UNIT_BLOCKS * 512) / 256 + 200;

/** The most that machines may keep of each kind; a few thousand hostile frames are far below it. */
const KEPT_MOST: Readonly<Record<string, number>> = {
  timers: 10_000,
  'remote ports': 5_000,
  exchanges: 5_000,
  'fabric logins under way': 20,
  'exchanges of its own': 5_000,
  'exchanges of initiators': 5_000,
  'bytes of write data': 64 * 2 ** 20,
  nexuses: 5_000,
  'backups of a chain': 31,
  logins: 5_000,
  'requests that came lately': 5_000,
  'requests of its own': 5_000,
  'N_Port_IDs given up': 5_000,
  'logins that ended': 4_096,
  'learned addresses': 8_192,
};

const mac = (last: number): string => `52:54:00:aa:00:0${last}`;
const wwpn = (kind: number, index: number): bigint =>
  0x2000_5254_0000_0000n + BigInt(kind * 0x100 + index);
const port = (index: number, kind: number) => ({
  mac: mac(index + 1),
  wwpn: wwpn(kind, index),
  vlanDiscovery: index % 2 === 1,
  vlan: VLAN,
  vlanPriority: 3,
  fcfSelectionDelayNs: 10 * MILLISECOND,
});

/** One host with one guest, which is let in anew when that failed and the host's port is ready again. */
class Tenant {
  readonly name: string;
  readonly host: Host;
  done = 0;
  readonly #index: number;
  readonly #making: number;
  #steps: readonly HostCommand['command'][] = [];
  #isIn = false;

  constructor(index: number, making: number) {
    this.#index = index;
    this.#making = making;
    this.name = `h${index + 1}`;
    const random = streams(making);
    this.host = new Host({
      name: this.name,
      nodeName: wwpn(9, index),
      ports: [port(index, 1)],
      policy: {
        commandTimeoutNs: 2 * SECOND,
        lateWriteWaitNs: 100 * MILLISECOND,
        guestTimeoutNs: 20 * SECOND,
      },
      random: (name) => random.stream(`${this.name} ${name}`),
    });
  }

  /** What its host told. The first port that is ready lets the guest in. */
  handleEvent(event: HostEvent, now: Instant): void {
    if (event.type === 'io-complete') this.done++;
    else if (event.type === 'port' && event.state === 'ready' && !this.#isIn) {
      this.#isIn = true;
      this.#steps = ['discard', 'prepare', 'adopt', 'resume'];
      this.#next(now);
    } else if (event.type === 'reply') this.#answered(event.answer.ok, now);
  }

  #answered(ok: boolean, now: Instant): void {
    const [step, ...left] = this.#steps;
    // There is nothing to discard at first.
    if (ok || step === 'discard') {
      this.#steps = left;
      this.#next(now);
    } else {
      this.#steps = [];
      this.#isIn = false;
    }
  }

  #next(now: Instant): void {
    const [step] = this.#steps;
    if (step !== undefined) this.host.handleCommand(1, this.#commandOf(step), now);
  }

  #commandOf(step: HostCommand['command']): HostCommand {
    const vm = `vm${this.#index}`;
    if (step === 'prepare') {
      const identity = {
        port: 0,
        wwpn: wwpn(2, this.#index),
        wwnn: wwpn(3, this.#index),
        firstBurst: this.#making % 2 === 1,
      };
      return { command: 'prepare', vm, identities: [identity] };
    }
    if (step === 'resume' || step === 'discard') return { command: step, vm };
    return { command: 'adopt', vm, guest: this.#guest() };
  }

  #guest() {
    return {
      stream: 'guest',
      workload: {
        writerId: this.#index + 1,
        queueDepth: 3,
        readPercent: 50,
        blocksMax: 24,
        rangeBlocks: UNIT_BLOCKS / 2,
        thinkNs: 200_000,
        compareAndWritePercent: 10,
        unmapPercent: 5,
        writeSamePercent: 5,
        synchronizePercent: 5,
        fuaPercent: 20,
        retryNonIdempotent: false,
      },
      ...(this.#making % 4 === 3 && this.#index === 0
        ? {
            reservation: {
              type: 'write-exclusive-all-registrants' as const,
              key: 0x1234n,
              aptpl: false,
              handover: 'preempt' as const,
              successors: new Map<InitiatorPort, InitiatorPort>(),
            },
          }
        : {}),
    };
  }
}

/** Who backs the first unit up, at a port of its own: from what shows its snapshots to another unit. */
function backupAgent(array: StorageArray, kept: SnapshotMedium): BackupAgent {
  const { device } = array;
  const source = device.units[0]!;
  const view = device.addUnit({ medium: new SnapshotView(kept) });
  const restore = device.addUnit({ medium: new MemoryMedium(UNIT_BLOCKS) });
  const agentPort = { ...port(6, 6), mac: mac(7) };
  device.setMask(fcInitiatorDevice(agentPort.wwpn), [
    { lun: 0, lu: view },
    { lun: 1, lu: restore },
  ]);
  const at = ({ index: unit, luName }: LogicalUnit) => ({ unit, luName });
  return new BackupAgent({
    name: 'backup',
    nodeName: wwpn(9, 6),
    ports: [agentPort],
    commandTimeoutNs: 2 * SECOND,
    plan: {
      vm: 'vm0',
      quiesce: 'none',
      bounds: { writersNs: SECOND, holdNs: SECOND },
      map: 'array',
      units: [{ ...at(source), blocks: BACKED_UP_BLOCKS, view: at(view), restore: at(restore) }],
    },
  });
}

/** The agent makes one backup after the other; the array's management answers it at once. */
function backUp(
  agent: BackupAgent,
  array: StorageArray,
  event: BackupAgentEvent,
  now: Instant,
): void {
  if (event.type === 'port' && event.state === 'ready' && agent.idle) agent.start(now);
  else if (event.type === 'backup' && (event.step === 'compared' || event.step === 'failed')) {
    agent.start(now);
  } else if (event.type === 'backup-ask' && event.to === 'array') {
    const { id } = event;
    array.handleCommand(event.command, now, (answer) => agent.handleAnswer(id, answer, array.now));
  }
}

/** The world of a number: the same number makes the same one; they differ in what is agreed on. */
export function makeWorld(making: number): MachinesAtWork {
  const random = streams(making);
  const tenants = [0, 1].map((index) => new Tenant(index, making));
  const fcf = new Fcf({
    name: 'fcf',
    fcfMac: '0e:fc:fc:00:00:01',
    fabricName: 0x1000_0001_f000_0001n,
    switchName: 0x1000_0001_f000_0002n,
    domain: 1,
    ports: 6,
    vlan: VLAN,
    random: random.stream('fcf'),
    persistentFcIds: making % 3 === 1,
    accessLists: making % 3 === 2 ? 'lazy' : 'strict',
    duplicateDisablesPort: false,
    duplicateWwpn: making % 2 === 0 ? 1 : 0,
  });
  const npv = new Npv({
    name: 'npv',
    fcfMac: '0e:fc:fc:00:00:02',
    switchName: 0x1000_0001_f000_0003n,
    uplinks: [port(4, 5), port(5, 5)].map((one) => ({ ...one, vlanDiscovery: false })),
    downlinks: 1,
    vlan: VLAN,
    random: random.stream('npv'),
  });
  const bridge = new EthernetBridge({ name: 'bridge', ports: 2, enodePorts: [0] });
  const array = new StorageArray({
    name: 'array',
    nodeName: wwpn(9, 9),
    ports: [port(2, 4), port(3, 4)],
    service: { readNs: 20_000, writeNs: 30_000, jitterNs: 10_000 },
    random: random.stream('array'),
    retry: making % 5 !== 4,
    firstBurst: making % 2 === 1,
    confirm: CONFIRMATIONS[making % CONFIRMATIONS.length]!,
  });
  const kept = new SnapshotMedium(new MemoryMedium(UNIT_BLOCKS), {});
  const units = [kept, new MemoryMedium(UNIT_BLOCKS)].map((medium, lun) => ({
    lun,
    lu: array.device.addUnit({ medium }),
  }));
  array.device.setDefaultMask(units);
  const agent = backupAgent(array, kept);
  let backupSteps = 0;
  const keepers = [...tenants.map(({ name, host }) => [name, host] as const)];
  const watched = [
    ...keepers,
    ['npv', npv] as const,
    ['fcf', fcf] as const,
    ['bridge', bridge] as const,
    ['array', array] as const,
    ['backup', agent] as const,
  ];
  return {
    machines: new Map<string, Machine<unknown>>(watched),
    cables: [
      [
        { node: 'h1', port: 0 },
        { node: 'fcf', port: 0 },
      ],
      [
        { node: 'h2', port: 0 },
        { node: 'npv', port: 2 },
      ],
      [
        { node: 'npv', port: 0 },
        { node: 'fcf', port: 1 },
      ],
      [
        { node: 'npv', port: 1 },
        { node: 'fcf', port: 4 },
      ],
      [
        { node: 'array', port: 0 },
        { node: 'fcf', port: 2 },
      ],
      [
        { node: 'array', port: 1 },
        { node: 'bridge', port: 0 },
      ],
      [
        { node: 'bridge', port: 1 },
        { node: 'fcf', port: 3 },
      ],
      [
        { node: 'backup', port: 0 },
        { node: 'fcf', port: 5 },
      ],
    ],
    handleEvent(node, event, now) {
      if (node === 'backup') {
        const told = event as BackupAgentEvent;
        if (told.type === 'backup') backupSteps++;
        backUp(agent, array, told, now);
      }
      tenants.find(({ name }) => name === node)?.handleEvent(event as HostEvent, now);
    },
    done: () => tenants.reduce((total, tenant) => total + tenant.done, backupSteps),
    *kept(): Iterable<Kept> {
      for (const [node, machine] of watched) {
        for (const [what, count] of Object.entries(machine.kept()))
          yield { node, what, count, most: KEPT_MOST[what]! };
      }
    },
  };
}
