/**
 * What is under way, by tag: exchanges by their OX_ID, tasks by the tag of their command.
 *
 * Tags are given out one after the other and few are in use at a time, so that the lower bits of a
 * tag name its place: looking one up is a read and a comparison, and nothing is allocated for an
 * entry. Where two in use fall on one place the table grows; what still meets then goes into a map,
 * for the tags are the other side's to choose.
 */

const PLACES_MIN = 16;
const PLACES_MAX = 4096;

/** What a table can hold; a tag is a whole number from 0 to FFFFFFFFh. */
export interface Tagged {
  readonly tag: number;
}

/** A table of things under way, each under its own tag. */
export class TagTable<T extends Tagged> {
  #places: (T | undefined)[] = new Array<T | undefined>(PLACES_MIN).fill(undefined);
  #beside: Map<number, T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What is under way under a tag. */
  get(tag: number): T | undefined {
    const places = this.#places;
    const one = places[tag & (places.length - 1)];
    return one !== undefined && one.tag === tag ? one : this.#beside?.get(tag);
  }

  /** Enters one. Errors: `RangeError` when its tag is in use or is none. */
  add(one: T): void {
    const { tag } = one;
    if (tag >>> 0 !== tag) throw new RangeError(`${tag} is no tag`);
    let place = tag & (this.#places.length - 1);
    if (this.#places[place] !== undefined) {
      if (this.get(tag) !== undefined) throw new RangeError(`tag ${tag} is in use`);
      place = this.#makeRoom(tag);
    }
    if (place >= 0) this.#places[place] = one;
    else {
      this.#beside ??= new Map();
      this.#beside.set(tag, one);
    }
    this.#size++;
  }

  /** Takes one out; `false` when it is not the one under its tag. */
  remove(one: T): boolean {
    const places = this.#places;
    const { tag } = one;
    const place = tag & (places.length - 1);
    if (places[place] === one) places[place] = undefined;
    else if (this.#beside?.get(tag) === one) this.#beside.delete(tag);
    else return false;
    this.#size--;
    return true;
  }

  /** All that are under way, in no order that means anything, the same for the same history. */
  all(): T[] {
    if (this.#size === 0) return [];
    const placed = this.#places.filter((one) => one !== undefined);
    return this.#beside === undefined ? placed : [...placed, ...this.#beside.values()];
  }

  /** A free place for a tag, with twice the places until there is one; -1 where that would be too many. */
  #makeRoom(tag: number): number {
    while (this.#places.length < PLACES_MAX) {
      const places = new Array<T | undefined>(this.#places.length * 2).fill(undefined);
      // What fell on different places still does.
      for (const one of this.#places)
        if (one !== undefined) places[one.tag & (places.length - 1)] = one;
      this.#places = places;
      const place = tag & (places.length - 1);
      if (places[place] === undefined) return place;
    }
    return -1;
  }
}
