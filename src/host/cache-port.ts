/**
 * The port of a host by which its caches speak with those of others: frames on a link of their own.
 *
 * Ownership: a host owns it; it owns the copies of each unit that is cached so. Units and other hosts are known
 * beforehand: what names others is not heard.
 */
import { formatHex, parseHex } from '../codecs/layout/index.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import { type Ipv4Address, parseIpv4 } from '../net/ipv4-address.ts';
import type { LanAddress } from '../net/lan-frame.ts';
import { cacheFrame, cacheMessageIn } from './cache-message.ts';
import { CoherentCache, type CoherentCacheOptions } from './coherent-cache.ts';

/** What such a port is told when it is made. */
export interface CachePortOptions {
  readonly own: LanAddress;
  /** Other hosts. */
  readonly peers: readonly LanAddress[];
  /** Units whose copies are kept equal, by their identities in hex. */
  readonly units: readonly ({ readonly luName: string } & CoherentCacheOptions)[];
}

/** What it asks of its host. */
export interface CachePortOwner {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  /** Puts a frame on the port's link. */
  send(frame: Uint8Array): void;
}

/** Copies of units, and the port by which they are kept equal. */
export class CachePort {
  readonly #options: CachePortOptions;
  readonly #owner: CachePortOwner;
  readonly #address: Ipv4Address;
  readonly #peers: ReadonlyMap<Ipv4Address, number>;
  /** Made when they are needed first: what was granted before that counts from then. */
  readonly #units = new Map<string, CoherentCache>();

  /** Errors: `RangeError` for an address that is none. */
  constructor(options: CachePortOptions, owner: CachePortOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#address = parseIpv4(options.own.address);
    this.#peers = new Map(options.peers.map(({ address }, i) => [parseIpv4(address), i]));
  }

  /** The copies of a unit; `undefined` for one that is not cached so. */
  copiesOf(luName: string): CoherentCache | undefined {
    const known = this.#units.get(luName);
    if (known !== undefined) return known;
    const options = this.#options.units.find((one) => one.luName === luName);
    if (options === undefined) return undefined;
    const luId = parseHex(luName);
    const owner = this.#owner;
    const { own, peers } = this.#options;
    const made = new CoherentCache(options, peers.length, {
      get now() {
        return owner.now;
      },
      after: (delayNs, run) => owner.after(delayNs, run),
      send: (peer, message) => owner.send(cacheFrame(own, peers[peer]!, { ...message, luId })),
    });
    this.#units.set(luName, made);
    return made;
  }

  /** A frame came. */
  handleFrame(frame: Uint8Array): void {
    const heard = cacheMessageIn(frame);
    if (heard?.destination !== this.#address) return;
    const peer = this.#peers.get(heard.source);
    if (peer !== undefined)
      this.copiesOf(formatHex(heard.message.luId))?.handle(peer, heard.message);
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    const units = [...this.#units.values()];
    return {
      'blocks of coherent caches': units.reduce((sum, { size }) => sum + size, 0),
      'writes of other hosts': units.reduce((sum, { bars }) => sum + bars, 0),
    };
  }
}
