/**
 * Exchanges that were answered, kept for initiators that missed something: REC asks how they
 * stand, SRR has parts of them sent again.
 *
 * Bounded in number, in bytes of read data and in time; the oldest go first. An OX_ID that is used
 * again ends what was kept under it.
 */
import type { Instant } from '../machine.ts';
import type { Nexus } from './nexus.ts';
import type { TargetExchange } from './target-exchange.ts';

/** Exchanges that a port keeps. */
const RETAINED_MAX = 4096;
/** Read data that a port keeps: 8 MiB. */
const RETAINED_BYTES_MAX = 8 * 1024 * 1024;

export class RetainedExchanges {
  readonly #byKey = new Map<number, TargetExchange>();
  #bytes = 0;

  add(key: number, exchange: TargetExchange): void {
    this.forget(key);
    this.#byKey.set(key, exchange);
    this.#bytes += bytesOf(exchange);
    while (this.#byKey.size > RETAINED_MAX || this.#bytes > RETAINED_BYTES_MAX) {
      const oldest = this.#byKey.keys().next().value;
      if (oldest === undefined) return;
      this.forget(oldest);
    }
  }

  /** What was answered at `since` or later. */
  find(key: number, since: Instant): TargetExchange | undefined {
    const exchange = this.#byKey.get(key);
    if (exchange === undefined || exchange.answer!.at >= since) return exchange;
    this.forget(key);
    return undefined;
  }

  forget(key: number): void {
    const exchange = this.#byKey.get(key);
    if (exchange === undefined) return;
    this.#byKey.delete(key);
    this.#bytes -= bytesOf(exchange);
  }

  /** A login has ended: nothing of it is known any more. */
  forgetNexus(nexus: Nexus): void {
    for (const [key, exchange] of this.#byKey) if (exchange.nexus === nexus) this.forget(key);
  }
}

function bytesOf({ answer }: TargetExchange): number {
  return answer?.dataIn?.length ?? 0;
}
