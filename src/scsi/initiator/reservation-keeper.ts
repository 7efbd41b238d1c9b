/**
 * A persistent reservation that a guest holds on its logical units, and how it moves with it.
 *
 * Each host that the guest runs on in turn has a key of its own: the first key, counted up. A path
 * is registered before anything is sent on it; the first one also reserves, or takes over from
 * the host before. Where others share the reservation, a registrant is all that a guest need be.
 * Source: SPC-4, 5.13; the order is that of mpathpersist.
 */
import {
  PersistentReserveOut,
  ReservationType,
  registerAndMoveList,
} from '../../codecs/scsi/index.ts';
import type { InitiatorPort } from '../../history/port-name.ts';
import { SECOND } from '../../machine/machine.ts';
import { transportIdOf } from '../port-identity.ts';
import type { InitiatorNexus } from '../transport.ts';
import { type GuestPersistentReservation, RESERVATION_TYPE_CODES } from './guest-reservation.ts';
import type { Multipath, Path } from './multipath.ts';
import {
  type CommandsOwner,
  type Done,
  type Held,
  type Outcome,
  ReservationCommands,
} from './reservation-commands.ts';
import { BUSY_PAUSE_NS } from './sense-action.ts';

/** What a keeper needs around it. */
export interface KeeperOwner extends CommandsOwner {
  /** A path or a logical unit may have become usable. */
  changed(): void;
}

/** Keeps what a guest reserved on the paths of one host, in one way or another. */
export interface Keeper {
  /** The next path on which the guest may send; `undefined` while there is none. What is missing has been asked for. */
  pick(luName: string): Path | undefined;
  /** True when one of our paths holds it for itself: a conflict on another path means nothing. */
  onOtherPath(luName: string): boolean;
  /** The target lost power: what it knew of reservations may be gone. */
  forget(luName: string): void;
  /** Before the guest leaves: gives the reservation over, where that is the way; then `done`. */
  handOver(done: () => void): void;
}

const OUT = PersistentReserveOut;
/** Longest that giving a reservation over may keep a guest from leaving. */
const HAND_OVER_LIMIT_NS = 10 * SECOND;

/** How far a logical unit's reservation is; `denied`: another has it, and nothing is done about that. */
type UnitState = 'none' | 'taking' | 'held' | 'denied';

interface Unit {
  state: UnitState;
  /** Paths with a registration, or one under way. */
  readonly registered: Map<string, Registered>;
}

/** A registration is looked after anew with each nexus: the target may have lost power in between. */
interface Registered {
  readonly nexus: InitiatorNexus;
  done: boolean;
}

const keyOf = ({ nexus, lun }: Path): string => `${nexus.initiatorPort} ${nexus.targetPort} ${lun}`;

/** Keeps a guest's persistent reservations on the paths of one host. */
export class ReservationKeeper implements Keeper {
  readonly #reservation: GuestPersistentReservation;
  readonly #multipath: Multipath;
  readonly #owner: KeeperOwner;
  readonly #commands: ReservationCommands;
  readonly #units = new Map<string, Unit>();

  /** `ports`: the guest's initiator ports on this host; others than before are another tenure. */
  constructor(
    reservation: GuestPersistentReservation,
    multipath: Multipath,
    ports: readonly InitiatorPort[],
    owner: KeeperOwner,
  ) {
    this.#reservation = reservation;
    this.#multipath = multipath;
    this.#owner = owner;
    this.#commands = new ReservationCommands(reservation.options, owner);
    const names = ports.join(' ');
    if (reservation.names !== '' && reservation.names !== names) reservation.tenure++;
    reservation.names = names;
  }

  get #key(): bigint {
    const { options, tenure } = this.#reservation;
    return options.key + BigInt(tenure);
  }

  pick(luName: string): Path | undefined {
    return this.#multipath.pick(luName, (path) => this.usable(luName, path));
  }

  onOtherPath(luName: string): boolean {
    const { type } = this.#reservation.options;
    return (
      RESERVATION_TYPE_CODES[type] <= ReservationType.EXCLUSIVE_ACCESS &&
      this.#unit(luName).state === 'held'
    );
  }

  /** True when a path may be used. Where it may not yet, what is missing has been asked for. */
  usable(luName: string, path: Path): boolean {
    const unit = this.#unit(luName);
    if (unit.state === 'none') this.#take(luName, unit);
    if (unit.state === 'denied') return true;
    if (unit.state !== 'held') return false;
    const known = unit.registered.get(keyOf(path));
    if (known?.nexus === path.nexus) return known.done;
    const told = (outcome: Outcome): void => {
      this.#owner.after(outcome === 'failed' ? BUSY_PAUSE_NS : 0, () => this.#owner.changed());
    };
    this.#register(unit, path, (outcome) => {
      // Where the reservation is still there, another path of ours holds it: a conflict is right.
      if (outcome === 'good') this.#commands.send(path, OUT.RESERVE, this.#key, 0n, told);
      else told(outcome);
    });
    return false;
  }

  forget(luName: string): void {
    const unit = this.#unit(luName);
    if (unit.state === 'taking') return;
    unit.state = 'none';
    unit.registered.clear();
  }

  #unit(luName: string): Unit {
    let unit = this.#units.get(luName);
    if (unit === undefined) {
      unit = { state: 'none', registered: new Map() };
      this.#units.set(luName, unit);
    }
    return unit;
  }

  #take(luName: string, unit: Unit): void {
    unit.state = 'taking';
    const paths = this.#multipath.pathsTo(luName);
    const settle = (state: UnitState): void => {
      unit.state = state;
      this.#owner.after(state === 'none' ? BUSY_PAUSE_NS : 0, () => this.#owner.changed());
    };
    this.#takeOn(unit, paths, 0, settle);
  }

  /** One path after the other, until one holds the reservation. */
  #takeOn(
    unit: Unit,
    paths: readonly Path[],
    at: number,
    settle: (state: UnitState) => void,
    conflicts = 0,
  ): void {
    const path = paths[at];
    if (path === undefined) {
      settle(conflicts > 0 ? 'denied' : 'none');
      return;
    }
    const next = (conflict: boolean): void =>
      this.#takeOn(unit, paths, at + 1, settle, conflicts + (conflict ? 1 : 0));
    this.#register(unit, path, (registered) => {
      if (registered !== 'good') next(registered === 'conflict');
      else {
        this.#reserve(path, (reserved) => {
          if (reserved === 'good') settle('held');
          else next(reserved === 'conflict');
        });
      }
    });
  }

  #register(unit: Unit, path: Path, done: Done): void {
    const key = keyOf(path);
    const registered: Registered = { nexus: path.nexus, done: false };
    unit.registered.set(key, registered);
    this.#commands.send(path, OUT.REGISTER_AND_IGNORE_EXISTING_KEY, 0n, this.#key, (outcome) => {
      registered.done = outcome === 'good';
      if (!registered.done) unit.registered.delete(key);
      done(outcome);
    });
  }

  /**
   * Takes over from the host before, or from whoever holds it with a key of ours; or reserves. Where
   * another holds it, who that is decides: a reservation that registrants share is ours as well.
   */
  #reserve(path: Path, done: Done): void {
    const { options, tenure } = this.#reservation;
    const takesOver = options.handover.startsWith('preempt');
    const reserve = (): void =>
      this.#commands.send(path, OUT.RESERVE, this.#key, 0n, (outcome) => {
        if (outcome !== 'conflict') done(outcome);
        else this.#commands.held(path, (held) => settle(held));
      });
    const settle = (held: Held | undefined): void => {
      if (held === undefined) done('failed');
      else if (takesOver && held.key === this.#key) preempt(this.#key, done);
      else done(isShared(held.type) ? 'good' : 'conflict');
    };
    const preempt = (victim: bigint, otherwise: Done): void => {
      const action = options.handover === 'preempt-and-abort' ? OUT.PREEMPT_AND_ABORT : OUT.PREEMPT;
      this.#commands.send(path, action, this.#key, victim, otherwise);
    };
    if (takesOver && tenure > 0) {
      preempt(this.#key - 1n, (outcome) => {
        if (outcome === 'conflict') reserve();
        else done(outcome);
      });
      return;
    }
    reserve();
  }

  /** REGISTER AND MOVE, where that is how it is handed over. */
  handOver(done: () => void): void {
    const { options } = this.#reservation;
    const held = [...this.#units].filter(([, unit]) => unit.state === 'held');
    if (options.handover !== 'register-and-move' || held.length === 0) {
      done();
      return;
    }
    let waiting = held.length;
    const limit = this.#owner.after(HAND_OVER_LIMIT_NS, () => {
      waiting = 0;
      done();
    });
    for (const [luName] of held) {
      this.#moveOn(this.#multipath.pathsTo(luName), 0, () => {
        waiting--;
        if (waiting !== 0) return;
        limit.cancel();
        done();
      });
    }
  }

  /** The one path that holds the reservation can move it; the others only give up their keys. */
  #moveOn(paths: readonly Path[], at: number, done: () => void): void {
    const path = paths[at];
    if (path === undefined) {
      done();
      return;
    }
    const next = (): void => this.#moveOn(paths, at + 1, done);
    const successor = this.#reservation.options.successors.get(path.nexus.initiatorPort);
    const transportId = successor && transportIdOf(successor);
    if (transportId === undefined || path.relativePort === undefined) {
      next();
      return;
    }
    const list = registerAndMoveList.encode({
      reservationKey: this.#key,
      serviceActionReservationKey: this.#key + 1n,
      unreg: 1,
      aptpl: this.#reservation.options.aptpl ? 1 : 0,
      relativeTargetPort: path.relativePort,
      transportId,
    });
    this.#commands.out(path, OUT.REGISTER_AND_MOVE, list, (moved) => {
      if (moved === 'good') next();
      else this.#commands.send(path, OUT.REGISTER, this.#key, 0n, next);
    });
  }
}

/** Every registrant may use the logical unit. */
function isShared(type: number): boolean {
  return type >= ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
}
