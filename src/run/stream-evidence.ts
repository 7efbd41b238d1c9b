/**
 * The frames that show a violation where hosts and array are stations of a LAN, as a capture of two kinds of taps:
 * where hosts send, and at the card of the array, where it arrives.
 *
 * A late write goes with its command over TCP, so that no single tap shows when it was sent and when it came. Frames
 * are left out for as long as those that are left, judged as `replay` judges a capture, name the invariant.
 */

import type { MoveStep } from '../audit/ledger/move-steps.ts';
import { MoveSteps } from '../audit/ledger/move-steps.ts';
import type { SeenTask } from '../audit/seen/session.ts';
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import { judgeSeen } from '../audit/seen-judge.ts';
import { StreamSessions } from '../audit/stream-sessions.ts';
import { TapSessions } from '../audit/tap-sessions.ts';
import type { Verdict } from '../audit/verdict.ts';
import { decodeFrame, type Frame } from '../codecs/frame/index.ts';
import { type HistoryEntry, since } from '../history/index.ts';
import type { FaultHit } from './adversary.ts';
import type { Evidence, EvidenceFrame } from './evidence-file.ts';
import { faultName } from './fault.ts';
import { fewest } from './fewer.ts';
import { faultLines } from './frame-comments.ts';
import type { RunObserver, RunOptions } from './options.ts';
import { runMove } from './run.ts';
import { segmentIn } from './segment-in.ts';
import { lineOf } from './signature.ts';

/** Where frames do not show the invariant by themselves, so many are kept of those that a fault has met. */
const HIT_FRAMES_MAX = 40;

/** Everything that was sent by hosts, and what left the card of an array or came to it. */
class CardLog implements RunObserver {
  readonly frames: TappedFrame[] = [];
  readonly moves = new MoveSteps<MoveStep>((step) => step);

  observe({ at, event }: HistoryEntry): void {
    if (event.type === 'move-step' || event.type === 'move-end') this.moves.take(at, event);
  }

  see(frame: TappedFrame): void {
    if (frame.direction === 'in') this.#keep(frame);
  }

  arrive(frame: TappedFrame): void {
    this.#keep(frame);
  }

  #keep(frame: TappedFrame): void {
    if (segmentIn(frame.bytes) !== undefined) this.frames.push(frame);
  }

  get moveAt(): number {
    return this.moves.steps[0]?.atNs ?? 0;
  }
}

/** Makes a run over a LAN and gathers the frames that show what becomes of an invariant in it. */
export function streamEvidenceOf(
  options: Omit<RunOptions, 'observer'>,
  invariant: string,
): Evidence {
  const log = new CardLog();
  const report = runMove({ ...options, observer: log });
  const all = log.frames.map(
    (frame, order): Candidate => ({ frame, order, decoded: decodeFrame(frame.bytes) }),
  );
  const isShown = verdictOn(all, invariant) !== undefined;
  const chosen = isShown ? smallest(all, invariant) : metBy(all, report.hits, log.moveAt);
  const some = chosen.slice(0, isShown ? chosen.length : HIT_FRAMES_MAX);
  const shown = judgeSeen(numbered(some)).verdict.find(
    (one) => one.invariant === invariant && one.result === 'violated',
  );
  const said = shown ?? report.verdict.find((one) => one.invariant === invariant);
  return {
    detail: said?.detail ?? '',
    faults: faultLines({ hits: report.hits, moveAt: log.moveAt }),
    isShown: shown !== undefined,
    frames: framesOf(some, log, report.hits),
  };
}

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

/** A frame with its place among all. */
interface Candidate {
  readonly frame: TappedFrame;
  readonly decoded: Frame;
  readonly order: number;
}

/** Frames in their order, numbered from 1, as the file will have them. */
function* numbered(some: readonly Candidate[]) {
  const inOrder = [...some].sort((a, b) => a.order - b.order);
  for (const [i, { decoded, frame }] of inOrder.entries()) {
    const { at, bytes, tap } = frame;
    yield { at, bytes, decoded, tap, number: i + 1, queue: 0 };
  }
}

/** What the sessions in the frames show of an invariant; `undefined` where they do not show it violated. */
function verdictOn(some: readonly Candidate[], invariant: string): Verdict | undefined {
  const taps = new TapSessions();
  const sessions = new StreamSessions({ sessions: (told) => taps.hear(told) });
  for (const { at, decoded, number, queue, tap } of numbered(some)) {
    const moment = { at, frame: number, queue };
    sessions.take(decoded, moment, tap);
    taps.take(tap, decoded, moment);
  }
  sessions.finish();
  taps.finish();
  const unknown = {
    invariant,
    sentence: '',
    result: 'not-observable',
    detail: '',
    frames: [],
  } as const;
  const [verdict] = taps.join(sessions.join([unknown]));
  return verdict?.result === 'violated' ? verdict : undefined;
}

/** One end of a connection at a tap: what is left out of it at its beginning and end leaves no hole. */
function laneOf({ bytes, tap }: TappedFrame): string {
  const { source, destination, sourcePort, destinationPort } = segmentIn(bytes)!;
  return `${tap} ${source} ${sourcePort} ${destination} ${destinationPort}`;
}

/** The connection of a frame, whoever sent it. */
function connectionOf({ bytes }: TappedFrame): string {
  const { source, destination, sourcePort, destinationPort } = segmentIn(bytes)!;
  return [`${source} ${sourcePort}`, `${destination} ${destinationPort}`].sort().join(' ');
}

/** All up to the first place at which they show something. */
function until(
  all: readonly Candidate[],
  places: readonly number[],
  shows: (some: readonly Candidate[]) => boolean,
): readonly Candidate[] {
  const to = (place: number) => all.filter(({ order }) => order <= place);
  const inOrder = [...places].sort((a, b) => a - b);
  let [from, end] = [0, inOrder.length - 1];
  while (from < end) {
    const middle = (from + end) >> 1;
    if (shows(to(inOrder[middle]!))) end = middle;
    else from = middle + 1;
  }
  const first = to(inOrder[end]!);
  return shows(first) ? first : all;
}

function smallest(all: readonly Candidate[], invariant: string): Candidate[] {
  const shows = (some: readonly Candidate[]) => verdictOn(some, invariant) !== undefined;
  const { frames: named } = verdictOn(all, invariant)!;
  // First whole connections, then what comes behind the first finding, and what in front of it.
  const concerned = new Set(named.map((number) => connectionOf(all[number - 1]!.frame)));
  const theirs = all.filter(({ frame }) => concerned.has(connectionOf(frame)));
  let left: readonly Candidate[] = shows(theirs) ? theirs : all;
  left = until(
    left,
    named.map((number) => all[number - 1]!.order),
    shows,
  );
  const lanes = fewest([...lanesOf(left).values()], (some) => shows(some.flat()));
  for (const [i, lane] of lanes.entries()) {
    const others = lanes.flatMap((one, at) => (at === i ? [] : one));
    lanes[i] = ends(lane, (some) => shows([...others, ...some]));
  }
  return fewest(lanes.flat(), shows).sort((a, b) => a.order - b.order);
}

/** Frames by the end of the connection at whose tap they were seen. */
function lanesOf(all: readonly Candidate[]): Map<string, Candidate[]> {
  const lanes = new Map<string, Candidate[]>();
  for (const one of all) {
    const lane = laneOf(one.frame);
    const list = lanes.get(lane) ?? [];
    list.push(one);
    lanes.set(lane, list);
  }
  return lanes;
}

/** What is left of a lane when as much of its beginning and its end goes as may. */
function ends(
  lane: readonly Candidate[],
  shows: (some: readonly Candidate[]) => boolean,
): Candidate[] {
  let left = [...lane];
  for (const cut of [
    (some: Candidate[], size: number) => some.slice(size),
    (some: Candidate[], size: number) => some.slice(0, some.length - size),
  ])
    for (let size = left.length >> 1; size >= 1; size >>= 1) {
      const some = cut(left, size);
      if (some.length > 0 && shows(some)) left = some;
    }
  return left;
}

/** Whether a fault met this frame, before the tap or behind it. */
const isHit = ({ frame }: FaultHit, seen: TappedFrame): boolean =>
  frame.length === seen.bytes.length && frame.every((byte, i) => byte === seen.bytes[i]);

function framesOf(
  chosen: readonly Candidate[],
  { moveAt, moves }: CardLog,
  hits: readonly FaultHit[],
): EvidenceFrame[] {
  const frames = [...numbered(chosen)];
  const comments = new Map<number, string[]>();
  const say = (frame: number | undefined, text: string): void => {
    if (frame === undefined) return;
    const texts = comments.get(frame) ?? [];
    if (!texts.includes(text)) texts.push(text);
    comments.set(frame, texts);
  };
  for (const { atNs, phase } of moves.steps)
    say(
      frames.find(({ at }) => at >= atNs)?.number,
      `the move at ${since(moveAt, atNs)}: ${phase}`,
    );
  for (const { at, number, bytes, tap } of frames) {
    const hit = hits.find((one) => isHit(one, { bytes } as TappedFrame));
    const before = frames.find(
      (one) => one.number < number && one.tap !== tap && isSame(one.bytes, bytes),
    );
    if (before !== undefined) say(number, `frame ${before.number} arrives at ${since(moveAt, at)}`);
    if (hit !== undefined && at > hit.at)
      say(number, `was held by the fault (${faultName(hit.fault)}) since ${since(moveAt, hit.at)}`);
  }
  for (const { blocks, command, ended, frame, status } of tasksIn(frames)) {
    const where = blocks === undefined ? '' : ` of LBA ${blocks.first}`;
    say(frame, `${command}${where}`);
    say(
      ended?.frame,
      `the answer to the ${command} of frame ${frame}: ${status === 0 ? 'good' : `status ${status}`}`,
    );
  }
  return frames.map(({ at, bytes, number, queue, tap }) => ({
    number,
    timeNs: at,
    atNs: at - moveAt,
    tap,
    line: lineOf(bytes),
    comment: (comments.get(number) ?? []).join('; '),
    bytes,
    queue,
  }));
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** The tasks in frames of all taps. */
function tasksIn(
  frames: Iterable<{ readonly at: number; readonly number: number; readonly decoded: Frame }>,
): SeenTask[] {
  const tasks: SeenTask[] = [];
  const sessions = new StreamSessions({
    sessions: (told) => {
      if (told.type === 'task-began') tasks.push(told.task);
    },
  });
  for (const { at, number, decoded } of frames) sessions.take(decoded, { at, frame: number });
  sessions.finish();
  return tasks;
}
