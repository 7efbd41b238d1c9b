/** Sequence numbers of TCP: 32 bits, compared around the circle. Source: RFC 9293, 3.4. */

/** A number so much further on. */
export const plus = (number: number, bytes: number): number => (number + bytes) >>> 0;

/** How far `to` lies behind `from`; negative where it lies before it. */
export const distance = (from: number, to: number): number => (to - from) | 0;

/** True where a number lies before another. */
export const isBefore = (one: number, other: number): boolean => distance(one, other) > 0;

/** The later of two. */
export const later = (one: number, other: number): number => (isBefore(one, other) ? other : one);
