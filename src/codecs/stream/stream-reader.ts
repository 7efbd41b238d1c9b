/**
 * One direction of a TCP connection as a capture shows it: segments that come twice, in another order,
 * cut, or not at all, put together and cut into units.
 *
 * A segment that is not there is waited for while the ones behind it are few and the other end has not
 * acknowledged them; then its bytes are missing, which is told. Memory is bounded.
 */
import type { Framer, StreamBudget } from './framer.ts';
import { type StreamUnit, UnitReader } from './unit-reader.ts';

/** Segments that wait for one in front of them, and their bytes. */
export const WAITING_MAX = 256;
/** Bytes of them. */
export const WAITING_BYTES_MAX = 1 << 20;
/** A SYN that is seen behind more bytes than these begins another connection. */
const LATE_SYN_BYTES_MAX = 1 << 20;

/** A segment's bytes, lent; the capture may have kept fewer of them than were on the wire. */
export interface Segment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  /** Bytes that it had on the wire. */
  readonly lengthBytes: number;
  /** The number of its frame. */
  readonly frame: number;
}

/** What the reader of a stream tells, all of it while it takes a frame. */
export interface StreamSink {
  unit(unit: StreamUnit, frame: number): void;
  /** So many bytes of the stream are not in the capture. */
  lost(bytes: number, frame: number): void;
  /** Nobody knows what so many bytes are that were captured; see `UnitSink`. */
  skipped(bytes: number, frame: number): void;
}

/** The difference of two sequence numbers, as RFC 9293 3.4 compares them. */
const distance = (from: number, to: number): number => (to - from) | 0;

/** Puts a stream together. */
export class StreamReader {
  readonly #framer: Framer;
  readonly #budget: StreamBudget;
  readonly #sink: StreamSink;
  #units: UnitReader | undefined;
  /** The sequence number that is next; `undefined` before the first segment. */
  #next: number | undefined;
  /** That of the first byte of the first segment. */
  #first = 0;
  /** The number of the SYN that began the connection, where it was seen. */
  #syn: number | undefined;
  #waiting: Segment[] = [];
  #waitingBytes = 0;
  #frame = 0;

  constructor(framer: Framer, budget: StreamBudget, sink: StreamSink) {
    this.#framer = framer;
    this.#budget = budget;
    this.#sink = sink;
  }

  /** The connection begins: the first byte will have the number behind that of its SYN. */
  begin(synSequence: number, frame: number): void {
    // The SYN was sent again, or is seen again.
    if (this.#syn === synSequence) return;
    if (this.#next !== undefined && this.isBegunBy(synSequence)) {
      this.#beginLate(synSequence, frame);
      return;
    }
    this.finish(frame);
    this.#syn = synSequence;
    this.#next = (synSequence + 1) >>> 0;
    this.#units = this.#newUnits(true);
  }

  /** The SYN is seen behind segments that were sent after it: what lay between was not there in time. */
  #beginLate(synSequence: number, frame: number): void {
    this.#syn = synSequence;
    const missing = distance(synSequence + 1, this.#first);
    if (missing > 0) this.#sink.lost(missing, frame);
  }

  /** True where a SYN of this number began the stream, or may have: it is seen late, or no segment was seen yet. */
  isBegunBy(synSequence: number): boolean {
    if (this.#syn !== undefined || this.#next === undefined)
      return (this.#syn ?? synSequence) === synSequence;
    const ahead = distance(synSequence + 1, this.#next);
    return ahead >= 0 && ahead <= LATE_SYN_BYTES_MAX && distance(synSequence, this.#first) > 0;
  }

  /** Takes the next segment of the capture. */
  take(segment: Segment): void {
    this.#frame = segment.frame;
    if (segment.lengthBytes === 0) return;
    if (this.#next === undefined) {
      this.#next = segment.sequence;
      this.#first = segment.sequence;
      this.#units = this.#newUnits(false);
    }
    const ahead = distance(this.#next, segment.sequence);
    if (ahead > 0) this.#wait(segment);
    else this.#deliver(segment, -ahead);
    this.#drain();
  }

  /** The other end has all bytes in front of this number: what of them is not there was not captured. */
  acknowledged(sequence: number, frame: number): void {
    this.#frame = frame;
    const first = this.#waiting[0];
    if (first === undefined || distance(first.sequence, sequence) < 0) return;
    this.#giveUp(first);
    this.#drain();
  }

  /** The connection or the capture is over. */
  finish(frame: number): void {
    this.#frame = frame;
    while (this.#waiting.length > 0) {
      this.#giveUp(this.#waiting[0]!);
      this.#drain();
    }
    this.#units?.finish();
    this.#units = undefined;
    this.#next = undefined;
    this.#syn = undefined;
  }

  #newUnits(inSync: boolean): UnitReader {
    return new UnitReader(
      this.#framer,
      this.#budget,
      {
        unit: (unit) => this.#sink.unit(unit, this.#frame),
        skipped: (bytes) => this.#sink.skipped(bytes, this.#frame),
      },
      inSync,
    );
  }

  /** The segment is next, or begins so many bytes in front of what is. */
  #deliver(segment: Segment, known: number): void {
    const { bytes, at, end, lengthBytes, frame } = segment;
    if (known >= lengthBytes) return;
    const from = at + known;
    // One that waited does not lie in the frame that is being taken.
    const frameAt = frame === this.#frame ? 0 : undefined;
    if (from < end) this.#units!.take(bytes, from, end, frame, frameAt);
    const missing = lengthBytes - Math.max(end - at, known);
    this.#next = (this.#next! + lengthBytes - known) >>> 0;
    if (missing > 0) this.#miss(missing, frameAt !== undefined);
  }

  #miss(bytes: number, cut: boolean): void {
    this.#sink.lost(bytes, this.#frame);
    this.#units!.miss(bytes, cut);
  }

  /** Keeps a copy of a segment that is too early. */
  #wait(segment: Segment): void {
    const { bytes, at, end } = segment;
    const size = end - at;
    let place = this.#waiting.length;
    while (place > 0 && distance(segment.sequence, this.#waiting[place - 1]!.sequence) > 0) place--;
    const before = this.#waiting[place - 1];
    if (before?.sequence === segment.sequence && before.lengthBytes >= segment.lengthBytes) return;
    if (!this.#budget.take(size)) {
      // Nothing waits any longer: what is in front of it is missing, and it is next.
      while (this.#waiting.length > 0) this.#giveUpAndDrain();
      const ahead = distance(this.#next!, segment.sequence);
      if (ahead > 0) this.#skipTo(segment.sequence);
      this.#deliver(segment, Math.max(0, -ahead));
      return;
    }
    this.#waiting.splice(place, 0, { ...segment, bytes: bytes.slice(at, end), at: 0, end: size });
    this.#waitingBytes += size;
    while (this.#waiting.length > WAITING_MAX || this.#waitingBytes > WAITING_BYTES_MAX)
      this.#giveUpAndDrain();
  }

  #giveUpAndDrain(): void {
    this.#giveUp(this.#waiting[0]!);
    this.#drain();
  }

  /** What is in front of a segment will not come any more. */
  #giveUp({ sequence }: Segment): void {
    if (distance(this.#next!, sequence) > 0) this.#skipTo(sequence);
  }

  #skipTo(sequence: number): void {
    const missing = distance(this.#next!, sequence);
    this.#next = sequence;
    this.#miss(missing, false);
  }

  /** Delivers segments that wait no longer. */
  #drain(): void {
    for (;;) {
      const first = this.#waiting[0];
      if (first === undefined) return;
      const ahead = distance(this.#next!, first.sequence);
      if (ahead > 0) return;
      this.#waiting.shift();
      this.#waitingBytes -= first.bytes.length;
      this.#budget.giveBack(first.bytes.length);
      this.#deliver(first, -ahead);
    }
  }
}
