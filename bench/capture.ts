/**
 * How fast a capture is worked through, beside tshark, beside pcap-parser and binary-parser alone,
 * and beside code written by hand for this one capture.
 *
 * Run: `npm run bench -- [--frames N] [--rounds N] [--only NAME,…] [--json]`. It compiles the
 * library, generates the capture (`generate-capture.ts`), and lets the contenders take turns, each
 * in a process of its own, round after round. What counts is processor time, user and system,
 * without the start of the process: the machine's other users take their part of wall time. A
 * ratio is taken within each round, so that a slow round is slow for both; the median is shown.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateCapture } from './generate-capture.ts';

const FOLDER = 'out/bench';
const LIBRARY = join(FOLDER, 'library');
/** From so many frames on, one pass is enough for the compiler to be no part of it. */
const LONG_FRAMES = 1_000_000;
/** Passes over a short capture, and how many of them the compiler is busy in. */
const PASSES = 7;
const PASSES_WARM = 3;

/** The contenders of `contender.mjs`, in the order of the table. `proves`: they must agree. */
const CONTENDERS = [
  { name: 'decode', what: 'typed objects, all layers, CRC checked', proves: true },
  { name: 'decode-conversation', what: 'the same, answers joined with requests', proves: true },
  { name: 'decode-kept', what: 'typed objects of frames that stay valid', proves: true },
  { name: 'views', what: 'through views, CRC checked', proves: true },
  { name: 'read', what: 'reading alone', proves: false },
  { name: 'read-crc', what: 'reading and CRC alone', proves: false },
  { name: 'pcap-parser', what: 'pcap-parser alone, no decoding', proves: false },
  { name: 'binary-parser', what: 'binary-parser alone, headers, CRC checked', proves: true },
  { name: 'by-hand', what: 'written by hand, FC header, CRC checked', proves: true },
  { name: 'encode', what: 'typed layers to bytes', proves: false },
  { name: 'encode-fcoe', what: 'header and payload to FCoE frame with CRC', proves: false },
] as const;

const TSHARK_FIELDS = ['-T', 'fields', '-e', 'fc.s_id', '-e', 'fc.d_id'];
const TSHARKS = [
  { name: 'tshark-fields', what: 'tshark -T fields, two fields', options: TSHARK_FIELDS },
  { name: 'tshark-phs', what: 'tshark -q -z io,phs', options: ['-q', '-z', 'io,phs'] },
] as const;
const BASE = 'tshark-fields';

/** What one turn took, for each frame. */
interface Sample {
  readonly cpuNs: number;
  readonly wallNs: number;
  readonly rssBytes: number | undefined;
}

interface Row {
  readonly name: string;
  readonly what: string;
  readonly framesPerCpuSecond: number;
  readonly framesPerSecond: number;
  /** How many times as fast as `tshark -T fields`; `undefined` without tshark. */
  readonly timesTsharkFields: number | undefined;
  readonly maxRssBytes: number | undefined;
  readonly samples: readonly Sample[];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

interface ContenderReport {
  readonly runs: readonly { readonly cpuNs: number; readonly wallNs: number }[];
  readonly rssBytes: number;
  readonly proof: { readonly frames: number };
}

/** A turn of a contender. Of several passes the first ones warm up and do not count. */
function runContender(name: string, capture: string, passes: number) {
  const args = ['bench/contender.mjs', name, capture, String(passes), LIBRARY];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${name}: ${done.stderr}`);
  const { runs, rssBytes, proof } = JSON.parse(done.stdout) as ContenderReport;
  const counted = runs.length > 1 ? runs.slice(PASSES_WARM) : runs;
  const perFrame = (of: 'cpuNs' | 'wallNs') => median(counted.map((run) => run[of])) / proof.frames;
  return { sample: { cpuNs: perFrame('cpuNs'), wallNs: perFrame('wallNs'), rssBytes }, proof };
}

/** The most memory that a process has held so far; only Linux tells. */
function peakRssBytes(pid: number): number | undefined {
  try {
    const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}

/** The tshark that a shell has started. */
function childOf({ pid }: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  } catch {
    return Number.NaN;
  }
}

/** `0m3.202s` in nanoseconds. */
const nsOfTimes = (text: string): number => {
  const [, minutes, seconds] = /(\d+)m([\d.]+)s/.exec(text)!;
  return (Number(minutes) * 60 + Number(seconds)) * 1e9;
};

/** A run of tshark over a whole file: all it took, its start included. */
async function runTshark(options: readonly string[], capture: string): Promise<Sample> {
  // The shell's `times` is how a process learns what its child took.
  const script = 'tshark -n -r "$@" >/dev/null 2>&1 || exit; times';
  const start = process.hrtime.bigint();
  const shell = spawn('sh', ['-c', script, 'sh', capture, ...options]);
  let rssBytes: number | undefined;
  const watch = setInterval(() => {
    rssBytes = peakRssBytes(childOf(shell)) ?? rssBytes;
  }, 20);
  let printed = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const status = await new Promise((done) => shell.on('close', done));
  clearInterval(watch);
  if (status !== 0) throw new Error(`tshark ended with status ${status}`);
  const wallNs = Number(process.hrtime.bigint() - start);
  const [user, system] = printed.trim().split('\n').at(-1)!.split(' ');
  return { cpuNs: nsOfTimes(user!) + nsOfTimes(system!), wallNs, rssBytes };
}

/** What tshark takes for each frame: all of a run, less a run over a capture without frames. */
async function runTsharkNet(
  options: readonly string[],
  capture: string,
  empty: string,
  frames: number,
): Promise<Sample> {
  const start = await runTshark(options, empty);
  const whole = await runTshark(options, capture);
  return {
    cpuNs: (whole.cpuNs - start.cpuNs) / frames,
    wallNs: (whole.wallNs - start.wallNs) / frames,
    rssBytes: whole.rssBytes,
  };
}

function rowsOf(
  contenders: readonly { readonly name: string; readonly what: string }[],
  samples: ReadonlyMap<string, readonly Sample[]>,
): Row[] {
  const base = samples.get(BASE);
  return contenders.map(({ name, what }) => {
    const own = samples.get(name)!;
    const rss = own.flatMap(({ rssBytes }) => rssBytes ?? []);
    return {
      name,
      what,
      framesPerCpuSecond: 1e9 / median(own.map(({ cpuNs }) => cpuNs)),
      framesPerSecond: 1e9 / median(own.map(({ wallNs }) => wallNs)),
      timesTsharkFields: base && median(own.map(({ cpuNs }, i) => base[i]!.cpuNs / cpuNs)),
      maxRssBytes: rss.length === 0 ? undefined : Math.max(...rss),
      samples: own,
    };
  });
}

function print(rows: readonly Row[]): void {
  const whole = (value: number) => Math.round(value).toLocaleString('en').padStart(11);
  console.log(`${'frames/s CPU'.padStart(57)} ${'wall'.padStart(11)}  x tshark  max RSS`);
  for (const row of rows) {
    const ratio = row.timesTsharkFields?.toFixed(1) ?? '-';
    const rss = row.maxRssBytes === undefined ? '-' : `${(row.maxRssBytes / 1e6).toFixed(0)} MB`;
    const rates = `${whole(row.framesPerCpuSecond)} ${whole(row.framesPerSecond)}`;
    console.log(`${row.what.padEnd(45)} ${rates} ${ratio.padStart(9)} ${rss.padStart(8)}`);
  }
}

function versionOf(command: string): string | undefined {
  const done = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return done.status === 0 ? done.stdout.split('\n')[0] : undefined;
}

function compileLibrary(): void {
  const args = [
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
    '--outDir',
    LIBRARY,
  ];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the library does not compile:\n${done.stdout}`);
}

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '200000' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const frames = Number(values.frames);
const isLong = frames >= LONG_FRAMES;
const rounds = Number(values.rounds ?? (isLong ? 1 : 5));
const chosen = values.only?.split(',');
const isChosen = ({ name }: { readonly name: string }) => chosen?.includes(name) ?? true;
const tshark = versionOf('tshark');

mkdirSync(FOLDER, { recursive: true });
compileLibrary();
const capture = join(FOLDER, `mix-${frames}.pcap`);
const empty = join(FOLDER, 'no-frames.pcap');
const kinds = generateCapture(capture, frames);
generateCapture(empty, 0);
const bytes = statSync(capture).size;

const contenders = CONTENDERS.filter(isChosen);
const tsharks =
  tshark === undefined ? [] : TSHARKS.filter((one) => isChosen(one) || one.name === BASE);
if (tshark === undefined) process.stderr.write('tshark is not there: no ratios\n');
const samples = new Map<string, Sample[]>();
const keep = (name: string, sample: Sample) =>
  samples.set(name, [...(samples.get(name) ?? []), sample]);
const proofs = new Set<string>();
for (let round = 0; round < rounds; round++) {
  for (const { name, options } of tsharks)
    keep(name, await runTsharkNet(options, capture, empty, frames));
  for (const { name, proves } of contenders) {
    const { sample, proof } = runContender(name, capture, isLong ? 1 : PASSES);
    keep(name, sample);
    if (proves) proofs.add(JSON.stringify(proof));
  }
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
}
rmSync(capture);
if (proofs.size > 1) throw new Error(`the contenders disagree:\n${[...proofs].join('\n')}`);

const rows = rowsOf([...contenders, ...tsharks], samples);
if (values.json) {
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`;
  const facts = { node: process.version, tshark, machine, frames, bytes, rounds, kinds };
  writeFileSync(1, `${JSON.stringify({ ...facts, rows }, undefined, 2)}\n`);
} else {
  const megabytes = (bytes / 1e6).toFixed(0);
  console.log(
    `${frames} frames, ${megabytes} MB, medians of ${rounds} rounds, Node ${process.version}`,
  );
  print(rows);
}
