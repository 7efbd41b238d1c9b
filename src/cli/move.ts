/** `sanmotion move`: runs a scenario's move and shows what happened. */
import pc from 'picocolors';
import { meantBy } from '../codecs/layout/nearest-name.ts';
import { LATE_SCHEDULES, type LateSchedule } from '../run/late-schedules.ts';
import { optionWords, type ScenarioOverrides } from '../scenario/overrides.ts';
import type { Scenario } from '../scenario/schema.ts';
import { checkOutput, filesNamed, refuseSameFile } from './files.ts';
import { openMoveCapture } from './move-capture.ts';
import { Exit, terminalColumns, toJson, UsageError, wrap } from './output.ts';
import {
  BUILT_IN,
  type LanChoice,
  type MoveChoice,
  overridesOf,
  scenarioFiles,
  scenarioFrom,
  scenarioText,
} from './scenario-file.ts';

/** Options of `sanmotion move`, as they were typed. */
export interface MoveOptions extends MoveChoice, LanChoice {
  readonly seed?: string;
  /** A schedule of late frames. */
  readonly late?: string;
  readonly json?: boolean;
  /** Every invariant with what was found. */
  readonly all?: boolean;
  readonly pcap?: string;
  readonly report?: string;
}

/**
 * Runs the command. The first line is out as soon as the scenario is known to be right; what makes moves is
 * loaded behind it. Returns the exit status. Errors: `UsageError`, `ScenarioError`, `RunError`, `CaptureError`.
 */
export async function moveCommand(file: string | undefined, options: MoveOptions): Promise<number> {
  checkChoice('--late', options.late, LATE_SCHEDULES);
  const seed = options.seed === undefined ? {} : { seed: seedOf(options.seed) };
  const withParts = (others: ScenarioOverrides): Scenario =>
    scenarioFrom(file, { ...overridesOf(options), ...seed, ...others });
  const scenario = withParts({});
  const { pcap, report } = options;
  // Places that are wrong are told before a run of minutes, not behind it.
  const reportFile = report === undefined ? undefined : { said: '--report', path: report };
  refuseSameFile([...scenarioFiles(file), ...filesNamed({ '--pcap': pcap, '--report': report })]);
  if (reportFile !== undefined) checkOutput(reportFile);
  const capture = pcap === undefined ? undefined : openMoveCapture(pcap);
  if (options.json !== true) process.stdout.write(openingText(scenario));
  const { makeMove } = await import('./move-run.ts');
  const made = await makeMove({
    scenario,
    withParts,
    late: options.late as LateSchedule | undefined,
    capture,
    reportFile,
    command: commandOf(file, options, scenario),
    source: {
      file: file ?? BUILT_IN,
      text: scenarioText(file).text,
      overrides: { ...overridesOf(options), ...seed },
      late: options.late as LateSchedule | undefined,
    },
  });
  const { moveJson, moveText } = await import('./move-text.ts');
  process.stdout.write(
    options.json === true
      ? `${toJson(moveJson(made), 2)}\n`
      : moveText(made, { all: options.all === true }),
  );
  return made.headline.kind === 'moved' ? Exit.clean : Exit.violated;
}

/** What is about to happen. */
function openingText({ move, name, seed, vms }: Scenario): string {
  const from = vms.find((one) => one.name === move.vm)?.host;
  const words = `${move.vm} from ${from} to ${move.to}, ${move.strategy}, seed ${seed}`;
  return `${wrap(`${pc.bold(name)}  ${words}`, terminalColumns(), 2)}\n`;
}

/** What runs the same move again. */
function commandOf(file: string | undefined, options: MoveOptions, { seed }: Scenario): string {
  const scenario = file === undefined ? '' : ` ${file}`;
  const late = options.late === undefined ? '' : ` --late ${options.late}`;
  return `sanmotion move${scenario} --seed ${seed}${optionWords(overridesOf(options))}${late}`;
}

function checkChoice(option: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value)) {
    const words = `allowed are ${allowed.join(', ')}${meantBy(value, allowed)}`;
    throw new UsageError(`${option} ${value}: ${words}`);
  }
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(`--seed ${text}: a seed is a whole number, 0 or more`);
  }
  return seed;
}
