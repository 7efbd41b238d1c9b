/**
 * The sessions of a capture of several taps, as each tap saw them by itself: a segment that was held up between two
 * taps is seen where it was sent, and only later where it arrived.
 *
 * What all taps show together is judged beside this, each segment where it was seen first; of a single tap only what
 * arrives there late.
 */
import type { Frame } from '../codecs/index.ts';
import { SentWrites } from './ledger/stamped-blocks.ts';
import type { SeenMoment, SessionTold } from './seen/session.ts';
import { StreamSessions } from './stream-sessions.ts';
import type { Verdict } from './verdict.ts';

/** Taps that are followed by themselves; frames of more are judged with those of all. */
const TAPS_MAX = 16;

/** Follows and judges the sessions of each tap. */
export class TapSessions {
  readonly #taps = new Map<string, StreamSessions>();
  readonly #sent = new SentWrites();

  /** Something of a session was seen at one of all taps. */
  hear(told: SessionTold): void {
    if (told.type === 'task-ended') this.#sent.end(told.task);
  }

  /** Takes a decoded frame that a tap saw, behind all that it tells where all taps are one. */
  take(tap: string, frame: Frame, moment: SeenMoment): void {
    if (frame.protocol !== 'tcp') return;
    let sessions = this.#taps.get(tap);
    if (sessions === undefined) {
      if (this.#taps.size >= TAPS_MAX) return;
      sessions = new StreamSessions({ sent: this.#sent });
      this.#taps.set(tap, sessions);
    }
    sessions.take(frame, moment);
  }

  /** Frames are missing in front of the next. */
  lose(): void {
    for (const sessions of this.#taps.values()) sessions.lose();
  }

  /** No frame follows. */
  finish(): void {
    for (const sessions of this.#taps.values()) sessions.finish();
  }

  /** Verdicts with what single taps show violated beside them. Call it once, behind `finish`. */
  join(verdicts: readonly Verdict[]): Verdict[] {
    let joined = [...verdicts];
    for (const [tap, sessions] of this.#taps) {
      const shown = sessions.join(verdicts);
      joined = joined.map((one, i) => {
        const own = shown[i]!;
        const isNew = own.result === 'violated' && one.result !== 'violated';
        return isNew ? { ...own, detail: `at ${tap}: ${own.detail}` } : one;
      });
    }
    return joined;
  }
}
