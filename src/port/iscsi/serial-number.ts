/** Serial numbers of 32 bits: CmdSN, StatSN, DataSN. Source: RFC 1982; RFC 7143, 4.2.2. */

/** How far one number is behind another; less than 0 where it is in front of it. */
export const distance = (from: number, to: number): number => (to - from) | 0;

/** The number so far behind another. */
export const advanced = (from: number, by = 1): number => (from + by) >>> 0;
