/** Numbers for names: a name that comes with every frame is looked up once, not put into every key. */

/** Names that keep their numbers; beyond, all begin anew, as for a capture of nothing but names. */
const NAMES_MAX = 100_000;

/** Gives each name a number of its own: links, fabrics, LUNs. */
export class Numbers<N = string> {
  readonly #numbers = new Map<N, number>();
  #name: N | undefined;
  #number = 0;
  #next = 1;

  /** The number of a name, mostly that of the frame before. */
  of(name: N): number {
    if (name === this.#name) return this.#number;
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#next++;
      if (this.#numbers.size >= NAMES_MAX) this.#numbers.clear();
      this.#numbers.set(name, number);
    }
    this.#name = name;
    this.#number = number;
    return number;
  }
}
