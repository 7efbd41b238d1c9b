/** `sanmotion move`: runs a scenario's move and shows what happened. */
import { fileSink, PcapngWriter } from '../capture/index.ts';
import { renderReport } from '../report/page.ts';
import { RunRecord } from '../report/record.ts';
import type { FrameNote } from '../run/frame-comments.ts';
import { headlineOf } from '../run/headline.ts';
import { LATE_SCHEDULES, type LateSchedule, lateFrames } from '../run/late-frames.ts';
import { type RunOptions, type RunReport, runMove } from '../run/run.ts';
import { storyOf } from '../run/story.ts';
import type { ScenarioOverrides } from '../scenario/overrides.ts';
import type { Scenario } from '../scenario/schema.ts';
import { safeWith } from './alternatives.ts';
import { makeFolderOf, writeText } from './files.ts';
import { type MadeMove, moveJson, moveText } from './move-text.ts';
import { count, duration, Exit, Progress, toJson, UsageError } from './output.ts';
import { type MoveChoice, overridesOf, scenarioFrom, wordsOf } from './scenario-file.ts';

/** Options of `sanmotion move`, as they were typed. */
export interface MoveOptions extends MoveChoice {
  readonly seed?: string;
  /** A schedule of late frames. */
  readonly late?: string;
  readonly json?: boolean;
  /** Every invariant with what was found. */
  readonly all?: boolean;
  readonly pcap?: string;
  readonly report?: string;
}

const CAPTURE_DEFAULT = 'out/move.pcapng';

/** Runs the command. Returns the exit status. Errors: `UsageError`, `ScenarioError`, `RunError`, `CaptureError`. */
export async function moveCommand(file: string | undefined, options: MoveOptions): Promise<number> {
  checkChoice('--late', options.late, LATE_SCHEDULES);
  const seed = options.seed === undefined ? {} : { seed: seedOf(options.seed) };
  const withParts = (others: ScenarioOverrides): Scenario =>
    scenarioFrom(file, { ...overridesOf(options), ...seed, ...others });
  const scenario = withParts({});
  const late = options.late as LateSchedule | undefined;
  const path = options.pcap ?? CAPTURE_DEFAULT;
  const reportFile =
    options.report === undefined ? undefined : { said: '--report', path: options.report };
  // Before a run of minutes, not behind it.
  if (reportFile !== undefined) makeFolderOf(reportFile);
  const record = reportFile === undefined ? undefined : new RunRecord();
  const progress = new Progress();
  const capture = openCapture(path, scenario);
  let made: MadeMove;
  try {
    const rules =
      late === undefined ? {} : { rules: lateFrames(late, scenario, runMove({ scenario })) };
    const report = await runMoveInto(capture, {
      scenario,
      ...rules,
      ...(record === undefined ? {} : { observer: record }),
      progress: (timeNs, frames) =>
        progress.show(() => `${duration(timeNs)} of virtual time, ${count(frames)} frames`),
    });
    progress.show(() => 'what its frames mean');
    const notes = storyOf({ scenario, ...rules }, report);
    if (notes.size > 0) {
      await runMoveInto(openCapture(path, scenario), {
        scenario,
        ...rules,
        comments: saidIn(notes),
      });
    }
    const remedy = isUnsafe(report)
      ? safeWith({
          scenario,
          late,
          report,
          withParts,
          progress: (words) => progress.show(() => `trying ${words}`),
        })
      : undefined;
    made = { report, notes, remedy, headline: headlineOf(report, remedy) };
  } finally {
    progress.end();
  }
  if (record !== undefined) {
    const { headline, notes, report } = made;
    const command = commandOf(file, options, report);
    writeText(reportFile!, renderReport(scenario, report, record, { command, headline, notes }));
  }
  process.stdout.write(
    options.json === true
      ? `${toJson(moveJson(made, path), 2)}\n`
      : moveText(made, path, { all: options.all === true }),
  );
  const { kind } = made.headline;
  return kind === 'moved' ? Exit.clean : Exit.violated;
}

const isUnsafe = ({ verdict }: RunReport): boolean =>
  verdict.some((one) => one.result === 'violated');

/** The comments of a capture: what is said of its frames beside the steps, which it has anyway. */
function saidIn(notes: ReadonlyMap<number, FrameNote>): ReadonlyMap<number, string> {
  return new Map([...notes].map(([frame, { texts }]) => [frame, texts.join('; ')]));
}

async function runMoveInto(
  capture: PcapngWriter,
  options: Omit<RunOptions, 'capture'>,
): Promise<RunReport> {
  try {
    return runMove({ ...options, capture });
  } finally {
    await capture.close();
  }
}

/** What runs the same move again. */
function commandOf(file: string | undefined, options: MoveOptions, report: RunReport): string {
  const scenario = file === undefined ? '' : ` ${file}`;
  const late = options.late === undefined ? '' : ` --late ${options.late}`;
  return `sanmotion move${scenario} --seed ${report.seed}${wordsOf(overridesOf(options))}${late}`;
}

function checkChoice(option: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value)) {
    throw new UsageError(`${option} ${value}: allowed are ${allowed.join(', ')}`);
  }
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(`--seed ${text}: a seed is a whole number, 0 or more`);
  }
  return seed;
}

function openCapture(path: string, { move, name, seed }: Scenario): PcapngWriter {
  makeFolderOf({ said: '--pcap', path });
  return new PcapngWriter(fileSink(path), { comment: `${name}, seed ${seed}, ${move.strategy}` });
}
