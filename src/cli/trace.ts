/** `sanmotion trace`: the chain of a block, from the guest's disk to where its data lie, at moments of a run. */
import pc from 'picocolors';
import type { Verdict } from '../audit/verdict.ts';
import { meantBy } from '../codecs/layout/nearest-name.ts';
import { escapeText } from '../codecs/layout/text.ts';
import { type ChainLeg, PHASES, type Phase, type UnitPlace } from '../history/index.ts';
import {
  BlockTrace,
  dataText,
  disksOf,
  type GuestDisk,
  type TracedChain,
  type TraceMoment,
} from '../run/block-trace.ts';
import { runMove } from '../run/run.ts';
import type { Scenario } from '../scenario/schema.ts';
import { duration, Exit, table, toJson, UsageError } from './output.ts';
import { type MoveChoice, overridesOf, scenarioFrom, wholeOf } from './scenario-file.ts';

/** Options of `sanmotion trace`, as they were typed. */
export interface TraceOptions extends MoveChoice {
  readonly at: readonly string[];
  readonly seed?: string;
  readonly json?: boolean;
}

/** Before the move and after it. */
const AT_DEFAULT = ['preflight', 'end'];
/** From the top. */
const LEVELS = [
  ...['block', 'initiator', 'target', 'LUN', 'unit'],
  ...['cache', 'snapshot', 'leg', 'extent', 'pool', 'data'],
];
const STEPS = [...PHASES, 'end'];
/** Milliseconds of a run at most. */
const MS_MAX = 3_600_000;

/** Runs the command. Returns the exit status: 1 where a chain ends at other data. Errors: `UsageError`, `ScenarioError`. */
export function traceCommand(
  block: string,
  file: string | undefined,
  options: TraceOptions,
): number {
  const seed =
    options.seed === undefined
      ? {}
      : { seed: wholeOf('--seed', options.seed, 0, Number.MAX_SAFE_INTEGER) };
  const scenario = scenarioFrom(file, { ...overridesOf(options), ...seed });
  const { disk, lba } = blockOf(block, scenario);
  const asked = options.at.length === 0 ? AT_DEFAULT : options.at;
  const trace = new BlockTrace(disk, lba, asked.map(momentOf));
  const report = runMove({ scenario, prepare: (world) => trace.enter(world), observer: trace });
  const verdict = report.verdict.find(({ invariant }) => invariant === 'I51')!;
  const { units } = report;
  const moments = trace.found.map((one, i) => ({ at: asked[i]!, ...one }));
  const { name, seed: ofRun } = scenario;
  const document = {
    scenario: name,
    seed: ofRun,
    ...{ vm: disk.vm, disk: disk.name, kind: disk.kind ?? null, lba },
    moments: moments.map((one) => jsonOf(one, units)),
    verdict,
  };
  process.stdout.write(
    options.json === true
      ? `${toJson(document, 2)}\n`
      : textOf({ disk, lba, moments, units, verdict: verdictText(verdict) }),
  );
  return verdict.result === 'violated' ? Exit.violated : Exit.clean;
}

function verdictText({ detail, result }: Verdict): string {
  if (result === 'not-observable') return 'I51 is about volumes: no guest here has one';
  return `I51 ${result === 'holds' ? pc.green(result) : pc.red(result)}: ${escapeText(detail)}`;
}

/** A block as it was typed: `LBA`, `DISK:LBA` or `VM/DISK:LBA`. Errors: `UsageError`. */
function blockOf(text: string, scenario: Scenario): { disk: GuestDisk; lba: number } {
  const parts = /^(?:(?:([^/:]+)\/)?([^/:]+):)?(\d+)$/.exec(text);
  if (parts === null) {
    throw new UsageError(`block ${text}: an LBA, DISK:LBA or VM/DISK:LBA, as in data:300`);
  }
  const [, vm = scenario.move.vm, name, number] = parts;
  const disks = disksOf(scenario);
  const ofVm = disks.filter((one) => one.vm === vm);
  const found = ofVm.find((one) => one.name === (name ?? ofVm[0]?.name));
  if (found === undefined) {
    const all = disks.map((one) => `${one.vm}/${one.name}`);
    const more = all.length > 12 ? ` and ${all.length - 12} more` : '';
    const what = name === undefined ? `${vm} has no disk` : `${vm} has no disk ${name}`;
    const meant = meantBy(`${vm}/${name}`, all);
    throw new UsageError(
      `block ${text}: ${what}; there is ${all.slice(0, 12).join(', ')}${more}${meant}`,
    );
  }
  const lba = Number(number);
  if (lba >= found.blocks)
    throw new UsageError(`block ${text}: ${found.name} has LBA 0 to ${found.blocks - 1}`);
  return { disk: found, lba };
}

/** Errors: `UsageError`. */
function momentOf(text: string): TraceMoment {
  if (STEPS.includes(text)) return { step: text as Phase | 'end' };
  const ms = Number(text);
  if (text.trim() !== '' && ms >= 0 && ms <= MS_MAX) return { afterNs: Math.round(ms * 1e6) };
  throw new UsageError(
    `--at ${text}: milliseconds, or one of ${STEPS.join(', ')}${meantBy(text, STEPS)}`,
  );
}

type Moment = TracedChain & { readonly at: string };

const unitName = (units: readonly UnitPlace[], luName: string | undefined): string =>
  units.find((one) => one.luName === luName)?.name ?? luName ?? 'nothing';

function jsonOf({ at, atNs, chain, host }: Moment, units: readonly UnitPlace[]) {
  const legs = (chain?.legs ?? []).map((leg) => ({
    unit: unitName(units, leg.luName),
    luName: leg.luName,
    lba: leg.lba,
    paths: leg.paths.map((one) => ({ ...one, leadsTo: one.leadsTo ?? null })),
    stored: leg.stored,
    data: dataText(leg),
  }));
  return { at, atNs: atNs ?? null, host: host ?? null, legs };
}

interface Traced {
  readonly disk: GuestDisk;
  readonly lba: number;
  readonly moments: readonly Moment[];
  readonly units: readonly UnitPlace[];
  readonly verdict: string;
}

/** A column for each moment, a row for each level; what differs from the moment before is marked. */
function textOf({ disk, lba, moments, units, verdict }: Traced): string {
  const { kind, name, vm } = disk;
  const what = kind === undefined ? 'logical unit' : `${kind} volume`;
  const legs = Math.max(1, ...moments.map(({ chain }) => chain?.legs.length ?? 0));
  const rows: string[][] = [
    [
      '',
      ...moments.map(({ at, atNs }) =>
        pc.dim(atNs === undefined ? `${at}: never` : `${at}, ${duration(atNs)}`),
      ),
    ],
    [
      'host',
      ...moments.map(({ atNs, host }) => host ?? (atNs === undefined ? '' : 'none has the guest')),
    ],
  ];
  for (let leg = 0; leg < legs; leg++) {
    if (legs > 1) rows.push([pc.dim(`leg ${leg + 1}`)]);
    const each = moments.map(({ chain, host }) => {
      const one = chain?.legs[leg];
      if (one !== undefined) return levelsOf(one, units);
      const nothing = legs > 1 ? 'no path leads there' : 'nothing is there yet';
      return new Map([['unit', host === undefined ? '' : nothing]]);
    });
    const levels = LEVELS.filter((level) => each.some((one) => one.has(level)));
    for (const level of levels) rows.push([level, ...each.map((one) => one.get(level) ?? '')]);
  }
  return [
    pc.bold(`block ${lba} of ${what} ${name} of ${vm}`),
    '',
    table(rows.map((row) => row.map((cell, i) => marked(row, i, escapeText(cell))))),
    '',
    verdict,
    '',
  ].join('\n');
}

/** A cell that is not as the one before it. */
function marked(row: readonly string[], i: number, cell: string): string {
  return i > 1 && row[0] !== '' && row[i] !== row[i - 1] ? pc.yellow(cell) : cell;
}

/** The levels of a leg from the top, each in its own words. */
function levelsOf(leg: ChainLeg, units: readonly UnitPlace[]): Map<string, string> {
  const { lba, luName, paths, stored } = leg;
  const [path] = paths;
  const levels = new Map([['block', `LBA ${lba} of ${unitName(units, luName)}`]]);
  if (path !== undefined) {
    const more = paths.length === 1 ? '' : ` and ${paths.length - 1} more`;
    levels.set('initiator', path.initiator);
    levels.set('target', `${path.target}${more}`);
    levels.set('LUN', `${path.lunNumber}, which is ${unitName(units, path.leadsTo)}`);
  }
  levels.set('unit', luName);
  for (const { block, layer, name } of stored) {
    const words =
      name === '' ? 'none: reads as zeros' : block === undefined ? name : `${name}, block ${block}`;
    levels.set(layer, words);
  }
  return levels.set('data', dataText(leg));
}
