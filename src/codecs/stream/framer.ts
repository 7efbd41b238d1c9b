/** What tells the units of a byte stream apart: where one begins, and how long it is. */

/** A protocol whose units say how long they are. */
export interface Framer {
  /** From so many bytes on, the length of a unit can be told. */
  readonly headBytes: number;
  /**
   * Bytes of the unit that begins at a place, `headBytes` of it being there; `undefined` where nothing
   * of this protocol begins.
   */
  lengthAt(bytes: Uint8Array, at: number): number | undefined;
  /** Whether a unit begins here, told by all that is there: asked where nobody knows. */
  begins(bytes: Uint8Array, at: number, end: number): boolean;
}

/** Bytes that all readers of a capture may hold together. */
export class StreamBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes bytes; false, and none are taken, where there are not so many left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  /** Gives back what was taken. */
  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}
