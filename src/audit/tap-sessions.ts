/**
 * The sessions of a capture of several taps, as each tap saw them by itself: a frame that was held up between two
 * taps is seen where it was sent, and only later where it arrived.
 *
 * What all taps show together is judged beside this, each frame where it was seen first; of a single tap only what
 * arrives there late.
 */
import type { Frame } from '../codecs/index.ts';
import { SentWrites } from './ledger/stamped-blocks.ts';
import { FcpTasks } from './seen/fcp/tasks.ts';
import type { FcFrame } from './seen/frame.ts';
import type { SeenMoment, SeenTask, SessionTold } from './seen/session.ts';
import { SessionAudit } from './session-audit.ts';
import { StreamSessions } from './stream-sessions.ts';
import type { Verdict } from './verdict.ts';

/** Taps that are followed by themselves; frames of more are judged with those of all. */
const TAPS_MAX = 16;

/** Invariants that single taps show. */
export const SHOWN_BY_TAPS: ReadonlySet<string> = new Set(['I7', 'I8']);

/** What one tap shows. */
class TapSeen {
  readonly #audit: SessionAudit;
  readonly #streams: StreamSessions;
  readonly #tasks: FcpTasks;

  constructor(sent: SentWrites) {
    const audit = new SessionAudit(sent);
    this.#audit = audit;
    this.#streams = new StreamSessions({ audit });
    this.#tasks = new FcpTasks((task) => audit.hear({ type: 'task-ended', task }), {
      isOneTap: true,
    });
  }

  take(frame: Frame, moment: SeenMoment): void {
    this.#streams.take(frame, moment);
  }

  takeFc(fc: FcFrame, moment: SeenMoment): void {
    this.#tasks.take(fc, moment);
  }

  lose(): void {
    this.#streams.lose();
    this.#tasks.lose();
  }

  finish(): void {
    this.#streams.finish();
  }

  join(verdicts: readonly Verdict[]): Verdict[] {
    return this.#audit.join(verdicts);
  }
}

/** Follows and judges the sessions of each tap. */
export class TapSessions {
  readonly #taps = new Map<string, TapSeen>();
  readonly #sent = new SentWrites();
  readonly #told: (task: SeenTask) => void;
  /** Exchanges of Fibre Channel where all taps are one. */
  readonly #tasks = new FcpTasks((task) => this.#end(task), { isOneTap: false });

  /** `told`: hears of each task of Fibre Channel that ends, seen at one of all taps. */
  constructor(told: (task: SeenTask) => void = () => {}) {
    this.#told = told;
  }

  #end(task: SeenTask): void {
    this.#sent.end(task);
    this.#told(task);
  }

  /** Something of a session was seen at one of all taps. */
  hear(told: SessionTold): void {
    if (told.type === 'task-ended') this.#sent.end(told.task);
  }

  /** Takes a decoded frame that a tap saw, behind all that it tells where all taps are one. */
  take(tap: string, frame: Frame, moment: SeenMoment): void {
    if (frame.protocol === 'tcp') this.#seenAt(tap)?.take(frame, moment);
  }

  /** Takes a frame of Fibre Channel that a tap saw, and has not shown before. */
  takeFc(fc: FcFrame, moment: SeenMoment): void {
    this.#tasks.take(fc, moment);
    this.#seenAt(fc.tapped.tap)?.takeFc(fc, moment);
  }

  #seenAt(tap: string): TapSeen | undefined {
    let seen = this.#taps.get(tap);
    if (seen === undefined && this.#taps.size < TAPS_MAX) {
      seen = new TapSeen(this.#sent);
      this.#taps.set(tap, seen);
    }
    return seen;
  }

  /** Frames are missing in front of the next. */
  lose(): void {
    this.#tasks.lose();
    for (const seen of this.#taps.values()) seen.lose();
  }

  /** No frame follows. */
  finish(): void {
    for (const seen of this.#taps.values()) seen.finish();
  }

  /** Verdicts with what single taps show violated beside them. Call it once, behind `finish`. */
  join(verdicts: readonly Verdict[]): Verdict[] {
    let joined = [...verdicts];
    for (const [tap, seen] of this.#taps) {
      const shown = seen.join(verdicts);
      joined = joined.map((one, i) => {
        const own = shown[i]!;
        const isNew = own.result === 'violated' && one.result !== 'violated';
        return isNew ? { ...own, detail: `at ${tap}: ${own.detail}` } : one;
      });
    }
    return joined;
  }
}
