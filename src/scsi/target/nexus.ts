/**
 * I_T nexuses: which initiator port speaks to which target port.
 *
 * A `Nexus` is one login, from PRLI to its end; an `ItNexus` is the pair of ports by name. The
 * pair outlives its logins, because unit attentions and registrations wait for the next one.
 */
import { fcInitiatorPort, type TargetPort } from '../../history/port-name.ts';
import type { NexusName, PairName } from '../../history/storage.ts';
import type { ResolvedLun } from './lun-mask.ts';
import type { Reservations } from './reservations.ts';
import type { Task } from './task-set.ts';

/** Pairs of ports an array remembers. */
export const NEXUSES_MAX = 1_000_000;

/** An initiator port and a target port by their names, logged in or not. */
export class ItNexus {
  readonly initiatorWwpn: bigint;
  readonly targetPortIndex: number;
  /** How events name it. */
  readonly name: PairName;
  /** The live login; `undefined` between logins. */
  login: Nexus | undefined;
  /** Logins so far. */
  epoch = 0;
  /** Logins that were lost so far; logical units compare it to raise their unit attention. */
  losses = 0;
  /** The LUN of its last command: the masks' to read and write. */
  resolved: ResolvedLun | undefined = undefined;

  constructor(initiatorWwpn: bigint, targetPortIndex: number, target: TargetPort) {
    this.initiatorWwpn = initiatorWwpn;
    this.targetPortIndex = targetPortIndex;
    this.name = { initiator: fcInitiatorPort(initiatorWwpn), target };
  }
}

/** One login of an initiator port at a target port. */
export class Nexus {
  readonly pair: ItNexus;
  /** The initiator's N_Port_ID in this login. */
  readonly sId: number;
  /** Counts the logins of this pair, from 1. */
  readonly epoch: number;
  /** How events name it. */
  readonly name: NexusName;
  /** Its unfinished tasks by tag. */
  readonly tasks = new Map<number, Task>();
  /** Where it holds the SPC-2 reservation; its end releases them. */
  readonly spc2Reservations = new Set<Reservations>();

  constructor(pair: ItNexus, sId: number) {
    this.pair = pair;
    this.sId = sId;
    this.epoch = ++pair.epoch;
    this.name = { ...pair.name, epoch: this.epoch, address: sId };
  }

  get initiatorWwpn(): bigint {
    return this.pair.initiatorWwpn;
  }

  get targetPortIndex(): number {
    return this.pair.targetPortIndex;
  }

  /** False once the login has ended: nothing may be executed for it any more. */
  get live(): boolean {
    return this.pair.login === this;
  }
}

/** The pairs an array knows. */
export class NexusRegistry {
  readonly #byInitiator = new Map<bigint, ItNexus[]>();
  readonly #targets: readonly TargetPort[];
  #size = 0;

  /** `targets`: the names of the target ports, by their index. */
  constructor(targets: readonly TargetPort[]) {
    this.#targets = targets;
  }

  get size(): number {
    return this.#size;
  }

  find(initiatorWwpn: bigint, targetPortIndex: number): ItNexus | undefined {
    return this.#byInitiator
      .get(initiatorWwpn)
      ?.find((pair) => pair.targetPortIndex === targetPortIndex);
  }

  /** The pair, remembered from now on; `undefined` when no more can be remembered. */
  obtain(initiatorWwpn: bigint, targetPortIndex: number): ItNexus | undefined {
    const found = this.find(initiatorWwpn, targetPortIndex);
    if (found !== undefined) return found;
    if (this.#size >= NEXUSES_MAX) return undefined;
    const pair = new ItNexus(initiatorWwpn, targetPortIndex, this.#targets[targetPortIndex]!);
    const pairs = this.#byInitiator.get(initiatorWwpn);
    if (pairs === undefined) this.#byInitiator.set(initiatorWwpn, [pair]);
    else pairs.push(pair);
    this.#size++;
    return pair;
  }

  /** All pairs of an initiator port. */
  ofInitiator(initiatorWwpn: bigint): readonly ItNexus[] {
    return this.#byInitiator.get(initiatorWwpn) ?? [];
  }

  *[Symbol.iterator](): IterableIterator<ItNexus> {
    for (const pairs of this.#byInitiator.values()) yield* pairs;
  }
}
