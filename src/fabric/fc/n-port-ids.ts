/**
 * The N_Port_IDs of one domain: who gets which, and whether it is clean.
 *
 * An N_Port_ID that was given up rests for R_A_TOV, because frames of its old holder may still be
 * under way. Free ids that have rested longest go out first, then those never used; one that still
 * rests goes out only when there is no other. With persistence a WWPN gets the id it had before,
 * rested or not: that is the hazard real fabrics choose, and it is announced by the clean-address
 * bit.
 * Source: FC-LS-3, clean address bit of the FLOGI LS_ACC.
 */
import type { FcId, Wwn } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';

/** N_Port_IDs of a domain; area and port 0000h is not used. */
export const N_PORT_IDS_MAX = 0xffff;

/** Entries for ids given up before those are dropped that went out again: one an id may remain. */
const RELEASED_MAX = 2 * N_PORT_IDS_MAX;

/** Which Nx_Port holds an id: two logins of one WWPN from two HBAs are two holders. */
export interface Holder {
  readonly wwpn: Wwn;
  /** Port and address of the adapter, as text. */
  readonly attachment: string;
}

/** An N_Port_ID that the owner set aside for a WWPN. */
export interface StaticFcId {
  readonly wwpn: Wwn;
  readonly nPortId: FcId;
}

/** An N_Port_ID that was given. */
export interface Grant {
  readonly nPortId: FcId;
  /** No other holder within R_A_TOV. */
  readonly clean: boolean;
}

interface Past extends Holder {
  readonly releasedAt: Instant;
}

interface Released {
  readonly nPortId: FcId;
  /** Tells an entry of the queue from a later one for the same id. */
  readonly releasedAt: Instant;
}

/** Which free id goes out: the one given up longest ago, or the one given up last. */
export type FcIdReuse = 'last' | 'immediately';

/** How ids that were given up go out again. */
export interface ReusePolicy {
  readonly order: FcIdReuse;
  /** A WWPN gets a new id rather than its own, while that is not clean. */
  readonly avoidsUnclean: boolean;
}

/** The N_Port_IDs of one domain: 65,535 of them at most, each held by one Nx_Port. */
export class NPortIds {
  readonly #first: FcId;
  readonly #last: FcId;
  readonly #restNs: number;
  readonly #persistent: boolean;
  readonly #reuse: ReusePolicy;
  #next: FcId;
  readonly #held = new Map<FcId, Holder>();
  readonly #past = new Map<FcId, Past>();
  /** Given up, oldest first; entries whose id went out again are skipped. */
  #released: Released[] = [];
  #releasedHead = 0;
  readonly #idOf = new Map<Wwn, FcId>();
  readonly #ownerOf = new Map<FcId, Wwn>();
  /** Set aside: nobody else gets them, whatever is left. */
  readonly #static = new Set<FcId>();
  /** What held ids before this instant is not known: after a power cycle nothing is clean at first. */
  #knownSince: Instant = Number.NEGATIVE_INFINITY;

  constructor(
    domainId: number,
    restNs: number,
    persistent: boolean,
    reserved: readonly StaticFcId[] = [],
    reuse: ReusePolicy = { order: 'last', avoidsUnclean: false },
  ) {
    this.#reuse = reuse;
    this.#first = (domainId << 16) | 1;
    this.#last = (domainId << 16) | N_PORT_IDS_MAX;
    this.#next = this.#first;
    this.#restNs = restNs;
    this.#persistent = persistent;
    for (const { wwpn, nPortId } of reserved) {
      this.#static.add(nPortId);
      this.#bind(wwpn, nPortId);
    }
  }

  /** Entries for ids that were given up, those included that went out again since. */
  get givenUp(): number {
    return this.#released.length;
  }

  /** An id for a holder; `undefined` when all are held. */
  take(holder: Holder, now: Instant): Grant | undefined {
    const nPortId = this.#choose(holder, now);
    if (nPortId === undefined) return undefined;
    const clean = this.#isClean(nPortId, holder, now);
    this.#held.set(nPortId, holder);
    if (this.#persistent && !this.#static.has(nPortId)) this.#bind(holder.wwpn, nPortId);
    return { nPortId, clean };
  }

  /** The holder is at another attachment now. */
  rebind(nPortId: FcId, attachment: string): void {
    const holder = this.#held.get(nPortId);
    if (holder !== undefined) this.#held.set(nPortId, { ...holder, attachment });
  }

  /** The holder gave its id up. */
  release(nPortId: FcId, now: Instant): void {
    const holder = this.#held.get(nPortId);
    if (holder === undefined) return;
    this.#held.delete(nPortId);
    this.#past.set(nPortId, { ...holder, releasedAt: now });
    if (this.#static.has(nPortId)) return;
    this.#released.push({ nPortId, releasedAt: now });
    // A WWPN that comes and goes with an id of its own leaves an entry each time.
    if (this.#released.length > RELEASED_MAX) this.#dropStale();
  }

  #dropStale(): void {
    const waiting = this.#released.slice(this.#releasedHead);
    this.#released = waiting.filter((entry) => !this.#isStale(entry));
    this.#releasedHead = 0;
  }

  /** Power cycle: who held what is forgotten; persistent ids, being configuration, are not. */
  restart(now: Instant): void {
    this.#held.clear();
    this.#past.clear();
    this.#released = [];
    this.#releasedHead = 0;
    this.#next = this.#first;
    this.#knownSince = now;
    for (const [nPortId, wwpn] of this.#ownerOf) {
      this.#past.set(nPortId, { wwpn, attachment: '', releasedAt: now });
      if (!this.#static.has(nPortId)) this.#released.push({ nPortId, releasedAt: now });
    }
  }

  #bind(wwpn: Wwn, nPortId: FcId): void {
    const before = this.#ownerOf.get(nPortId);
    if (before !== undefined && before !== wwpn) this.#idOf.delete(before);
    this.#ownerOf.set(nPortId, wwpn);
    this.#idOf.set(wwpn, nPortId);
  }

  #choose(holder: Holder, now: Instant): FcId | undefined {
    const own = this.#idOf.get(holder.wwpn);
    if (own !== undefined && !this.#held.has(own)) {
      if (!this.#reuse.avoidsUnclean || this.#isClean(own, holder, now)) return own;
      return this.#fresh() ?? own;
    }
    if (this.#reuse.order === 'immediately' && !this.#persistent) {
      return this.#newest() ?? this.#fresh();
    }
    // With persistence every id that was ever given has its WWPN: take it only when none is left.
    if (this.#persistent) return this.#fresh() ?? this.#oldest(now);
    return this.#oldest(now - this.#restNs) ?? this.#fresh() ?? this.#oldest(now);
  }

  /** The lowest id that nobody ever held. */
  #fresh(): FcId | undefined {
    while (this.#next <= this.#last) {
      const nPortId = this.#next++;
      if (!this.#ownerOf.has(nPortId)) return nPortId;
    }
    return undefined;
  }

  /** The id given up longest ago, `before` an instant at the latest. */
  #oldest(before: Instant): FcId | undefined {
    this.#skipStale();
    const head = this.#released[this.#releasedHead];
    if (head === undefined || head.releasedAt > before) return undefined;
    this.#releasedHead++;
    return head.nPortId;
  }

  /** The id given up last. */
  #newest(): FcId | undefined {
    const released = this.#released;
    while (released.length > this.#releasedHead) {
      const entry = released.pop()!;
      if (!this.#isStale(entry)) return entry.nPortId;
    }
    return undefined;
  }

  #isStale(entry: Released): boolean {
    const past = this.#past.get(entry.nPortId);
    return this.#held.has(entry.nPortId) || past?.releasedAt !== entry.releasedAt;
  }

  #skipStale(): void {
    const released = this.#released;
    while (this.#releasedHead < released.length && this.#isStale(released[this.#releasedHead]!))
      this.#releasedHead++;
    if (this.#releasedHead > 1024 && this.#releasedHead * 2 > released.length) {
      this.#released = released.slice(this.#releasedHead);
      this.#releasedHead = 0;
    }
  }

  #isClean(nPortId: FcId, holder: Holder, now: Instant): boolean {
    if (this.#knownSince + this.#restNs > now) return false;
    const past = this.#past.get(nPortId);
    if (past === undefined || past.releasedAt + this.#restNs <= now) return true;
    return past.wwpn === holder.wwpn && past.attachment === holder.attachment;
  }
}
