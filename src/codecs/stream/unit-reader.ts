/** The units of a byte stream whose bytes come in order, with holes where they are missing. */
import type { Framer, StreamBudget } from './framer.ts';

/** A unit of a stream: it belongs to the frame in which it ended. */
export interface StreamUnit {
  /** Its bytes, in an array that is used again: as many as were captured in front of the first hole. */
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  /** Bytes that it had on the wire; more than are there where it is cut. */
  readonly lengthBytes: number;
  /** The frame in which it began. */
  readonly firstFrame: number;
  /** Where it lies in the frame in which it ended, if all that is there of it does. */
  readonly frameAt: number | undefined;
}

/** What a reader tells. */
export interface UnitSink {
  unit(unit: StreamUnit): void;
  /**
   * Nobody knows where units begin in so many bytes: the capture begins in the middle of them, bytes in front of
   * them are missing, or they are of another protocol. Told once a unit was found again, or at the end.
   */
  skipped(bytes: number): void;
}

/** Units are kept up to here; of longer ones this much. */
export const UNIT_BYTES_MAX = 1 << 20;
const BUFFER_BYTES = 4096;

/** Cuts one direction of a stream into units. */
export class UnitReader {
  readonly #framer: Framer;
  readonly #budget: StreamBudget;
  readonly #sink: UnitSink;
  #inSync: boolean;
  #skipped = 0;
  /** Bytes that are kept of the unit that has begun. */
  #buffer = new Uint8Array(0);
  #kept = 0;
  /** Bytes that have passed of it, and those that it has; 0 and `undefined` while none has begun. */
  #passed = 0;
  #length: number | undefined;
  #firstFrame = 0;
  /** Where it begins in the frame that is being taken, while no other brought bytes of it. */
  #frameAt: number | undefined;
  /** Nothing more is kept of it: bytes are missing, or there are too many. */
  #full = false;

  /** `inSync`: the first byte begins a unit. */
  constructor(framer: Framer, budget: StreamBudget, sink: UnitSink, inSync: boolean) {
    this.#framer = framer;
    this.#budget = budget;
    this.#sink = sink;
    this.#inSync = inSync;
  }

  /** The next bytes, lent; `frameAt`: where the first of the array lies in the frame that is being taken. */
  take(
    bytes: Uint8Array,
    from: number,
    end: number,
    frame: number,
    frameAt: number | undefined,
  ): void {
    if (!this.#inSync && !this.#synchronize(bytes, from, end)) return;
    let at = from;
    while (at < end) {
      const begins = this.#passed === 0;
      this.#frameAt = begins && frameAt !== undefined ? frameAt + at : undefined;
      const taken = begins ? this.#begin(bytes, at, end, frame) : this.#goOn(bytes, at, end);
      if (taken === undefined) {
        this.#loseSync(end - at);
        return;
      }
      at += taken;
    }
  }

  /** So many bytes passed that were not captured; `cut`: the frame that is being taken lacks them. */
  miss(bytes: number, cut: boolean): void {
    if (!cut) this.#frameAt = undefined;
    if (!this.#inSync) return;
    const length = this.#length;
    const left = length === undefined ? 0 : length - this.#passed;
    if (length === undefined || left < bytes) {
      // What is missing may have held the header of the next unit.
      if (length !== undefined) this.#end(length);
      this.#loseSync(0);
      return;
    }
    this.#full = true;
    this.#passed += bytes;
    if (this.#passed === length) this.#end(length);
  }

  /** No more bytes come. */
  finish(): void {
    if (this.#passed > 0) this.#skipped += this.#passed;
    this.#forget();
    this.#tellSkipped();
    this.#budget.giveBack(this.#buffer.length);
    this.#buffer = new Uint8Array(0);
  }

  #synchronize(bytes: Uint8Array, at: number, end: number): boolean {
    if (!this.#framer.begins(bytes, at, end)) {
      this.#skipped += end - at;
      return false;
    }
    this.#inSync = true;
    this.#tellSkipped();
    return true;
  }

  #tellSkipped(): void {
    if (this.#skipped > 0) this.#sink.skipped(this.#skipped);
    this.#skipped = 0;
  }

  #loseSync(skipped: number): void {
    this.#inSync = false;
    this.#skipped += this.#passed + skipped;
    this.#forget();
  }

  #forget(): void {
    this.#kept = 0;
    this.#passed = 0;
    this.#length = undefined;
    this.#full = false;
  }

  /** Begins a unit; one that is whole is told where it lies. */
  #begin(bytes: Uint8Array, at: number, end: number, frame: number): number | undefined {
    this.#firstFrame = frame;
    const have = end - at;
    if (have < this.#framer.headBytes) return this.#keep(bytes, at, end);
    const length = this.#framer.lengthAt(bytes, at);
    if (length === undefined) return undefined;
    if (have >= length) {
      const unit = { bytes, at, end: at + length, lengthBytes: length, firstFrame: frame };
      this.#sink.unit({ ...unit, frameAt: this.#frameAt });
      return length;
    }
    this.#length = length;
    return this.#keep(bytes, at, end);
  }

  /** Adds bytes to the unit that has begun, and ends it where they do. */
  #goOn(bytes: Uint8Array, at: number, end: number): number | undefined {
    const { headBytes } = this.#framer;
    if (this.#length === undefined) {
      const taken = this.#keep(bytes, at, Math.min(end, at + headBytes - this.#passed));
      if (this.#passed < headBytes) return taken;
      if (this.#kept < headBytes) return undefined;
      this.#length = this.#framer.lengthAt(this.#buffer, 0);
      // What was passed of it counts as skipped.
      if (this.#length === undefined) return undefined;
      if (this.#passed === this.#length) this.#end(this.#length);
      return taken;
    }
    const taken = this.#keep(bytes, at, Math.min(end, at + this.#length - this.#passed));
    if (this.#passed === this.#length) this.#end(this.#length);
    return taken;
  }

  #keep(bytes: Uint8Array, at: number, end: number): number {
    const room = this.#full ? 0 : UNIT_BYTES_MAX - this.#kept;
    const count = Math.min(end - at, room);
    if (count > 0 && this.#makeRoom(this.#kept + count)) {
      this.#buffer.set(bytes.subarray(at, at + count), this.#kept);
      this.#kept += count;
    } else this.#full = true;
    if (count < end - at) this.#full = true;
    this.#passed += end - at;
    return end - at;
  }

  #makeRoom(bytes: number): boolean {
    const had = this.#buffer.length;
    if (bytes <= had) return true;
    const wanted = Math.max(BUFFER_BYTES, had * 2, bytes);
    if (!this.#budget.take(wanted - had)) return false;
    const buffer = new Uint8Array(wanted);
    buffer.set(this.#buffer.subarray(0, this.#kept));
    this.#buffer = buffer;
    return true;
  }

  #end(lengthBytes: number): void {
    const unit = {
      bytes: this.#buffer,
      at: 0,
      end: this.#kept,
      lengthBytes,
      firstFrame: this.#firstFrame,
      frameAt: this.#frameAt,
    };
    this.#forget();
    this.#sink.unit(unit);
    if (this.#buffer.length <= BUFFER_BYTES * 16) return;
    this.#budget.giveBack(this.#buffer.length);
    this.#buffer = new Uint8Array(0);
  }
}
