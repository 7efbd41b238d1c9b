/** `sanmotion move`: runs a scenario's move and shows what happened. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { RunRecord, type RunReport, renderReport, runMove } from '../campaign/index.ts';
import { fileSink, PcapngWriter } from '../capture/index.ts';
import { DRAINS, STRATEGIES } from '../mobility/index.ts';
import { loadScenario } from '../scenario/index.ts';
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

export interface MoveOptions {
  readonly seed?: string;
  readonly strategy?: string;
  readonly drain?: string;
  readonly json?: boolean;
  readonly pcap?: string;
  readonly report?: string;
}

/** Where the built-in scenarios lie, in a clone and in the installed package alike. */
const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const BUILT_IN = 'two-host-move';
const CAPTURE_DEFAULT = 'out/move.pcapng';

/** Runs the command. Returns the exit status. Errors: `UsageError`, `ScenarioError`, `RunError`, `CaptureError`. */
export async function moveCommand(file: string | undefined, options: MoveOptions): Promise<number> {
  checkChoice('--strategy', options.strategy, STRATEGIES);
  checkChoice('--drain', options.drain, DRAINS);
  const { text, path } = readScenario(file);
  const scenario = loadScenario(text, path, {
    ...(options.seed === undefined ? {} : { seed: seedOf(options.seed) }),
    ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
    ...(options.drain === undefined ? {} : { drain: options.drain }),
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
    report = runMove({
      scenario,
      capture,
      ...(record === undefined ? {} : { observe: (one) => record.observe(one) }),
      progress: (timeNs, frames) =>
        progress.show(() => `${duration(timeNs)} of virtual time, ${count(frames)} frames`),
    });
  } finally {
    progress.end();
    await capture.close();
  }
  if (record !== undefined) {
    const page = renderReport(scenario, report, record, commandOf(path, options, report));
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

function readScenario(file: string | undefined): { text: string; path: string } {
  const path = file ?? join(SCENARIOS, `${BUILT_IN}.yaml`);
  try {
    return { text: readFileSync(path, 'utf8'), path };
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'there is no such file'
        : (error as Error).message;
    throw new UsageError(
      `scenario ${path}: ${reason}; give a YAML file, or none for the built-in move`,
    );
  }
}

/** What runs the same move again. */
function commandOf(path: string, options: MoveOptions, report: RunReport): string {
  const file = path.startsWith(SCENARIOS) ? '' : ` ${path}`;
  const drain = options.drain === undefined ? '' : ` --drain ${options.drain}`;
  return `sanmotion move${file} --seed ${report.seed} --strategy ${report.strategy}${drain}`;
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
