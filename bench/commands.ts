/**
 * The commands that read captures, beside tshark: whole processes, as a user starts them. What the
 * compiler takes at first counts for both; only the start, a run over a capture without frames, is
 * taken off.
 */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { generateCapture } from './generate-capture.ts';
import { type Memory, type Row, rowsOf } from './report.ts';
import { COMMAND_TSHARKS, tsharkCommand, tsharkVersion } from './tshark.ts';
import { runLessStart, type Sample } from './whole-process.ts';

/** Each beside the tshark that prints the same; so many times the frames of the other contenders. */
export const COMMANDS = {
  replay: { what: 'sanmotion replay', args: ['replay'], beside: 'tshark-four-fields', times: 5 },
  'decode-text': {
    what: 'sanmotion decode',
    args: ['decode'],
    beside: 'tshark-lines',
    times: 5,
  },
  // What tshark takes for a million frames is minutes.
  'decode-json': {
    what: 'sanmotion decode --json',
    args: ['decode', '--json'],
    beside: 'tshark-json',
    times: 1,
  },
} as const;

type CommandName = keyof typeof COMMANDS;

const commandLine = (library: string, args: readonly string[], capture: string): string[] => [
  process.execPath,
  join(library, 'cli/main.js'),
  ...args,
  capture,
];

/** Rounds over a capture; every command and its tshark take a turn in each. */
export async function measureCommands(
  folder: string,
  library: string,
  frames: number,
  rounds: number,
  isChosen: (name: string) => boolean,
): Promise<Row[]> {
  const empty = join(folder, 'no-frames.pcap');
  generateCapture(empty, 0);
  const hasTshark = tsharkVersion() !== undefined;
  const rows: Row[] = [];
  for (const name of (Object.keys(COMMANDS) as CommandName[]).filter(isChosen)) {
    const { what, args, beside, times } = COMMANDS[name];
    const { what: itsWhat, options } = COMMAND_TSHARKS[beside];
    const capture = join(folder, `mix-${frames * times}.pcap`);
    generateCapture(capture, frames * times);
    const own: Sample[] = [];
    const its: Sample[] = [];
    const ours = (file: string) => commandLine(library, args, file);
    const theirs = (file: string) => tsharkCommand(options, file);
    for (let round = 0; round < rounds; round++) {
      if (hasTshark) its.push(await runLessStart(theirs, capture, empty, frames * times));
      own.push(await runLessStart(ours, capture, empty, frames * times));
      process.stderr.write(`${name}: round ${round + 1} of ${rounds}\n`);
    }
    rmSync(capture);
    const samples = new Map<string, Sample[]>([[name, own]]);
    const named: { name: string; what: string }[] = [{ name, what }];
    if (hasTshark) {
      samples.set(beside, its);
      named.push({ name: beside, what: itsWhat });
    }
    rows.push(...rowsOf(named, samples));
  }
  return rows;
}

/** Peak memory and cost of one `replay` of captures of several lengths. */
export async function measureReplayMemory(
  folder: string,
  library: string,
  lengths: readonly number[],
): Promise<Memory[]> {
  const empty = join(folder, 'no-frames.pcap');
  generateCapture(empty, 0);
  const found: Memory[] = [];
  for (const frames of lengths) {
    const capture = join(folder, `mix-${frames}.pcap`);
    generateCapture(capture, frames);
    const ours = (file: string) => commandLine(library, COMMANDS.replay.args, file);
    const sample = await runLessStart(ours, capture, empty, frames);
    found.push({ name: 'replay', frames, bytes: statSync(capture).size, ...sample });
    rmSync(capture);
    process.stderr.write(`replay: memory on ${frames} frames\n`);
  }
  return found;
}
