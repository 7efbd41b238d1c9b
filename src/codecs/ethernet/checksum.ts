/** The checksum of the Internet protocols. Source: RFC 1071. */

/** The ones' complement sum of 16-bit words from `at` to `end`, on top of another; an odd last byte is a high one. */
export function addWords(bytes: Uint8Array, at: number, end: number, sum = 0): number {
  let total = sum;
  const even = end - ((end - at) & 1);
  for (let i = at; i < even; i += 2) total += (bytes[i]! << 8) | bytes[i + 1]!;
  if (even < end) total += bytes[even]! << 8;
  return total;
}

/** The checksum of a sum of words; 0 over bytes that hold a good one. */
export function checksumOf(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
