/** What the frames of a violation mean: in words for the comments of a capture, in marks for a drawing. */

import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import { formatFcId, formatWwn } from '../codecs/layout/index.ts';
import { type BlocksApplied, type IoSubmitted, since } from '../history/index.ts';
import type { FaultHit } from './adversary.ts';
import { type Attempt, type AttemptLog, ioKey } from './attempt-log.ts';
import { faultName } from './fault.ts';
import { lineOf } from './signature.ts';

/** Something that became of a frame, and when. */
export interface FrameMark {
  readonly atNs: number;
  /** `applied +77.018 ms`, since the move began. */
  readonly text: string;
}

/** What is to be said of a frame. */
export interface FrameNote {
  /** Steps of the move and logins around it. */
  readonly around: string[];
  /** What it carries, and what became of that. */
  readonly texts: string[];
  /** The same in a word or two each, in their order: `held`, `applied`, `guest told`. */
  readonly marks: FrameMark[];
  /** A fault held it: when it was sent, and when it came out again. */
  held?: { readonly fromNs: number; readonly untilNs: number };
}

/** A comment for each frame that needs one, by the frame's number. */
export function commentsOf(log: AttemptLog, frames: readonly TappedFrame[]): Map<number, string> {
  const notes = [...notesOf(log, frames)];
  return new Map(
    notes.map(([frame, { around, texts }]) => [frame, [...around, ...texts].join('; ')]),
  );
}

/** What is to be said of each frame, by its number. */
export function notesOf(
  log: AttemptLog,
  frames: readonly TappedFrame[],
): ReadonlyMap<number, FrameNote> {
  const notes = new Map<number, FrameNote>();
  const noteOf = (frame: TappedFrame): FrameNote => {
    const note = notes.get(frame.number) ?? { around: [], texts: [], marks: [] };
    notes.set(frame.number, note);
    return note;
  };
  const around = (frame: TappedFrame | undefined, text: string): void => {
    if (frame !== undefined) add(noteOf(frame).around, text);
  };
  const note: Noter = (frame, text, mark) => {
    if (frame === undefined) return;
    add(noteOf(frame).texts, text);
    if (mark === undefined) return;
    const { marks } = noteOf(frame);
    if (!marks.some(({ text: known }) => known === mark.text)) marks.push(mark);
    marks.sort((a, b) => a.atNs - b.atNs);
  };
  const time = (at: number): string => since(log.moveAt, at);
  for (const { phase, atNs } of log.moves.steps) {
    const first = frames.find((frame) => frame.at >= atNs);
    around(first, `the move at ${time(atNs)}: ${phase}`);
  }
  for (const { at, event } of log.logins) {
    const id = formatFcId(event.nPortId);
    const first = frames.find(
      (frame) => frame.at >= at && frame.at < at + 1e6 && lineOf(frame.bytes).includes(id),
    );
    const what = event.type === 'login' ? 'is given' : 'gives back';
    around(first, `${formatWwn(event.wwpn)} ${what} ${id} at ${time(at)}`);
  }
  const shown = new Set(frames);
  for (const attempt of log.concernedAttempts) {
    tellAttempt(log, attempt, shown, note, time);
  }
  for (const frame of frames) {
    const ahead = log.leavesInto(frame);
    if (ahead !== undefined) {
      const until = endOf(ahead);
      const then = until === undefined ? '' : ` and comes to ${ahead.to} at ${time(until)}`;
      note(
        frame,
        `${wordsOf(log.attemptOf(frame))} leaves the switch at ${time(frame.at)}, is held by the fault (${faultName(ahead.fault)})${then}`,
        {
          atNs: frame.at,
          text: until === undefined ? faultName(ahead.fault) : `held until ${time(until)}`,
        },
      );
      if (until !== undefined) noteOf(frame).held = { fromNs: frame.at, untilNs: until };
    }
    const hit = log.heldBy(frame);
    if (hit === undefined) continue;
    const what = wordsOf(log.attemptOf(frame));
    note(
      frame,
      `${what} left ${hit.link} at ${time(hit.at)}, was held by the fault (${faultName(hit.fault)}), and is here only at ${time(frame.at)}`,
      { atNs: hit.at, text: `held since ${time(hit.at)}` },
    );
    noteOf(frame).held = { fromNs: hit.at, untilNs: frame.at };
  }
  return notes;
}

/** Says something of a frame, where there is one; the mark says it in short. */
type Noter = (frame: TappedFrame | undefined, text: string, mark?: FrameMark) => void;

function add(texts: string[], text: string): void {
  if (!texts.includes(text)) texts.push(text);
}

function tellAttempt(
  log: AttemptLog,
  attempt: Attempt,
  shown: ReadonlySet<TappedFrame>,
  note: Noter,
  time: (at: number) => string,
): void {
  const { sent, io, end, applied } = attempt;
  const frames = attempt.frames.filter((frame) => shown.has(frame));
  const what = wordsOf(attempt);
  const blocks =
    io === undefined
      ? ''
      : ` of LBA ${io.lba}${io.blocks > 1 ? ` to ${io.lba + io.blocks - 1}` : ''}`;
  note(
    frames[0],
    `${what}${blocks}: attempt ${sent.event.attempt}, sent by ${sent.node} at ${time(sent.at)}`,
  );
  const before = (at: number): TappedFrame | undefined =>
    frames.findLast((frame) => frame.at <= at) ?? frames.at(-1);
  for (const one of applied) {
    note(before(one.at), `${what} is applied at ${time(one.at)}${overOf(log, attempt, one.at)}`, {
      atNs: one.at,
      text: `applied ${time(one.at)}`,
    });
  }
  if (end !== undefined && end.event.end !== 'good') {
    note(
      before(end.at),
      `${sent.node} takes this attempt for over at ${time(end.at)}: ${end.event.end}`,
      { atNs: end.at, text: `${end.event.end} ${time(end.at)}` },
    );
  }
  const completed = log.completed.get(ioKey(sent.event));
  if (completed !== undefined && end?.event.end === 'good') {
    note(before(completed.at), `the guest is told at ${time(completed.at)} that ${what} is done`, {
      atNs: completed.at,
      text: `guest told ${time(completed.at)}`,
    });
  }
}

/** What a write that was applied had better not come after. */
function overOf(log: AttemptLog, attempt: Attempt, at: number): string {
  const { io, sent } = attempt;
  if (io === undefined) return '';
  const completed = log.completed.get(ioKey(sent.event));
  const done = completed !== undefined && completed.at < at;
  const newer = log.concernedAttempts.find(
    (other) =>
      other.io !== undefined &&
      other.io.version > io.version &&
      other.applied.some((one) => one.at < at && overlaps(one.event, io)),
  );
  return [
    done ? `, after the guest was told at ${since(log.moveAt, completed.at)} that it was done` : '',
    newer === undefined ? '' : `, over ${wordsOf(newer)}, which is newer`,
  ].join('');
}

const overlaps = (one: BlocksApplied, io: IoSubmitted): boolean =>
  one.lba < io.lba + io.blocks && io.lba < one.lba + one.blocks;

/** When a frame that is held comes out again. */
function endOf({ fault, at }: FaultHit): number | undefined {
  return fault.fault === 'delay' || fault.fault === 'hold' ? at + fault.delayNs : undefined;
}

function wordsOf(attempt: Attempt | undefined): string {
  if (attempt?.io === undefined) return 'this frame';
  const { op } = attempt.io;
  return `the ${op.toUpperCase()} of I/O ${attempt.sent.event.io}`;
}

/** What every fault did, a line each. */
export function faultLines({
  hits,
  moveAt,
}: {
  readonly hits: readonly FaultHit[];
  readonly moveAt: number;
}): string[] {
  return hits.map(
    ({ fault, at, link, direction, frame }) =>
      `${faultName(fault)} at ${since(moveAt, at)} on ${link}, ${direction === 'a-to-b' ? 'to' : 'from'} the switch: ${lineOf(frame)}`,
  );
}
