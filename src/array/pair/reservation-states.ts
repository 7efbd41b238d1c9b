/**
 * What both arrays of a pair know of the persistent reservations of their units: each change has a number, a state that
 * is older than what is known is not taken over, and what an array has lost with its power it has from the other.
 *
 * Ownership: a pair owns it, and it the numbers; reservations are their units'.
 */
import { cdb, SenseCode } from '../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../scsi/medium/medium.ts';
import { type ItNexus, Nexus, Task } from '../../scsi/target/nexus.ts';
import { GOOD, illegalRequest } from '../../scsi/target/reply.ts';
import type { ScsiTarget } from '../../scsi/target/scsi-target.ts';
import type { TaskSink } from '../../scsi/transport.ts';
import { type Mirror, type MirrorOwner, NOT_NOW, RECORD_LUN, type Respond } from './mirror.ts';
import {
  decodeStates,
  encodeShared,
  type PortPair,
  type ReservationState,
} from './reservation-state.ts';

/** Blocks of the unit that takes records: from here on are the states of all units. */
export const STATES_LBA: number = 2 ** 19;

/** What is needed of the pair. */
export interface ReservationStatesOwner extends Pick<MirrorOwner, 'standing' | 'send'> {
  readonly device: ScsiTarget;
  refused(what: string): void;
}

/** What a unit's state is besides what its reservations say. */
interface Known {
  epoch: number;
  version: number;
  /** Lost with the power; what the other array knows counts. */
  isForgotten: boolean;
}

/** Nobody waits for a command that stands for another. */
export const NOBODY: TaskSink = { enabled() {}, answered() {}, cleared() {} };
const NO_COMMAND = { lun: 0n, tag: 0, attribute: 0, cdb: new Uint8Array(1) };

/** The states of reservations here. */
export class ReservationStates {
  readonly #owner: ReservationStatesOwner;
  readonly #mirror: Mirror;
  readonly #known: Known[] = [];
  /** What pairs of the other's ports are owed since this was asked last. */
  #notices: [...PortPair, number][] = [];
  /** Whose command of this array, under the number that it gave it, a state that comes is the answer to. */
  readonly asked: Map<number, { readonly asking: Task; isDone: boolean }> = new Map();

  constructor(owner: ReservationStatesOwner, mirror: Mirror) {
    this.#owner = owner;
    this.#mirror = mirror;
  }

  /** The last unit of the mirror. */
  add(): void {
    this.#known.push({ epoch: 0, version: 0, isForgotten: false });
    const { lu } = this.#mirror.units.at(-1)!;
    lu.tellElsewhere = (pair, code) => void this.#notices.push([...this.nameOf(pair), code]);
  }

  /** An array has lost its power: what was not to persist is to be had from the other, unless this one was alone. */
  resumeFrom(lost: ReservationStates, wasAlone: boolean): void {
    for (const [i, { isForgotten, ...known }] of lost.#known.entries()) {
      const isLost = !this.#mirror.units[i]!.lu.reservations.aptpl && !wasAlone;
      Object.assign(this.#known[i]!, known, { isForgotten: isForgotten || isLost });
    }
  }

  /** This array goes on alone: what it does not know any more is gone. */
  wentAlone(): void {
    for (const one of this.#known) one.isForgotten = false;
  }

  get #isEmpty(): boolean {
    return this.#mirror.units.every(({ lu }) => !lu.reservations.registered);
  }

  /** Blocks of what the other array would read of the states here; 0 where there is nothing to say. */
  get blocks(): number {
    return this.#isEmpty ? 0 : this.encode().length / BLOCK_BYTES;
  }

  /** The states of all units, in whole blocks. */
  encode(): Uint8Array {
    return encodeShared(this.#mirror.units.map((_, unit) => this.stateOf(unit)));
  }

  /** What pairs of the other's ports are owed. */
  takeNotices(): ReservationState['notices'] {
    const notices = this.#notices;
    this.#notices = [];
    return notices;
  }

  // --- both have one

  /**
   * Both will have one state: what this array has lost with its power it has from the other; where it leads, the other
   * takes over what is known here. `theirs`: blocks of what the other has to say. `done` hears whether that went well.
   */
  share(theirs: number, done: (shared: boolean) => void): void {
    if (theirs === 0 && this.#isEmpty) done(true);
    else if (theirs > 0 && this.#known.some((one) => one.isForgotten)) {
      const transferLengthBlocks = theirs;
      const bytes = cdb.encode({ kind: 'READ(16)', lba: BigInt(STATES_LBA), transferLengthBlocks });
      const dataInBytes = theirs * BLOCK_BYTES;
      this.#owner.send({ lun: RECORD_LUN, cdb: bytes, dataInBytes }, (answer) => {
        const states = answer.end === 'answered' ? decodeStates(answer.data) : undefined;
        if (states === undefined) done(false);
        else {
          this.#remember(states);
          this.#passOn(done);
        }
      });
    } else this.#passOn(done);
  }

  /** What was forgotten is as the other array has it. */
  #remember(states: readonly ReservationState[]): void {
    for (const state of states)
      if (this.#known[state.unit]?.isForgotten === true)
        this.#adopt({ ...state, cause: 'shared', notices: [], ends: [] });
  }

  /** The other array takes over what is known here, where this one leads. */
  #passOn(done: (shared: boolean) => void): void {
    if (!this.#owner.standing.leads) {
      done(true);
      return;
    }
    for (const unit of this.#known.keys()) this.stamp(unit);
    this.tell(this.encode(), done);
  }

  /** The other array is told of states; `done` hears whether it has taken them over. */
  tell(dataOut: Uint8Array, done: (confirmed: boolean) => void): void {
    const transferLengthBlocks = dataOut.length / BLOCK_BYTES;
    const bytes = cdb.encode({ kind: 'WRITE(16)', lba: BigInt(STATES_LBA), transferLengthBlocks });
    this.#owner.send({ lun: RECORD_LUN, cdb: bytes, dataOut }, (answer) =>
      done(answer.end === 'answered' && answer.status === GOOD.status),
    );
  }

  /** A later state than all before. */
  stamp(unit: number): void {
    const one = this.#known[unit]!;
    one.epoch = this.#owner.standing.epoch;
    one.version++;
  }

  /** The other array tells of states. */
  handle(task: Task, bytes: Uint8Array, respond: Respond): void {
    const { epoch, leads, state } = this.#owner.standing;
    const states = decodeStates(bytes);
    if (states === undefined || states.some(({ unit }) => this.#known[unit] === undefined)) {
      this.#owner.refused('the other array of the pair has told of reservations that are none');
      respond(task.end(illegalRequest(SenseCode.INVALID_FIELD_IN_PARAMETER_LIST)));
      return;
    }
    const isOfNow = states.every((one) => one.epoch === epoch);
    if (leads || state === 'detached' || state === 'source' || !isOfNow) {
      respond(task.end(NOT_NOW));
      return;
    }
    let waiting = states.length;
    const over = (): void => {
      waiting--;
      if (waiting === 0 && task.state === 'enabled') respond(task.end(GOOD));
    };
    for (const one of states) {
      // Commands run only while both are in sync: else there is nothing to wait for, and what is held stays so.
      if (state !== 'in-sync') {
        this.#adopt(one);
        over();
      } else {
        this.#mirror.behindAll(one.unit, (release) => {
          this.#adopt(one);
          release();
          over();
        });
      }
    }
  }

  /** Takes a state over, unless a later one is known. */
  #adopt(state: ReservationState): void {
    const { aptpl, asked, by, cause, ends, epoch, holder, notices, type, unit, version } = state;
    const known = this.#known[unit]!;
    if (epoch < known.epoch || (epoch === known.epoch && version < known.version)) return;
    Object.assign(known, { epoch, version, isForgotten: false });
    const { lu } = this.#mirror.units[unit]!;
    const { reservations } = lu;
    const held = holder && this.pairOf(holder);
    const registrations = state.registrations.flatMap(([initiator, port, key]) => {
      const pair = this.pairOf([initiator, port]);
      return pair === undefined ? [] : [{ pair, key: BigInt(`0x${key}`) }];
    });
    const reservation = type === null || !held ? undefined : { type, holder: held };
    // It begins anew with the power of one array, and only grows while the other has had it.
    const generation =
      cause === 'shared' ? Math.max(state.generation, reservations.generation) : state.generation;
    const request = asked === null ? undefined : this.asked.get(asked);
    if (request !== undefined) request.isDone = true;
    const who = (by && this.pairOf(by)) ?? undefined;
    reservations.adopt(
      { generation, aptpl, reservation, registrations },
      cause,
      request?.asking.nexus ?? who?.login,
    );
    for (const [initiator, port, code] of notices) {
      const pair = this.pairOf([initiator, port]);
      if (pair !== undefined) lu.attentions.add(pair, code);
    }
    if (ends.length === 0 || who === undefined) return;
    const ended = new Set(ends.map((one) => this.pairOf(one)));
    const asking = request?.asking ?? new Task(this.loginOf(who), NO_COMMAND, NOBODY, lu);
    this.#owner.device.clearTasksOf(lu, (pair) => ended.has(pair), asking, 'preempted');
  }

  /** The reservations of a unit as they are. */
  stateOf(unit: number): ReservationState {
    const { epoch, version } = this.#known[unit]!;
    const { reservations } = this.#mirror.units[unit]!.lu;
    const { aptpl, generation, registrations, reservation } = reservations;
    return {
      unit,
      epoch,
      version,
      generation,
      aptpl,
      type: reservation?.type ?? null,
      holder: reservation === undefined ? null : this.nameOf(reservation.holder),
      registrations: registrations.map(({ key, pair }) => [...this.nameOf(pair), key.toString(16)]),
      cause: 'shared',
      by: null,
      notices: [],
      ends: [],
      asked: null,
    };
  }

  /** How the other array knows a pair of ports. */
  nameOf({ initiatorPort, targetPortIndex }: ItNexus): PortPair {
    return [initiatorPort, this.#owner.device.ports[targetPortIndex]!.relativeId];
  }

  /** `undefined` for a port that neither array has. */
  pairOf([initiator, targetPortId]: PortPair): ItNexus | undefined {
    const { nexuses, ports } = this.#owner.device;
    const port = ports.findIndex(({ relativeId }) => relativeId === targetPortId);
    return port < 0 ? undefined : nexuses.obtain(initiator, port);
  }

  /** A login for a command of a pair that may have none here. */
  loginOf(pair: ItNexus): Nexus {
    return pair.login ?? new Nexus(pair, this.#owner.device, 0);
  }
}
