/** What is inside of PDUs: sense data, what a unit tells of itself, what was rejected. */
import { type Frame, layerOf } from '../../../codecs/index.ts';
import { lookIn, type UnitLook } from '../unit-looks.ts';
import type { OpenTask } from './open-task.ts';

/** Where the Initiator Task Tag of a rejected PDU's header lies, and its end. */
const ITT_AT = 16;
const ITT_END = 20;
const LUN_BYTES = 8;

/** Sense key x 65536 + ASC x 256 + ASCQ; `undefined` where there is no sense data. */
export function senseIn(frame: Frame): number | undefined {
  const said = layerOf(frame, 'sense')?.value as
    | { senseKey?: number; asc?: number; ascq?: number }
    | undefined;
  if (said?.senseKey === undefined || said.asc === undefined || said.ascq === undefined)
    return undefined;
  return said.senseKey * 0x1_0000 + said.asc * 0x100 + said.ascq;
}

/** What the data of a task tell of its unit. */
export function lookOf({ task, listsUnits }: OpenTask, frame: Frame): UnitLook | undefined {
  const { command } = task;
  if (listsUnits) return unitsIn(frame);
  if (command !== 'INQUIRY' && !command.startsWith('READ CAPACITY')) return undefined;
  const value = layerOf(frame, 'scsi')?.value as Readonly<Record<string, unknown>> | undefined;
  return value === undefined ? undefined : lookIn(command, value);
}

/** The units that REPORT LUNS lists; `undefined` where the list is not all there. */
function unitsIn(frame: Frame): UnitLook | undefined {
  const { lunListLengthBytes: bytes, luns } = (layerOf(frame, 'scsi')?.value ?? {}) as {
    lunListLengthBytes?: number;
    luns?: readonly unknown[];
  };
  if (!Array.isArray(luns) || luns.length * LUN_BYTES !== bytes) return undefined;
  const all = luns.filter((lun): lun is bigint => typeof lun === 'bigint');
  return all.length === luns.length ? { luns: all } : undefined;
}

/** The tag of what a Reject is about, whose header it brings. */
export function rejectedTag(header: Uint8Array | undefined): number | undefined {
  if (header === undefined || header.length < ITT_END) return undefined;
  return new DataView(header.buffer, header.byteOffset).getUint32(ITT_AT);
}
