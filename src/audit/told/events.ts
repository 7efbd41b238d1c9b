/**
 * What of a capture an expert would look at first: refusals, logouts, cleared virtual links, bad
 * statuses, requests without an answer, gaps; each with its frames.
 */

import { type FcHeader, FcType, fcHeader, RCtl } from '../../codecs/fc/index.ts';
import { formatLun, TaskManagement } from '../../codecs/fcp/index.ts';
import { type Frame, layerOf, layerValue, rejectOf, summarize } from '../../codecs/frame/index.ts';
import { formatFcId } from '../../codecs/layout/index.ts';
import { formatSense } from '../../codecs/scsi/index.ts';
import type { ExchangeRow } from '../seen/exchange-row.ts';
import type { SeenFrame } from '../seen/frame.ts';
import { ELS_LOGOUT, fipClears } from './marks.ts';

/** Events kept; of a longer capture the rest is counted. */
const EVENTS_MAX = 100_000;

/** Kinds of events. */
export const EVENT_KINDS = [
  'reject',
  'clear-virtual-links',
  'logout',
  'check-condition',
  'status',
  'unanswered',
  'abort',
  'aborted',
  'gap',
  'recovery',
  'task-management',
  'malformed',
  'bad-crc',
] as const;
/** A kind of event. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** An event, as `replay --events` prints it. */
export interface EventRow {
  readonly kind: EventKind;
  /** The frames that show it, the first one first. */
  readonly frames: readonly number[];
  readonly timeNs: bigint;
  readonly fabric: string;
  /** The frame in words, or what its exchange came to. */
  readonly what: string;
}

/** Where and when a frame stands in its capture. */
export interface EventPlace {
  readonly index: number;
  readonly timeNs: bigint;
}

const TASK_MANAGEMENT: ReadonlySet<string> = new Set(
  Object.keys(TaskManagement).map((name) => name.replaceAll('_', ' ')),
);

/** Gathers events frame by frame and exchange by exchange. */
export class Events {
  readonly #rows: EventRow[] = [];
  readonly #gaps = new WeakSet<object>();
  #left = 0;

  /** Takes a frame that was decoded. */
  take(frame: Frame, seen: SeenFrame, place: EventPlace, fabric: string): void {
    const kinds = kindsOf(frame);
    for (const kind of kinds) {
      const { index, timeNs } = place;
      this.#add({ kind, frames: [index], timeNs, fabric, what: summarize(frame) });
    }
    this.data(seen, place, fabric);
  }

  /** Takes data of an exchange: what does not follow the data before is a gap. */
  data(seen: SeenFrame, { index, timeNs }: EventPlace, fabric: string): void {
    if (seen.protocol !== 'fc' || seen.exchange?.gap !== true) return;
    if (seen.role !== 'data-in' && seen.role !== 'data-out') return;
    const { exchange, header } = seen;
    if (this.#gaps.has(exchange)) return;
    this.#gaps.add(exchange);
    const what = `data ${addressesOf(header)} at offset ${header.parameter}, which does not follow the data before`;
    this.#add({ kind: 'gap', frames: [exchange.frame, index], timeNs, fabric, what });
  }

  /** Takes an exchange that has ended. */
  exchange(row: ExchangeRow): void {
    const kind = kindOfEnd(row);
    if (kind === undefined) return;
    const { firstFrame, lastFrame, endNs, fabric } = row;
    const frames = firstFrame === lastFrame ? [firstFrame] : [firstFrame, lastFrame];
    this.#add({ kind, frames, timeNs: endNs, fabric, what: textOf(row) });
  }

  #add(row: EventRow): void {
    if (this.#rows.length < EVENTS_MAX) this.#rows.push(row);
    else this.#left++;
  }

  /** Events that were too many to keep. */
  get left(): number {
    return this.#left;
  }

  /** How many there are of each kind that was met. */
  counts(): Partial<Record<EventKind, number>> {
    const counts: Partial<Record<EventKind, number>> = {};
    for (const { kind } of this.#rows) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }

  /** In the order of the frames that show them last. */
  rows(): EventRow[] {
    const last = ({ frames }: EventRow): number => frames.at(-1)!;
    return [...this.#rows].sort((a, b) => last(a) - last(b));
  }
}

const addressesOf = ({ sId, dId, oxId }: FcHeader): string =>
  `${formatFcId(sId)} → ${formatFcId(dId)} OX_ID ${oxId.toString(16).padStart(4, '0')}`;

function kindsOf(frame: Frame): EventKind[] {
  const kinds: EventKind[] = [];
  if (rejectOf(frame) !== undefined) kinds.push('reject');
  if (fipClears(frame)) kinds.push('clear-virtual-links');
  const els = layerOf(frame, 'els')?.value as { kind?: string } | undefined;
  if (els?.kind === ELS_LOGOUT) kinds.push('logout');
  if (els?.kind === 'SRR' || els?.kind === 'REC') kinds.push('recovery');
  const header = layerValue(frame, fcHeader);
  if (header?.type === FcType.BLS && header.rCtl === RCtl.ABTS) kinds.push('abort');
  if (frame.malformed !== undefined && !frame.cut) kinds.push('malformed');
  if (frame.crc === 'bad') kinds.push('bad-crc');
  return kinds;
}

function kindOfEnd({ end, kind, status, command }: ExchangeRow): EventKind | undefined {
  if (end === 'unanswered') return 'unanswered';
  if (end === 'aborted') return 'aborted';
  if (kind === 'fcp' && TASK_MANAGEMENT.has(command)) return 'task-management';
  if (status === 'CHECK_CONDITION') return 'check-condition';
  return status === undefined || status === 'GOOD' || status === 'SUCCESS' ? undefined : 'status';
}

function textOf(row: ExchangeRow): string {
  const { command, originator, responder, oxId, lun, status, sense, end } = row;
  const unit = lun === undefined ? '' : ` LUN ${formatLun(lun)}`;
  const where = `${formatFcId(originator)} → ${formatFcId(responder)} OX_ID ${oxId.toString(16).padStart(4, '0')}`;
  const why = sense === undefined ? '' : ` ${formatSense(sense)}`;
  const came =
    end === 'unanswered'
      ? 'no answer in the capture'
      : end === 'aborted'
        ? 'aborted'
        : (status ?? 'answered').replaceAll('_', ' ') + why;
  return `${command} ${where}${unit}: ${came}`;
}
