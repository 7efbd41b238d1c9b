/**
 * How fast a capture is worked through and frames are made, beside tshark, beside pcap-parser and
 * binary-parser alone, and beside code written by hand for this one capture.
 *
 * It compiles the library as the package has it, generates the capture (`generate-capture.ts`), and
 * lets the contenders take turns, each in a process of its own, round after round. What counts is
 * processor time, user and system, without the start of the process: the machine's other users take
 * their part of wall time. A ratio is taken within each round, so that a slow round is slow for
 * both; medians are shown. Then some of them work once through a capture of many more frames, to
 * see what memory it takes. The commands that read captures take turns with tshark as whole processes
 * (`commands.ts`).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { COMMANDS, measureCommands, measureReplayMemory } from './commands.ts';
import { generateCapture } from './generate-capture.ts';
import { compileLibrary } from './library.ts';
import { type Memory, print, type Row, rowsOf, type Target, targetsOf } from './report.ts';
import { COMMAND_TSHARKS, TSHARKS, tsharkCommand, tsharkVersion } from './tshark.ts';
import { runLessStart, type Sample } from './whole-process.ts';

/**
 * The library that is measured, compiled before the first turn: inside the clone, because its
 * dependencies are found from there.
 */
let library = '';
/** Passes over a capture in one process, and how many of them the compiler is busy in. */
const PASSES = 7;
const PASSES_WARM = 3;

/**
 * The contenders of `contender.mjs`. Those of one `proof` must come to the same findings; ratios
 * are to the row that `base` names.
 */
const CONTENDERS = [
  ['decode', 'typed objects, all layers, CRC checked', 'found'],
  ['views', 'through views, CRC checked', 'found'],
  ['decode-conversation', 'typed objects, answers joined with requests', 'found'],
  ['decode-kept', 'typed objects of frames that stay valid', 'found'],
  ['by-hand', 'written by hand: FC header, CRC checked', 'found'],
  ['binary-parser', 'binary-parser alone: headers, CRC checked', 'found'],
  ['pcap-parser', 'pcap-parser alone: records, no decoding', undefined],
  ['read', 'our reader alone: records, no decoding', undefined],
  ['read-crc', 'our reader and CRC, no decoding', undefined],
  ['encode', 'typed layers to bytes', undefined],
  ['encode-recompute', 'typed layers to bytes, lengths and CRC anew', undefined],
  ['encode-fcoe', 'header and payload to a frame with CRC', 'made'],
  ['encode-by-hand', 'the same written by hand, unchecked', 'made'],
  ['encode-binary-parser', 'the same with binary-parser-encoder', 'made'],
  ['crc-ours', 'CRC-32 of each FC frame, ours', 'crc'],
  ['crc-zlib', 'CRC-32, zlib for every length', 'crc'],
  ['crc-table', 'CRC-32, eight tables, where there is no zlib', 'crc'],
  ['crc-bytewise', 'CRC-32, one table, a byte a step', 'crc'],
] as const;
/** Those whose memory is looked at. */
const LONG = ['decode', 'views'];

interface ContenderReport {
  readonly runs: readonly { readonly cpuNs: number; readonly wallNs: number }[];
  readonly rssBytes: number;
  readonly proof: { readonly frames: number };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** A turn of a contender. Of several passes the first ones warm up and do not count. */
function runContender(name: string, capture: string, passes: number) {
  const args = ['bench/contender.mjs', name, capture, String(passes), library];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${name}: ${done.stderr}`);
  const { runs, rssBytes, proof } = JSON.parse(done.stdout) as ContenderReport;
  const counted = runs.length > PASSES_WARM ? runs.slice(PASSES_WARM) : runs;
  const perFrame = (of: 'cpuNs' | 'wallNs') => median(counted.map((run) => run[of])) / proof.frames;
  const sample: Sample = { cpuNs: perFrame('cpuNs'), wallNs: perFrame('wallNs'), rssBytes };
  return { sample, proof: JSON.stringify(proof) };
}

/** Rounds over a capture; every contender takes a turn in each. */
async function measure(
  folder: string,
  frames: number,
  rounds: number,
  isChosen: (name: string) => boolean,
) {
  const capture = join(folder, `mix-${frames}.pcap`);
  const empty = join(folder, 'no-frames.pcap');
  const kinds = generateCapture(capture, frames);
  generateCapture(empty, 0);
  const contenders = CONTENDERS.filter(([name]) => isChosen(name));
  const hasTshark = tsharkVersion() !== undefined;
  const tsharks = TSHARKS.filter(({ name }) => hasTshark && isChosen(name));
  const samples = new Map<string, Sample[]>();
  const keep = (name: string, sample: Sample) =>
    samples.set(name, [...(samples.get(name) ?? []), sample]);
  const proofs = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    for (const { name, options } of tsharks) {
      const theirs = (file: string) => tsharkCommand(options, file);
      keep(name, await runLessStart(theirs, capture, empty, frames));
    }
    for (const [name, , proves] of contenders) {
      const { sample, proof } = runContender(name, capture, PASSES);
      keep(name, sample);
      if (proves === undefined) continue;
      if (proof !== (proofs.get(proves) ?? proof)) throw new Error(`${name} came to ${proof}`);
      proofs.set(proves, proof);
    }
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  const named = [...contenders.map(([name, what]) => ({ name, what })), ...tsharks];
  return { kinds, bytes: statSync(capture).size, rows: rowsOf(named, samples) };
}

/** Peak memory of one pass over captures of several lengths. */
function measureMemory(
  folder: string,
  lengths: readonly number[],
  isChosen: (name: string) => boolean,
): Memory[] {
  const found: Memory[] = [];
  const chosen = LONG.filter(isChosen);
  if (chosen.length === 0) return found;
  for (const frames of lengths) {
    const capture = join(folder, `mix-${frames}.pcap`);
    generateCapture(capture, frames);
    const { size } = statSync(capture);
    for (const name of chosen) {
      const { sample } = runContender(name, capture, 1);
      found.push({ name, frames, bytes: size, ...sample });
    }
    rmSync(capture);
    process.stderr.write(`memory on ${frames} frames\n`);
  }
  return found;
}

const NAMES: readonly string[] = [
  ...CONTENDERS.map(([name]) => name),
  ...TSHARKS.map(({ name }) => name),
  ...Object.keys(COMMANDS),
  ...Object.keys(COMMAND_TSHARKS),
];

const HELP = `usage: npm run bench -- [capture] [options]

  --frames N        frames of the capture that all work through (200000); replay and decode: 5 times
                    as many
  --rounds N        turns of each contender (5)
  --long N,…        frames of the captures for the look at memory; 0 for none (200000,5000000)
  --only NAME,…     some contenders only: ${NAMES.join(' ')}
  --json            everything, also each single turn

other benchmarks: bench/run.ts names them
`;

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
    long: { type: 'string', default: '200000,5000000' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Errors: `RangeError` for what is no whole number from `least` on. */
function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(`--${option} ${text}: needs a whole number, ${least} or more`);
}

function checkNames(only: readonly string[]): void {
  const unknown = only.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new RangeError(`--only: no contender is called ${unknown[0]}`);
}

async function main(): Promise<void> {
  // The encoders take their frames from behind the logins.
  const frames = wholeNumber('frames', values.frames, 5000);
  const rounds = wholeNumber('rounds', values.rounds, 1);
  const lengths = values.long
    .split(',')
    .map((text) => wholeNumber('long', text, 0))
    .filter((one) => one > 0);
  checkNames(values.only?.split(',') ?? []);
  library = compileLibrary('bench', ['']);
  const folder = mkdtempSync(join(tmpdir(), 'sanmotion-bench-'));
  try {
    const only = values.only?.split(',');
    const isChosen = (name: string) => only?.includes(name) ?? true;
    const measured = await measure(folder, frames, rounds, isChosen);
    const { kinds, bytes } = measured;
    const commands = await measureCommands(folder, library, frames, rounds, isChosen);
    const rows = [...measured.rows, ...commands];
    const memory = [
      ...measureMemory(folder, lengths, isChosen),
      ...(isChosen('replay') ? await measureReplayMemory(folder, library, lengths) : []),
    ];
    const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`;
    const facts = { node: process.version, tshark: tsharkVersion(), machine };
    const size = { frames, bytes, rounds };
    const targets: readonly Target[] = targetsOf(rows, memory);
    const all: Report = { ...facts, ...size, kinds, rows, memory, targets };
    if (values.json) writeFileSync(1, `${JSON.stringify(all, undefined, 2)}\n`);
    else {
      console.log(
        `${machine}, Node ${facts.node}, ${facts.tshark ?? 'no tshark: no ratios to it'}`,
      );
      console.log(`${frames} frames, ${(bytes / 1e6).toFixed(0)} MB, ${rounds} rounds\n`);
      print(rows, memory, targets);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Report {
  readonly node: string;
  readonly tshark: string | undefined;
  readonly machine: string;
  readonly frames: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly kinds: ReturnType<typeof generateCapture>;
  readonly rows: readonly Row[];
  readonly memory: readonly Memory[];
  readonly targets: readonly Target[];
}

try {
  if (values.help) process.stdout.write(HELP);
  else await main();
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
