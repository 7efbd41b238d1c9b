/** The bytes of a connection that were not taken yet. */

const ROOM_BYTES_MIN = 1024;

/** Bytes that have come, in order; memory grows with what has come, not with what somebody claims. */
export class ByteInput {
  #bytes = new Uint8Array(0);
  #from = 0;
  #end = 0;

  /** How many there are. */
  get length(): number {
    return this.#end - this.#from;
  }

  /** More bytes have come; they are copied. */
  push(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (this.#end + bytes.length > this.#bytes.length) {
      const room =
        length > this.#bytes.length
          ? new Uint8Array(Math.max(ROOM_BYTES_MIN, 2 * length))
          : this.#bytes;
      room.set(this.#bytes.subarray(this.#from, this.#end));
      this.#bytes = room;
      this.#from = 0;
      this.#end = length - bytes.length;
    }
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** The next bytes, lent until more are pushed; `undefined` while there are not so many. They stay. */
  peek(count: number): Uint8Array | undefined {
    if (count > this.length) return undefined;
    return this.#bytes.subarray(this.#from, this.#from + count);
  }

  /** The next bytes are taken. */
  drop(count: number): void {
    this.#from += count;
    if (this.#from < this.#end) return;
    this.#from = 0;
    this.#end = 0;
    // What a large write took is given back.
    if (this.#bytes.length > 64 * ROOM_BYTES_MIN) this.#bytes = new Uint8Array(0);
  }
}
