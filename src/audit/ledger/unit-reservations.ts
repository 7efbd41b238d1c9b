/**
 * The reservations of logical units as their array told of them last, and what each guest itself did
 * with its part in them: shared by all that judge who may use a unit.
 */
import type {
  HistoryEntry,
  InitiatorPort,
  PlaceIndex,
  ReservationChanged,
} from '../../history/index.ts';
import { isArrayPowerLoss } from './disturbances.ts';
import type { GuestNames } from './guest-names.ts';

/** What is known of one unit. */
interface UnitState {
  now: ReservationChanged;
  before: ReservationChanged | undefined;
  /** Its array has lost its power since: what was told may all be gone, which is for APTPL to say. */
  isStale: boolean;
  /** Whose command made the holder its holder. */
  giver: InitiatorPort | undefined;
  /** Guests that gave their own registration up: nobody else is the reason for that. */
  readonly gaveUp: Set<string>;
}

/** Follows reservations. It is told before the rules that ask it. */
export class UnitReservations {
  readonly #places: PlaceIndex;
  readonly #names: GuestNames;
  readonly #units = new Map<string, UnitState>();

  constructor(places: PlaceIndex, names: GuestNames) {
    this.#places = places;
    this.#names = names;
  }

  observe(entry: HistoryEntry): void {
    if (entry.event.type === 'reservation') this.#change(entry.event);
    else if (isArrayPowerLoss(entry, this.#places)) {
      for (const unit of this.#units.values()) unit.isStale = true;
    }
  }

  /** The reservation of a unit as it was last told. */
  of(luName: string): ReservationChanged | undefined {
    return this.#units.get(luName)?.now;
  }

  /** What it was before that; `undefined` for the first since its array has power. */
  before(luName: string): ReservationChanged | undefined {
    return this.#units.get(luName)?.before;
  }

  /** What was told of each unit since its array has power. */
  get current(): readonly ReservationChanged[] {
    return [...this.#units.values()].filter((unit) => !unit.isStale).map(({ now }) => now);
  }

  /** Whether a guest itself made its holder the one that holds a unit, by REGISTER AND MOVE. */
  gaveAway(vm: string, luName: string): boolean {
    const giver = this.#units.get(luName)?.giver;
    return giver !== undefined && this.#names.of(vm).has(giver);
  }

  /** Who keeps a guest out that did not bring it upon itself, in words; `undefined` for nobody. */
  keptOutBy(vm: string, luName: string): string | undefined {
    const unit = this.#units.get(luName);
    if (unit === undefined || unit.gaveUp.has(vm) || this.gaveAway(vm, luName)) return undefined;
    const { holder: persistent, registrations, reservationType, spc2Holder } = unit.now;
    const holder = spc2Holder?.initiator ?? persistent?.initiator;
    const names = this.#names.of(vm);
    // Where all registrants hold it there is no holder; whoever is not among them was put out.
    if (holder === undefined) {
      const among = registrations.some(({ initiator }) => names.has(initiator));
      return reservationType === undefined || among ? undefined : 'others, who hold the unit';
    }
    return names.has(holder) ? undefined : `${holder}, which holds the unit`;
  }

  #change(one: ReservationChanged): void {
    const unit = this.#units.get(one.luName);
    const last = unit?.now;
    const giver = giverOf(one, last, unit?.giver);
    const gaveUp = unit?.gaveUp ?? new Set<string>();
    for (const vm of this.#names.guests) {
      const names = this.#names.of(vm);
      const isIn = (of: ReservationChanged | undefined): boolean =>
        of?.registrations.some(({ initiator }) => names.has(initiator)) ?? false;
      if (isIn(one)) gaveUp.delete(vm);
      else if (isIn(last) && (one.by === undefined || names.has(one.by.initiator))) gaveUp.add(vm);
    }
    const before = unit?.isStale === true ? undefined : last;
    this.#units.set(one.luName, { now: one, before, isStale: false, giver, gaveUp });
  }
}

function giverOf(
  one: ReservationChanged,
  last: ReservationChanged | undefined,
  known: InitiatorPort | undefined,
): InitiatorPort | undefined {
  if (one.cause === 'register-and-move' && one.by !== undefined) return one.by.initiator;
  return one.holder?.initiator === last?.holder?.initiator ? known : undefined;
}
