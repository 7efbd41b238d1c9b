/** What was measured, as rows with ratios, and what was to be reached. */
import { median } from './median.ts';
import type { Sample } from './whole-process.ts';

export interface Row {
  readonly name: string;
  readonly what: string;
  readonly framesPerCpuSecond: number;
  readonly framesPerSecond: number;
  /** The row that `ratio` is to: how many times as fast as that one. */
  readonly base: string;
  /** `undefined` where the base was not measured. */
  readonly ratio: number | undefined;
  readonly maxRssBytes: number | undefined;
  readonly samples: readonly Sample[];
}

/** One pass over a capture of its own length. */
export interface Memory extends Sample {
  readonly name: string;
  readonly frames: number;
  readonly bytes: number;
}

/** What the design asks for: `must` to be called done, `aim` to be proud of. */
export interface Target {
  readonly what: string;
  readonly must: number;
  readonly aim: number;
  readonly measured: number;
  readonly holds: boolean;
}

const MEGABYTE = 1e6;

/** What each command is compared with. */
const BESIDE: Readonly<Record<string, string>> = {
  replay: 'tshark-four-fields',
  'tshark-four-fields': 'tshark-four-fields',
  'decode-text': 'tshark-lines',
  'tshark-lines': 'tshark-lines',
  'decode-json': 'tshark-json',
  'tshark-json': 'tshark-json',
};

/** Making is compared with code written by hand, CRCs with one table, all else with tshark. */
function baseOf(name: string): string {
  const beside = BESIDE[name];
  if (beside !== undefined) return beside;
  if (name.startsWith('encode')) return 'encode-by-hand';
  return name.startsWith('crc') ? 'crc-bytewise' : 'tshark-fields';
}

export function rowsOf(
  contenders: readonly { readonly name: string; readonly what: string }[],
  samples: ReadonlyMap<string, readonly Sample[]>,
): Row[] {
  return contenders.map(({ name, what }) => {
    const own = samples.get(name)!;
    const base = samples.get(baseOf(name));
    const rss = own.flatMap(({ rssBytes }) => rssBytes ?? []);
    return {
      name,
      what,
      framesPerCpuSecond: 1e9 / median(own.map(({ cpuNs }) => cpuNs)),
      framesPerSecond: 1e9 / median(own.map(({ wallNs }) => wallNs)),
      base: baseOf(name),
      ratio: base && median(own.map(({ cpuNs }, i) => base[i]!.cpuNs / cpuNs)),
      maxRssBytes: rss.length === 0 ? undefined : Math.max(...rss),
      samples: own,
    };
  });
}

const RATIOS = [
  { name: 'decode', what: 'typed objects, times tshark -T fields', must: 20, aim: 40 },
  { name: 'views', what: 'views, times tshark -T fields', must: 35, aim: 50 },
  { name: 'replay', what: 'replay, times tshark -T fields with 4 fields', must: 5, aim: 12 },
  { name: 'decode-text', what: 'decode, times tshark with a line a frame', must: 2, aim: 5 },
  { name: 'decode-json', what: 'decode --json, times tshark -T json', must: 3, aim: 8 },
];

const atMost = (what: string, measured: number, must: number, aim: number): Target => {
  return { what, must, aim, measured, holds: measured <= must };
};

export function targetsOf(rows: readonly Row[], memory: readonly Memory[]): Target[] {
  const targets: Target[] = [];
  for (const { name, what, must, aim } of RATIOS) {
    const measured = rows.find((row) => row.name === name)?.ratio;
    if (measured !== undefined)
      targets.push({ what, must, aim, measured, holds: measured >= must });
  }
  const replays = memory.filter(({ name }) => name === 'replay');
  const [small, large] = [replays[0], replays.at(-1)];
  const peakOf = (of: readonly Memory[]) =>
    Math.max(...of.flatMap(({ rssBytes }) => rssBytes ?? [])) / MEGABYTE;
  const scans = memory.filter(({ name }) => name !== 'replay');
  if (scans.some(({ rssBytes }) => rssBytes !== undefined))
    targets.push(atMost('peak memory, MB', peakOf(scans), 120, 80));
  if (replays.some(({ rssBytes }) => rssBytes !== undefined))
    targets.push(atMost('replay, peak memory, MB', peakOf(replays), 200, 120));
  if (small !== undefined && large !== undefined && large !== small) {
    const what = `replay, cost of a frame at ${large.frames / small.frames} times the size`;
    targets.push(atMost(what, large.cpuNs / small.cpuNs, 1.1, 1));
  }
  return targets;
}

const megabytes = (bytes: number | undefined) =>
  bytes === undefined ? '-' : `${(bytes / MEGABYTE).toFixed(0)} MB`;

const whole = (value: number) => Math.round(value).toLocaleString('en').padStart(12);

const GROUPS = [
  { base: 'tshark-fields', title: 'work through a capture', ratio: 'x tshark' },
  { base: 'tshark-four-fields', title: 'judge a capture', ratio: 'x tshark' },
  { base: 'tshark-lines', title: 'print a line a frame', ratio: 'x tshark' },
  { base: 'tshark-json', title: 'print JSON', ratio: 'x tshark' },
  { base: 'encode-by-hand', title: 'make frames', ratio: 'x by hand' },
  { base: 'crc-bytewise', title: 'compute CRCs', ratio: 'x bytewise' },
];

export function print(
  rows: readonly Row[],
  memory: readonly Memory[],
  targets: readonly Target[],
): void {
  for (const { base, title, ratio } of GROUPS) {
    const group = rows.filter((row) => row.base === base);
    if (group.length === 0) continue;
    console.log(`${title.padEnd(45)} frames/CPU s     frames/s ${ratio.padStart(10)}   peak RSS`);
    for (const row of group) {
      const rates = `${whole(row.framesPerCpuSecond)} ${whole(row.framesPerSecond)}`;
      const times = (row.ratio?.toFixed(1) ?? '-').padStart(10);
      console.log(
        `${row.what.padEnd(45)} ${rates} ${times} ${megabytes(row.maxRssBytes).padStart(10)}`,
      );
    }
    console.log();
  }
  for (const { name, frames, bytes, rssBytes, cpuNs } of memory) {
    const rate = `${whole(1e9 / cpuNs).trim()} frames/CPU s, start of the compiler included`;
    const size = `${frames} frames (${megabytes(bytes)})`;
    console.log(`${name} of ${size} in one pass: ${megabytes(rssBytes)}, ${rate}`);
  }
  console.log();
  for (const { what, must, aim, measured, holds } of targets) {
    const verdict = holds ? 'held' : 'MISSED';
    console.log(`${what}: ${measured.toFixed(1)} (must ${must}, aim ${aim}): ${verdict}`);
  }
}
