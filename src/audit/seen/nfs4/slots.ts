/**
 * The slots of a session of NFS version 4.1: which call is the next of each, which comes again, and which is late. A
 * server keeps the last answer of a slot, so that no call runs twice. Source: RFC 8881, 2.10.6.
 */
import { isSurelyBefore, ORDER_NS, type SeenMoment } from '../session.ts';

/** Slots of one session that are remembered. */
const SLOTS_MAX = 1024;
const SEQUENCES = 2 ** 32;
const HALF = 2 ** 31;

/** What the calls of one sequence number of a slot came to, however often they were sent. */
interface Execution {
  /** A number for the first answer, and when that was; `undefined` before. */
  print: number | undefined;
  answered: SeenMoment | undefined;
}

/** A call in its slot. */
export interface SlotCall {
  readonly slotId: number;
  readonly sequenceId: number;
  /** A number for what is called; `undefined` where that is not all there. */
  readonly print: number | undefined;
  readonly began: SeenMoment;
  /** It stands alone, to learn what became of its slot. */
  readonly isProbe: boolean;
  /** Another answer than before would show that something was done once more. */
  readonly changes: boolean;
  isPartial: boolean;
  /** How it stands to what was seen of its slot. */
  place: 'first' | 'next' | 'again' | 'late' | 'jump';
  /** The call that its slot had last. */
  before: SlotCall | undefined;
  execution: Execution;
  /** The next call of the slot was sent in front of its answer. */
  overtakenBy: SeenMoment | undefined;
}

/** What the slots tell. */
export interface SlotSink {
  fault(kind: 'tag' | 'numbering', what: string, frames: readonly number[]): void;
  /** A call that must not run twice came again, and was answered both times. */
  repeated(): void;
  /** A call was carried out that had run before, or was too late to run. */
  ranAgain(call: SlotCall, why: string, frames: readonly number[]): void;
  /** All calls of the session are seen, in the order in which they were sent. */
  isOrdered(): boolean;
}

type Made = Omit<SlotCall, 'place' | 'before' | 'execution' | 'overtakenBy'>;

/** Follows the slots of one session. */
export class SessionSlots {
  readonly #sink: SlotSink;
  readonly #last = new Map<number, SlotCall>();
  /** Slots begin with sequence 1, as long as all was seen of them. */
  #isWhole: boolean;

  constructor(sink: SlotSink, isWhole: boolean) {
    this.#sink = sink;
    this.#isWhole = isWhole;
  }

  /** Calls may be missing: nobody knows what is next. */
  lose(): void {
    for (const one of this.#last.values()) one.isPartial = true;
    this.#last.clear();
    this.#isWhole = false;
  }

  /** A call was sent. */
  begin(made: Made): SlotCall {
    const { slotId, sequenceId } = made;
    const before = this.#last.get(slotId);
    const place = this.#placeOf(sequenceId, before);
    const execution =
      place === 'again' ? before!.execution : { print: undefined, answered: undefined };
    const call: SlotCall = { ...made, place, before, execution, overtakenBy: undefined };
    if (place === 'again') this.#compareCalls(call, before!);
    if (place === 'next' && before !== undefined) before.overtakenBy ??= call.began;
    if (place === 'first' || place === 'next' || place === 'again') this.#put(call);
    return call;
  }

  #placeOf(sequenceId: number, before: SlotCall | undefined): SlotCall['place'] {
    if (before === undefined) return this.#isWhole && sequenceId !== 1 ? 'jump' : 'first';
    const ahead = (sequenceId - before.sequenceId + SEQUENCES) % SEQUENCES;
    if (ahead === 0) return 'again';
    if (ahead === 1) return 'next';
    return ahead < HALF ? 'jump' : 'late';
  }

  #put(call: SlotCall): void {
    // No call keeps more than the one in front of it.
    if (call.before !== undefined) call.before.before = undefined;
    this.#last.delete(call.slotId);
    this.#last.set(call.slotId, call);
    if (this.#last.size <= SLOTS_MAX) return;
    this.#last.delete(this.#last.keys().next().value!);
    this.#isWhole = false;
  }

  #compareCalls(call: SlotCall, before: SlotCall): void {
    const isKnown = call.print !== undefined && before.print !== undefined;
    if (!isKnown || call.print === before.print || call.isProbe || before.isProbe) return;
    if (call.isPartial || before.isPartial) return;
    this.#sink.fault(
      'tag',
      `${nameOf(call)} in frame ${call.began.frame} is another call than in frame ${before.began.frame}`,
      [before.began.frame, call.began.frame],
    );
  }

  /** Its SEQUENCE was refused: the slot stands where it stood before. */
  refused(call: SlotCall, isMisordered: boolean): void {
    if (call.place === 'jump' && isMisordered) this.#tellJump(call, []);
    if (this.#last.get(call.slotId) !== call) return;
    if (call.before === undefined) {
      this.#last.delete(call.slotId);
      this.#isWhole = false;
    } else this.#last.set(call.slotId, call.before);
  }

  /** Its SEQUENCE was answered well; `print`: a number for the rest of the answer, `isKept`: it says that it ran. */
  answered(call: SlotCall, answer: SeenMoment, print: number | undefined, isKept: boolean): void {
    const { execution, overtakenBy, place, before } = call;
    if (place === 'jump') {
      this.#tellJump(call, [answer.frame]);
      this.#put(call);
    }
    if (place === 'late') this.#late(call, answer);
    const isLate = overtakenBy !== undefined && answer.at - overtakenBy.at > ORDER_NS;
    if (isLate && execution.answered === undefined && !call.isPartial && this.#sink.isOrdered())
      this.#sink.fault(
        'tag',
        `${nameOf(call)} was answered in frame ${answer.frame}, after the next call of its slot was sent in frame ${overtakenBy.frame}`,
        [call.began.frame, overtakenBy.frame, answer.frame],
      );
    const isOther =
      print !== undefined && execution.print !== undefined && print !== execution.print;
    const isSame = place === 'again' && call.changes && call.print === before?.print;
    if (isSame && execution.answered !== undefined) this.#sink.repeated();
    if (isSame && isOther && isKept)
      this.#sink.ranAgain(
        call,
        `frames ${execution.answered!.frame} and ${answer.frame} answer ${nameOf(call)} otherwise`,
        [execution.answered!.frame, call.began.frame, answer.frame],
      );
    execution.answered ??= answer;
    if (isKept) execution.print ??= print;
  }

  /** A call was taken although its slot had gone on. */
  #late(call: SlotCall, answer: SeenMoment): void {
    const newer = call.before;
    const end = newer?.execution.answered;
    if (newer === undefined || end === undefined || !isSurelyBefore(end, call.began)) return;
    const text = `${nameOf(newer)} had been answered in frame ${end.frame}`;
    const frames = [end.frame, call.began.frame, answer.frame];
    this.#sink.fault(
      'numbering',
      `${nameOf(call)}, sent in frame ${call.began.frame}, was taken in frame ${answer.frame}, when ${text}`,
      frames,
    );
    if (call.changes) this.#sink.ranAgain(call, text, frames);
  }

  #tellJump(call: SlotCall, answers: readonly number[]): void {
    const { before, isPartial, began } = call;
    if (isPartial || before?.isPartial === true || !this.#sink.isOrdered()) return;
    const next = ((before?.sequenceId ?? 0) + 1) % SEQUENCES;
    this.#sink.fault('numbering', `${nameOf(call)} in frame ${began.frame}, ${next} was next`, [
      began.frame,
      ...answers,
    ]);
  }
}

/** How people name a call in its slot. */
const nameOf = ({ slotId, sequenceId }: SlotCall): string =>
  `sequence ${sequenceId} of slot ${slotId}`;
