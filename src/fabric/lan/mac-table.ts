/** Where MAC addresses are, by VLAN: what a bridge has learned, bounded, and forgotten when it grows old. */
import type { Mac } from '../../codecs/layout/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';

/** An address that was not heard for so long is forgotten. Source: IEEE 802.1Q, 8.8.3: recommended default. */
export const AGEING_NS: number = 300 * SECOND;
/** Addresses that are remembered, those heard last. */
const ADDRESSES_MAX = 8192;

/** An address that was learned. */
export interface LearnedMac {
  readonly vid: number;
  readonly mac: Mac;
  port: number;
  /** The tunnel endpoint behind that port. */
  vtep: string | undefined;
  /** Given by a control plane: it does not grow old. */
  isRoute: boolean;
  heardAt: Instant;
}

const keyOf = (vid: number, mac: Mac): string => `${vid} ${mac}`;

/** The table of one switch, the addresses heard longest ago first. */
export class MacTable {
  readonly #learned = new Map<string, LearnedMac>();
  readonly #ageingNs: number;

  constructor(ageingNs: number) {
    this.#ageingNs = ageingNs;
  }

  get size(): number {
    return this.#learned.size;
  }

  /** Where an address is, unless that is too old to be true. */
  find(vid: number, mac: Mac): LearnedMac | undefined {
    return this.#learned.get(keyOf(vid, mac));
  }

  /** Notes where an address is; what was known of it before is returned, and what had to go for it. */
  learn(one: LearnedMac): {
    readonly before: Readonly<LearnedMac> | undefined;
    readonly lost: LearnedMac | undefined;
  } {
    const key = keyOf(one.vid, one.mac);
    const before = this.#learned.get(key);
    let lost: LearnedMac | undefined;
    this.#learned.delete(key);
    if (before === undefined && this.#learned.size >= ADDRESSES_MAX) {
      const [oldest, gone] = this.#learned.entries().next().value!;
      this.#learned.delete(oldest);
      lost = gone;
    }
    this.#learned.set(key, one);
    return { before, lost };
  }

  /** Forgets an address. */
  forget(vid: number, mac: Mac): LearnedMac | undefined {
    const key = keyOf(vid, mac);
    const one = this.#learned.get(key);
    this.#learned.delete(key);
    return one;
  }

  /** Forgets those of which this holds. */
  forgetAll(which: (one: LearnedMac) => boolean): LearnedMac[] {
    const gone = [...this.#learned.values()].filter(which);
    for (const { vid, mac } of gone) this.forget(vid, mac);
    return gone;
  }

  /** Forgets those that have grown old; when the next one does. */
  age(now: Instant): { readonly gone: LearnedMac[]; readonly next: Instant | undefined } {
    const gone: LearnedMac[] = [];
    for (const one of this.#learned.values()) {
      if (one.isRoute) continue;
      if (now - one.heardAt < this.#ageingNs) {
        for (const { vid, mac } of gone) this.forget(vid, mac);
        return { gone, next: one.heardAt + this.#ageingNs };
      }
      gone.push(one);
    }
    for (const { vid, mac } of gone) this.forget(vid, mac);
    return { gone, next: undefined };
  }
}
