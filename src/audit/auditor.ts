/** Feeds observations to the observers of all invariants, and collects their verdicts. */
import { BlackoutBound } from './blackout.ts';
import { BlockLedger, NoGhostWrite, NoLostWrite, NoStaleRead } from './data-integrity.ts';
import { type FcFrame, fcFrameOf } from './fc-frame.ts';
import { FrameIndex } from './frame-index.ts';
import { ExactlyOnce, NoSilentDrop } from './io-completeness.ts';
import { NoCommandBeforePrli, NoFrameWithoutLogin, OneLoginPerWwpn } from './logins.ts';
import type { AuditBounds, Observation, ObservationKind, Verdict } from './observation.ts';
import type { InvariantObserver } from './observer.ts';
import { SequenceRules } from './sequences.ts';

/** What a kind of observation tells, in the words of a reader who misses it. */
const MEANING: Readonly<Record<ObservationKind, string>> = {
  frame: 'frames',
  login: "the switch's logins",
  logout: "the switch's logouts",
  nexus: "the target's logins",
  submit: 'what the guest asked for',
  sent: 'which exchange carried which I/O',
  'attempt-end': 'how attempts ended',
  requeue: 'what was sent again',
  complete: 'what the guest was told',
  apply: 'what reached the medium',
  final: 'what the medium holds',
  guest: 'when the guest stood still',
  move: 'the steps of the move',
};

/** One run or one capture is judged by one auditor. */
export class Auditor {
  readonly #ledger = new BlockLedger();
  readonly #index = new FrameIndex();
  readonly #observers: readonly InvariantObserver[];
  readonly #seen = new Set<ObservationKind>();

  constructor(bounds: AuditBounds) {
    const ledger = this.#ledger;
    const index = this.#index;
    this.#observers = [
      new ExactlyOnce(bounds, index),
      new NoSilentDrop(index),
      new NoLostWrite(ledger, index),
      new NoGhostWrite(ledger, index),
      new NoStaleRead(ledger, index),
      new NoFrameWithoutLogin(bounds),
      new OneLoginPerWwpn(),
      new NoCommandBeforePrli(),
      new SequenceRules(),
      new BlackoutBound(bounds),
    ];
  }

  /**
   * Takes the next observation; they come in the order in which things happened. A caller that
   * has decoded a frame already passes its FC frame on.
   */
  observe(
    observation: Observation,
    fc: FcFrame | undefined = observation.kind === 'frame' ? fcFrameOf(observation) : undefined,
  ): void {
    this.#seen.add(observation.kind);
    if (fc !== undefined) this.#index.add(fc);
    this.#ledger.observe(observation);
    for (const observer of this.#observers) observer.observe(observation, fc);
  }

  /** The verdicts, in the order of the invariants' numbers. Call it once, at the end. */
  conclude(): Verdict[] {
    return this.#observers.map((observer) => {
      const { invariant, sentence, needs } = observer;
      const missing = needs.filter((kind) => !this.#seen.has(kind));
      if (missing.length > 0) {
        const detail = `nothing here shows ${missing.map((kind) => MEANING[kind]).join(', ')}`;
        return { invariant, sentence, result: 'not-observable', detail, frames: [] };
      }
      return { invariant, sentence, ...observer.conclude() };
    });
  }
}
