/** What was measured, as rows with ratios, and what was to be reached. */
import { median } from './median.ts';
import type { Sample } from './tshark.ts';

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

/** Making is compared with code written by hand, CRCs with one table, all else with tshark. */
function baseOf(name: string): string {
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

export function targetsOf(rows: readonly Row[], memory: readonly Memory[]): Target[] {
  const targets: Target[] = [];
  const ratios = [
    { name: 'decode', what: 'typed objects, times tshark -T fields', must: 20, aim: 40 },
    { name: 'views', what: 'views, times tshark -T fields', must: 35, aim: 50 },
  ];
  for (const { name, what, must, aim } of ratios) {
    const measured = rows.find((row) => row.name === name)?.ratio;
    if (measured !== undefined)
      targets.push({ what, must, aim, measured, holds: measured >= must });
  }
  const rss = memory.flatMap(({ rssBytes }) => rssBytes ?? []);
  if (rss.length === 0) return targets;
  const most = Math.max(...rss) / MEGABYTE;
  targets.push({ what: 'peak memory, MB', must: 120, aim: 80, measured: most, holds: most <= 120 });
  return targets;
}

const megabytes = (bytes: number | undefined) =>
  bytes === undefined ? '-' : `${(bytes / MEGABYTE).toFixed(0)} MB`;

const whole = (value: number) => Math.round(value).toLocaleString('en').padStart(12);

const GROUPS = [
  { base: 'tshark-fields', title: 'work through a capture', ratio: 'x tshark' },
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
