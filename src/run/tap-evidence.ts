/**
 * The frames that show a late write, as a capture of two kinds of taps: where hosts send, and at the card of the array,
 * where it arrives.
 *
 * No single tap shows when a write was sent and when it came: over TCP it goes with its command, and over Fibre Channel
 * the link behind the switch may hold it. Frames are left out for as long as those that are left, judged as `replay`
 * judges a capture, name the invariant.
 */
import { exchangeIn } from '../audit/seen/exchange.ts';
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import { judgeSeen } from '../audit/seen-judge.ts';
import { since } from '../history/index.ts';
import type { FaultHit } from './adversary.ts';
import type { AttemptLog } from './attempt-log.ts';
import { CardLog } from './card-log.ts';
import type { Evidence, EvidenceFrame } from './evidence-file.ts';
import { faultName } from './fault.ts';
import { commentsOf, faultLines } from './frame-comments.ts';
import type { RunOptions } from './options.ts';
import { runMove } from './run.ts';
import { isSameFrame } from './same-frame.ts';
import { segmentIn } from './segment-in.ts';
import { lineOf } from './signature.ts';
import {
  type Candidate,
  candidateOf,
  numbered,
  smallest,
  tasksIn,
  verdictOn,
} from './tap-verdict.ts';

/** Where frames do not show the invariant by themselves, so many are kept of those that a fault has met. */
const HIT_FRAMES_MAX = 40;

/** Makes a run over a LAN and gathers the frames that show what becomes of an invariant in it. */
export function streamEvidenceOf(
  options: Omit<RunOptions, 'observer'>,
  invariant: string,
): Evidence {
  const log = new CardLog((bytes) => segmentIn(bytes) !== undefined);
  const { hits, verdict } = runMove({ ...options, observer: log });
  const all = log.frames.map(candidateOf);
  const isShown = verdictOn(all, invariant) !== undefined;
  const chosen = isShown ? smallest(all, invariant) : metBy(all, hits, log.moveAt);
  const some = chosen.slice(0, isShown ? chosen.length : HIT_FRAMES_MAX);
  const shown = shownBy(some, invariant);
  const said = shown ?? verdict.find((one) => one.invariant === invariant);
  return {
    detail: said?.detail ?? '',
    faults: faultLines({ hits, moveAt: log.moveAt }),
    isShown: shown !== undefined,
    frames: framesOf(some, log, commentsOfTasks(some, log, hits)),
  };
}

/** The frames of a run over Fibre Channel that it keeps for `exchangeEvidence`. */
export const exchangeLog = (): CardLog => new CardLog((bytes) => exchangeIn(bytes) !== undefined);

/** The frames of such a run that show an invariant violated; `undefined` where none do. */
export function exchangeEvidence(
  cards: CardLog,
  log: AttemptLog,
  invariant: string,
): Evidence | undefined {
  const all = cards.frames.map(candidateOf);
  if (verdictOn(all, invariant) === undefined) return undefined;
  const some = smallest(all, invariant);
  const shown = shownBy(some, invariant);
  if (shown === undefined) return undefined;
  const frames = some.map(({ frame }) => frame);
  log.place(frames);
  const comments = commentsOf(log, frames);
  return {
    detail: shown.detail,
    faults: faultLines(log),
    isShown: true,
    frames: framesOf(
      some,
      cards,
      new Map(frames.map(({ number }, i) => [i + 1, [comments.get(number) ?? '']])),
    ),
  };
}

/** What a capture of the frames shows violated. */
const shownBy = (some: readonly Candidate[], invariant: string) =>
  judgeSeen(numbered(some)).verdict.find(
    (one) => one.invariant === invariant && one.result === 'violated',
  );

/** The frames that faults met; where they met machines, what arrived from the first of them on, or since the move began. */
function metBy(
  all: readonly Candidate[],
  hits: readonly FaultHit[],
  moveAt: number,
): readonly Candidate[] {
  const met = all.filter(({ frame }) => hits.some((hit) => isHit(hit, frame)));
  if (met.length > 0) return met;
  const from = hits[0]?.at ?? moveAt;
  return all.filter(
    ({ frame: { at, bytes, direction } }) =>
      at >= from && direction === 'out' && segmentIn(bytes)!.payload.length > 0,
  );
}

/** Whether a fault met this frame, before the tap or behind it. */
const isHit = ({ frame }: FaultHit, { bytes }: Pick<TappedFrame, 'bytes'>): boolean =>
  isSameFrame(frame, bytes);

/** What is to be said of frames, by their numbers in the capture. */
type Comments = Map<number, string[]>;

function say(comments: Comments, frame: number | undefined, text: string): void {
  if (frame === undefined) return;
  const texts = comments.get(frame) ?? [];
  if (!texts.includes(text)) texts.push(text);
  comments.set(frame, texts);
}

/** The steps of the move, what faults did, and tasks with their ends. */
function commentsOfTasks(
  chosen: readonly Candidate[],
  { moveAt, moves }: CardLog,
  hits: readonly FaultHit[],
): Comments {
  const frames = [...numbered(chosen)];
  const comments: Comments = new Map();
  for (const { atNs, phase } of moves.steps)
    say(
      comments,
      frames.find(({ at }) => at >= atNs)?.number,
      `the move at ${since(moveAt, atNs)}: ${phase}`,
    );
  for (const frame of frames) {
    const hit = hits.find((one) => isHit(one, frame));
    if (hit === undefined || frame.at <= hit.at) continue;
    const { at, fault } = hit;
    say(
      comments,
      frame.number,
      `was held by the fault (${faultName(fault)}) since ${since(moveAt, at)}`,
    );
  }
  for (const { blocks, command, ended, frame, status } of tasksIn(chosen)) {
    const where = blocks === undefined ? '' : ` of LBA ${blocks.first}`;
    say(comments, frame, `${command}${where}`);
    say(
      comments,
      ended?.frame,
      `the answer to the ${command} of frame ${frame}: ${status === 0 ? 'good' : `status ${status}`}`,
    );
  }
  return comments;
}

function framesOf(
  chosen: readonly Candidate[],
  { moveAt }: CardLog,
  comments: Comments,
): EvidenceFrame[] {
  const frames = [...numbered(chosen)];
  return frames.map(({ at, bytes, number, queue, tap }) => {
    const before = frames.find(
      (one) => one.number < number && one.tap !== tap && isSameFrame(one.bytes, bytes),
    );
    const arrives =
      before === undefined ? [] : [`frame ${before.number} arrives at ${since(moveAt, at)}`];
    const said = [...arrives, ...(comments.get(number) ?? [])].filter((text) => text !== '');
    return {
      number,
      timeNs: at,
      atNs: at - moveAt,
      tap,
      line: lineOf(bytes),
      comment: said.join('; '),
      bytes,
      queue,
    };
  });
}
