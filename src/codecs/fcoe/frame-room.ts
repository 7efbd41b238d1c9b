/**
 * Room for frames. An array of its own for every frame costs more than the frame: so frames of
 * usual size lie side by side in slabs, and one that is kept keeps its slab.
 */

/** Small, so that a few frames that are kept do not hold much memory. */
const SLAB_BYTES = 32 * 1024;
/** Larger frames get an array of their own. */
const FRAME_BYTES_MAX = 4096;

/** Its buffer by itself: to ask an array for it costs as much as to make one. */
let slab = new ArrayBuffer(SLAB_BYTES);
let used = 0;

/** Zeros for a frame of this many bytes. Its `buffer` holds other frames too. */
export function frameRoom(bytes: number): Uint8Array {
  if (bytes > FRAME_BYTES_MAX) return new Uint8Array(bytes);
  if (used + bytes > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const room = new Uint8Array(slab, used, bytes);
  // The next frame begins at a word.
  used += (bytes + 7) & ~7;
  return room;
}
