/** Values by pairs of N_Ports on a link, found by either port too. */
import { IdMap } from './id-map.ts';
import { Numbers } from './numbers.ts';

/** Two ports on a link, the lower N_Port_ID first, and what is known of them. */
export interface PortPair<V> {
  readonly link: string;
  readonly low: number;
  readonly high: number;
  value: V;
}

/**
 * Pairs without a direction. At most so many are kept: the one that was set longest ago is forgotten
 * first. Those of one port are found without a look at any other pair.
 */
export class PortPairs<V> {
  readonly #links = new Numbers();
  readonly #pairs: IdMap<PortPair<V>>;
  readonly #byPort = new Map<number, Set<PortPair<V>>>();

  /** Errors: `RangeError` unless `most` is a positive integer. */
  constructor(most: number) {
    this.#pairs = new IdMap(most);
  }

  /** What is known of two ports; `undefined` where nothing is. */
  get(link: string, one: number, other: number): V | undefined {
    return this.#find(link, one, other)?.value;
  }

  /** Sets it, now the last to be forgotten. */
  set(link: string, one: number, other: number, value: V): void {
    const low = Math.min(one, other);
    const high = Math.max(one, other);
    let pair = this.#find(link, one, other);
    if (pair === undefined) {
      pair = { link, low, high, value };
      this.#noteAt(low, pair);
      this.#noteAt(high, pair);
    }
    pair.value = value;
    this.#dropped(this.#pairs.set(this.#links.of(link), low, high, 0, pair));
  }

  /** Forgets a pair. */
  delete(link: string, one: number, other: number): void {
    const low = Math.min(one, other);
    const high = Math.max(one, other);
    this.#dropped(this.#pairs.delete(this.#links.of(link), low, high));
  }

  /** Forgets all. */
  clear(): void {
    this.#pairs.clear();
    this.#byPort.clear();
  }

  /** The pairs of a port on all links; the one just handed out may be deleted. */
  ofPort(nPortId: number): Iterable<PortPair<V>> {
    return this.#byPort.get(nPortId) ?? [];
  }

  /** All pairs; the one just handed out may be deleted. */
  values(): Iterable<PortPair<V>> {
    return this.#pairs.values();
  }

  #find(link: string, one: number, other: number): PortPair<V> | undefined {
    const low = one < other ? one : other;
    const high = one < other ? other : one;
    return this.#pairs.get(this.#links.of(link), low, high);
  }

  #noteAt(nPortId: number, pair: PortPair<V>): void {
    const pairs = this.#byPort.get(nPortId);
    if (pairs === undefined) this.#byPort.set(nPortId, new Set([pair]));
    else pairs.add(pair);
  }

  #dropped(pair: PortPair<V> | undefined): void {
    if (pair === undefined) return;
    for (const nPortId of [pair.low, pair.high]) {
      const pairs = this.#byPort.get(nPortId);
      pairs?.delete(pair);
      if (pairs?.size === 0) this.#byPort.delete(nPortId);
    }
  }
}
