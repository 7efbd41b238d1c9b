/** The bytes that a connection has to say, from the first that is not acknowledged. */

/** Bytes in the order of writing; pieces are kept as they were given. */
export class SendBuffer {
  #pieces: Uint8Array[] = [];
  /** Bytes of the first piece that are gone. */
  #gone = 0;
  #length = 0;

  /** How many bytes it holds. */
  get length(): number {
    return this.#length;
  }

  /** Puts bytes at the end; they are not changed any more. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** A copy of bytes `from` up to `to`, which it holds. */
  slice(from: number, to: number): Uint8Array {
    const out = new Uint8Array(to - from);
    let at = -this.#gone;
    for (const piece of this.#pieces) {
      if (at >= to) break;
      const first = Math.max(from - at, 0);
      const last = Math.min(to - at, piece.length);
      if (first < last) out.set(piece.subarray(first, last), at + first - from);
      at += piece.length;
    }
    return out;
  }

  /** The first bytes are acknowledged. */
  drop(bytes: number): void {
    this.#length -= bytes;
    this.#gone += bytes;
    let whole = 0;
    while (whole < this.#pieces.length && this.#gone >= this.#pieces[whole]!.length)
      this.#gone -= this.#pieces[whole++]!.length;
    if (whole > 0) this.#pieces = this.#pieces.slice(whole);
  }

  /** Nothing of it will be said. */
  clear(): void {
    this.#pieces = [];
    this.#gone = 0;
    this.#length = 0;
  }
}
