/**
 * I/Os that ended badly for their guest, and whether somebody else is the reason: shared by the
 * rules that charge a failure to the move.
 *
 * A failure is excused where the world outside made it: a fault or an outage not long before,
 * another initiator that took the reservation, an operator who took the unit out of the guest's mask
 * or changed the zones. Everything else is the machines' own.
 */
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import type {
  HistoryEntry,
  InitiatorDevice,
  InitiatorPort,
  IoAttemptEnded,
  IoCompleted,
  MaskChanged,
  ReservationChanged,
  ZonesChanged,
} from '../../history/index.ts';
import type { TimeNs } from '../verdict.ts';
import type { Disturbances } from './disturbances.ts';
import type { GuestNames } from './guest-names.ts';
import type { IoRecord } from './io-ledger.ts';
import { OpenIos } from './open-ios.ts';

/** An I/O that failed. */
export interface FailedIo {
  readonly at: TimeNs;
  readonly record: IoRecord;
  readonly reason: string;
  /** `ScsiStatus` of the last attempt that was answered. */
  readonly status: number | undefined;
  /** Whose doing it was, in words; `undefined` where it is the machines' own. */
  readonly excuse: string | undefined;
}

/** Hears of every I/O that failed. */
export type FailureListener = (failed: FailedIo) => void;

/** A COMPARE AND WRITE that found something else: an answer to what was asked, and I4's matter. */
const MISCOMPARE = 'miscompare';

/** Follows what may excuse a failure. It is told before the rules that ask it. */
export class FailedIos {
  readonly #guestTimeoutNs: TimeNs;
  readonly #disturbances: Disturbances;
  readonly #names: GuestNames;
  readonly #reservations = new Map<string, ReservationChanged>();
  /** Guests that gave their own registration up, by unit: nobody else is the reason for that. */
  readonly #gaveUp = new Map<string, Set<string>>();
  /** Whose command made the holder of a unit its holder. */
  readonly #givers = new Map<string, InitiatorPort>();
  readonly #masks = new Map<InitiatorDevice | undefined, MaskChanged>();
  /** Units that a guest was shown once and is shown no more. */
  readonly #unmasked = new Map<string, Set<string>>();
  readonly #zones = new Map<string, string>();
  #zonesChanged = false;
  readonly #statuses = new OpenIos<number>();
  readonly #listeners: FailureListener[] = [];

  constructor(guestTimeoutNs: TimeNs, disturbances: Disturbances, names: GuestNames) {
    this.#names = names;
    this.#guestTimeoutNs = guestTimeoutNs;
    this.#disturbances = disturbances;
  }

  /** `listener` is told of every I/O that failed, before its end is told to the rules. */
  onFailure(listener: FailureListener): void {
    this.#listeners.push(listener);
  }

  /** To be told of everything; `record`: the I/O of an end, while it is still known. */
  observe({ at, node, event }: HistoryEntry, record: IoRecord | undefined): void {
    switch (event.type) {
      case 'io-attempt-end':
        this.#attemptEnd(event);
        return;
      case 'io-complete':
        this.#complete(at, event, record);
        return;
      case 'reservation':
        this.#reservation(event);
        return;
      case 'mask':
        this.#mask(event);
        return;
      case 'zone-change':
        this.#zone(node, event);
    }
  }

  /** The reservation of a unit as it was last told. */
  reservationOf(luName: string): ReservationChanged | undefined {
    return this.#reservations.get(luName);
  }

  /** Whether a guest itself made its holder the one that holds a unit, by REGISTER AND MOVE. */
  gaveAway(vm: string, luName: string): boolean {
    const giver = this.#givers.get(luName);
    return giver !== undefined && this.#names.of(vm).has(giver);
  }

  #attemptEnd(event: IoAttemptEnded): void {
    if (event.status === undefined || event.status === ScsiStatus.GOOD) return;
    this.#statuses.begin(event, event.status);
  }

  #complete(at: TimeNs, event: IoCompleted, record: IoRecord | undefined): void {
    const status = this.#statuses.end(event);
    if (event.result === 'good' || record === undefined || event.reason === MISCOMPARE) return;
    const reason = event.reason ?? 'no reason told';
    const excuse = this.#excuseOf(record, status);
    const failed: FailedIo = { at, record, reason, status, excuse };
    for (const listener of this.#listeners) listener(failed);
  }

  #excuseOf({ io, at }: IoRecord, status: number | undefined): string | undefined {
    if (this.#disturbances.since(at - this.#guestTimeoutNs)) return 'what was done to the world';
    if (status === ScsiStatus.RESERVATION_CONFLICT) return this.#heldByOthers(io.vm, io.luName);
    if (this.#unmasked.get(io.vm)?.has(io.luName) === true) return 'its mask, which was changed';
    return this.#zonesChanged ? 'the zones, which were changed' : undefined;
  }

  /** Who keeps a guest out that did not bring it upon itself. */
  #heldByOthers(vm: string, luName: string): string | undefined {
    const one = this.#reservations.get(luName);
    const holder = one?.spc2Holder?.initiator ?? one?.holder?.initiator;
    if (one === undefined || this.#gaveUp.get(luName)?.has(vm) === true) return undefined;
    if (this.gaveAway(vm, luName)) return undefined;
    const names = this.#names.of(vm);
    // Where all registrants hold it there is no holder; whoever is not among them was put out.
    if (holder === undefined) {
      const among = one.registrations.some(({ initiator }) => names.has(initiator));
      return one.reservationType === undefined || among ? undefined : 'others, who hold the unit';
    }
    return names.has(holder) ? undefined : `${holder}, which holds the unit`;
  }

  #reservation(one: ReservationChanged): void {
    const before = this.#reservations.get(one.luName);
    this.#reservations.set(one.luName, one);
    if (one.cause === 'register-and-move' && one.by !== undefined) {
      this.#givers.set(one.luName, one.by.initiator);
    } else if (one.holder?.initiator !== before?.holder?.initiator) this.#givers.delete(one.luName);
    for (const vm of this.#names.guests) {
      const names = this.#names.of(vm);
      const registered = (of: ReservationChanged | undefined): boolean =>
        of?.registrations.some(({ initiator }) => names.has(initiator)) ?? false;
      let gaveUp = this.#gaveUp.get(one.luName);
      if (registered(one)) gaveUp?.delete(vm);
      else if (registered(before) && (one.by === undefined || names.has(one.by.initiator))) {
        gaveUp ??= new Set();
        this.#gaveUp.set(one.luName, gaveUp.add(vm));
      }
    }
  }

  #mask(mask: MaskChanged): void {
    const before = this.#masks.get(mask.device);
    this.#masks.set(mask.device, mask);
    if (before === undefined || mask.device === undefined) return;
    const now = new Set(mask.luns.map(({ luName }) => luName));
    for (const vm of this.#names.guestsBehind(mask.device)) {
      const gone = this.#unmasked.get(vm) ?? new Set<string>();
      this.#unmasked.set(vm, gone);
      for (const { luName } of before.luns) if (!now.has(luName)) gone.add(luName);
      for (const luName of now) gone.delete(luName);
    }
  }

  #zone(node: string, { enforced, zones, defaultZone }: ZonesChanged): void {
    const members = zones.map((one) => one.members.map(String).sort().join());
    const now = `${enforced} ${defaultZone} ${members.sort().join(' ')}`;
    const before = this.#zones.get(node);
    this.#zones.set(node, now);
    if (before !== undefined && before !== now) this.#zonesChanged = true;
  }
}
