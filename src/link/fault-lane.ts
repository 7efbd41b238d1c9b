/**
 * Fault rules at work on one direction of a link, for the simulator and the live driver alike.
 *
 * A lane has no clock, no timer and no queue. It is told what happens and when, and answers with
 * the steps that its driver has to take, in order. A frame meets it twice: where it is sent, before
 * the queue, and at the far end, with what the rules decided about it there.
 */

import type { Instant } from '../machine/machine.ts';
import type { ActiveFault, FaultAction } from './faults.ts';

/** What awaits a frame at the far end of the link. */
export interface FrameFate {
  /** It is lost there, after it took its time like any other. */
  readonly drop: boolean;
  /** It arrives so much later than it would have. */
  readonly delayNs: Instant;
  /** A copy arrives so much after it; `undefined`: none. */
  readonly copyAfterNs: Instant | undefined;
  /** On a native link: it has had its credit, and perhaps a BB_SCs follows it. */
  readonly credit?: 'frame' | 'BB_SCs';
  /** On a link with queues: the priority that it waited in, or that it is none of a machine's. */
  readonly queued?: number | 'control' | 'other';
}

/** A frame on its way through a lane. */
export interface LaneFrame {
  /** The bytes as the rules left them. */
  readonly frame: Uint8Array;
  /** Its sender gave it away, as far as that goes: a frame that arrives twice is nobody's. */
  readonly given: boolean;
  /** Its number among those sent in this direction, from 1. */
  readonly ordinal: number;
  /** `undefined`: it just arrives. */
  readonly fate: FrameFate | undefined;
}

/** What the driver does where a frame is sent. */
export type SendStep =
  /** Tells that a rule hit the frame, and what the frame is now. */
  | { readonly kind: 'hit'; readonly rule: ActiveFault; readonly frame: Uint8Array }
  /** Lets the direction stand still until then, if it does not already stand for longer. */
  | { readonly kind: 'clog'; readonly untilNs: Instant }
  /** Puts the frame into the queue. */
  | { readonly kind: 'queue'; readonly sent: LaneFrame }
  /** The lane keeps the frame: calls `handleHeld` at that time. */
  | { readonly kind: 'hold'; readonly untilNs: Instant }
  /** Puts the frame that was held into the queue; it need not be woken for that any more. */
  | { readonly kind: 'release'; readonly sent: LaneFrame }
  /** The frame is lost, since the link goes down. */
  | { readonly kind: 'lose'; readonly frame: Uint8Array }
  /** Takes the link down for a time: all in flight on it is lost, also what the lane holds. */
  | { readonly kind: 'cut'; readonly forNs: Instant };

/** What the driver does with a frame at the far end. */
export type ArrivalStep =
  /** Loses it. */
  | { readonly kind: 'drop' }
  /** Lets it arrive later, with what then awaits it; others overtake it. */
  | { readonly kind: 'later'; readonly atNs: Instant; readonly fate: FrameFate | undefined }
  /** Lets a copy of it arrive at that time. */
  | { readonly kind: 'copy'; readonly atNs: Instant }
  /** Hands it to the receiver. */
  | { readonly kind: 'deliver' };

/** How long a frame held for `reorder` waits for the next one, where the rule does not say. */
const REORDER_WITHIN_NS = 1_000_000;
const DROP: readonly ArrivalStep[] = [{ kind: 'drop' }];
const NO_FATE: FrameFate = { drop: false, delayNs: 0, copyAfterNs: undefined };

/** What becomes of a frame that has come to the far end with a fate. */
export function arrivalSteps(fate: FrameFate, now: Instant): readonly ArrivalStep[] {
  const { drop, delayNs, copyAfterNs } = fate;
  if (drop) return DROP;
  if (delayNs > 0) {
    const then = copyAfterNs === undefined ? undefined : { ...fate, delayNs: 0 };
    return [{ kind: 'later', atNs: now + delayNs, fate: then }];
  }
  if (copyAfterNs === undefined) return [{ kind: 'deliver' }];
  return [{ kind: 'copy', atNs: now + copyAfterNs }, { kind: 'deliver' }];
}

/** The rules of one direction, and the frame that one of them holds back. */
export class FaultLane {
  /** The rules that look at this direction, in the order they were added. */
  rules: readonly ActiveFault[] = [];
  #held: LaneFrame | undefined;
  #heldUntilNs: Instant = 0;

  /** Whether the lane holds a frame back. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /** Whether frames may pass by the lane: there is no rule, and no frame to let go. */
  get isIdle(): boolean {
    return this.rules.length === 0 && this.#held === undefined;
  }

  /**
   * A frame is sent, on a link that is up. `undefined`: it goes into the queue as it is, and no
   * more is to be done.
   */
  send(
    frame: Uint8Array,
    given: boolean,
    ordinal: number,
    now: Instant,
  ): readonly SendStep[] | undefined {
    const held = this.#held;
    let steps: SendStep[] | undefined;
    let bytes = frame;
    let fate: FrameFate | undefined;
    let holdNs = 0;
    let cutForNs = 0;
    for (const rule of this.rules) {
      const { action } = rule.rule;
      // The frame that lets a held one go is its partner in that swap and in no other.
      if (action.kind === 'reorder' && (held !== undefined || holdNs > 0)) continue;
      if (!rule.hits(bytes, now)) continue;
      steps ??= [];
      if (action.kind === 'corrupt') bytes = rule.corrupt(bytes, action);
      else if (action.kind === 'reorder') holdNs = action.withinNs ?? REORDER_WITHIN_NS;
      else if (action.kind === 'cut') cutForNs = Math.max(cutForNs, action.forNs);
      else if (action.kind === 'clog') steps.push({ kind: 'clog', untilNs: clogEnd(action, now) });
      else fate = fateWith(fate ?? NO_FATE, action);
      steps.push({ kind: 'hit', rule, frame: bytes });
    }
    if (steps === undefined) {
      if (held === undefined) return undefined;
      steps = [];
    }
    if (cutForNs > 0) {
      steps.push({ kind: 'lose', frame: bytes }, { kind: 'cut', forNs: cutForNs });
      return steps;
    }
    const sent = { frame: bytes, given, ordinal, fate };
    if (holdNs > 0) {
      this.#held = sent;
      this.#heldUntilNs = now + holdNs;
      steps.push({ kind: 'hold', untilNs: this.#heldUntilNs });
    } else {
      this.#held = undefined;
      steps.push({ kind: 'queue', sent });
      if (held !== undefined) steps.push({ kind: 'release', sent: held });
    }
    return steps;
  }

  /** The frame that was held long enough, to be put into the queue; `undefined` before its time. */
  handleHeld(now: Instant): LaneFrame | undefined {
    return now < this.#heldUntilNs ? undefined : this.takeHeld();
  }

  /** The frame that is held, to be lost with the link. */
  takeHeld(): LaneFrame | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }
}

const clogEnd = (action: FaultAction & { kind: 'clog' }, now: Instant): Instant =>
  'forNs' in action ? now + action.forNs : action.untilNs;

type FateAction = FaultAction & { readonly kind: 'drop' | 'delay' | 'duplicate' };

function fateWith(fate: FrameFate, action: FateAction): FrameFate {
  switch (action.kind) {
    case 'drop':
      return { ...fate, drop: true };
    case 'delay':
      return { ...fate, delayNs: fate.delayNs + action.delayNs };
    default:
      return { ...fate, copyAfterNs: action.afterNs };
  }
}
