/** How much of one direction of a connection a capture has. */
export class SeenSide {
  #isWhole = true;
  #hasBegun = false;
  /** Bytes that are missing since the PDU before. */
  #missing = 0;

  /** Every PDU since its beginning is there, or at least the head of it. */
  get isWhole(): boolean {
    return this.#isWhole && this.#missing === 0;
  }

  /** No bytes are missing since the PDU before. */
  get isSure(): boolean {
    return this.#missing === 0;
  }

  /** Bytes are missing: whether they hold a PDU, the next one tells. */
  miss(bytes: number): void {
    this.#missing += bytes;
  }

  /** True for the first PDU; `isFirst`: none can have come before it. */
  begin(isFirst: boolean): boolean {
    if (this.#hasBegun) return false;
    this.#hasBegun = true;
    if (!isFirst) this.#isWhole = false;
    return true;
  }

  /** A PDU has come that lacks so many of its own bytes. True where others are missing in front of it. */
  take(lackingBytes: number): boolean {
    const isHole = this.#missing > lackingBytes;
    this.#missing = 0;
    if (isHole) this.#isWhole = false;
    return isHole;
  }

  /** Nobody knows what bytes were. */
  lose(): void {
    this.#isWhole = false;
  }
}
