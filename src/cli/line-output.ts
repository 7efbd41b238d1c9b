/** Lines to standard output, in large pieces of memory that are used again. */

/** Bytes of a piece; a longer line has one of its own. */
const PIECE_BYTES = 1 << 17;
/** Bytes that a character takes at most. */
const CHARACTER_BYTES_MAX = 3;

/** Collects lines and writes them in large pieces. */
export class LineOutput {
  readonly #free: Buffer<ArrayBuffer>[] = [];
  #piece = Buffer.allocUnsafe(PIECE_BYTES);
  #used = 0;

  /** Puts a text behind what is there. */
  put(text: string): void {
    const most = text.length * CHARACTER_BYTES_MAX;
    if (this.#used + most > this.#piece.length) {
      this.#send();
      if (most > this.#piece.length) {
        process.stdout.write(text);
        return;
      }
    }
    this.#used += this.#piece.write(text, this.#used);
  }

  /** Puts a text and ends the line. */
  line(text: string): void {
    this.put(text);
    this.put('\n');
  }

  /** Writes what there is, and waits where its reader is slower. */
  async flush(): Promise<void> {
    this.#send();
    await this.taken();
  }

  /** Waits for a reader who is slower; `undefined` where there is nothing to wait for. */
  taken(): Promise<void> | undefined {
    if (!process.stdout.writableNeedDrain) return undefined;
    return new Promise((resolve) => process.stdout.once('drain', resolve));
  }

  #send(): void {
    if (this.#used === 0) return;
    const piece = this.#piece;
    process.stdout.write(piece.subarray(0, this.#used), () => this.#free.push(piece));
    this.#piece = this.#free.pop() ?? Buffer.allocUnsafe(PIECE_BYTES);
    this.#used = 0;
  }
}
