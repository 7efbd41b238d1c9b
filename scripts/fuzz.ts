/**
 * Fuzzes the codecs: `npm run fuzz -- --frames N --seed S`; or, with `--machines`, hosts, switch and
 * array that are logged in and at work; with `--streams`, initiators, clients and servers of iSCSI, NFS and NBD,
 * whose PDUs, records and messages are what N counts.
 *
 * Exit status: 0 nothing found; 1 something found, each find written into fixtures/fuzz, where a
 * test tries it again; 2 bad usage.
 */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { everyCodec } from '../test/helpers/every-codec.ts';
import { loadCorpus } from './fuzz/corpus.ts';
import { writeFind } from './fuzz/find.ts';
import { Fuzzer, SLOW_FACTOR } from './fuzz/fuzzer.ts';
import { runMachineFuzz } from './fuzz/machines.ts';
import { runStreamFuzz } from './fuzz/stream-run.ts';

const USAGE = 'usage: npm run fuzz -- [--machines | --streams] [--frames N] [--seed S]';
const PROGRESS_MS = 500;
/** The run stops after so many finds: they are likely to have one cause. */
const FINDS_MAX = 40;
/** Memory is looked at so often in a run, garbage collected; the first look is behind the warm-up. */
const MEMORY_LOOKS = 10;
const MEMORY_GROWTH_MAX_MB = 8;

function usage(what: string): never {
  process.stderr.write(`fuzz: ${what}\n${USAGE}\n`);
  process.exit(2);
}

function wholeNumber(name: string, text: string, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= max) return number;
  return usage(`--${name} must be a whole number up to ${max}, not ${text}`);
}

function options(): { machines: boolean; streams: boolean; frames: number; seed: number } {
  const known = {
    machines: { type: 'boolean', default: false },
    streams: { type: 'boolean', default: false },
    frames: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  } as const;
  try {
    const { values } = parseArgs({ options: known });
    if (values.machines && values.streams)
      return usage('--machines and --streams exclude each other');
    return {
      machines: values.machines,
      streams: values.streams,
      frames: wholeNumber('frames', values.frames, 2 ** 31),
      seed: wholeNumber('seed', values.seed, 2 ** 31),
    };
  } catch (error) {
    return usage((error as Error).message);
  }
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function usedMb(collect: () => void): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

const count = (number: number): string => number.toLocaleString('en-US');
const us = (ms: number): string => `${(1000 * ms).toFixed(1)} us`;
const times = (worst: number, valid: number): string => `${(worst / valid).toFixed(1)}x`;

const { machines, streams, frames, seed } = options();
if (machines) process.exit(runMachineFuzz(seed, frames));
if (streams) process.exit(runStreamFuzz(seed, frames));
const showsProgress = process.stderr.isTTY === true;
const began = performance.now();
const collect = collector();
const corpus = loadCorpus(seed);
const codecs = await everyCodec();
const fuzzer = new Fuzzer({ seed, corpus, codecs });

const memoryMb: number[] = [];
const lookEvery = Math.max(1, Math.floor(frames / MEMORY_LOOKS));
let shown = began;
for (let i = 0; i < frames && fuzzer.finds.length < FINDS_MAX; i++) {
  fuzzer.step(i);
  if ((i + 1) % lookEvery === 0) memoryMb.push(usedMb(collect));
  if (!showsProgress || performance.now() - shown < PROGRESS_MS) continue;
  shown = performance.now();
  const rate = Math.round((1000 * i) / (shown - began));
  process.stderr.write(
    `\r${count(i)} of ${count(frames)} frames, ${count(rate)} a second, ${fuzzer.finds.length} found \x1b[K`,
  );
}
if (showsProgress) process.stderr.write('\r\x1b[K');

for (const find of fuzzer.finds) {
  const path = relative(process.cwd(), writeFind(find));
  process.stdout.write(`found: ${find.codec ?? 'frame'}: ${find.what}\n       ${path}\n`);
}
const { valid, worst, counts } = fuzzer;
const growthMb = Math.max(0, ...memoryMb) - (memoryMb[0] ?? 0);
const isFlat = growthMb <= MEMORY_GROWTH_MAX_MB;
process.stdout.write(
  `${[
    `seed ${seed}: ${count(counts.frames)} frames and ${count(counts.messages)} messages for ${count(codecs.length)} codecs`,
    `from ${count(corpus.real.length)} recorded frames and ${count(corpus.kinds.length)} kinds of frame`,
    `decode and encode: valid frames ${us(valid.codecMs)} (median), slowest ${us(worst.codecMs)}, ${times(worst.codecMs, valid.codecMs)} (limit ${SLOW_FACTOR}x)`,
    `summary and tree:  valid frames ${us(valid.wordsMs)} (median), slowest ${us(worst.wordsMs)}, ${times(worst.wordsMs, valid.wordsMs)} (limit ${SLOW_FACTOR}x)`,
    `memory: ${memoryMb.map((mb) => mb.toFixed(0)).join(' ')} MB, ${isFlat ? 'flat' : `grew by ${growthMb.toFixed(0)} MB`}`,
    `digest ${fuzzer.digest}, ${((performance.now() - began) / 1000).toFixed(0)} s`,
    `${fuzzer.finds.length} found${fuzzer.repeated > 0 ? `, and ${fuzzer.repeated} more like them` : ''}`,
  ].join('\n')}\n`,
);
process.exitCode = fuzzer.finds.length > 0 || !isFlat ? 1 : 0;
