/** How long a segment's acknowledgement is waited for. Source: RFC 6298. */
import { MILLISECOND, SECOND } from '../../machine/machine.ts';

/** Before a round trip was measured. Source: RFC 6298, (2.1). */
const INITIAL_NS = SECOND;
/** Source: Linux 6.1, include/net/tcp.h, TCP_RTO_MAX; RFC 6298, (2.5) asks for 60 s at least. */
const MAX_NS = 120 * SECOND;
/** The clock's granularity G. */
const GRANULARITY_NS = MILLISECOND;

/** The timeout of one connection, from the round trips that were measured. Times are nanoseconds. */
export class RetransmissionTimeout {
  readonly #floorNs: number;
  #smoothedNs: number | undefined;
  #variationNs = 0;
  #timeoutNs: number;

  constructor(floorNs: number) {
    this.#floorNs = floorNs;
    this.#timeoutNs = Math.max(INITIAL_NS, floorNs);
  }

  /** The timeout now. */
  get ns(): number {
    return this.#timeoutNs;
  }

  /** A segment that was sent once was acknowledged after so long. */
  measured(roundTripNs: number): void {
    if (this.#smoothedNs === undefined) {
      this.#smoothedNs = roundTripNs;
      this.#variationNs = roundTripNs / 2;
    } else {
      const difference = Math.abs(this.#smoothedNs - roundTripNs);
      this.#variationNs = (3 * this.#variationNs + difference) / 4;
      this.#smoothedNs = (7 * this.#smoothedNs + roundTripNs) / 8;
    }
    const spread = Math.max(GRANULARITY_NS, 4 * this.#variationNs);
    const timeout = Math.round(this.#smoothedNs + spread);
    this.#timeoutNs = Math.min(MAX_NS, Math.max(this.#floorNs, timeout));
  }

  /** It ran out: twice as long from now on. */
  backOff(): void {
    this.#timeoutNs = Math.min(MAX_NS, this.#timeoutNs * 2);
  }
}
