/** The order of commands that touch the same blocks of a unit: each waits for those before it, reads not for reads. */

/** Blocks of a unit that a command touches; `Infinity` for all from `lba` on. */
export interface Span {
  readonly unit: number;
  readonly lba: number;
  readonly blocks: number;
  readonly changes: boolean;
}

interface Entry {
  readonly span: Span;
  readonly run: (release: () => void) => void;
  running: boolean;
}

/** Lets commands run one after the other where they touch the same blocks. */
export class WriteOrder {
  /** In the order in which they came. */
  readonly #entries: Entry[] = [];

  /** How many are under way or wait. */
  get size(): number {
    return this.#entries.length;
  }

  /** `run` is called once, now or when those before it have been released; it calls `release` when it is done. */
  enter(span: Span, run: (release: () => void) => void): void {
    const entry: Entry = { span, run, running: false };
    this.#entries.push(entry);
    if (!this.#waits(this.#entries.length - 1)) this.#start(entry);
  }

  /** Everything is forgotten, as by a loss of power. */
  clear(): void {
    this.#entries.length = 0;
  }

  #waits(at: number): boolean {
    const { span } = this.#entries[at]!;
    return this.#entries.slice(0, at).some((one) => meets(one.span, span));
  }

  #start(entry: Entry): void {
    entry.running = true;
    entry.run(() => this.#release(entry));
  }

  #release(entry: Entry): void {
    const at = this.#entries.indexOf(entry);
    if (at < 0) return;
    this.#entries.splice(at, 1);
    // A release within a start may take others out: each is looked at as the list is then.
    for (const one of [...this.#entries]) {
      const place = this.#entries.indexOf(one);
      if (place < 0 || one.running || this.#waits(place)) continue;
      this.#start(one);
    }
  }
}

function meets(one: Span, other: Span): boolean {
  if (one.unit !== other.unit || !(one.changes || other.changes)) return false;
  return one.lba < other.lba + other.blocks && other.lba < one.lba + one.blocks;
}
