const NS_PER_SECOND = 1_000_000_000n;

/** `if_tsresol` where the option is absent: microseconds. */
export const TSRESOL_DEFAULT = 6;

/**
 * Ticks in a second.
 *
 * `tsresol` is the option's byte: bit 7 clear, 10 to the power of the rest; bit 7 set, 2 to it.
 */
export function ticksPerSecondOf(tsresol: number): bigint {
  const base = (tsresol & 0x80) === 0 ? 10n : 2n;
  return base ** BigInt(tsresol & 0x7f);
}

/** Turns the 64-bit tick counts of one interface into nanoseconds since 1970. */
export class TickClock {
  readonly ticksPerSecond: bigint;
  readonly #offsetNs: bigint;
  /** Nanoseconds in a tick, or 0 where that is no whole number. */
  readonly #tickNs: bigint;
  /** The upper half changes every 4 s to 71 min, so its part is worked out once. */
  #high = 0;
  #highTicks = 0n;

  /** `offsetSeconds` is `if_tsoffset`. */
  constructor(ticksPerSecond: bigint, offsetSeconds: bigint) {
    this.ticksPerSecond = ticksPerSecond;
    this.#offsetNs = offsetSeconds * NS_PER_SECOND;
    this.#tickNs = NS_PER_SECOND % ticksPerSecond === 0n ? NS_PER_SECOND / ticksPerSecond : 0n;
  }

  /** The two halves of the count as the block holds them; parts of a nanosecond are dropped. */
  toNs(high: number, low: number): bigint {
    if (high !== this.#high) {
      this.#high = high;
      this.#highTicks = BigInt(high) << 32n;
    }
    const ticks = this.#highTicks + BigInt(low);
    const sinceOffsetNs =
      this.#tickNs === 0n ? (ticks * NS_PER_SECOND) / this.ticksPerSecond : ticks * this.#tickNs;
    return sinceOffsetNs + this.#offsetNs;
  }
}
