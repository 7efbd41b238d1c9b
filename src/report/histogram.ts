/** Counts over time and over latency in bounded memory, whatever a run's length. */

/** Counts per span of time. The span doubles when the run outgrows the buckets. */
export class TimeHistogram {
  static readonly BUCKETS = 512;
  #counts = new Float64Array(TimeHistogram.BUCKETS);
  /** Length of a bucket in nanoseconds. */
  bucketNs = 1 << 16;
  total = 0;

  add(atNs: number): void {
    while (atNs >= TimeHistogram.BUCKETS * this.bucketNs) this.#double();
    this.#counts[Math.floor(atNs / this.bucketNs)]! += 1;
    this.total++;
  }

  #double(): void {
    const half = new Float64Array(TimeHistogram.BUCKETS);
    for (let i = 0; i < TimeHistogram.BUCKETS; i++) half[i >> 1]! += this.#counts[i]!;
    this.#counts = half;
    this.bucketNs *= 2;
  }

  /** Events a second in each of `columns` equal parts of `[fromNs, untilNs)`. */
  rates(fromNs: number, untilNs: number, columns: number): number[] {
    const width = (untilNs - fromNs) / columns;
    const rates = new Array<number>(columns).fill(0);
    for (let i = 0; i < TimeHistogram.BUCKETS; i++) {
      const count = this.#counts[i]!;
      if (count === 0) continue;
      // A bucket is shared out over the columns that it overlaps.
      const from = Math.max(i * this.bucketNs, fromNs);
      const until = Math.min((i + 1) * this.bucketNs, untilNs);
      for (let at = from; at < until; ) {
        const column = Math.min(columns - 1, Math.floor((at - fromNs) / width));
        const end = Math.min(until, fromNs + (column + 1) * width);
        if (end <= at) break;
        rates[column]! += (count * (end - at)) / this.bucketNs;
        at = end;
      }
    }
    return rates.map((count) => (count / width) * 1e9);
  }
}

/** Steps between a power of two and the next: a percentile is exact to one part in this many. */
const STEPS = 64;

/** Latencies by size, for percentiles. */
export class LatencyHistogram {
  readonly #counts = new Map<number, number>();
  count = 0;
  maxNs = 0;

  add(latencyNs: number): void {
    const bucket = latencyNs < 1 ? 0 : Math.floor(Math.log2(latencyNs) * STEPS);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.count++;
    this.maxNs = Math.max(this.maxNs, latencyNs);
  }

  /** The latency in nanoseconds that `percent` of all do not exceed; 0 when there are none. */
  percentile(percent: number): number {
    const wanted = Math.ceil((this.count * percent) / 100);
    let seen = 0;
    for (const [bucket, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= wanted) return Math.min(this.maxNs, Math.round(2 ** ((bucket + 1) / STEPS)));
    }
    return this.maxNs;
  }
}
