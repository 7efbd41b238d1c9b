/**
 * Which of several routes to a MAC address a tunnel endpoint follows, and when a MAC address moves too often.
 * Source: RFC 7432, 15 and 15.1; FRR's defaults.
 */
import type { Mac } from '../../codecs/layout/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';

/** A place that a MAC address is said to be at. */
export interface MacRoute {
  readonly vtep: string;
  readonly sequence: number;
  readonly sticky: boolean;
}

/** When a MAC address counts as one that two stations have. */
export interface DuplicateLimit {
  readonly moves: number;
  readonly windowNs: number;
}

/** Source: RFC 7432, 15.1. */
export const DUPLICATE_LIMIT: DuplicateLimit = { moves: 5, windowNs: 180 * SECOND };
/** MAC addresses whose moves are counted. */
const MACS_MAX = 8192;

/** An address as a number, for ties: the lower one wins. */
const numberOf = (address: string): number =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** Whether a route is better than another: sticky first, then the higher number, then the lower address. */
export function isBetter(one: MacRoute, other: MacRoute): boolean {
  if (one.sticky !== other.sticky) return one.sticky;
  if (one.sequence !== other.sequence) return one.sequence > other.sequence;
  return numberOf(one.vtep) < numberOf(other.vtep);
}

/** Routes that others tell, by MAC address, of each peer and endpoint the one told last. */
export class MacRoutes {
  readonly #routes = new Map<Mac, Map<string, MacRoute>>();

  /** A peer tells a route. */
  reach(mac: Mac, peer: string, route: MacRoute): void {
    const ofMac = this.#routes.get(mac) ?? new Map<string, MacRoute>();
    this.#routes.set(mac, ofMac.set(`${peer} ${route.vtep}`, route));
  }

  /** A peer takes one back. */
  unreach(mac: Mac, peer: string, vtep: string): void {
    const ofMac = this.#routes.get(mac);
    ofMac?.delete(`${peer} ${vtep}`);
    if (ofMac?.size === 0) this.#routes.delete(mac);
  }

  /** The best one. */
  best(mac: Mac): MacRoute | undefined {
    let best: MacRoute | undefined;
    for (const one of this.#routes.get(mac)?.values() ?? [])
      if (best === undefined || isBetter(one, best)) best = one;
    return best;
  }

  /** MAC addresses that there are routes to. */
  get size(): number {
    return this.#routes.size;
  }
}

/** Counts how often MAC addresses move. */
export class MoveCounter {
  readonly #limit: DuplicateLimit;
  readonly #moves = new Map<Mac, Instant[]>();

  constructor(limit: DuplicateLimit) {
    this.#limit = limit;
  }

  /** A MAC address has moved; how often it has within the window, once that is the limit or more. */
  moved(mac: Mac, now: Instant): number | undefined {
    const { moves, windowNs } = this.#limit;
    const recent = (this.#moves.get(mac) ?? []).filter((at) => now - at < windowNs).slice(-moves);
    recent.push(now);
    this.#moves.delete(mac);
    this.#moves.set(mac, recent);
    if (this.#moves.size > MACS_MAX) this.#moves.delete(this.#moves.keys().next().value!);
    return recent.length >= moves ? recent.length : undefined;
  }
}
