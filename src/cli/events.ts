/** `sanmotion replay --events`: what of a capture an expert would look at first. */
import pc from 'picocolors';
import type { EventKind, EventRow } from '../audit/told/events.ts';
import { escapeText } from '../codecs/layout/index.ts';
import { count, table } from './output.ts';

/** Kinds that tell of damage, and kinds that are a warning; all others are notes. */
const ERRORS: ReadonlySet<EventKind> = new Set(['malformed', 'bad-crc', 'gap', 'aborted']);
const NOTES: ReadonlySet<EventKind> = new Set(['logout', 'recovery', 'task-management']);

/** How grave an event is, in Wireshark's words. */
export function severityOf(kind: EventKind): 'error' | 'warning' | 'note' {
  if (ERRORS.has(kind)) return 'error';
  return NOTES.has(kind) ? 'note' : 'warning';
}

/** What `replay --events --json` prints of an event. */
export function eventJson(row: EventRow): object {
  return { ...row, severity: severityOf(row.kind) };
}

const PAINT = { error: pc.red, warning: pc.yellow, note: pc.dim } as const;

/** Seconds since the first frame of the capture, with six places. */
const secondsText = (ns: bigint): string => (Number(ns) / 1e9).toFixed(6);

/** A table of events, in lines that fit the terminal. */
export function eventLines(rows: readonly EventRow[], left: number, startNs: bigint): string[] {
  if (rows.length === 0)
    return [pc.green('no event: nothing refused, lost, cleared or unanswered')];
  return [
    table(
      [
        ['event', 'frames', 'seconds', 'fabric', ''].map(pc.dim),
        ...rows.map(({ kind, frames, timeNs, fabric, what }) => [
          PAINT[severityOf(kind)](kind),
          frames.join(' '),
          secondsText(timeNs - startNs),
          escapeText(fabric || '-'),
          escapeText(what),
        ]),
      ],
      [2],
    ),
    ...(left > 0 ? [pc.dim(`and ${count(left)} more that are not kept`)] : []),
  ];
}
