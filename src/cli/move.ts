/** `sanmotion move`: runs a scenario's move and shows what happened. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import pc from 'picocolors';
import { fileSink, PcapngWriter } from '../capture/index.ts';
import { renderReport } from '../report/page.ts';
import { RunRecord } from '../report/record.ts';
import { LATE_SCHEDULES, type LateSchedule, lateFrames } from '../run/late-frames.ts';
import { type RunReport, runMove } from '../run/run.ts';
import {
  count,
  duration,
  Exit,
  Progress,
  table,
  toJson,
  UsageError,
  verdictLines,
} from './output.ts';
import { type MoveChoice, overridesOf, scenarioFrom, wordsOf } from './scenario-file.ts';

/** Options of `sanmotion move`, as they were typed. */
export interface MoveOptions extends MoveChoice {
  readonly seed?: string;
  /** A schedule of late frames. */
  readonly late?: string;
  readonly json?: boolean;
  readonly pcap?: string;
  readonly report?: string;
}

const CAPTURE_DEFAULT = 'out/move.pcapng';

/** Runs the command. Returns the exit status. Errors: `UsageError`, `ScenarioError`, `RunError`, `CaptureError`. */
export async function moveCommand(file: string | undefined, options: MoveOptions): Promise<number> {
  checkChoice('--late', options.late, LATE_SCHEDULES);
  const scenario = scenarioFrom(file, {
    ...overridesOf(options),
    ...(options.seed === undefined ? {} : { seed: seedOf(options.seed) }),
  });
  const capturePath = options.pcap ?? CAPTURE_DEFAULT;
  const capture = openCapture(
    capturePath,
    `${scenario.name}, seed ${scenario.seed}, ${scenario.move.strategy}`,
  );
  const progress = new Progress();
  const record = options.report === undefined ? undefined : new RunRecord();
  let report: RunReport;
  try {
    const late = options.late as LateSchedule | undefined;
    report = runMove({
      scenario,
      capture,
      ...(late === undefined ? {} : { rules: lateFrames(late, scenario, runMove({ scenario })) }),
      ...(record === undefined ? {} : { observer: record }),
      progress: (timeNs, frames) =>
        progress.show(() => `${duration(timeNs)} of virtual time, ${count(frames)} frames`),
    });
  } finally {
    progress.end();
    await capture.close();
  }
  if (record !== undefined) {
    const page = renderReport(scenario, report, record, commandOf(file, options, report));
    writeReport(options.report!, page);
  }
  const violated = report.verdict.some((one) => one.result === 'violated');
  const failed = report.result.outcome !== 'moved' || report.io.dropped > 0;
  process.stdout.write(
    options.json === true
      ? `${toJson(jsonOf(report, capturePath), 2)}\n`
      : textOf(report, capturePath),
  );
  return violated || failed ? Exit.violated : Exit.clean;
}

/** What runs the same move again. */
function commandOf(file: string | undefined, options: MoveOptions, report: RunReport): string {
  const scenario = file === undefined ? '' : ` ${file}`;
  const late = options.late === undefined ? '' : ` --late ${options.late}`;
  return `sanmotion move${scenario} --seed ${report.seed}${wordsOf(overridesOf(options))}${late}`;
}

function writeReport(path: string, page: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, page);
  } catch (error) {
    throw new UsageError(
      `report ${path}: ${(error as Error).message}; give a file that can be written`,
    );
  }
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

function openCapture(path: string, comment: string): PcapngWriter {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch {
    // The capture's own message says what is wrong with the path.
  }
  return new PcapngWriter(fileSink(path), { comment });
}

/** The document of `move --json`. */
function jsonOf(report: RunReport, capture: string): unknown {
  const {
    scenario,
    seed,
    strategy,
    digest,
    virtualTimeNs,
    frames,
    io,
    blackoutNs,
    verdict,
    result,
    timeline,
  } = report;
  return {
    scenario,
    seed,
    strategy,
    digest,
    virtualTimeNs,
    frames,
    io,
    blackoutNs,
    verdict,
    result,
    timeline,
    capture,
  };
}

function textOf(report: RunReport, capture: string): string {
  const { io, timeline, verdict, result } = report;
  const start = timeline[0]?.atNs ?? 0;
  const outcome =
    result.outcome === 'moved' ? pc.green('moved') : pc.red(`${result.outcome}: ${result.reason}`);
  const steps = table(
    [
      ['at', 'took', 'step', 'frames', 'I/Os done', ''].map(pc.dim),
      ...timeline.map((one) => [
        `+${duration(one.atNs - start)}`,
        duration(one.durationNs),
        pc.bold(one.phase),
        count(one.frames),
        count(one.completed),
        one.detail,
      ]),
    ],
    [0, 1, 3, 4],
  );
  const account = table(
    [
      ['submitted', 'completed', 'requeued', 'failed', 'dropped'].map(pc.dim),
      [io.submitted, io.completed, io.requeued, io.failed, io.dropped].map(count),
    ],
    [0, 1, 2, 3, 4],
  );
  return [
    `${pc.bold(report.scenario)}  ${report.strategy}, seed ${report.seed}: ${outcome}`,
    '',
    steps,
    '',
    account,
    '',
    `blackout  ${pc.bold(duration(report.blackoutNs))} between the last I/O on the old ports and the first on the new`,
    '',
    ...verdictLines(verdict),
    '',
    `${count(report.frames)} frames in ${duration(report.virtualTimeNs)} of virtual time, digest ${report.digest}`,
    `capture   ${capture}`,
    '',
  ].join('\n');
}
