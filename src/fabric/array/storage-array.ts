/**
 * A storage array as a machine: target ports on ENodes, and the array's core behind them.
 *
 * Ownership: it owns an ENode and a target port per machine port, and one `ArrayCore` with its
 * logical units, masks and nexuses.
 */
import { formatHex, type Wwn } from '../../codecs/layout/index.ts';
import { Core, type RandomStream, type Timer } from '../core.ts';
import type { Instant, Machine, Output } from '../machine.ts';
import { Enode, type EnodeOptions, type EnodeOwner, type Lport } from '../port/index.ts';
import { ArrayCore } from './array.ts';
import type { Applied } from './command.ts';
import { TargetPort, type TargetPortOwner } from './target-port.ts';

const RECEIVE_BYTES = 2112;
/** Ports of an array try to log in for ever. */
const LOGIN_TRIES_MAX = Number.MAX_SAFE_INTEGER;

/** One port of an array. */
export interface ArrayPortOptions extends Omit<EnodeOptions, 'port' | 'nodeName'> {
  readonly wwpn: Wwn;
}

/** How fast the array works. */
export interface ServiceTimes {
  readonly readNs: number;
  readonly writeNs: number;
  /** Up to this much more, at random. */
  readonly jitterNs: number;
}

export interface StorageArrayOptions {
  readonly name: string;
  readonly nodeName: Wwn;
  readonly ports: readonly ArrayPortOptions[];
  readonly service: ServiceTimes;
  readonly random: RandomStream;
}

export type ArrayEvent =
  | {
      readonly type: 'port';
      readonly port: number;
      readonly state: string;
      readonly reason: string;
    }
  | {
      /** A change has reached the medium. `data` is what it holds now; empty for unmapped blocks. */
      readonly type: 'apply';
      readonly luName: string;
      readonly lba: number;
      readonly blocks: number;
      readonly data: Uint8Array;
      readonly nexus: NexusName;
      readonly oxId: number;
    }
  | {
      readonly type: 'cleared';
      readonly nexus: NexusName;
      readonly oxId: number;
      readonly cause: string;
    }
  | { readonly type: 'nexus'; readonly state: 'began' | 'ended'; readonly nexus: NexusName }
  | { readonly type: 'refused'; readonly port: number; readonly what: string };

/** A login of an initiator at a target port, as plain data. */
export interface NexusName {
  readonly wwpn: Wwn;
  readonly sId: number;
  readonly port: number;
  readonly epoch: number;
}

export class StorageArray implements Machine<ArrayEvent>, EnodeOwner, TargetPortOwner {
  readonly options: StorageArrayOptions;
  readonly core: ArrayCore;
  readonly targetPorts: readonly TargetPort[];
  readonly #machine = new Core<ArrayEvent>();
  readonly #enodes: Enode[];

  constructor(options: StorageArrayOptions) {
    this.options = options;
    this.core = new ArrayCore({
      name: options.name,
      ports: options.ports.map((port, index) => ({ wwpn: port.wwpn, relativeId: index + 1 })),
      powerOnAttention: false,
      observer: {
        onApply: (applied) => this.#applied(applied),
        onCleared: (task, cause) =>
          this.#machine.emit({
            type: 'cleared',
            nexus: nameOfNexus(task.nexus),
            oxId: task.tag,
            cause,
          }),
      },
    });
    this.targetPorts = options.ports.map((_, index) => new TargetPort(index, this));
    this.#enodes = options.ports.map((port, index) => {
      const enode = new Enode({ ...port, port: index, nodeName: options.nodeName }, this);
      const targetPort = this.targetPorts[index]!;
      targetPort.lport = this.#startPort(enode, port, index, targetPort);
      return enode;
    });
  }

  #startPort(enode: Enode, port: ArrayPortOptions, index: number, target: TargetPort): Lport {
    const lport = enode.createLport(
      {
        portName: port.wwpn,
        nodeName: this.options.nodeName,
        role: 'target',
        receiveBytes: RECEIVE_BYTES,
        physical: true,
        symbolicName: `${this.options.name} port ${index}`,
        loginTriesMax: LOGIN_TRIES_MAX,
        discovers: false,
      },
      {
        stateChanged: (_lport, state, reason) =>
          this.#machine.emit({ type: 'port', port: index, state, reason }),
        rportReady: (rport) => {
          target.rportReady(rport);
          const nexus = target.nexusOf(rport);
          if (nexus !== undefined) {
            this.#machine.emit({ type: 'nexus', state: 'began', nexus: nameOfNexus(nexus) });
          }
        },
        rportGone: (rport) => {
          const nexus = target.nexusOf(rport);
          target.rportGone(rport);
          if (nexus !== undefined) {
            this.#machine.emit({ type: 'nexus', state: 'ended', nexus: nameOfNexus(nexus) });
          }
        },
        commandFrame: (rport, header, payload) => target.commandFrame(rport, header, payload),
        abts: (rport, header) => target.abts(rport, header),
        readExchange: (rport, oxId) => target.readExchange(rport, oxId),
      },
    );
    enode.startLport(lport);
    return lport;
  }

  #applied(applied: Applied): void {
    const { kind, luId, lba, blocks, nexus, tag } = applied;
    this.#machine.emit({
      type: 'apply',
      luName: formatHex(luId),
      lba,
      blocks,
      data: kind === 'write-same' ? repeated(applied.data, blocks) : applied.data,
      nexus: nameOfNexus(nexus),
      oxId: tag,
    });
  }

  // The machine contract.

  handleFrame(port: number, frame: Uint8Array, now: Instant): void {
    this.#machine.now = now;
    this.#enodes[port]?.handleFrame(frame);
  }

  handleTimeout(now: Instant): void {
    this.#machine.handleTimeout(now);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#machine.now = now;
    const enode = this.#enodes[port];
    if (up) enode?.linkUp();
    else enode?.linkDown();
  }

  poll(): Output<ArrayEvent> | undefined {
    return this.#machine.poll();
  }

  get deadline(): Instant | undefined {
    return this.#machine.deadline;
  }

  // What ENodes and target ports ask for.

  get now(): Instant {
    return this.#machine.now;
  }

  send(port: number, frame: Uint8Array): void {
    this.#machine.send(port, frame);
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#machine.after(delayNs, run);
  }

  contradiction(port: number, what: string): void {
    this.refused(port, what);
  }

  refused(port: number, what: string): void {
    this.#machine.emit({ type: 'refused', port, what });
  }

  serviceNs(write: boolean, _bytes: number): number {
    const { readNs, writeNs, jitterNs } = this.options.service;
    return (write ? writeNs : readNs) + (jitterNs > 0 ? this.options.random.below(jitterNs) : 0);
  }
}

function nameOfNexus(nexus: {
  readonly initiatorWwpn: Wwn;
  readonly sId: number;
  readonly targetPortIndex: number;
  readonly epoch: number;
}): NexusName {
  return {
    wwpn: nexus.initiatorWwpn,
    sId: nexus.sId,
    port: nexus.targetPortIndex,
    epoch: nexus.epoch,
  };
}

/** One block as many times as it was written. */
function repeated(block: Uint8Array, times: number): Uint8Array {
  const data = new Uint8Array(block.length * times);
  for (let i = 0; i < times; i++) data.set(block, i * block.length);
  return data;
}
