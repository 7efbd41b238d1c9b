/** How much a switch floods at most: a loop would have it flood without end. */
import { type Instant, MILLISECOND } from '../../machine/machine.ts';

/** Frames that a switch floods in a millisecond. */
export const FLOODS_MAX = 100;

/** Counts what is flooded, by the millisecond. */
export class StormGuard {
  #window = -1;
  #floods = 0;

  /** `pass`, or that a frame is too many: for the first time in this millisecond (`begins`) or again. */
  take(now: Instant): 'pass' | 'begins' | 'goes on' {
    const window = Math.floor(now / MILLISECOND);
    if (window !== this.#window) {
      this.#window = window;
      this.#floods = 0;
    }
    this.#floods++;
    if (this.#floods <= FLOODS_MAX) return 'pass';
    return this.#floods === FLOODS_MAX + 1 ? 'begins' : 'goes on';
  }
}
