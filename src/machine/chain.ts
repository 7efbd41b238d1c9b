/** Things in the order of their arrival, each of which leaves when it likes; nothing is allocated for it. */

/** What can stand in a chain, in one at a time; the three are the chain's to write. */
export interface Chained<T> {
  chain: object | undefined;
  older: T | undefined;
  newer: T | undefined;
}

/** A chain, oldest first. */
export class Chain<T extends Chained<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The oldest; from there `newer` leads on. */
  get first(): T | undefined {
    return this.#first;
  }

  /** Puts one at the end. Errors: `RangeError` for one that stands in a chain. */
  add(one: T): void {
    if (one.chain !== undefined) throw new RangeError('it stands in a chain already');
    one.chain = this;
    one.older = this.#last;
    if (this.#last === undefined) this.#first = one;
    else this.#last.newer = one;
    this.#last = one;
    this.#size++;
  }

  /** Takes one out; `false` when it is not in this chain. */
  remove(one: T): boolean {
    if (one.chain !== this) return false;
    const { older, newer } = one;
    if (older === undefined) this.#first = newer;
    else older.newer = newer;
    if (newer === undefined) this.#last = older;
    else newer.older = older;
    one.chain = undefined;
    one.older = undefined;
    one.newer = undefined;
    this.#size--;
    return true;
  }

  /** All that stand in it now, oldest first: they may leave while one goes through them. */
  all(): T[] {
    const all: T[] = [];
    for (let one = this.#first; one !== undefined; one = one.newer) all.push(one);
    return all;
  }
}
