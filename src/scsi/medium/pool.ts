/**
 * A pool from which thin media take their space: extents are taken by the first write to them, and given back when
 * nothing of them is mapped any more. It says once that a threshold was passed, and again after it fell below.
 */

/** Blocks of an extent: 64 KiB. */
export const EXTENT_BLOCKS = 128;

/** What a pool is made of. */
export interface PoolOptions {
  readonly extents: number;
  /** At this fill level it warns; never when left out. */
  readonly thresholdPercent?: number;
}

/** Space that several media share. */
export class SpacePool {
  /** The threshold was passed. */
  onThreshold: () => void = () => {};
  readonly #thresholdPercent: number | undefined;
  #extents: number;
  #used = 0;
  #warned = false;
  /** Places that were given back, and the first that never was taken. */
  readonly #free: number[] = [];
  #next = 0;

  /** Errors: `RangeError` for a size that is no whole number of extents. */
  constructor({ extents, thresholdPercent }: PoolOptions) {
    if (!Number.isInteger(extents) || extents < 1)
      throw new RangeError(`a pool has 1 or more extents, not ${extents}`);
    this.#extents = extents;
    this.#thresholdPercent = thresholdPercent;
  }

  /** Extents that it has, and those that are taken. */
  get extents(): number {
    return this.#extents;
  }

  get used(): number {
    return this.#used;
  }

  get available(): number {
    return this.#extents - this.#used;
  }

  /** Extents in use from which on it warns; `undefined` where it never does. */
  get threshold(): number | undefined {
    const percent = this.#thresholdPercent;
    return percent === undefined ? undefined : Math.ceil((this.#extents * percent) / 100);
  }

  /** Takes extents, all of them or none. False where there are not so many. */
  take(count: number): boolean {
    if (count > this.available) return false;
    this.#used += count;
    this.#look();
    return true;
  }

  /** Where an extent that was taken lies: a place that no other extent has. */
  place(): number {
    return this.#free.pop() ?? this.#next++;
  }

  /** Gives an extent back, and its place. */
  give(place: number): void {
    this.#free.push(place);
    this.#used--;
    this.#look();
  }

  /** There are more extents from now on. */
  grow(count: number): void {
    this.#extents += count;
    this.#look();
  }

  #look(): void {
    const { threshold } = this;
    const isPassed = threshold !== undefined && this.#used >= threshold;
    if (isPassed && !this.#warned) this.onThreshold();
    this.#warned = isPassed;
  }
}
