/** What frames of several taps show by themselves, and the fewest of them that still show it. */
import { exchangeIn, nameOfExchange } from '../audit/seen/exchange.ts';
import { seeDecoded } from '../audit/seen/see-frame.ts';
import type { SeenTask } from '../audit/seen/session.ts';
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import { StreamSessions } from '../audit/stream-sessions.ts';
import { TapSessions } from '../audit/tap-sessions.ts';
import type { Verdict } from '../audit/verdict.ts';
import { decodeFrame, type Frame, linkTypeOf } from '../codecs/frame/index.ts';
import { fewest } from './fewer.ts';
import { segmentIn } from './segment-in.ts';

/** A frame with what it says. Its number is its place among all. */
export interface Candidate {
  readonly frame: TappedFrame;
  readonly decoded: Frame;
}

/** A frame that may be left out. */
export const candidateOf = (frame: TappedFrame): Candidate => ({
  frame,
  decoded: decodeFrame(frame.bytes, { linkType: linkTypeOf(frame.bytes) }),
});

/** Frames in their order, numbered from 1, as a file will have them. Each is brought by the one queue of its tap. */
export function* numbered(some: readonly Candidate[]) {
  const inOrder = [...some].sort((a, b) => a.frame.number - b.frame.number);
  for (const [i, { decoded, frame }] of inOrder.entries()) {
    const { at, bytes, tap } = frame;
    yield { at, bytes, decoded, tap, number: i + 1, queue: 0 };
  }
}

/** Follows what is in frames as `replay` does. */
function follow(some: readonly Candidate[], told: (task: SeenTask) => void = () => {}) {
  const taps = new TapSessions(told);
  const sessions = new StreamSessions({
    sessions: (one) => {
      taps.hear(one);
      if (one.type === 'task-began') told(one.task);
    },
  });
  for (const { at, bytes, decoded, number, queue, tap } of numbered(some)) {
    const moment = { at, frame: number, queue };
    const tapped = { at, bytes, tap, number, fabric: '', direction: 'unknown' } as const;
    const seen = seeDecoded(decoded, tapped);
    if (seen.protocol === 'fc') taps.takeFc(seen, moment);
    else {
      sessions.take(decoded, moment, tap);
      taps.take(tap, decoded, moment);
    }
  }
  sessions.finish();
  taps.finish();
  return (verdicts: readonly Verdict[]) => taps.join(sessions.join(verdicts));
}

/** What the frames show of an invariant; `undefined` where they do not show it violated. */
export function verdictOn(some: readonly Candidate[], invariant: string): Verdict | undefined {
  const unknown = { invariant, sentence: '', result: 'not-observable', detail: '', frames: [] };
  const [verdict] = follow(some)([unknown as Verdict]);
  return verdict?.result === 'violated' ? verdict : undefined;
}

/** The tasks in frames, as all taps together show them. */
export function tasksIn(some: readonly Candidate[]): SeenTask[] {
  const tasks: SeenTask[] = [];
  follow(some, (task) => tasks.push(task));
  return tasks;
}

/** The connection of a frame whoever sent it, or the ends and the OX_ID of its exchange. */
function talkOf({ bytes }: TappedFrame): string {
  const segment = segmentIn(bytes);
  if (segment === undefined) {
    const exchange = exchangeIn(bytes);
    return exchange === undefined ? '' : nameOfExchange(exchange);
  }
  const { source, destination, sourcePort, destinationPort } = segment;
  return [`${source} ${sourcePort}`, `${destination} ${destinationPort}`].sort().join(' ');
}

/** One end of it at a tap: what is left out of it at its beginning and end leaves no hole. */
function laneOf(frame: TappedFrame): string {
  const sender = segmentIn(frame.bytes) ?? exchangeIn(frame.bytes)?.header;
  if (sender === undefined) return frame.tap;
  const from = 'source' in sender ? `${sender.source} ${sender.sourcePort}` : sender.sId;
  return `${frame.tap} ${from} ${talkOf(frame)}`;
}

/** All up to the first place at which they show something. */
function until(
  all: readonly Candidate[],
  places: readonly number[],
  shows: (some: readonly Candidate[]) => boolean,
): readonly Candidate[] {
  const to = (place: number) => all.filter(({ frame }) => frame.number <= place);
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

/** The fewest of frames that show an invariant violated, in their order; `all` are in theirs. */
export function smallest(all: readonly Candidate[], invariant: string): Candidate[] {
  const shows = (some: readonly Candidate[]) => verdictOn(some, invariant) !== undefined;
  const { frames: named } = verdictOn(all, invariant)!;
  // First whole connections, then what comes behind the first finding, and what in front of it.
  const concerned = new Set(named.map((number) => talkOf(all[number - 1]!.frame)));
  const theirs = all.filter(({ frame }) => concerned.has(talkOf(frame)));
  let left: readonly Candidate[] = shows(theirs) ? theirs : all;
  left = until(
    left,
    named.map((number) => all[number - 1]!.frame.number),
    shows,
  );
  const lanes = fewest([...lanesOf(left).values()], (some) => shows(some.flat()));
  for (const [i, lane] of lanes.entries()) {
    const others = lanes.flatMap((one, at) => (at === i ? [] : one));
    lanes[i] = ends(lane, (some) => shows([...others, ...some]));
  }
  return fewest(lanes.flat(), shows).sort((a, b) => a.frame.number - b.frame.number);
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
