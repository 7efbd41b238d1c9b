/**
 * PERSISTENT RESERVE OUT for units that two arrays keep. The array that leads carries it out, has the other take the
 * state over, and only then answers; the other hands what its hosts ask on to it. What a PREEMPT AND ABORT ends, ends at
 * both, and behind its answer nothing of it reaches a leg.
 *
 * Changes follow each other, and each waits for the commands before it. They do not hold up those behind them: what the
 * other array has handed over meanwhile runs, and the other says that it has taken the state over when that has ended.
 *
 * Ownership: a pair owns it, and it the changes under way.
 */
import { cdb, PersistentReserveOut, ScsiStatus, SenseCode } from '../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../scsi/medium/medium.ts';
import { findCommand } from '../../scsi/target/commands/index.ts';
import { Task } from '../../scsi/target/nexus.ts';
import { BUSY, GOOD, illegalRequest } from '../../scsi/target/reply.ts';
import type { Reply } from '../../scsi/transport.ts';
import { type Mirror, RECORD_LUN, type Respond, UNAVAILABLE } from './mirror.ts';
import { decodeRequest, encodeShared, type ReservationState } from './reservation-state.ts';
import {
  NOBODY,
  ReservationStates,
  type ReservationStatesOwner,
  STATES_LBA,
} from './reservation-states.ts';

/** Blocks of the unit that takes records: from here on is what hosts ask, behind the states. */
const REQUEST_LBA = STATES_LBA + 2 ** 18;
const PERSISTENT_RESERVE_OUT = 0x5f;
const CDB_BYTES = 10;
const WRITE_16 = 0x8a;

/** A PERSISTENT RESERVE OUT that has not ended. */
interface Request {
  readonly unit: number;
  /** Who asks for it. */
  readonly asking: Task;
  /** What is answered: the same, or the other array's command. */
  readonly carrier: Task;
  readonly dataOut: Uint8Array;
  readonly respond: Respond;
  /** The number that the other array gave it. */
  readonly asked: number | null;
  /** The array that leads has done it, as its new state tells. */
  isDone: boolean;
}

/** Carries out what hosts ask of either array. */
export class SharedReservations {
  readonly states: ReservationStates;
  readonly #owner: ReservationStatesOwner;
  readonly #mirror: Mirror;
  /** Those behind the one under way. */
  readonly #queue: Request[] = [];
  #running = false;
  #lastAsked = 0;

  constructor(owner: ReservationStatesOwner, mirror: Mirror) {
    this.#owner = owner;
    this.#mirror = mirror;
    this.states = new ReservationStates(owner, mirror);
  }

  /** A command that is no read or write of blocks; false where it is the unit's alone. */
  takes(task: Task, unit: number | undefined, dataOut: Uint8Array, respond: Respond): boolean {
    const { cdb: bytes } = task.request;
    if (unit !== undefined) {
      if (bytes[0] !== PERSISTENT_RESERVE_OUT) return false;
      const request = { unit, asking: task, carrier: task, dataOut, respond };
      this.#enqueue({ ...request, asked: null, isDone: false });
      return true;
    }
    if (bytes[0] !== WRITE_16) return false;
    const lba = Number(cdb.members['WRITE(16)'].decode(bytes, 0, bytes.length).lba);
    if (lba < STATES_LBA) return false;
    if (lba < REQUEST_LBA) this.states.handle(task, dataOut, respond);
    else this.#handleRequest(task, dataOut, respond);
    return true;
  }

  /** The other array hands a host's command on. */
  #handleRequest(carrier: Task, bytes: Uint8Array, respond: Respond): void {
    const request = decodeRequest(bytes);
    const by = request && this.states.pairOf(request.by);
    const lu = request && this.#mirror.units[request.unit]?.lu;
    if (request === undefined || by?.isElsewhere !== true || lu === undefined) {
      this.#owner.refused('the other array of the pair has handed a command on that is none');
      respond(carrier.end(illegalRequest(SenseCode.INVALID_FIELD_IN_PARAMETER_LIST)));
      return;
    }
    const { asked, unit } = request;
    const command = { lun: 0n, tag: 0, attribute: 0, cdb: Uint8Array.from(request.cdb) };
    const asking = new Task(this.states.loginOf(by), command, NOBODY, lu);
    const dataOut = Uint8Array.from(request.list);
    this.#enqueue({ unit, asking, carrier, dataOut, respond, asked, isDone: false });
  }

  #enqueue(request: Request): void {
    this.#queue.push(request);
    if (!this.#running) this.#next();
  }

  #next(): void {
    const request = this.#queue.shift();
    this.#running = request !== undefined;
    if (request !== undefined) this.#turn(request);
  }

  /** The changes before it have ended; the commands before it end first. */
  #turn(request: Request): void {
    const { carrier, unit } = request;
    this.#mirror.behindAll(unit, (release) => {
      const over = (reply?: Reply): void => {
        release();
        this.#end(request, reply);
      };
      this.#mirror.whenServing({
        get isOver() {
          return carrier.state !== 'enabled';
        },
        run: () => {
          if (this.#owner.standing.leads) this.#carryOut(request, release);
          else if (request.asked !== null) over(BUSY);
          else {
            release();
            this.#handOn(request);
          }
        },
        refuse: () => over(UNAVAILABLE),
        drop: () => over(),
      });
    });
  }

  #end({ carrier, respond }: Request, reply: Reply | undefined): void {
    if (reply !== undefined && carrier.state === 'enabled') respond(carrier.end(reply));
    this.#next();
  }

  /** This array leads. */
  #carryOut(request: Request, release: () => void): void {
    const { asked, asking, unit } = request;
    const { states } = this;
    const { reservations } = this.#mirror.units[unit]!.lu;
    const before = reservations.registrations.map(({ pair }) => pair);
    const was = JSON.stringify(states.stateOf(unit));
    states.takeNotices();
    const reply = this.#perform(request);
    const notices = states.takeNotices();
    release();
    const isSame = JSON.stringify(states.stateOf(unit)) === was;
    if (!isSame) states.stamp(unit);
    if (isSame || !this.#owner.standing.isJoined) {
      this.#end(request, reply);
      return;
    }
    const cause = CAUSE_OF[asking.request.cdb[1]! & 0x1f] ?? 'shared';
    const gone = before.filter((pair) => reservations.keyOf(pair) === undefined);
    const ends = cause === 'preempt-and-abort' ? gone.map((pair) => states.nameOf(pair)) : [];
    const by = states.nameOf(asking.nexus.pair);
    const state = { ...states.stateOf(unit), cause, by, notices, ends, asked };
    const why = 'it did not confirm a change of reservations';
    const confirm = this.#mirror.otherLeg.await(unit, [], why, (answers) =>
      this.#end(request, answers ? reply : undefined),
    );
    states.tell(encodeShared([state]), confirm);
  }

  /** Changes what is registered here. */
  #perform({ asking, carrier, dataOut, unit }: Request): Reply {
    const { device } = this.#owner;
    const { lu } = this.#mirror.units[unit]!;
    const { nexus, request } = asking;
    const { pair } = nexus;
    const command = findCommand(request.cdb);
    if (command?.opcode !== PERSISTENT_RESERVE_OUT)
      return illegalRequest(SenseCode.INVALID_COMMAND_OPERATION_CODE);
    if (asking === carrier && device.masks.resolve(pair, request.lun) !== lu)
      return illegalRequest(SenseCode.LOGICAL_UNIT_NOT_SUPPORTED);
    const decoded = command.codec.decode(request.cdb, 0, command.codec.headBytes);
    const refusal = command.check?.(decoded, lu);
    if (refusal !== undefined) return refusal;
    const bytes = command.dataOutBytes?.(decoded) ?? 0;
    if (dataOut.length < bytes) return illegalRequest(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
    // Who asks at the other array has a login there; here it has one for this command.
    if (pair.isElsewhere) pair.login = nexus;
    const list = dataOut.subarray(0, bytes);
    const invocation = { target: device, lu, task: asking, dataOut: list };
    const reply = command.run({ ...invocation, heldWhenEnabled: undefined }, decoded);
    if (pair.isElsewhere) pair.login = undefined;
    return reply;
  }

  /** The other array leads. */
  #handOn(request: Request): void {
    const asked = ++this.#lastAsked;
    const { asking, dataOut: list, unit } = request;
    const by = this.states.nameOf(asking.nexus.pair);
    const bytes = [...asking.request.cdb.subarray(0, CDB_BYTES)];
    const dataOut = encodeShared({ unit, asked, by, cdb: bytes, list: [...list] });
    const transferLengthBlocks = dataOut.length / BLOCK_BYTES;
    const write = cdb.encode({ kind: 'WRITE(16)', lba: BigInt(REQUEST_LBA), transferLengthBlocks });
    this.states.asked.set(asked, request);
    const command = { lun: RECORD_LUN, cdb: write, dataOut, takesBusy: true };
    this.#owner.send(command, (answer) => {
      this.states.asked.delete(asked);
      const isLost = answer.end === 'lost';
      if (isLost) this.#owner.standing.lost('it did not say how a command ended');
      if (isLost && request.isDone) this.#end(request, GOOD);
      else if (isLost || answer.status === ScsiStatus.BUSY) this.#turn(request);
      else {
        const { sense, status } = answer;
        this.#end(request, sense.length === 0 ? { status } : { status, sense });
      }
    });
  }
}

const CAUSE_OF: Readonly<Record<number, ReservationState['cause']>> = {
  [PersistentReserveOut.REGISTER]: 'register',
  [PersistentReserveOut.RESERVE]: 'reserve',
  [PersistentReserveOut.RELEASE]: 'release',
  [PersistentReserveOut.CLEAR]: 'clear',
  [PersistentReserveOut.PREEMPT]: 'preempt',
  [PersistentReserveOut.PREEMPT_AND_ABORT]: 'preempt-and-abort',
  [PersistentReserveOut.REGISTER_AND_IGNORE_EXISTING_KEY]: 'register-and-ignore-existing-key',
  [PersistentReserveOut.REGISTER_AND_MOVE]: 'register-and-move',
};
