/**
 * The frames that show a violation, with comments, as a small capture.
 *
 * Of the run's frames those stay that the auditor names, those of the exchanges that the faults hit
 * or that carried the same I/Os, and the logins and logouts around them. A frame appears once,
 * where it came to the switch; those that a fault held back also where they left it. What these do not show, those may
 * that hosts send and those that come to the card of the array (`tap-evidence.ts`).
 */
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import { judgeSeen } from '../audit/seen-judge.ts';
import { SHOWN_BY_TAPS } from '../audit/tap-sessions.ts';
import { isIp } from '../scenario/protocols.ts';
import { AttemptLog } from './attempt-log.ts';
import type { CardLog } from './card-log.ts';
import type { Evidence } from './evidence-file.ts';
import { commentsOf, faultLines } from './frame-comments.ts';
import type { RunObserver, RunOptions } from './options.ts';
import { runMove } from './run.ts';
import { lineOf } from './signature.ts';
import { exchangeEvidence, exchangeLog, streamEvidenceOf } from './tap-evidence.ts';

export { type Evidence, type EvidenceFrame, writeEvidence } from './evidence-file.ts';

/** A violation is shown by at most so many frames. */
const FRAMES_MAX = 40;
/** Messages that begin and end logins and exchanges. */
const LIFE = /FLOGI|FDISC|LOGO|PLOGI|PRLI|PRLO|Clear Virtual|ABTS|BA_ACC|BA_RJT|RRQ/;
/** Those that can be left out first where there are too many. */
const PLENTY = [
  /FCP_DATA|FCP_XFER_RDY|XFER_RDY/,
  /PRLI/,
  /PLOGI/,
  /RRQ|BA_ACC/,
  /FCP_RSP/,
  /LS_ACC/,
];

/** Makes a run and gathers the frames that show what becomes of an invariant in it. */
export function evidenceOf(options: Omit<RunOptions, 'observer'>, invariant: string): Evidence {
  if (isIp(options.scenario.protocol)) return streamEvidenceOf(options, invariant);
  const log = new AttemptLog();
  const cards = exchangeLog();
  const report = runMove({ ...options, observer: both(log, cards) });
  const verdict = report.verdict.find((one) => one.invariant === invariant);
  log.conclude(report.hits, verdict?.frames ?? []);
  const chosen = choose(log);
  const isShown = isShownBy(chosen, invariant);
  if (!isShown && verdict?.result === 'violated' && SHOWN_BY_TAPS.has(invariant)) {
    const late = exchangeEvidence(cards, log, invariant);
    if (late !== undefined) return late;
  }
  const comments = commentsOf(log, chosen);
  return {
    detail: verdict?.detail ?? '',
    faults: faultLines(log),
    isShown,
    frames: chosen.map((frame) => ({
      number: frame.number,
      timeNs: frame.at,
      atNs: frame.at - log.moveAt,
      tap: frame.tap,
      line: lineOf(frame.bytes),
      comment: comments.get(frame.number) ?? '',
      bytes: frame.bytes,
    })),
  };
}

/** What happens is told to both. */
function both(log: AttemptLog, cards: CardLog): RunObserver {
  return {
    begin: (places) => log.begin(places),
    observe: (entry) => {
      log.observe(entry);
      cards.observe(entry);
    },
    see: (frame) => {
      log.see(frame);
      cards.see(frame);
    },
    arrive: (frame) => cards.arrive(frame),
  };
}

/** Whether a fault met the frame, before this tap or behind it. */
const held = (log: AttemptLog, frame: TappedFrame): boolean =>
  log.isHeld(frame) || log.leavesInto(frame) !== undefined;

/** The frames to show, in order. */
function choose(log: AttemptLog): TappedFrame[] {
  const chosen = new Map<number, { readonly frame: TappedFrame; readonly line: string }>();
  const concerned = log.frames.filter((frame) => log.concerns(frame));
  const [first, last] = [concerned[0]?.at ?? 0, concerned.at(-1)?.at ?? 0];
  const ids = log.addresses();
  for (const frame of log.frames) {
    const met = held(log, frame);
    if (frame.direction === 'out' && !met && !log.comesFromSwitch(frame)) continue;
    if (frame.at < first || frame.at > last) continue;
    const line = lineOf(frame.bytes);
    const life = LIFE.test(line) && ids.some((id) => line.includes(id));
    if (met || log.concerns(frame) || life) chosen.set(frame.number, { frame, line });
  }
  for (const plenty of PLENTY) {
    for (const [number, { frame, line }] of [...chosen]) {
      if (chosen.size <= FRAMES_MAX) break;
      if (plenty.test(line) && !held(log, frame)) chosen.delete(number);
    }
  }
  return [...chosen.values()]
    .map(({ frame }) => frame)
    .sort((a, b) => a.number - b.number)
    .slice(-FRAMES_MAX);
}

/** Whether the frames alone show that an invariant is violated. */
function isShownBy(frames: readonly TappedFrame[], invariant: string): boolean {
  const { verdict } = judgeSeen(frames);
  return verdict.some((one) => one.invariant === invariant && one.result === 'violated');
}
