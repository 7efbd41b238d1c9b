/** Record marking: messages in a byte stream. Source: RFC 5531, clause 11. */
import { bit, CodecError, codec, type Infer, withDefault } from '../layout/index.ts';

/**
 * What stands before each fragment of a record. Shape: 4 bytes. Units: `lengthBytes` counts the bytes
 * of the fragment behind it.
 */
export const recordMark = codec('RPC record mark', 'RFC 5531, 11', {
  lastFragment: withDefault(bit(1), 1),
  lengthBytes: bit(31),
});
/** What `recordMark` decodes. */
export type RecordMark = Infer<typeof recordMark>;

/** Bytes of a record mark. */
export const RECORD_MARK_BYTES = 4;

/** A message as a record of one fragment. */
export function encodeRecord(message: Uint8Array): Uint8Array {
  const record = new Uint8Array(RECORD_MARK_BYTES + message.length);
  recordMark.write(record, 0, { lengthBytes: message.length });
  record.set(message, RECORD_MARK_BYTES);
  return record;
}

/** What a reader of records holds a stream to. */
export interface RecordLimits {
  /** Bytes of a whole record, marks not counted. */
  readonly recordBytesMax: number;
  /** Fragments of a record: empty ones have no end otherwise. */
  readonly fragmentsMax: number;
}

/**
 * Puts records together from the bytes of one direction of a connection.
 *
 * What it keeps is bounded by the limits, and grows with what has come, not with what a mark claims.
 */
export class RecordReader {
  readonly #limits: RecordLimits;
  /** Bytes of the record that have come, with room for more. */
  #record = new Uint8Array(0);
  #length = 0;
  #fragments = 0;
  readonly #mark = new Uint8Array(RECORD_MARK_BYTES);
  #markLength = 0;
  /** Bytes of the fragment that are still to come. */
  #missing = 0;
  #isLast = false;

  constructor(limits: RecordLimits) {
    this.#limits = limits;
  }

  /** Bytes of a record that is not whole yet. */
  get waitingBytes(): number {
    return this.#length + this.#markLength;
  }

  /**
   * Takes what came, and hands over each record that is whole: the reader's own bytes, which it does not
   * change any more. Errors: `CodecError` `bad-length` for a record beyond the limits; the stream cannot be
   * read any further.
   */
  take(bytes: Uint8Array, whole: (record: Uint8Array) => void): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#missing > 0) {
        const count = Math.min(this.#missing, bytes.length - at);
        this.#keep(bytes.subarray(at, at + count));
        at += count;
        this.#missing -= count;
      } else {
        this.#mark[this.#markLength++] = bytes[at++]!;
        if (this.#markLength < RECORD_MARK_BYTES) continue;
        this.#markLength = 0;
        this.#begin();
      }
      if (this.#missing > 0 || this.#markLength > 0 || !this.#isLast) continue;
      const record = this.#record.subarray(0, this.#length);
      this.#record = new Uint8Array(0);
      this.#length = 0;
      this.#fragments = 0;
      this.#isLast = false;
      whole(record);
    }
  }

  #begin(): void {
    const { lastFragment, lengthBytes } = recordMark.decode(this.#mark);
    const { recordBytesMax, fragmentsMax } = this.#limits;
    this.#fragments += 1;
    const bytes = this.#length + lengthBytes;
    if (bytes > recordBytesMax || this.#fragments > fragmentsMax) {
      const what = `a record of ${bytes} bytes in ${this.#fragments} fragments, ${recordBytesMax} and ${fragmentsMax} at most`;
      throw new CodecError('bad-length', recordMark.name, 'lengthBytes', 0, what);
    }
    this.#isLast = lastFragment === 1;
    this.#missing = lengthBytes;
  }

  #keep(part: Uint8Array): void {
    const length = this.#length + part.length;
    if (length > this.#record.length) {
      // What is missing is taken at once only where it is little: a mark alone must not cost memory.
      const known = Math.min(this.#length + this.#missing, 2 * length);
      const room = new Uint8Array(Math.max(length, known));
      room.set(this.#record.subarray(0, this.#length));
      this.#record = room;
    }
    this.#record.set(part, this.#length);
    this.#length = length;
  }
}
