/** What a device server answers: a status, and sense data or data where there are any. */
import {
  type FieldPointer,
  fieldPointerBits,
  fixedSense,
  ScsiStatus,
  SenseCode,
  SenseKey,
} from '../../codecs/scsi/index.ts';
import type { Reply } from '../transport.ts';

export type { Reply };

/** GOOD, with nothing more. */
export const GOOD: Reply = { status: ScsiStatus.GOOD };
/** BUSY: the same command may come again later. */
export const BUSY: Reply = { status: ScsiStatus.BUSY };
/** TASK SET FULL: there is no room for another task. */
export const TASK_SET_FULL: Reply = { status: ScsiStatus.TASK_SET_FULL };
/** RESERVATION CONFLICT: another nexus holds what the command needs. */
export const RESERVATION_CONFLICT: Reply = { status: ScsiStatus.RESERVATION_CONFLICT };

/** What sense data can say beyond key and code. */
export interface SenseDetail {
  /** INFORMATION: an LBA or an offset, as the command defines. Left out above 32 bits. */
  readonly information?: number;
  /** The field that is wrong. */
  readonly field?: FieldPointer;
}

/** Sense data in fixed format. `code` is ASC x 256 + ASCQ. */
export function senseData(key: number, code: number, detail: SenseDetail = {}): Uint8Array {
  const { information, field } = detail;
  const valid = information !== undefined && information <= 0xffff_ffff;
  return fixedSense.encode({
    valid: valid ? 1 : 0,
    information: valid ? information : 0,
    senseKey: key,
    asc: code >> 8,
    ascq: code & 0xff,
    ...(field === undefined ? {} : { sksv: 1, senseKeySpecific: fieldPointerBits(field) }),
  });
}

/** GOOD with data, cut to what the initiator has room for. */
export function data(whole: Uint8Array, allocationLengthBytes = whole.length): Reply {
  return {
    status: ScsiStatus.GOOD,
    dataIn:
      whole.length <= allocationLengthBytes ? whole : whole.subarray(0, allocationLengthBytes),
  };
}

/** CHECK CONDITION with this sense key and this additional sense code. */
export function checkCondition(key: number, code: number, detail?: SenseDetail): Reply {
  return { status: ScsiStatus.CHECK_CONDITION, sense: senseData(key, code, detail) };
}

/** CHECK CONDITION, ILLEGAL REQUEST. Left out: the field of the CDB that is at fault is not named. */
export function illegalRequest(code: number, detail?: SenseDetail): Reply {
  return checkCondition(SenseKey.ILLEGAL_REQUEST, code, detail);
}

/** A field of the CDB has a value that this device server does not take. */
export function invalidFieldInCdb(byte: number, bit?: number): Reply {
  const field = { inCdb: true, byte, ...(bit === undefined ? {} : { bit }) };
  return illegalRequest(SenseCode.INVALID_FIELD_IN_CDB, { field });
}

/** A field of the parameter list has a value that this device server does not take. */
export function invalidFieldInParameterList(byte: number, bit?: number): Reply {
  const field = { inCdb: false, byte, ...(bit === undefined ? {} : { bit }) };
  return illegalRequest(SenseCode.INVALID_FIELD_IN_PARAMETER_LIST, { field });
}
