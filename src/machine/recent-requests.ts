/**
 * Requests that came lately, so that one which comes twice is carried out once.
 *
 * A network may deliver a frame twice. A login that is carried out twice ends what began between
 * the two, and its sender, who asked once, does not know. A copy cannot be older than a bridge keeps
 * frames: what comes later under the same OX_ID is a new request, such as that of a port that was
 * started anew.
 */
import type { Instant } from './machine.ts';
import { SECOND } from './machine.ts';

/** IEEE 802.1D, recommended maximum bridge transit delay. */
const COPY_NS_MAX = SECOND;
/** Requests that are remembered; of more within that time the oldest may come twice. */
const REQUESTS_MAX = 16_384;

/** Remembers requests for a while, and no more of them than it has room for. */
export class RecentRequests {
  #recent = new Map<string, Instant>();
  #sweptAt: Instant = 0;

  /** How many requests are remembered. */
  get size(): number {
    return this.#recent.size;
  }

  /** Whether a request of this key came lately. Notes it. */
  isRepeated(key: string, now: Instant): boolean {
    const before = this.#recent.get(key);
    if (before !== undefined && now - before <= COPY_NS_MAX) return true;
    if (now - this.#sweptAt > COPY_NS_MAX) this.#sweep(now);
    this.#recent.set(key, now);
    if (this.#recent.size > REQUESTS_MAX) this.#recent.delete(this.#recent.keys().next().value!);
    return false;
  }

  /** Those of keys that begin so were carried out and undone: what comes is a new request. */
  forget(start: string): void {
    for (const key of this.#recent.keys()) if (key.startsWith(start)) this.#recent.delete(key);
  }

  #sweep(now: Instant): void {
    this.#sweptAt = now;
    for (const [key, at] of this.#recent) {
      if (now - at > COPY_NS_MAX) this.#recent.delete(key);
    }
  }
}
