/** What the frames of a violation mean, in words for the comments of a capture. */
import { formatFcId, formatWwn } from '../codecs/layout/index.ts';
import type { FaultHit } from './adversary.ts';
import { faultName } from './fault.ts';
import { lineOf } from './signature.ts';
import type { Attempt, Seen, Trail } from './trail.ts';

/** A comment for each frame that needs one, by the frame's number. */
export function commentsOf(trail: Trail, frames: readonly Seen[]): Map<number, string> {
  const notes = new Map<number, string[]>();
  const note = (frame: Seen | undefined, text: string): void => {
    if (frame === undefined) return;
    const texts = notes.get(frame.frame) ?? [];
    notes.set(frame.frame, texts);
    if (!texts.includes(text)) texts.push(text);
  };
  const time = (at: number): string => since(trail.moveAt, at);
  for (const [index, move] of trail.moves.entries()) {
    if (move.phase === trail.moves[index - 1]?.phase) continue;
    const first = frames.find((frame) => frame.at >= move.at);
    note(first, `the move at ${time(move.at)}: ${move.phase}`);
  }
  for (const login of trail.logins) {
    const id = formatFcId(login.nPortId);
    const first = frames.find(
      (frame) =>
        frame.at >= login.at && frame.at < login.at + 1e6 && lineOf(frame.bytes).includes(id),
    );
    const what = login.kind === 'login' ? 'is given' : 'gives back';
    note(first, `${formatWwn(login.wwpn)} ${what} ${id} at ${time(login.at)}`);
  }
  const shown = new Set(frames);
  for (const attempt of trail.concernedAttempts) {
    tellAttempt(trail, attempt, shown, note, time);
  }
  for (const frame of frames) {
    const ahead = trail.leavesInto(frame);
    if (ahead !== undefined) {
      const until = endOf(ahead);
      const then = until === undefined ? '' : ` and comes to ${ahead.to} at ${time(until)}`;
      note(
        frame,
        `${wordsOf(trail.attemptOf(frame))} leaves the switch at ${time(frame.at)}, is held by the fault (${faultName(ahead.fault)})${then}`,
      );
    }
    const hit = trail.heldBy(frame);
    if (hit === undefined) continue;
    const what = wordsOf(trail.attemptOf(frame));
    note(
      frame,
      `${what} left ${hit.link} at ${time(hit.at)}, was held by the fault (${faultName(hit.fault)}), and is here only at ${time(frame.at)}`,
    );
  }
  return new Map([...notes].map(([frame, texts]) => [frame, texts.join('; ')]));
}

function tellAttempt(
  trail: Trail,
  attempt: Attempt,
  shown: ReadonlySet<Seen>,
  note: (frame: Seen | undefined, text: string) => void,
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
    `${what}${blocks}: attempt ${sent.attempt}, sent by ${sent.host} at ${time(sent.at)}`,
  );
  const before = (at: number): Seen | undefined =>
    frames.findLast((frame) => frame.at <= at) ?? frames.at(-1);
  for (const one of applied) {
    note(before(one.at), `${what} is applied at ${time(one.at)}${overOf(trail, attempt, one.at)}`);
  }
  if (end !== undefined && end.end !== 'good') {
    note(before(end.at), `${sent.host} takes this attempt for over at ${time(end.at)}: ${end.end}`);
  }
  const completed = trail.completed.get(`${sent.vm} ${sent.io}`);
  if (completed !== undefined && end?.end === 'good') {
    note(before(completed.at), `the guest is told at ${time(completed.at)} that ${what} is done`);
  }
}

/** What a write that was applied had better not come after. */
function overOf(trail: Trail, attempt: Attempt, at: number): string {
  const { io, sent } = attempt;
  if (io === undefined) return '';
  const completed = trail.completed.get(`${sent.vm} ${sent.io}`);
  const done = completed !== undefined && completed.at < at;
  const newer = trail.concernedAttempts.find(
    (other) =>
      other.io !== undefined &&
      other.io.version > io.version &&
      other.applied.some((one) => one.at < at && overlaps(one, io)),
  );
  return [
    done
      ? `, after the guest was told at ${since(trail.moveAt, completed.at)} that it was done`
      : '',
    newer === undefined ? '' : `, over ${wordsOf(newer)}, which is newer`,
  ].join('');
}

const overlaps = (
  one: { readonly lba: number; readonly readings: readonly unknown[] },
  io: { readonly lba: number; readonly blocks: number },
): boolean => one.lba < io.lba + io.blocks && io.lba < one.lba + one.readings.length;

/** When a frame that is held comes out again. */
function endOf({ fault, at }: FaultHit): number | undefined {
  return fault.fault === 'delay' || fault.fault === 'hold' ? at + fault.delayNs : undefined;
}

function wordsOf(attempt: Attempt | undefined): string {
  if (attempt?.io === undefined) return 'this frame';
  const { op } = attempt.io;
  return `the ${op.toUpperCase()} of I/O ${attempt.sent.io}`;
}

/** What every fault did, a line each. */
export function faultLines(trail: Trail): string[] {
  return trail.hits.map(
    ({ fault, at, link, direction, frame }) =>
      `${faultName(fault)} at ${since(trail.moveAt, at)} on ${link}, ${direction === 'a-to-b' ? 'to' : 'from'} the switch: ${lineOf(frame)}`,
  );
}

/** A time of a run as a person reads it: `+68.304 ms` since the move began. */
function since(start: number, at: number): string {
  const ns = at - start;
  const sign = ns < 0 ? '-' : '+';
  const size = Math.abs(ns);
  return size >= 1e9
    ? `${sign}${(size / 1e9).toFixed(6)} s`
    : `${sign}${(size / 1e6).toFixed(3)} ms`;
}
