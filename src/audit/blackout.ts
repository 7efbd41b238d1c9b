/** I29: the pause that a move makes in a guest's I/O is bounded. */
import { Findings } from './findings.ts';
import type { AuditBounds, Observation, ObservationKind, TimeNs } from './observation.ts';
import type { InvariantObserver } from './observer.ts';

export class BlackoutBound implements InvariantObserver {
  readonly invariant = 'I29';
  readonly sentence =
    "The pause in the guest's I/O is shorter than its time-out and the declared budget";
  readonly needs: readonly ObservationKind[] = ['complete', 'move'];
  readonly #bounds: AuditBounds;
  readonly #findings = new Findings();
  #vm: string | undefined;
  #lastGood: TimeNs | undefined;
  #pauseNs = 0;
  #waiting = false;

  constructor(bounds: AuditBounds) {
    this.#bounds = bounds;
  }

  observe(one: Observation): void {
    if (one.kind === 'move') {
      this.#vm = one.vm;
      this.#waiting = true;
      return;
    }
    if (one.kind !== 'complete' || one.result !== 'good') return;
    if (this.#vm !== undefined && one.vm !== this.#vm) return;
    // The longest time between two I/Os from the move's beginning on is its blackout.
    if (this.#waiting && this.#lastGood !== undefined) {
      this.#pauseNs = Math.max(this.#pauseNs, one.at - this.#lastGood);
    }
    this.#lastGood = one.at;
  }

  conclude() {
    const { blackoutBudgetNs, guestTimeoutNs } = this.#bounds;
    const pause = `${(this.#pauseNs / 1e6).toFixed(3)} ms`;
    if (this.#lastGood === undefined) this.#findings.add('no I/O succeeded at all');
    if (this.#pauseNs >= Math.min(blackoutBudgetNs, guestTimeoutNs)) {
      this.#findings.add(
        `${pause} without an I/O; budget ${blackoutBudgetNs / 1e6} ms, guest time-out ${guestTimeoutNs / 1e6} ms`,
      );
    }
    return this.#findings.conclude(`longest pause ${pause}, budget ${blackoutBudgetNs / 1e6} ms`);
  }
}
