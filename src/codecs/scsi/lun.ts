/**
 * The 8-byte LUN: four levels of 2 bytes, of which Fibre Channel targets use the first.
 *
 * The upper 2 bits of a level say how the rest is to be read. Source: SAM-5, 4.7.
 */
import { type FixedField, u64 } from '../layout/index.ts';

/** The upper 2 bits of the first level. */
export const LunAddressing = {
  PERIPHERAL_DEVICE: 0,
  FLAT_SPACE: 1,
  LOGICAL_UNIT: 2,
  EXTENDED: 3,
} as const;

/** The REPORT LUNS well-known logical unit, as the field carries it. */
export const REPORT_LUNS_WELL_KNOWN_LUN = 0xc101_0000_0000_0000n;

/** Largest number that peripheral device addressing can carry. */
export const PERIPHERAL_LUN_MAX = 0xff;
/** Largest number that flat space addressing can carry. */
export const FLAT_LUN_MAX = 0x3fff;
/** Largest number that extended flat space addressing can carry. */
export const EXTENDED_FLAT_LUN_MAX = 0xff_ffff;

/** First byte of an extended flat space address of 4 bytes (1 length word). */
const EXTENDED_FLAT = 0xd2;

/**
 * The logical unit number that an 8-byte LUN carries, `undefined` where it is none of one level:
 * a logical unit behind a bus, a well-known logical unit, or a deeper hierarchy.
 */
export function lunNumber(lun: bigint): number | undefined {
  const high = Number(lun >> 32n);
  if ((lun & 0xffff_ffffn) !== 0n) return undefined;
  const first = high >>> 24;
  if (first === EXTENDED_FLAT) return high & EXTENDED_FLAT_LUN_MAX;
  if ((high & 0xffff) !== 0) return undefined;
  if (first === 0) return (high >>> 16) & 0xff;
  if (first >> 6 === LunAddressing.FLAT_SPACE) return (high >>> 16) & FLAT_LUN_MAX;
  return undefined;
}

/**
 * The 8-byte LUN for a number: peripheral device addressing up to 255, flat space addressing up
 * to 16,383, extended flat space addressing above. Errors: `RangeError` above 16,777,215.
 */
export function lunField(number: number): bigint {
  if (!Number.isInteger(number) || number < 0 || number > EXTENDED_FLAT_LUN_MAX) {
    throw new RangeError(`a LUN is a whole number from 0 to ${EXTENDED_FLAT_LUN_MAX}`);
  }
  if (number <= PERIPHERAL_LUN_MAX) return BigInt(number) << 48n;
  if (number <= FLAT_LUN_MAX) return BigInt(0x4000 | number) << 48n;
  return (BigInt(EXTENDED_FLAT) << 56n) | (BigInt(number) << 32n);
}

/** A LUN as a person reads it: its number, or all 16 hex digits where it has none. */
export function formatLun(lun: bigint): string {
  if (lun === REPORT_LUNS_WELL_KNOWN_LUN) return 'REPORT LUNS (well known)';
  return lunNumber(lun)?.toString() ?? `0x${lun.toString(16).padStart(16, '0')}`;
}

/** The 8-byte LUN field: a bigint. */
export const lunBytes: FixedField<bigint> = { ...u64, format: formatLun };
