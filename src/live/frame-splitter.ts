/**
 * QEMU's `stream` framing: each Ethernet frame stands behind its length, 4 bytes, big-endian.
 */

/** Longest frame that QEMU sends: its network buffer, `NET_BUFSIZE` of its `net/net.h`. */
export const FRAME_BYTES_MAX = 69_632;
/** Bytes of the length in front of each frame. */
export const PREFIX_BYTES = 4;

/**
 * Cuts a byte stream into frames.
 *
 * A frame that lies in one chunk is a view of it, so the chunk must not be written again; one
 * that spans chunks is put together once. A length that no frame has ends the stream: nothing
 * behind it can be trusted.
 */
export class FrameSplitter {
  /** The length prefix as far as it came, then the frame's bytes. */
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  #prefixBytes = 0;
  #frame: Uint8Array | undefined;
  #frameBytes = 0;

  /** True between frames: the stream may end here. */
  get atBoundary(): boolean {
    return this.#prefixBytes === 0 && this.#frame === undefined;
  }

  /** Bytes that came of a frame that is not whole yet, and how many it has. */
  get pending(): { readonly bytes: number; readonly of: number | undefined } {
    return { bytes: this.#frameBytes, of: this.#frame?.length };
  }

  /** Whole frames in what has come so far. Errors: `RangeError` for a length that no frame has. */
  push(chunk: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    const end = chunk.length;
    let at = 0;
    while (at < end) {
      if (this.#frame !== undefined) {
        at = this.#fill(chunk, at, frames);
        continue;
      }
      while (this.#prefixBytes < PREFIX_BYTES && at < end)
        this.#prefix[this.#prefixBytes++] = chunk[at++]!;
      if (this.#prefixBytes < PREFIX_BYTES) break;
      const length = this.#length();
      this.#prefixBytes = 0;
      if (end - at >= length) {
        // No Buffer: what reads frames expects `slice` to copy.
        frames.push(new Uint8Array(chunk.buffer, chunk.byteOffset + at, length));
        at += length;
      } else {
        this.#frame = new Uint8Array(length);
        this.#frameBytes = 0;
      }
    }
    return frames;
  }

  #fill(chunk: Uint8Array, at: number, frames: Uint8Array[]): number {
    const frame = this.#frame!;
    const bytes = Math.min(frame.length - this.#frameBytes, chunk.length - at);
    frame.set(chunk.subarray(at, at + bytes), this.#frameBytes);
    this.#frameBytes += bytes;
    if (this.#frameBytes === frame.length) {
      frames.push(frame);
      this.#frame = undefined;
      this.#frameBytes = 0;
    }
    return at + bytes;
  }

  #length(): number {
    const prefix = this.#prefix;
    const length = ((prefix[0]! << 24) | (prefix[1]! << 16) | (prefix[2]! << 8) | prefix[3]!) >>> 0;
    if (length === 0 || length > FRAME_BYTES_MAX) {
      throw new RangeError(
        `says its next frame has ${length} bytes; frames have 1 to ${FRAME_BYTES_MAX}`,
      );
    }
    return length;
  }
}

/** A frame behind its length, for a stream. */
export function withPrefix(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES + frame.length);
  putFrame(bytes, 0, frame);
  return bytes;
}

/** Writes length and frame at `at`; returns the place behind it. */
export function putFrame(target: Uint8Array, at: number, frame: Uint8Array): number {
  const { length } = frame;
  target[at] = length >>> 24;
  target[at + 1] = length >>> 16;
  target[at + 2] = length >>> 8;
  target[at + 3] = length;
  target.set(frame, at + PREFIX_BYTES);
  return at + PREFIX_BYTES + length;
}
