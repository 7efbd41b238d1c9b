/** Makes the move of a scenario for `sanmotion move`: run, capture, page, and what would be safe. */
import { statSync } from 'node:fs';
import { type ByteSink, PcapngWriter } from '../capture/index.ts';
import { renderReport } from '../report/page.ts';
import { followedOf, RunRecord } from '../report/record.ts';
import { safeWith } from '../run/alternatives.ts';
import type { FrameNote } from '../run/frame-comments.ts';
import { headlineOf } from '../run/headline.ts';
import { lateFrames } from '../run/late-frames.ts';
import type { LateSchedule } from '../run/late-schedules.ts';
import { type RunOptions, type RunReport, runMove } from '../run/run.ts';
import { storyOf } from '../run/story.ts';
import type { ScenarioOverrides } from '../scenario/overrides.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type NamedFile, writeText } from './files.ts';
import { type OpenCapture, openMoveCapture } from './move-capture.ts';
import type { MadeMove, MoveCapture } from './move-text.ts';
import { count, duration, Progress } from './output.ts';

/** What is wanted of a move. */
export interface WantedMove {
  readonly scenario: Scenario;
  /** The same scenario with other parts. Errors: `ScenarioError` where they exclude each other. */
  readonly withParts: (overrides: ScenarioOverrides) => Scenario;
  readonly late: LateSchedule | undefined;
  /** Where the capture goes; left out, only that of a move that is unsafe is written. */
  readonly capture: OpenCapture | undefined;
  readonly reportFile: NamedFile | undefined;
  /** The command line that makes the same move. */
  readonly command: string;
}

const CAPTURE_DEFAULT = 'out/move.pcapng';

/** Runs the move. Errors: `UsageError`, `RunError`, `CaptureError`. */
export async function makeMove(wanted: WantedMove): Promise<MadeMove> {
  const { capture, command, late, reportFile, scenario, withParts } = wanted;
  const record = reportFile === undefined ? undefined : new RunRecord(followedOf(scenario));
  const progress = new Progress();
  /** Tells of a run that is under way: a move is made several times, and each may take minutes. */
  const running =
    (what: string): NonNullable<RunOptions['progress']> =>
    (timeNs, frames) =>
      progress.show(() => `${what}: ${duration(timeNs)} of virtual time, ${count(frames)} frames`);
  let made: MadeMove;
  try {
    const calm = running('the move without late frames');
    const rules =
      late === undefined
        ? {}
        : { rules: lateFrames(late, scenario, runMove({ scenario, progress: calm })) };
    const first = await runMoveInto(capture?.sink, {
      scenario,
      ...rules,
      ...(record === undefined ? {} : { observer: record }),
      progress: running('the move'),
    });
    const telling = running('once more, to say what its frames mean');
    const notes = storyOf({ scenario, ...rules, progress: telling }, first);
    const path = capture?.path ?? (isUnsafe(first) ? CAPTURE_DEFAULT : undefined);
    const isAgain = path !== undefined && (capture === undefined || notes.size > 0);
    const report = !isAgain
      ? first
      : await runMoveInto(openMoveCapture(path).sink, {
          scenario,
          ...rules,
          comments: saidIn(notes),
          progress: running('once more, for its capture'),
        });
    const remedy = isUnsafe(report)
      ? safeWith({
          scenario,
          late,
          report,
          withParts,
          progress: (words) => running(`trying ${words}`),
        })
      : undefined;
    made = {
      report,
      notes,
      remedy,
      headline: headlineOf(report, remedy),
      capture: path === undefined ? undefined : writtenTo(path),
    };
  } finally {
    progress.end();
  }
  if (record !== undefined) {
    const { headline, notes, report } = made;
    writeText(reportFile!, renderReport(scenario, report, record, { command, headline, notes }));
  }
  return made;
}

const isUnsafe = ({ verdict }: RunReport): boolean =>
  verdict.some((one) => one.result === 'violated');

/** Nothing is known of the length of a pipe. */
function writtenTo(path: string): MoveCapture {
  const { size } = statSync(path);
  return { path, bytes: size };
}

/** The comments of a capture: what is said of its frames beside the steps, which it has anyway. */
function saidIn(notes: ReadonlyMap<number, FrameNote>): ReadonlyMap<number, string> {
  return new Map([...notes].map(([frame, { texts }]) => [frame, texts.join('; ')]));
}

async function runMoveInto(
  sink: ByteSink | undefined,
  options: Omit<RunOptions, 'capture'>,
): Promise<RunReport> {
  if (sink === undefined) return runMove(options);
  const { move, name, seed } = options.scenario;
  const capture = new PcapngWriter(sink, { comment: `${name}, seed ${seed}, ${move.strategy}` });
  try {
    return runMove({ ...options, capture });
  } finally {
    await capture.close();
  }
}
