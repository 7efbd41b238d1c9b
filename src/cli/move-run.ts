/** Makes the move of a scenario for `sanmotion move`: run, capture, page, and what would be safe. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SHOWN_BY_TAPS } from '../audit/tap-sessions.ts';
import { type ByteSink, PcapngWriter } from '../capture/index.ts';
import { BUILD_PAGE, builtPage } from '../live/page-file.ts';
import { pageWith, type RunSource } from '../report/one-page.ts';
import { type ReportWords, renderReport, reportBody, reportTitle } from '../report/page.ts';
import { followedOf, RunRecord } from '../report/record.ts';
import { safeWith } from '../run/alternatives.ts';
import { evidenceOf } from '../run/evidence.ts';
import type { FrameNote } from '../run/frame-comments.ts';
import { headlineOf } from '../run/headline.ts';
import { lateFrames } from '../run/late-frames.ts';
import type { LateSchedule } from '../run/late-schedules.ts';
import { type RunOptions, type RunReport, runMove } from '../run/run.ts';
import { storyOf } from '../run/story.ts';
import type { ScenarioOverrides } from '../scenario/overrides.ts';
import { isIp } from '../scenario/protocols.ts';
import type { Scenario } from '../scenario/schema.ts';
import { checkOutput, type NamedFile, writeText } from './files.ts';
import { type OpenCapture, openMoveCapture } from './move-capture.ts';
import type { MadeMove, MoveCapture } from './move-text.ts';
import { count, duration, Progress, UsageError } from './output.ts';
import { type SmallCapture, writeSmallCapture } from './small-captures.ts';

/** What is wanted of a move. */
export interface WantedMove {
  readonly scenario: Scenario;
  /** The same scenario with other parts. Errors: `ScenarioError` where they exclude each other. */
  readonly withParts: (overrides: ScenarioOverrides) => Scenario;
  readonly late: LateSchedule | undefined;
  /** Where the capture goes; left out, only that of a move that is unsafe is written. */
  readonly capture: OpenCapture | undefined;
  readonly reportFile: NamedFile | undefined;
  /** What makes the same move again, in the page. */
  readonly source: RunSource;
  /** The command line that makes the same move. */
  readonly command: string;
}

const CAPTURE_DEFAULT = 'out/move.pcapng';
/** Of more frames no capture is written that nobody asked for: full ones are some 100 MB. */
const UNASKED_FRAMES_MAX = 64_000;
/** Small captures of one move; what else is violated only has its verdict. */
const SMALL_MAX = 4;

/** Runs the move. Errors: `UsageError`, `RunError`, `CaptureError`. */
export async function makeMove(wanted: WantedMove): Promise<MadeMove> {
  const { capture, command, late, reportFile, scenario, source, withParts } = wanted;
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
    const isKept = isUnsafe(first) && first.frames <= UNASKED_FRAMES_MAX;
    // Nobody asked for it: that it cannot be written takes nothing from the verdict.
    const captureFault = capture === undefined && isKept ? faultOf(CAPTURE_DEFAULT) : undefined;
    const isWritten = isKept && captureFault === undefined;
    const path = capture?.path ?? (isWritten ? CAPTURE_DEFAULT : undefined);
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
      captureFault,
      evidence:
        path === undefined
          ? []
          : await smallCaptures(report, path, {
              command,
              run: {
                scenario,
                ...rules,
                progress: running('once more, for the frames that show it'),
              },
            }),
    };
  } finally {
    progress.end();
  }
  if (record !== undefined) {
    const { headline, notes, report } = made;
    const words = { command, headline, notes };
    writeText(reportFile!, pageOf({ scenario, report, record, words, source }));
  }
  return made;
}

interface PageOf {
  readonly scenario: Scenario;
  readonly report: RunReport;
  readonly record: RunRecord;
  readonly words: ReportWords;
  readonly source: RunSource;
}

/** The page with the run inside; in a clone in which nobody has built the page, what of it needs no script. */
function pageOf({ record, report, scenario, source, words }: PageOf): string {
  const page = builtPage();
  if (page === undefined) {
    process.stderr.write(`report: has no script, for the page is not built: ${BUILD_PAGE}\n`);
    return renderReport(scenario, report, record, words);
  }
  const { digest, frames } = report;
  return pageWith(page, {
    start: { run: { ...source, digest, frames } },
    title: reportTitle(report),
    body: reportBody(scenario, report, record, words).text,
  });
}

/** What small captures are of. */
interface SmallCapturesOf {
  readonly command: string;
  readonly run: Omit<RunOptions, 'observer'>;
}

/**
 * A small capture of each violation that frames show: no tap of the whole one shows when a late write came to the array.
 * Where hosts and array are stations of a LAN, what the run knows of the others goes there, too. `path` is the whole
 * capture, which they go beside.
 */
async function smallCaptures(
  { frames, verdict }: RunReport,
  path: string,
  { command, run }: SmallCapturesOf,
): Promise<SmallCapture[]> {
  const whole = path.replace(/\.[^./\\]*$/, '');
  removeEvidence(whole);
  if (frames > UNASKED_FRAMES_MAX) return [];
  const written: SmallCapture[] = [];
  for (const { invariant, result } of verdict) {
    if (result !== 'violated' || written.length >= SMALL_MAX) continue;
    const isStream = isIp(run.scenario.protocol);
    if (!isStream && !SHOWN_BY_TAPS.has(invariant)) continue;
    const evidence = evidenceOf(run, invariant);
    if (!isStream && !evidence.isShown) continue;
    const of = { command, invariant, path: `${whole}-${invariant}.pcapng`, said: '--pcap' };
    written.push(await writeSmallCapture(evidence, of));
  }
  return written;
}

/** Small captures that an earlier move left beside a capture of this name: they are of another move. */
function removeEvidence(whole: string): void {
  const name = basename(whole);
  const isEvidence = /^-I\d+\.pcapng$/;
  for (const file of readdirSync(dirname(whole)))
    if (file.startsWith(name) && isEvidence.test(file.slice(name.length)))
      rmSync(join(dirname(whole), file));
}

const isUnsafe = ({ verdict }: RunReport): boolean =>
  verdict.some((one) => one.result === 'violated');

/** Why a capture that nobody asked for cannot be written. */
function faultOf(path: string): string | undefined {
  try {
    checkOutput({ said: 'file', path, advice: '--pcap FILE names another place' });
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

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
