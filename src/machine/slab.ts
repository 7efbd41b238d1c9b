/**
 * Room for what passes through a fabric at work. An array of its own for every frame costs more than
 * the frame: so frames of usual size lie side by side in slabs, and one that is kept keeps its slab.
 *
 * Half of the room is of SharedArrayBuffers, where there are any, though no other thread sees them.
 * V8 does not count these: it collects its whole heap for every 64 MB that are allocated outside of
 * it, which a fabric at work fills ten times a second. The other half still tells it that memory is
 * used, so that what nobody holds any more is given back in time.
 */

/** Small, so that a few frames that are kept do not hold much memory. */
const SLAB_BYTES = 32 * 1024;
/** Larger ones get an array of their own. */
const ROOM_BYTES_MAX = 4096;
/** So much is not counted, then as much is. */
const TURN_BYTES = SLAB_BYTES;

const Uncounted = typeof SharedArrayBuffer === 'undefined' ? ArrayBuffer : SharedArrayBuffer;

/** Zeros for so many bytes, in slabs that `allocate` makes. */
function cutFrom(allocate: (bytes: number) => ArrayBufferLike): (bytes: number) => Uint8Array {
  // The slab's buffer by itself: to ask an array for it costs as much as to make one.
  let slab = allocate(SLAB_BYTES);
  let used = 0;
  return (bytes) => {
    if (bytes > ROOM_BYTES_MAX) return new Uint8Array(allocate(bytes));
    if (used + bytes > SLAB_BYTES) {
      slab = allocate(SLAB_BYTES);
      used = 0;
    }
    const room = new Uint8Array(slab, used, bytes);
    // The next frame begins at a word.
    used += (bytes + 7) & ~7;
    return room;
  };
}

/** Bytes not counted, less those that are. */
let owed = 0;

/** Zeros for a frame, or the data of a command, of this many bytes. Its `buffer` holds others too. */
export const roomFor = cutFrom((bytes) => {
  if (owed >= TURN_BYTES) {
    owed -= bytes;
    return new ArrayBuffer(bytes);
  }
  owed += bytes;
  return new Uncounted(bytes);
});

/** The same for frames that leave the library: the `buffer` is an ArrayBuffer, which holds others too. */
export const plainRoomFor = cutFrom((bytes) => new ArrayBuffer(bytes));
