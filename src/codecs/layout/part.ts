/** Parts of byte arrays, and numbers in them where a table would be too much. */

/**
 * The bytes `[from, end)` of an array, in place: what `subarray` gives, at half its price, and a
 * plain `Uint8Array` also where the array is of a class made from it. The bounds are not checked.
 */
export function partOf(bytes: Uint8Array, from: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + from, end - from);
}

/** Up to this many bytes a loop costs less than a call of `set`. */
const LOOP_PAYS_BYTES = 64;

/** Writes bytes into an array; the same as `target.set(bytes, at)`. */
export function putBytes(target: Uint8Array, at: number, bytes: Uint8Array): void {
  const { length } = bytes;
  if (length > LOOP_PAYS_BYTES || at + length > target.length) target.set(bytes, at);
  else for (let i = 0; i < length; i++) target[at + i] = bytes[i]!;
}

/** The number in three bytes, most significant first: an FC address, half a MAC address. */
export function uint24At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

/** Writes the lower 24 bits of a number, most significant byte first. */
export function putUint24(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 16;
  target[at + 1] = value >>> 8;
  target[at + 2] = value;
}
