/** A run once more, to say of its frames what they mean. */
import { AttemptLog } from './attempt-log.ts';
import { type FrameNote, notesOf } from './frame-comments.ts';
import type { RunOptions, RunReport } from './options.ts';
import { runMove } from './run.ts';

/** Runs of more frames are not kept whole to be explained. */
const FRAMES_MAX = 300_000;

/**
 * What is to be said of the frames of a run in which something is violated, by their numbers: which
 * were held, which write was applied when, when the guest was told. The run is made again for that,
 * and is the same. Empty where nothing is violated, or the run is too long.
 */
export function storyOf(
  options: Pick<RunOptions, 'faults' | 'progress' | 'rules' | 'scenario'>,
  report: RunReport,
): ReadonlyMap<number, FrameNote> {
  const named = report.verdict.flatMap(({ frames, result }) =>
    result === 'violated' ? frames : [],
  );
  if (named.length === 0 || report.frames > FRAMES_MAX) return new Map();
  const log = new AttemptLog();
  const { hits } = runMove({ ...options, observer: log });
  log.conclude(hits, named);
  const frames = log.frames.filter(
    (frame) => log.concerns(frame) || log.isHeld(frame) || log.leavesInto(frame) !== undefined,
  );
  return notesOf(log, frames);
}
