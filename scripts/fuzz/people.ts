/**
 * Who works in an emulated world of the fuzz, whatever its links are: a host with a guest that is let in again
 * and again, and an agent that makes one backup after the other.
 */
import type { StorageArray } from '../../src/array/storage-array.ts';
import { fcInitiatorDevice, type InitiatorPort } from '../../src/history/port-name.ts';
import { BackupAgent, type BackupAgentEvent } from '../../src/host/backup-agent.ts';
import type { HostCommand } from '../../src/host/control.ts';
import { Host, type HostEvent } from '../../src/host/host.ts';
import type { HostPortOptions } from '../../src/host/physical-port.ts';
import type { Instant, Machine } from '../../src/machine/machine.ts';
import { MILLISECOND, SECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { MemoryMedium } from '../../src/scsi/medium/medium.ts';
import { SnapshotMedium } from '../../src/scsi/medium/snapshot.ts';
import { SnapshotView } from '../../src/scsi/medium/snapshot-view.ts';
import type { LogicalUnit } from '../../src/scsi/target/logical-unit.ts';
import type { Kept } from '../../src/testing/index.ts';

/** Blocks of a logical unit: small, so that the largest read is a bounded number of frames. */
export const UNIT_BLOCKS = 1_024;
/** So few that guests have their share of the frames. */
const BACKED_UP_BLOCKS = 64;

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
  'machines with an application identifier': 65_536,
  'logins that ended': 4_096,
  'learned addresses': 8_192,
};

/** The name of the n-th port of a kind. */
export const wwpn = (kind: number, index: number): bigint =>
  0x2000_5254_0000_0000n + BigInt(kind * 0x100 + index);
/** One host with one guest, which is let in anew when that failed and the host's port is ready again. */
export class Tenant {
  readonly name: string;
  readonly host: Host;
  done = 0;
  readonly #index: number;
  readonly #making: number;
  #steps: readonly HostCommand['command'][] = [];
  #isIn = false;

  constructor(index: number, making: number, port: HostPortOptions) {
    this.#index = index;
    this.#making = making;
    this.name = `h${index + 1}`;
    const random = streams(making);
    this.host = new Host({
      name: this.name,
      nodeName: wwpn(9, index),
      ports: [port],
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
function backupAgent(
  array: StorageArray,
  kept: SnapshotMedium,
  agentPort: HostPortOptions,
): BackupAgent {
  const { device } = array;
  const source = device.units[0]!;
  const view = device.addUnit({ medium: new SnapshotView(kept) });
  const restore = device.addUnit({ medium: new MemoryMedium(UNIT_BLOCKS) });
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

/** The array's units, which every initiator sees, the agent that backs the first one up, and all who work. */
export class People {
  readonly agent: BackupAgent;
  readonly #array: StorageArray;
  readonly #tenants: readonly Tenant[];
  #backupSteps = 0;

  constructor(array: StorageArray, tenants: readonly Tenant[], agentPort: HostPortOptions) {
    const kept = new SnapshotMedium(new MemoryMedium(UNIT_BLOCKS), {});
    const units = [kept, new MemoryMedium(UNIT_BLOCKS)].map((medium, lun) => ({
      lun,
      lu: array.device.addUnit({ medium }),
    }));
    array.device.setDefaultMask(units);
    this.agent = backupAgent(array, kept, agentPort);
    this.#array = array;
    this.#tenants = tenants;
  }

  /** What one of the machines told; `backup` is the agent's name. */
  handleEvent(node: string, event: unknown, now: Instant): void {
    if (node === 'backup') {
      const told = event as BackupAgentEvent;
      if (told.type === 'backup') this.#backupSteps++;
      backUp(this.agent, this.#array, told, now);
    }
    this.#tenants.find(({ name }) => name === node)?.handleEvent(event as HostEvent, now);
  }

  /** How much is done. */
  done(): number {
    return this.#tenants.reduce((total, tenant) => total + tenant.done, this.#backupSteps);
  }
}

type Keeper = Machine<unknown> & { kept(): Readonly<Record<string, number>> };

/** What machines keep, and the most that they may. */
export function* keptBy(watched: Iterable<readonly [string, Keeper]>): Iterable<Kept> {
  for (const [node, machine] of watched) {
    for (const [what, count] of Object.entries(machine.kept()))
      yield { node, what, count, most: KEPT_MOST[what]! };
  }
}
