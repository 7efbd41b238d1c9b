/** `sanmotion campaign --replay`: runs of a campaign once more, with everything they show. */
import pc from 'picocolors';
import { type CampaignWorld, isBad, optionsOf } from '../campaign/job.ts';
import { parseReduction, type Reduction, reduced } from '../campaign/reduce.ts';
import { parseResults } from '../campaign/results.ts';
import { fileSink, PcapngWriter } from '../capture/index.ts';
import { type Fault, FaultError, parseFaults } from '../run/fault.ts';
import { runMove } from '../run/run.ts';
import type { ScenarioOverrides } from '../scenario/overrides.ts';
import { type CampaignOptions, isRun, worldOf, worldOfResults } from './campaign-options.ts';
import { checkOutput, readText } from './files.ts';
import { count, duration, Exit, toJson, UsageError, verdictLines } from './output.ts';

/** A run to show again. */
interface Wanted {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly reduction: Reduction;
}

const CAPTURE = 'out/replay.pcapng';

/** Runs what `--replay` names: a result file's bad runs, or one run given as JSON. */
export async function replayRuns(
  file: string | undefined,
  overrides: ScenarioOverrides,
  what: string,
  options: CampaignOptions,
): Promise<number> {
  if (isRun(what)) {
    const wanted = wantedOf(what);
    return showRun(reduced(worldOf(file, overrides, options), wanted.reduction), wanted, options);
  }
  const advice = 'give a result file or a run as JSON';
  const results = readText({ said: '--replay', path: what, advice });
  const { header, records } = parseResults(results, what);
  const world = worldOfResults(header, `--replay ${what}`, file, overrides);
  let status: number = Exit.clean;
  for (const { faults, seed } of records.filter(isBad)) {
    const one = await showRun(world, { faults, seed, reduction: {} }, options);
    status = Math.max(status, one);
  }
  if (status === Exit.clean && options.json !== true) process.stdout.write('no run to show\n');
  return status;
}

function wantedOf(text: string): Wanted {
  let value: { seed?: unknown; faults?: unknown; reduce?: unknown };
  try {
    value = JSON.parse(text) as typeof value;
  } catch (error) {
    throw new UsageError(`--replay: not JSON: ${(error as Error).message}`);
  }
  const { seed = 1, faults = [], reduce = {} } = value;
  if (!Number.isSafeInteger(seed) || (seed as number) < 0) {
    throw new UsageError(`--replay: seed is ${JSON.stringify(seed)}; a whole number, 0 or more`);
  }
  try {
    return { seed: seed as number, faults: parseFaults(faults), reduction: parseReduction(reduce) };
  } catch (error) {
    if (error instanceof FaultError) throw new UsageError(`--replay: ${error.message}`);
    throw error;
  }
}

async function showRun(
  world: CampaignWorld,
  wanted: Wanted,
  { json }: CampaignOptions,
): Promise<number> {
  checkOutput({ said: 'the capture', path: CAPTURE });
  const comment = `${world.scenario.name}, seed ${wanted.seed}, ${JSON.stringify(wanted.faults)}`;
  const capture = new PcapngWriter(fileSink(CAPTURE), { comment });
  let report: ReturnType<typeof runMove>;
  try {
    report = runMove({ ...optionsOf(world, wanted), capture });
  } finally {
    await capture.close();
  }
  const { blackoutNs, digest, frames, io, result, verdict, virtualTimeNs } = report;
  const { seed, faults } = wanted;
  const bad = verdict.some((one) => one.result === 'violated');
  if (json === true) {
    const line = { seed, faults, result, io, blackoutNs, digest, frames, virtualTimeNs, verdict };
    process.stdout.write(`${toJson({ ...line, capture: CAPTURE })}\n`);
  } else {
    const why = 'reason' in result ? `: ${result.reason}` : '';
    process.stdout.write(
      [
        `${pc.bold(world.scenario.name)}  seed ${seed}, ${JSON.stringify(faults)}: ${result.outcome}${why}`,
        `${count(io.submitted)} I/Os, ${count(io.requeued)} requeued, ${count(io.failed)} failed, ${count(frames)} frames in ${duration(virtualTimeNs)} of virtual time, digest ${digest}`,
        ...verdictLines(verdict.filter((one) => one.result === 'violated')),
        bad ? '' : pc.green('no violation'),
        `capture   ${CAPTURE}`,
        '',
      ].join('\n'),
    );
  }
  return bad ? Exit.violated : Exit.clean;
}
