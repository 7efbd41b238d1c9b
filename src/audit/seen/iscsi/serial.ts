/** Sequence numbers of 32 bits that start anew at 0, as RFC 1982 compares them. */

/** The number behind a number. */
export const after = (serial: number): number => (serial + 1) >>> 0;

/** How far a number lies behind another; negative where it lies in front of it. */
export const distance = (from: number, to: number): number => (to - from) | 0;

/** True where a number lies in front of another. */
export const isBefore = (serial: number, other: number): boolean => distance(serial, other) > 0;
