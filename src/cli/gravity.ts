/** `sanmotion gravity`: policies for the data of a guest that has moved away, by formula and by run. */
import pc from 'picocolors';
import {
  compareGravity,
  DIFFERENCE_MAX,
  type GravityResult,
  type GravityRow,
  isSound,
  policiesOver,
} from '../campaign/gravity.ts';
import { type CopyRow, isCopySound } from '../campaign/gravity-copy.ts';
import { gravitySvg } from '../campaign/gravity-svg.ts';
import { escapeText } from '../codecs/layout/text.ts';
import { POLICIES, type Policy } from '../run/policies.ts';
import { isIp, type Protocol } from '../scenario/protocols.ts';
import type { RoutedWay } from '../scenario/routed-cables.ts';
import { checkOutput, refuseSameFile, writeText } from './files.ts';
import { counted, Exit, Progress, size, table, toJson, UsageError } from './output.ts';
import { scenarioFiles, scenarioFrom, wholeOf } from './scenario-file.ts';

/** Options of `sanmotion gravity`, as they were typed. */
export interface GravityOptions {
  readonly rtt?: string;
  readonly dirty?: string;
  readonly policies?: string;
  readonly protocol?: string;
  readonly routed?: string;
  readonly seed?: string;
  readonly svg?: string;
  readonly json?: boolean;
}

const RTT_DEFAULT = '1,5,10,50';
const DIRTY_DEFAULT = '0,50,200';
const RTT_MS_MAX = 1000;
const DIRTY_MAX = 100_000;
/** Values that an option takes. */
const VALUES_MAX = 16;
const HOP_US_MAX = 1_000_000;
const MTU_DEFAULT = 1500;
const MTU_MIN = 576;
const MTU_MAX = 9000;
/** Words for people. */
const NAMES: Readonly<Record<Policy, string>> = {
  leave: 'leave the data',
  'mirror-move': 'mirror-move, behind it',
  'iterative-copy': 'iterative copy, behind it',
  'cache-through-carried': 'cache, write-through, carried',
  'cache-through-dropped': 'cache, write-through, dropped',
  'cache-back-carried': 'cache, write-back, carried',
  'cache-coherent': 'cache at each site, coherent',
  'cache-shared': 'cache of both hosts, near',
  stretched: 'stretched, by the host',
  'stretched-array': 'stretched, by two arrays',
  distributed: 'distributed, 2 of 3',
};

/** Runs the command. Returns the exit status: 1 where formula and run differ, or a read was too old. Errors: `UsageError`, `ScenarioError`. */
export function gravityCommand(file: string | undefined, options: GravityOptions): number {
  const rttMs = numbersOf('--rtt', options.rtt ?? RTT_DEFAULT, 0.1, RTT_MS_MAX);
  const dirty = numbersOf('--dirty', options.dirty ?? DIRTY_DEFAULT, 0, DIRTY_MAX);
  const { protocol, seed } = options;
  const scenario = scenarioFrom(file, {
    ...(protocol === undefined ? {} : { protocol }),
    ...(seed === undefined ? {} : { seed: wholeOf('--seed', seed, 0, Number.MAX_SAFE_INTEGER) }),
  });
  const policies = policiesOf(options.policies, scenario.protocol);
  const routed = routedOf(options.routed, scenario.protocol);
  const drawing = options.svg === undefined ? undefined : { said: '--svg', path: options.svg };
  if (drawing !== undefined) {
    refuseSameFile([...scenarioFiles(file), drawing]);
    checkOutput(drawing);
  }
  const progress = new Progress();
  let result: GravityResult;
  try {
    result = compareGravity({
      ...{ scenario, rttMs, policies, dirtyMBs: dirty },
      ...(routed === undefined ? {} : { routed }),
      progress: (words) => progress.show(() => words),
    });
  } finally {
    progress.end();
  }
  if (drawing !== undefined) writeText(drawing, gravitySvg(result));
  process.stdout.write(
    options.json === true
      ? `${toJson({ ...result, routed: routed ?? null, svg: options.svg ?? null }, 2)}\n`
      : textOf(result, options.svg),
  );
  return badOf(result) === 0 ? Exit.clean : Exit.violated;
}

/** Numbers with commas between them. Errors: `UsageError`. */
function numbersOf(option: string, text: string, least: number, most: number): number[] {
  const values = text.split(',').map((one) => {
    const value = Number(one);
    if (one.trim() === '' || !(value >= least && value <= most))
      throw new UsageError(`${option} ${text}: numbers from ${least} to ${most}, with commas`);
    return value;
  });
  if (values.length > VALUES_MAX)
    throw new UsageError(`${option}: ${VALUES_MAX} values at most, not ${values.length}`);
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Errors: `UsageError`. */
function policiesOf(text: string | undefined, protocol: Protocol): readonly Policy[] {
  const allowed = policiesOver(protocol);
  if (text === undefined) return allowed;
  const names = text.split(',');
  const wrong = names.find((one) => !POLICIES.some((known) => known === one));
  if (wrong !== undefined)
    throw new UsageError(`--policies ${wrong}: allowed are ${POLICIES.join(', ')}`);
  const beyond = names.find((one) => !allowed.some((known) => known === one));
  if (beyond !== undefined)
    throw new UsageError(`--policies ${beyond}: over ${protocol} a disk is at one site`);
  return POLICIES.filter((one) => names.includes(one));
}

/** Routers between the sites: microseconds of a hop, and its MTU. Errors: `UsageError`. */
function routedOf(text: string | undefined, protocol: Protocol): RoutedWay | undefined {
  if (text === undefined) return undefined;
  if (!isIp(protocol))
    throw new UsageError(`--routed: ${protocol} is not routed; --protocol iscsi and nfs are`);
  const [hopUs = Number.NaN, mtu = MTU_DEFAULT, ...more] = text.split(',').map(Number);
  const isGood = hopUs >= 0 && hopUs <= HOP_US_MAX && mtu >= MTU_MIN && mtu <= MTU_MAX;
  if (!isGood || !Number.isInteger(mtu) || more.length > 0)
    throw new UsageError(
      `--routed ${text}: microseconds of a hop from 0 to ${HOP_US_MAX}, and with a comma an MTU from ${MTU_MIN} to ${MTU_MAX}`,
    );
  return { hopNs: Math.round(hopUs * 1000), mtu, tells: true };
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)}`;

function differs(share: number): string {
  const words = `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
  return Math.abs(share) <= DIFFERENCE_MAX ? words : pc.red(words);
}

function rowText(row: GravityRow, isOverIp: boolean): string[] {
  const { formula, hitShare, linearizable, reads, run, writes } = row;
  return [
    `  ${NAMES[row.policy]}`,
    ...[ms(formula.readMs), ms(run.readMs), differs(row.readDiffers)],
    ...[ms(formula.writeMs), ms(run.writeMs), differs(row.writeDiffers)],
    reads.frames.toFixed(1),
    // What arrays send each other over IP is not told apart by the writes that it is for.
    isOverIp && row.policy === 'stretched-array' ? '-' : writes.frames.toFixed(1),
    hitShare === null ? '' : `${Math.round(hitShare * 100)} %`,
    linearizable === 'violated' ? pc.red('violated') : linearizable.replace('-', ' '),
  ];
}

/** Rows in which formula and run differ, or a read was too old. */
function badOf({ copies, rows }: GravityResult): number {
  const bad = copies.filter((one) => !isCopySound(one, DIFFERENCE_MAX));
  return rows.filter((one) => !isSound(one)).length + bad.length;
}

const secondsText = (value: number | null): string =>
  value === null ? pc.red('no end') : value.toFixed(3);

/** One of them comes to an end, and the other does not. */
const differsText = (share: number | null): string =>
  share === null ? pc.red('differ') : differs(share);

function copyText(copy: CopyRow): string[] {
  const { breakEvenSeconds, dirtyMBs, policy, rttMs, run, seconds, stopMs } = copy;
  return [
    policy === 'mirror-move' ? 'mirror-move' : 'iterative copy',
    String(rttMs),
    String(dirtyMBs),
    ...[secondsText(seconds), secondsText(run.seconds), differsText(copy.differs)],
    ...[ms(stopMs), ms(run.stopMs), differsText(copy.stopDiffers)],
    breakEvenSeconds === null ? '' : breakEvenSeconds.toFixed(2),
  ];
}

/** What it takes to bring the disk over. */
function copiesText({ copies, diskBytes, linkMBs }: GravityResult): string[] {
  if (copies.length === 0) return [];
  const head = ['', 'rtt ms', 'writes MB/s', 'takes s', 'run', '', 'stands still ms', 'run', ''];
  return [
    pc.dim(
      `to bring ${size(diskBytes)} over at ${linkMBs.toFixed(0)} MB/s, 1 MiB under way at once`,
    ),
    table(
      [[...head, 'paid after s'].map((one) => pc.dim(one)), ...copies.map(copyText)],
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    ),
    '',
  ];
}

function textOf(result: GravityResult, svg: string | undefined): string {
  const { copies, near, protocol, rows, scenario, seed, writeTrips } = result;
  const head = ['', 'read', 'run', '', 'write', 'run', '', 'frames r', 'frames w', 'hits', 'I8'];
  const distances = [...new Set(rows.map(({ rttMs }) => rttMs))];
  const lines = distances.flatMap((rtt) => [
    [pc.bold(`${rtt} ms`)],
    ...rows.filter((one) => one.rttMs === rtt).map((one) => rowText(one, isIp(protocol))),
  ]);
  const bad = badOf(result);
  const all = rows.length + copies.length;
  return [
    `${pc.bold(escapeText(scenario))}  over ${protocol}, seed ${seed}: near its data a read takes ${ms(near.readMs)} ms, a write ${ms(near.writeMs)} ms and ${counted(writeTrips, 'round trip')}`,
    '',
    table([head.map((one) => pc.dim(one)), ...lines], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    '',
    ...copiesText(result),
    ...(svg === undefined ? [] : [`drawing   ${escapeText(svg)}`]),
    bad === 0
      ? `formula and run are within ${DIFFERENCE_MAX * 100} % of each other in ${all === 1 ? 'the one row' : `all ${all} rows`}`
      : pc.red(
          `${bad} of ${counted(all, 'row')}: formula and run differ by more than ${DIFFERENCE_MAX * 100} %, or a read was too old`,
        ),
    '',
  ].join('\n');
}
