/**
 * Exchanges by their OX_ID.
 *
 * OX_IDs are given out one after the other and few are in use at a time, so that the lower bits of
 * an OX_ID name its place: looking one up is a read and a comparison, and nothing is allocated for
 * an entry. Where two in use fall on one place the table grows, up to a place for each OX_ID.
 */

const PLACES_MIN = 16;
const OX_IDS = 0x1_0000;

/** What a table can hold. */
export interface HasOxId {
  readonly oxId: number;
}

/** A table of exchanges, each under its own OX_ID, 0 to FFFFh. */
export class OxIdTable<T extends HasOxId> {
  #places: (T | undefined)[] = new Array<T | undefined>(PLACES_MIN).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What is open under an OX_ID. */
  get(oxId: number): T | undefined {
    const places = this.#places;
    const one = places[oxId & (places.length - 1)];
    return one !== undefined && one.oxId === oxId ? one : undefined;
  }

  /** Enters an exchange. Errors: `RangeError` when its OX_ID is in use or is none. */
  add(one: T): void {
    const { oxId } = one;
    if (!(oxId >= 0 && oxId < OX_IDS)) throw new RangeError(`${oxId} is no OX_ID`);
    while (this.#places[oxId & (this.#places.length - 1)] !== undefined) {
      if (this.get(oxId) !== undefined) throw new RangeError(`OX_ID ${oxId} is in use`);
      this.#grow();
    }
    this.#places[oxId & (this.#places.length - 1)] = one;
    this.#size++;
  }

  /** Takes an exchange out; `false` when it is not the one under its OX_ID. */
  remove(one: T): boolean {
    const places = this.#places;
    const place = one.oxId & (places.length - 1);
    if (places[place] !== one) return false;
    places[place] = undefined;
    this.#size--;
    return true;
  }

  /** All that are open, in the order of their places. */
  all(): T[] {
    return this.#size === 0 ? [] : this.#places.filter((one) => one !== undefined);
  }

  /** Twice the places: what fell on different places still does. */
  #grow(): void {
    const places = new Array<T | undefined>(this.#places.length * 2).fill(undefined);
    for (const one of this.#places)
      if (one !== undefined) places[one.oxId & (places.length - 1)] = one;
    this.#places = places;
  }
}
