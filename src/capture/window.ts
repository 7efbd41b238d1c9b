import type { ByteSource } from './source.ts';

/**
 * A scan reads a file in place, which costs less than waiting for another thread; once in so many
 * reads it waits all the same, for whatever else the process has to do.
 */
const READS_IN_PLACE_MAX = 16;

/**
 * The part of a capture that is in memory.
 *
 * Frames alias the window they were read in, so a window's memory is not written a second time,
 * unless it is asked for: `fill` moves what is left over to fresh memory and lets the old window
 * go with its frames.
 */
export class ReadWindow {
  readonly file: string;
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  /** Where in `bytes` the next record starts. */
  position = 0;
  /** Where in `bytes` the file's bytes end. */
  end = 0;
  readonly #source: ByteSource;
  /** For a scan: the memory of frames is written again by the next `fill`. */
  reuse: boolean;
  #reads = 0;
  /** Where in the file `bytes[0]` would be. */
  #base = 0;

  constructor(source: ByteSource, reuse = false) {
    this.file = source.name;
    this.#source = source;
    this.reuse = reuse;
  }

  /** Bytes in memory that no record has consumed. */
  get heldBytes(): number {
    return this.end - this.position;
  }

  /** Offset in the file of a position in `bytes`. */
  fileOffset(position: number): number {
    return this.#base + position;
  }

  /** Offset in the file of an array that aliases `bytes`. */
  offsetOf(part: Uint8Array): number {
    return this.#base + part.byteOffset - this.bytes.byteOffset;
  }

  /**
   * Reads on until `neededBytes` are held. `false` when the file ends before; what it had is held.
   *
   * Errors: those of the source.
   */
  async fill(neededBytes: number): Promise<boolean> {
    const held = this.heldBytes;
    if (held >= neededBytes) return true;
    const bytes = this.#room(neededBytes);
    bytes.set(this.bytes.subarray(this.position, this.end));
    let end = held;
    while (end < neededBytes) {
      const count = await this.#read(bytes.subarray(end));
      if (count === 0) break;
      end += count;
    }
    this.#base += this.position;
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer);
    }
    this.position = 0;
    this.end = end;
    return end >= neededBytes;
  }

  #read(into: Uint8Array): number | Promise<number> {
    const { readNow } = this.#source;
    this.#reads += 1;
    const inPlace = this.reuse && readNow !== undefined && this.#reads % READS_IN_PLACE_MAX !== 0;
    return inPlace ? readNow(into) : this.#source.read(into);
  }

  /** Memory for what is held and what is read next. */
  #room(neededBytes: number): Uint8Array<ArrayBuffer> {
    if (this.reuse && neededBytes <= this.bytes.length) return this.bytes;
    return new Uint8Array(Math.max(neededBytes, this.heldBytes + this.#source.windowBytes));
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}
