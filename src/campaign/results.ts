/**
 * The results of a campaign as JSON lines: a header that says which campaign it is, then a record
 * for each run in order. A file that ends early is continued behind its last whole line.
 */

import { FaultError, parseFaults } from '../run/fault.ts';
import type { Scenario } from '../scenario/schema.ts';
import { Digest } from '../sim/digest.ts';
import type { CampaignWorld, RunLine } from './job.ts';
import type { CampaignPlan, Shard } from './plan.ts';
import { wrongWithHeader, wrongWithLine } from './results-shape.ts';

const FORMAT = 1;

/** The first line of a result file. Two files with the same header are of the same campaign. */
export interface ResultsHeader {
  readonly sanmotion: string;
  readonly format: number;
  /** The scenario file and what the command line changed in it: `--replay` reads it again. */
  readonly scenario: { readonly file: string | null; readonly overrides: object };
  readonly scenarioDigest: string;
  readonly plan: CampaignPlan;
  readonly iosPerStep: number;
  readonly lifetimeNs?: number;
  /** The share of the campaign's runs that these are; left out, they are all. */
  readonly shard?: Shard;
}

/** A result file that cannot be used, in words for a person. */
export class ResultsError extends Error {
  override readonly name = 'ResultsError';
}

/** The header of a campaign by this version of the program. */
export function headerOf(
  version: string,
  source: ResultsHeader['scenario'],
  world: CampaignWorld,
  plan: CampaignPlan,
  shard?: Shard,
): ResultsHeader {
  return {
    sanmotion: version,
    format: FORMAT,
    scenario: source,
    scenarioDigest: digestOf(world.scenario),
    plan,
    iosPerStep: world.iosPerStep,
    ...(world.lifetimeNs === undefined ? {} : { lifetimeNs: world.lifetimeNs }),
    ...(shard === undefined ? {} : { shard }),
  };
}

/** 16 hexadecimal digits that change when anything in the scenario does. */
export function digestOf(scenario: Scenario): string {
  const digest = new Digest();
  digest.text(JSON.stringify(scenario));
  return digest.hex();
}

/** What a result file holds, as far as its lines are whole. */
export interface Results {
  readonly header: ResultsHeader;
  readonly records: readonly RunLine[];
  /** Characters up to and with the last whole line: the rest is the line that was cut. */
  readonly wholeLength: number;
}

/** Reads result text. Errors: `ResultsError` naming the line. */
export function parseResults(text: string, file: string): Results {
  const wholeLength = text.lastIndexOf('\n') + 1;
  const lines = text.slice(0, wholeLength).split('\n').slice(0, -1);
  const header = parseLine(lines[0] ?? '', file, 1) as Partial<ResultsHeader>;
  const wrong = wrongWithHeader(header);
  if (header.format !== FORMAT || wrong !== undefined) {
    const why = wrong === undefined ? '' : ` (${wrong})`;
    throw new ResultsError(`${file}: no result file of sanmotion campaign${why}`);
  }
  const records = lines.slice(1).map((line, index) => {
    const where = `${file}:${index + 2}`;
    const record = parseLine(line, file, index + 2) as RunLine;
    const wrong = wrongWithLine(record);
    if (wrong !== undefined) throw new ResultsError(`${where}: no line of a run: ${wrong}`);
    try {
      parseFaults(record.faults, `${where}: faults`);
    } catch (error) {
      if (error instanceof FaultError) throw new ResultsError(error.message);
      throw error;
    }
    return record;
  });
  return { header: header as ResultsHeader, records, wholeLength };
}

/** The results of all shares of a campaign, put together. */
export interface Merged {
  readonly header: ResultsHeader;
  readonly records: readonly RunLine[];
}

/** A result file that was read, by its name. */
export interface NamedResults extends Results {
  readonly file: string;
}

/**
 * Puts the results of the shares of one campaign together, in the order of its runs: what one machine would have
 * written. `runsOf` says how many runs the campaign has. Errors: `ResultsError` where they are of different
 * campaigns, or one is missing, there twice, or not done.
 */
export function mergeResults(
  shares: readonly NamedResults[],
  runsOf: (header: ResultsHeader) => number,
): Merged {
  const [first] = shares;
  if (first === undefined) throw new ResultsError('no results to merge');
  const { of = 1 } = first.header.shard ?? {};
  const files = new Map<number, string>();
  for (const { file, header } of shares) {
    const { index = 1, of: itsOf = 1 } = header.shard ?? {};
    if (itsOf !== of || wholeOf(header) !== wholeOf(first.header))
      throw new ResultsError(`${file}: is of another campaign than ${first.file}`);
    const other = files.get(index);
    if (other !== undefined)
      throw new ResultsError(`${file}: is share ${index}/${of}, as ${other} is`);
    files.set(index, file);
  }
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((one) => !files.has(one));
  if (missing.length > 0)
    throw new ResultsError(
      missing.length === 1
        ? `share ${missing[0]}/${of} is missing`
        : `shares ${spans(missing)} of ${of} are missing`,
    );
  const records = shares.flatMap((one) => one.records).sort((a, b) => a.run - b.run);
  const hole = records.findIndex(({ run }, index) => run !== index + 1);
  const gap = hole < 0 ? records.length : hole;
  if (gap < runsOf(first.header)) {
    const share = (gap % of) + 1;
    throw new ResultsError(
      `${files.get(share)}: share ${share}/${of} lacks run ${gap + 1}; go on with it by --resume first`,
    );
  }
  const { shard: _shard, ...header } = first.header;
  return { header, records };
}

const wholeOf = ({ shard: _shard, ...header }: ResultsHeader): string => JSON.stringify(header);

function parseLine(line: string, file: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below, with the place.
  }
  throw new ResultsError(`${file}:${number}: not a JSON object`);
}

/** Whole numbers in their order, those in a row by the first and the last. */
function spans(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const one of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === one - 1) last[1] = one;
    else runs.push([one, one]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
}
