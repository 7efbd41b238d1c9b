/**
 * Exchanges that were answered, kept for initiators that missed something: REC asks how they
 * stand, SRR has parts of them sent again.
 *
 * Bounded in number, in bytes of read data and in time; the oldest go first. Each answer adds one
 * and hardly one is ever asked for, so they lie in a ring and are looked for from its newest end.
 */
import type { Instant } from '../../machine/machine.ts';
import type { TargetNexus } from '../../scsi/transport.ts';
import type { Rport } from '../n-port/rport.ts';
import type { TargetExchange } from './target-exchange.ts';

/** Exchanges that a port keeps. */
const RETAINED_MAX = 4096;
/** Read data that a port keeps: 8 MiB. */
const RETAINED_BYTES_MAX = 8 * 1024 * 1024;

/** A ring of the exchanges answered last, found by what an initiator calls them. */
export class RetainedExchanges {
  readonly #ring: (TargetExchange | undefined)[] = [];
  /** Exchanges added so far, and those of them that are no longer here. */
  #added = 0;
  #gone = 0;
  #bytes = 0;

  add(exchange: TargetExchange): void {
    if (this.#added - this.#gone === RETAINED_MAX) this.#dropOldest();
    this.#ring[this.#added++ % RETAINED_MAX] = exchange;
    this.#bytes += bytesOf(exchange);
    while (this.#bytes > RETAINED_BYTES_MAX) this.#dropOldest();
  }

  /**
   * What was answered last under an OX_ID, at `since` or later: a new use of an OX_ID ends what was
   * kept under it.
   */
  find(rport: Rport, oxId: number, since: Instant): TargetExchange | undefined {
    for (let i = this.#added - 1; i >= this.#gone; i--) {
      const exchange = this.#ring[i % RETAINED_MAX]!;
      const { answer } = exchange;
      if (exchange.oxId !== oxId || exchange.rport !== rport) continue;
      return answer === undefined || answer.at < since ? undefined : exchange;
    }
    return undefined;
  }

  /** Nobody will ask for it any more. */
  forget(exchange: TargetExchange): void {
    this.#bytes -= bytesOf(exchange);
    exchange.answer = undefined;
  }

  /** A login has ended: nothing of it is known any more. */
  forgetNexus(nexus: TargetNexus): void {
    for (let i = this.#gone; i < this.#added; i++) {
      const exchange = this.#ring[i % RETAINED_MAX]!;
      if (exchange.nexus === nexus) this.forget(exchange);
    }
  }

  #dropOldest(): void {
    const place = this.#gone++ % RETAINED_MAX;
    this.#bytes -= bytesOf(this.#ring[place]!);
    this.#ring[place] = undefined;
  }
}

function bytesOf({ answer }: TargetExchange): number {
  return answer?.dataIn?.length ?? 0;
}
