/**
 * What each block of a unit may hold at a moment, by what guests asked for and were told: the last write that
 * had ended, those that were under way with it, and those that failed and may have come there all the same.
 */
import type { BlockValue } from './block-zones.ts';

/** A write of a block, or what it held before any. Moments are numbers that only grow. */
export interface Written {
  /** `undefined`: anything. */
  readonly value: BlockValue | undefined;
  readonly begunAt: number;
  /** When its guest was told that it is done; `undefined` while it was not, and for ever where it failed. */
  endedAt: number | undefined;
}

/** Follows the writes of one unit. */
export class UnitPast {
  #initial: Written;
  readonly #blocks = new Map<number, Written[]>();

  /** `initial`: what blocks hold that nobody has written; `undefined` where that is not known. */
  constructor(initial: BlockValue | undefined) {
    this.#initial = { value: initial, begunAt: -1, endedAt: -1 };
  }

  /** A write begins. */
  begin(lba: number, blocks: number, value: BlockValue, at: number): Written {
    const written: Written = { value, begunAt: at, endedAt: undefined };
    for (let i = lba; i < lba + blocks; i++) {
      const known = this.#blocks.get(i);
      if (known === undefined) this.#blocks.set(i, [this.#initial, written]);
      else known.push(written);
    }
    return written;
  }

  /** A write is done: what had ended before it began is gone. */
  end(lba: number, blocks: number, written: Written, at: number): void {
    written.endedAt = at;
    for (let i = lba; i < lba + blocks; i++) {
      const known = this.#blocks.get(i) ?? [this.#initial, written];
      this.#blocks.set(
        i,
        known.filter((one) => one === written || !isBefore(one, written)),
      );
    }
  }

  /** What blocks hold is not known any more, as after a loss of power. */
  forget(at: number): void {
    this.#initial = { value: undefined, begunAt: at, endedAt: at };
    this.#blocks.clear();
  }

  /** What a block may hold now. */
  at(lba: number): readonly Written[] {
    return this.#blocks.get(lba) ?? [this.#initial];
  }

  /** The same of all blocks that were written, to be kept. */
  *all(): Iterable<readonly [lba: number, written: readonly Written[]]> {
    yield* this.#blocks;
  }

  /** What blocks hold that nobody has written. */
  get initial(): Written {
    return this.#initial;
  }
}

/** Whether one write had ended when the other began. */
export function isBefore(one: Written, other: Written): boolean {
  return one.endedAt !== undefined && one.endedAt < other.begunAt;
}
