import type { ByteSource } from './source.ts';

/**
 * The part of a capture that is in memory.
 *
 * Frames alias the window they were read in, so a window's memory is never written a second time:
 * `fill` moves what is left over to fresh memory and lets the old window go with its frames.
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
  /** Where in the file `bytes[0]` would be. */
  #base = 0;

  constructor(source: ByteSource) {
    this.file = source.name;
    this.#source = source;
  }

  /** Bytes in memory that no record has consumed. */
  get heldBytes(): number {
    return this.end - this.position;
  }

  /** Offset in the file of a position in `bytes`. */
  fileOffset(position: number): number {
    return this.#base + position;
  }

  /**
   * Reads on until `neededBytes` are held. `false` when the file ends before; what it had is held.
   *
   * Errors: those of the source.
   */
  async fill(neededBytes: number): Promise<boolean> {
    const held = this.heldBytes;
    if (held >= neededBytes) return true;
    const bytes = new Uint8Array(Math.max(neededBytes, held + this.#source.windowBytes));
    bytes.set(this.bytes.subarray(this.position, this.end));
    let end = held;
    while (end < neededBytes) {
      const count = await this.#source.read(bytes.subarray(end));
      if (count === 0) break;
      end += count;
    }
    this.#base += this.position;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    this.position = 0;
    this.end = end;
    return end >= neededBytes;
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}
