/**
 * Room for what passes through a fabric at work. An array of its own for every frame costs more
 * than the frame: so frames of usual size lie side by side in slabs, and one that is kept keeps its
 * slab.
 *
 * Slabs are SharedArrayBuffers where there are any, though no other thread sees them: V8 counts what
 * an ArrayBuffer holds as pressure on its heap, and a fabric at work fills 64 MB of them, which is a
 * full garbage collection, ten times a second.
 */

/** Small, so that a few frames that are kept do not hold much memory. */
const SLAB_BYTES = 32 * 1024;
/** Larger ones get an array of their own. */
const ROOM_BYTES_MAX = 4096;

const Slab = typeof SharedArrayBuffer === 'undefined' ? ArrayBuffer : SharedArrayBuffer;

/** Its buffer by itself: to ask an array for it costs as much as to make one. */
let slab = new Slab(SLAB_BYTES);
let used = 0;

/** Zeros for a frame, or the data of a command, of this many bytes. Its `buffer` holds others too. */
export function roomFor(bytes: number): Uint8Array {
  if (bytes > ROOM_BYTES_MAX) return new Uint8Array(new Slab(bytes));
  if (used + bytes > SLAB_BYTES) {
    slab = new Slab(SLAB_BYTES);
    used = 0;
  }
  const room = new Uint8Array(slab, used, bytes);
  // The next frame begins at a word.
  used += (bytes + 7) & ~7;
  return room;
}
