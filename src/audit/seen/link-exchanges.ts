/** The exchanges that one link shows, in bounded memory. */
import { IdMap } from '../ledger/id-map.ts';
import type { SeenExchange } from './exchange.ts';

/** Exchanges remembered per link; the one that began first is forgotten first. */
const PER_LINK_MAX = 20_000;
/**
 * Exchanges that were answered, of which a capture may show late frames. To keep more of them would
 * cost more than their memory: the garbage collector takes for old what lives for so long.
 */
const ANSWERED_MAX = 512;

/** By originator and OX_ID. */
export class LinkExchanges {
  readonly #all = new IdMap<SeenExchange>(PER_LINK_MAX);
  /** The latest that were answered, in a ring. */
  readonly #answered: (SeenExchange | undefined)[] = [];
  #next = 0;
  #forgotten = 0;

  /** Exchanges that were forgotten before their end was seen. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get(originator: number, oxId: number): SeenExchange | undefined {
    return this.#all.get(originator, oxId);
  }

  /** An exchange begins; one with the same ids before it is over. */
  begin(exchange: SeenExchange): void {
    const { originator, oxId } = exchange;
    const forgotten = this.#all.set(originator, oxId, 0, 0, exchange);
    if (forgotten?.state === 'open' || forgotten?.state === 'aborting') this.#forgotten++;
  }

  /** An exchange was answered: it is forgotten when many others have been. */
  answer(exchange: SeenExchange): void {
    const oldest = this.#answered[this.#next];
    this.#answered[this.#next] = exchange;
    this.#next = (this.#next + 1) % ANSWERED_MAX;
    if (oldest === undefined || this.get(oldest.originator, oldest.oxId) !== oldest) return;
    this.#all.delete(oldest.originator, oldest.oxId);
  }

  /** Those remembered, oldest first. */
  values(): Iterable<SeenExchange> {
    return this.#all.values();
  }
}
