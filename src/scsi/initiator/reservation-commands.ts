/** Commands of reservations as an initiator sends them, each until it has an answer that stays. Source: SPC-4; SPC-2. */
import { CodecError } from '../../codecs/layout/index.ts';
import {
  type CdbInput,
  cdb,
  PersistentReserveIn,
  type PersistentReserveOut,
  persistentReserveOutList,
  readReservationData,
  ScsiStatus,
} from '../../codecs/scsi/index.ts';
import type { Timer } from '../../machine/timers.ts';
import type { Answered, CommandOutcome } from '../transport.ts';
import { type PersistentReservationOptions, RESERVATION_TYPE_CODES } from './guest-reservation.ts';
import type { Path } from './multipath.ts';
import { BUSY_PAUSE_NS, judgeSense, type SenseAction } from './sense-action.ts';

/** What a service action came to. */
export type Outcome = 'good' | 'conflict' | 'failed';
/** Called once with what a service action came to. */
export type Done = (outcome: Outcome) => void;

/** A reservation as READ RESERVATION tells of it. */
export interface Held {
  readonly key: bigint;
  /** `ReservationType`. */
  readonly type: number;
}

/** A reservation there is one of at most: 8 bytes and a descriptor of 16. */
const RESERVATION_BYTES = 24;
/** Unit attentions and busy answers that one command lives through. */
const TRIES_MAX = 10;

/** What the commands need around them. */
export interface CommandsOwner {
  readonly commandTimeoutNs: number;
  after(delayNs: number, run: () => void): Timer;
  /**
   * A command was told that access states or logical units are not as they were known. The array
   * tells that once, to whatever command comes first: it must not be lost with it.
   */
  outdated(path: Path, action: SenseAction): void;
}

/** Sends a guest's reservation commands over its paths. */
export class ReservationCommands {
  readonly #options: Pick<PersistentReservationOptions, 'aptpl' | 'type'>;
  readonly #owner: CommandsOwner;

  constructor(options: Pick<PersistentReservationOptions, 'aptpl' | 'type'>, owner: CommandsOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  /** A service action with the basic parameter list. */
  send(path: Path, serviceAction: number, key: bigint, actionKey: bigint, done: Done): void {
    const list = persistentReserveOutList.encode({
      reservationKey: key,
      serviceActionReservationKey: actionKey,
      aptpl: this.#options.aptpl ? 1 : 0,
    });
    this.out(path, serviceAction, list, done);
  }

  /** A service action with the parameter list that is given. */
  out(path: Path, serviceAction: number, list: Uint8Array, done: Done): void {
    const command: CdbInput = {
      kind: 'PERSISTENT RESERVE OUT',
      serviceAction:
        serviceAction as (typeof PersistentReserveOut)[keyof typeof PersistentReserveOut],
      type: RESERVATION_TYPE_CODES[this.#options.type],
      parameterListLengthBytes: list.length,
    };
    sendUntilAnswered(path, command, this.#owner, done, list);
  }

  /** READ RESERVATION: who holds it now; `undefined` where nobody does, or the target does not say. */
  held(path: Path, done: (held: Held | undefined) => void): void {
    const command: CdbInput = {
      kind: 'PERSISTENT RESERVE IN',
      serviceAction: PersistentReserveIn.READ_RESERVATION,
      allocationLengthBytes: RESERVATION_BYTES,
    };
    path.nexus.execute({
      lun: path.lun,
      cdb: cdb.encode(command),
      dataInBytes: RESERVATION_BYTES,
      timeoutNs: this.#owner.commandTimeoutNs,
      onDone: (outcome) => {
        tellOutdated(path, outcome, this.#owner);
        const isGood = outcome.end === 'answered' && outcome.status === ScsiStatus.GOOD;
        done(isGood ? heldOf(outcome.data) : undefined);
      },
    });
  }
}

/** Sends a command about a reservation until its answer is one that stays. */
export function sendUntilAnswered(
  path: Path,
  command: CdbInput,
  owner: CommandsOwner,
  done: Done,
  dataOut?: Uint8Array,
  tries = 1,
): void {
  path.nexus.execute({
    lun: path.lun,
    cdb: cdb.encode(command),
    dataOut,
    timeoutNs: owner.commandTimeoutNs,
    onDone: (outcome) => {
      tellOutdated(path, outcome, owner);
      if (outcome.end !== 'answered') done('failed');
      else if (outcome.status === ScsiStatus.GOOD) done('good');
      else if (outcome.status === ScsiStatus.RESERVATION_CONFLICT) done('conflict');
      else if (tries < TRIES_MAX && isPassing(outcome)) {
        owner.after(BUSY_PAUSE_NS, () =>
          sendUntilAnswered(path, command, owner, done, dataOut, tries + 1),
        );
      } else done('failed');
    },
  });
}

function tellOutdated(path: Path, outcome: CommandOutcome, owner: CommandsOwner): void {
  if (outcome.end !== 'answered' || outcome.status !== ScsiStatus.CHECK_CONDITION) return;
  const action = judgeSense(outcome.sense);
  if (action.access !== undefined || action.outdated !== undefined) owner.outdated(path, action);
}

/** BUSY, a unit attention, NOT READY: asked again, the answer may be another. */
function isPassing({ status, sense }: Pick<Answered, 'status' | 'sense'>): boolean {
  if (status !== ScsiStatus.CHECK_CONDITION) return true;
  return judgeSense(sense).retry;
}

function heldOf(data: Uint8Array): Held | undefined {
  try {
    const [held] = readReservationData.decode(data).reservations;
    return held && { key: held.reservationKey, type: held.type };
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return undefined;
  }
}
