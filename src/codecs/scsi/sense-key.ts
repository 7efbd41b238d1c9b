/** Sense keys, response codes, and the three bytes a sense key gives a meaning of its own. */

/** Source: SPC-5, sense key and additional sense code definitions. */
export const SenseKey = {
  NO_SENSE: 0x0,
  RECOVERED_ERROR: 0x1,
  NOT_READY: 0x2,
  MEDIUM_ERROR: 0x3,
  HARDWARE_ERROR: 0x4,
  ILLEGAL_REQUEST: 0x5,
  UNIT_ATTENTION: 0x6,
  DATA_PROTECT: 0x7,
  BLANK_CHECK: 0x8,
  VENDOR_SPECIFIC: 0x9,
  COPY_ABORTED: 0xa,
  ABORTED_COMMAND: 0xb,
  EQUAL: 0xc,
  VOLUME_OVERFLOW: 0xd,
  MISCOMPARE: 0xe,
  COMPLETED: 0xf,
} as const;

/** RESPONSE CODE: format, and whether the command that gets it is the one that failed. */
export const SenseResponseCode = {
  CURRENT_FIXED: 0x70,
  DEFERRED_FIXED: 0x71,
  CURRENT_DESCRIPTOR: 0x72,
  DEFERRED_DESCRIPTOR: 0x73,
} as const;

/** Where a command or its parameter list is wrong: the ILLEGAL REQUEST meaning of the field. */
export interface FieldPointer {
  /** `true`: in the CDB; `false`: in the parameter list. */
  readonly inCdb: boolean;
  /** First byte of the field. */
  readonly byte: number;
  /** Highest bit of the field, where one is named. */
  readonly bit?: number;
}

const COMMAND_DATA = 0x40_0000;
const BIT_POINTER_VALID = 0x08_0000;

/** The 23 bits behind SKSV as a field pointer. Source: SPC-5, field pointer sense key specific. */
export function parseFieldPointer(senseKeySpecific: number): FieldPointer {
  return {
    inCdb: (senseKeySpecific & COMMAND_DATA) !== 0,
    byte: senseKeySpecific & 0xffff,
    ...((senseKeySpecific & BIT_POINTER_VALID) === 0
      ? {}
      : { bit: (senseKeySpecific >>> 16) & 0x7 }),
  };
}

/**
 * The 23 bits for a field pointer.
 *
 * Errors: `RangeError` for a byte above 65,535 or a bit above 7.
 */
export function fieldPointerBits(pointer: FieldPointer): number {
  const { inCdb, byte, bit } = pointer;
  if (byte < 0 || byte > 0xffff || (bit !== undefined && (bit < 0 || bit > 7))) {
    throw new RangeError('a field pointer has a byte of 0 to 65535 and a bit of 0 to 7');
  }
  return (
    (inCdb ? COMMAND_DATA : 0) | (bit === undefined ? 0 : BIT_POINTER_VALID | (bit << 16)) | byte
  );
}

/** Parts of 65,536 done: the NOT READY and NO SENSE meaning of the field. */
export const PROGRESS_WHOLE = 65_536;

/** The progress indication within the 23 bits, in parts of `PROGRESS_WHOLE`. */
export function progressOf(senseKeySpecific: number): number {
  return senseKeySpecific & 0xffff;
}
