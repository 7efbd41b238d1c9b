/** `decode --csv`: a row for each frame, or one for each unit of a stream that ends in it. */
import type { FramePlace } from '../capture/index.ts';
import {
  ethernet,
  type Frame,
  fcHeader,
  formatFcId,
  layerValue,
  type StreamPdu,
  summarize,
} from '../codecs/index.ts';
import { escapeText } from '../codecs/layout/index.ts';
import { csvLine } from './csv.ts';

/**
 * The columns of `--csv`. `pdu` counts the units that end in a frame, from 1, `first_frame` is where the unit began;
 * `length` is then its own. `tag` is an Initiator Task Tag or an xid.
 */
export const FRAME_COLUMNS = [
  'frame',
  'time',
  'interface',
  'length',
  'protocol',
  'source',
  'destination',
  's_id',
  'd_id',
  'ox_id',
  'rx_id',
  'crc',
  'malformed',
  'summary',
  'pdu',
  'first_frame',
  'tag',
] as const;

/** A unit of a stream, for its row. */
export interface CsvUnit {
  readonly frame: Frame;
  readonly lengthBytes: number;
  readonly firstFrame: number;
  readonly summary: string;
}

/** What a row needs of a unit, which is lent. */
export function csvUnit({ frame, firstFrame, lengthBytes }: StreamPdu, summary: string): CsvUnit {
  return { frame, lengthBytes, firstFrame, summary };
}

/** The rows of a frame; their cells are those of `FRAME_COLUMNS`. */
export function frameCsv(
  place: FramePlace,
  frame: Frame,
  time: string,
  { units, gaps }: { readonly units: readonly CsvUnit[]; readonly gaps: readonly string[] },
): string[] {
  const { destination, source } = layerValue(frame, ethernet) ?? {};
  const row = (
    one: Frame,
    { lengthBytes, summary }: Pick<CsvUnit, 'lengthBytes' | 'summary'>,
    behind: readonly (string | number | undefined)[],
  ): string => {
    const header = layerValue(one, fcHeader);
    return csvLine([
      place.index,
      time,
      place.interfaceName,
      lengthBytes,
      one.protocol,
      source,
      destination,
      header && formatFcId(header.sId),
      header && formatFcId(header.dId),
      hex(header?.oxId, 4),
      hex(header?.rxId, 4),
      one.crc,
      one.malformed?.fault,
      escapeText(summary),
      ...behind,
    ]);
  };
  const whole = { lengthBytes: place.originalLength, summary: summarize(frame) };
  const nothing = [undefined, undefined, undefined];
  const missing = gaps.map((summary) => row(frame, { ...whole, summary }, nothing));
  if (units.length === 0) return [...missing, row(frame, whole, nothing)];
  const each = units.map((unit, i) =>
    row(unit.frame, unit, [i + 1, unit.firstFrame, hex(tagOf(unit.frame), 8)]),
  );
  return [...missing, ...each];
}

const hex = (id: number | undefined, digits: number): string | undefined =>
  id?.toString(16).padStart(digits, '0');

/** What names the task of a unit: of iSCSI, or of ONC RPC. */
function tagOf({ layers }: Frame): number | undefined {
  const { initiatorTaskTag, xid } = (layers[0]?.value ?? {}) as {
    readonly initiatorTaskTag?: number;
    readonly xid?: number;
  };
  return initiatorTaskTag ?? xid;
}
