/** FCP_CMND: what an initiator asks of a logical unit. */
import {
  bit,
  codec,
  derived,
  fixedTail,
  flags,
  type Infer,
  type InferInput,
  named,
  of,
  optional,
  paddedBytes,
  reservedBits,
  rest,
  sized,
  u8,
  u32,
  when,
  withDefault,
} from '../layout/index.ts';
import { lunBytes } from '../scsi/lun.ts';
import { TaskAttribute } from '../scsi/status.ts';
import { TaskManagement } from './names.ts';

/** Bytes of the CDB field; a longer CDB goes on in `additionalCdb`. */
export const CDB_FIELD_BYTES = 16;

const isBidirectional = when<{ rddata: number; wrdata: number }>(
  (v) => v.rddata === 1 && v.wrdata === 1,
);

/**
 * FCP_CMND information unit.
 *
 * Shape: 32 bytes with a CDB of at most 16; `additionalCdbLengthWords` x 4 bytes more of CDB;
 * 4 bytes more when both RDDATA and WRDATA are set.
 * Units: `fcpDl` and `fcpBidirectionalReadDl` count data bytes.
 * Errors: `truncated` below 28 bytes, `bad-length` when the CDB runs past the end.
 */
export const fcpCmnd = codec('FCP_CMND', 'FCP-4, FCP_CMND IU', {
  lun: lunBytes,
  crn: withDefault(u8, 0),
  reserved1: reservedBits(1),
  priority: withDefault(bit(4), 0),
  taskAttribute: withDefault(named(bit(3), TaskAttribute), TaskAttribute.SIMPLE),
  taskManagementFlags: withDefault(flags(u8, TaskManagement), 0),
  additionalCdbLengthWords: derived(bit(6), (_v, sizeOf) => sizeOf('additionalCdb') / 4),
  rddata: withDefault(bit(1), 0),
  wrdata: withDefault(bit(1), 0),
  /** `encode` pads a shorter CDB with zeros. */
  cdb: withDefault(paddedBytes(CDB_FIELD_BYTES), new Uint8Array(CDB_FIELD_BYTES)),
  additionalCdb: sized(
    of<{ additionalCdbLengthWords: number }>((v) => v.additionalCdbLengthWords * 4),
    rest,
  ),
  fcpDl: withDefault(u32, 0),
  fcpBidirectionalReadDl: optional(isBidirectional, fixedTail(u32)),
});
/** What `fcpCmnd` decodes. */
export type FcpCmnd = Infer<typeof fcpCmnd>;
/** What `fcpCmnd` encodes. */
export type FcpCmndInput = InferInput<typeof fcpCmnd>;

/** The whole CDB of a command, padding included: 16 bytes, or more when it has an additional part. */
export function cdbOf(command: FcpCmnd): Uint8Array {
  if (command.additionalCdb.length === 0) return command.cdb;
  const whole = new Uint8Array(CDB_FIELD_BYTES + command.additionalCdb.length);
  whole.set(command.cdb);
  whole.set(command.additionalCdb, CDB_FIELD_BYTES);
  return whole;
}

/** The two CDB fields of a command for a CDB of any length. */
export function cdbFields(cdb: Uint8Array): { cdb: Uint8Array; additionalCdb: Uint8Array } {
  const additional = cdb.subarray(CDB_FIELD_BYTES);
  const padded = new Uint8Array(Math.ceil(additional.length / 4) * 4);
  padded.set(additional);
  return { cdb: cdb.subarray(0, CDB_FIELD_BYTES), additionalCdb: padded };
}
