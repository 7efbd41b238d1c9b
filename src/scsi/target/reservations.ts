/**
 * Who may use a logical unit: SPC-2 reservations and persistent reservations.
 *
 * An SPC-2 reservation belongs to a login and is released with it. Registrations and persistent
 * reservations belong to a pair of ports by name and outlive its logins. Source: SPC-4, 5.13 and PERSISTENT RESERVE OUT.
 */
import { SenseCode } from '../../codecs/scsi/index.ts';
import type { HoldState, PairName, ReservationCause } from '../../history/storage.ts';
import type { ItNexus, Nexus } from './nexus.ts';
import {
  type AdoptedReservations,
  allRegistrants,
  exclusiveAccess,
  INVALID_FIELD_IN_PARAMETER_LIST,
  INVALID_RELEASE,
  NO_REGISTRATION_RESOURCES,
  type PersistentReservation,
  REGISTRATIONS_MAX,
  type RegisterRequest,
  type Registration,
  type ReservationClass,
  type ReservationResult,
  type ReservationTypeCode,
  sharedByRegistrants,
} from './reservation-rules.ts';

/** Who hears of a logical unit's reservations. */
export interface ReservationListener {
  /** A pair of ports is owed this unit attention. */
  notify(pair: ItNexus, code: number): void;
  /** `by` is the login whose command it was. */
  changed(cause: ReservationCause, by: Nexus | undefined): void;
}

/** The reservations of one logical unit. */
export class Reservations {
  #spc2Holder: Nexus | undefined;
  /** PRGENERATION: changes of registrations since power on, modulo 2^32. */
  generation = 0;
  /** Registrations and reservation survive a loss of power. */
  aptpl = false;
  reservation: PersistentReservation | undefined;
  readonly #registrations = new Map<ItNexus, Registration>();
  readonly #listener: ReservationListener;

  constructor(listener: ReservationListener) {
    this.#listener = listener;
  }

  /** The login that holds the SPC-2 reservation. */
  get spc2Holder(): Nexus | undefined {
    return this.#spc2Holder?.live === true ? this.#spc2Holder : undefined;
  }

  /** In the order of registering. */
  get registrations(): readonly Registration[] {
    return [...this.#registrations.values()];
  }

  get registered(): boolean {
    return this.#registrations.size > 0;
  }

  keyOf(pair: ItNexus): bigint | undefined {
    return this.#registrations.get(pair)?.key;
  }

  holds(pair: ItNexus): boolean {
    if (this.reservation === undefined) return false;
    if (allRegistrants(this.reservation.type)) return this.#registrations.has(pair);
    return this.reservation.holder === pair;
  }

  /** How things stand for a login; `undefined` where nothing is reserved or registered. */
  holdFor(nexus: Nexus): HoldState | undefined {
    const spc2 = this.spc2Holder;
    if (this.reservation === undefined && spc2 === undefined && !this.registered) return undefined;
    return {
      type: this.reservation?.type,
      holder: this.namedHolder,
      registered: this.#registrations.has(nexus.pair),
      spc2Holder: spc2?.name,
    };
  }

  /** The one pair of ports that holds the persistent reservation; none where all registrants do. */
  get namedHolder(): PairName | undefined {
    const { reservation } = this;
    return reservation === undefined || allRegistrants(reservation.type)
      ? undefined
      : reservation.holder.name;
  }

  /** True where a command of this class must be answered with RESERVATION CONFLICT. */
  conflicts(nexus: Nexus, klass: ReservationClass, allowedBySpc2: boolean): boolean {
    const { pair } = nexus;
    const spc2 = this.spc2Holder;
    if (spc2 !== undefined && spc2 !== nexus && !allowedBySpc2) return true;
    const { reservation } = this;
    if (reservation === undefined || klass === 'allowed' || klass === 'own') return false;
    if (this.holds(pair)) return false;
    if (sharedByRegistrants(reservation.type) && this.#registrations.has(pair)) return false;
    return klass === 'write' || exclusiveAccess(reservation.type);
  }

  /** RESERVE(6), RESERVE(10). Among registrants it changes nothing and only tells who may. */
  reserveSpc2(nexus: Nexus): ReservationResult {
    if (this.registered) return this.#mayUseAsRegistrant(nexus.pair) ? 'good' : 'conflict';
    if (this.spc2Holder !== undefined && this.spc2Holder !== nexus) return 'conflict';
    this.#spc2Holder = nexus;
    nexus.spc2Reservations.add(this);
    this.#listener.changed('spc2-reserve', nexus);
    return 'good';
  }

  /** RELEASE(6), RELEASE(10). Of another's reservation it is no error and releases nothing. */
  releaseSpc2(nexus: Nexus): ReservationResult {
    if (this.registered) return this.#mayUseAsRegistrant(nexus.pair) ? 'good' : 'conflict';
    if (this.#spc2Holder === nexus) this.dropSpc2('spc2-release');
    return 'good';
  }

  /** REGISTER, REGISTER AND IGNORE EXISTING KEY. */
  register(pair: ItNexus, request: RegisterRequest): ReservationResult {
    const present = this.#registrations.get(pair);
    if (!request.ignoreExistingKey && request.key !== (present?.key ?? 0n)) return 'conflict';
    if (request.newKey === 0n) {
      if (present === undefined) return 'good';
      this.#unregister(present);
      for (const other of request.others) {
        const one = this.#registrations.get(other);
        if (one?.key === present.key) this.#unregister(one);
      }
    } else {
      const fresh = [pair, ...request.others].filter((one) => !this.#registrations.has(one));
      if (this.#registrations.size + fresh.length > REGISTRATIONS_MAX) {
        return NO_REGISTRATION_RESOURCES;
      }
      for (const one of [pair, ...request.others]) this.#setKey(one, request.newKey);
    }
    this.aptpl = request.aptpl;
    const { ignoreExistingKey } = request;
    this.#countChange(ignoreExistingKey ? 'register-and-ignore-existing-key' : 'register', pair);
    return 'good';
  }

  /** RESERVE. */
  reserve(pair: ItNexus, key: bigint, type: ReservationTypeCode): ReservationResult {
    if (this.keyOf(pair) !== key) return 'conflict';
    if (this.reservation === undefined) {
      this.reservation = { type, holder: pair };
      this.#listener.changed('reserve', pair.login);
      return 'good';
    }
    return this.holds(pair) && this.reservation.type === type ? 'good' : 'conflict';
  }

  /** RELEASE. */
  release(pair: ItNexus, key: bigint, type: ReservationTypeCode): ReservationResult {
    if (this.keyOf(pair) !== key) return 'conflict';
    if (!this.holds(pair)) return 'good';
    if (this.reservation?.type !== type) return INVALID_RELEASE;
    this.#releaseReservation(pair);
    this.#listener.changed('release', pair.login);
    return 'good';
  }

  /** CLEAR. */
  clear(pair: ItNexus, key: bigint): ReservationResult {
    if (this.keyOf(pair) !== key) return 'conflict';
    for (const one of this.#registrations.keys()) {
      if (one !== pair) this.#listener.notify(one, SenseCode.RESERVATIONS_PREEMPTED);
    }
    this.reservation = undefined;
    this.#registrations.clear();
    this.#countChange('clear', pair);
    return 'good';
  }

  /** Whether a PREEMPT of this key takes the reservation over: its holder has it, or all registrants hold it and the key is 0. */
  isHeldBy(key: bigint): boolean {
    const { reservation } = this;
    if (reservation === undefined) return false;
    return allRegistrants(reservation.type) ? key === 0n : this.keyOf(reservation.holder) === key;
  }

  /**
   * PREEMPT, PREEMPT AND ABORT. `type` is that of the reservation it takes over, `undefined` where it
   * only removes registrations. `removed` gets the pairs whose registrations ended; aborting their
   * tasks is the caller's part.
   */
  preempt(
    pair: ItNexus,
    key: bigint,
    victimKey: bigint,
    type: ReservationTypeCode | undefined,
    removed: ItNexus[],
    cause: 'preempt' | 'preempt-and-abort',
  ): ReservationResult {
    if (this.keyOf(pair) !== key) return 'conflict';
    const { reservation } = this;
    const all = reservation !== undefined && allRegistrants(reservation.type);
    const takesOver = type !== undefined && this.isHeldBy(victimKey);
    if (victimKey === 0n && !all) return INVALID_FIELD_IN_PARAMETER_LIST;
    const victims = this.registrations.filter((one) =>
      takesOver ? one.pair !== pair && (all || one.key === victimKey) : one.key === victimKey,
    );
    if (victims.length === 0 && !takesOver) return 'conflict';
    for (const victim of victims) {
      this.#registrations.delete(victim.pair);
      removed.push(victim.pair);
      if (victim.pair !== pair)
        this.#listener.notify(victim.pair, SenseCode.REGISTRATIONS_PREEMPTED);
    }
    if (takesOver) {
      if (reservation?.type !== type) this.#notifyRegistrants(pair);
      this.reservation = { type, holder: pair };
    } else if (all && !this.registered) this.reservation = undefined;
    this.#countChange(cause, pair);
    return 'good';
  }

  /** REGISTER AND MOVE: the reservation goes to another pair, which is registered for it. */
  registerAndMove(
    pair: ItNexus,
    to: ItNexus,
    request: { key: bigint; newKey: bigint; unregister: boolean; aptpl: boolean },
  ): ReservationResult {
    const present = this.#registrations.get(pair);
    if (present === undefined || present.key !== request.key) return 'conflict';
    const { reservation } = this;
    if (reservation?.holder !== pair || allRegistrants(reservation.type)) return 'conflict';
    if (request.newKey === 0n || to === pair) return INVALID_FIELD_IN_PARAMETER_LIST;
    if (!this.#registrations.has(to) && this.#registrations.size >= REGISTRATIONS_MAX) {
      return NO_REGISTRATION_RESOURCES;
    }
    this.#setKey(to, request.newKey);
    this.reservation = { type: reservation.type, holder: to };
    if (request.unregister) this.#registrations.delete(pair);
    this.aptpl = request.aptpl;
    this.#countChange('register-and-move', pair);
    return 'good';
  }

  /** What another device that has the same unit knows takes the place of what is known here. */
  adopt(state: AdoptedReservations, cause: ReservationCause, by: Nexus | undefined): void {
    this.generation = state.generation;
    this.aptpl = state.aptpl;
    this.reservation = state.reservation;
    this.#registrations.clear();
    for (const { key, pair } of state.registrations) this.#registrations.set(pair, { pair, key });
    this.#listener.changed(cause, by);
  }

  /** Ends the SPC-2 reservation, whoever holds it. */
  dropSpc2(cause: 'spc2-release' | 'nexus-lost' | 'reset'): void {
    const holder = this.#spc2Holder;
    if (holder === undefined) return;
    holder.spc2Reservations.delete(this);
    this.#spc2Holder = undefined;
    this.#listener.changed(cause, holder);
  }

  /** The target device lost power: what was not to persist through that is gone. */
  powerLost(): void {
    this.#spc2Holder?.spc2Reservations.delete(this);
    this.#spc2Holder = undefined;
    this.generation = 0;
    if (!this.aptpl) {
      this.reservation = undefined;
      this.#registrations.clear();
    }
    this.#listener.changed('power-on', undefined);
  }

  #mayUseAsRegistrant(pair: ItNexus): boolean {
    const { reservation } = this;
    if (reservation === undefined) return false;
    if (this.holds(pair)) return true;
    return sharedByRegistrants(reservation.type) && this.#registrations.has(pair);
  }

  #setKey(pair: ItNexus, key: bigint): void {
    const present = this.#registrations.get(pair);
    if (present === undefined) this.#registrations.set(pair, { pair, key });
    else present.key = key;
  }

  #unregister(registration: Registration): void {
    const { pair } = registration;
    const { reservation } = this;
    this.#registrations.delete(pair);
    if (reservation === undefined) return;
    const ends = allRegistrants(reservation.type) ? !this.registered : reservation.holder === pair;
    if (ends) this.#releaseReservation(pair);
  }

  #releaseReservation(by: ItNexus): void {
    const type = this.reservation?.type;
    this.reservation = undefined;
    if (type !== undefined && sharedByRegistrants(type)) this.#notifyRegistrants(by);
  }

  #notifyRegistrants(except: ItNexus): void {
    for (const one of this.#registrations.keys()) {
      if (one !== except) this.#listener.notify(one, SenseCode.RESERVATIONS_RELEASED);
    }
  }

  #countChange(cause: ReservationCause, by: ItNexus): void {
    this.generation = (this.generation + 1) >>> 0;
    this.#listener.changed(cause, by.login);
  }
}
