/** The fuzz of streams as a command: so many hostile units to each kind of world, and what was found as small files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { formatHex } from '../../src/codecs/index.ts';
import { FINDS_FOLDER } from './find.ts';
import { STREAM_WORLDS } from './stream-worlds.ts';
import { fuzzStreams, type StreamFind, type StreamFuzzResult } from './streams.ts';

const PROGRESS_MS = 500;
const count = (number: number): string => number.toLocaleString('en-US');

/** What was done to one kind of world, as lines. */
export function streamReport(name: string, result: StreamFuzzResult): string[] {
  const kept = result.keptMost.map(
    ({ count: most, node, what }) => `${node} ${what} ${count(most)}`,
  );
  return [
    `${name}: ${count(result.units)} hostile units of ${result.kinds} kinds, ${count(result.connections)} connections, ${result.makings} worlds`,
    `  meanwhile ${count(result.done)} commands and calls ended; most outputs for one unit: ${result.outputsMost}`,
    `  most kept: ${kept.join(', ')}`,
    `  ${result.finds.length} found`,
  ];
}

/** Writes a find, for whoever mends it, and returns the file's path. */
export function writeStreamFind(
  seed: number,
  world: string,
  { index, making, to, unit, what }: StreamFind,
  folder = join(FINDS_FOLDER, 'streams'),
): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `seed-${seed}-${world}-${making}-${index}.json`);
  const file = { seed, world, making, index, what, to, unit: formatHex(unit) };
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
  return path;
}

/** Runs it and prints what was done. Returns the exit status: 1 when something was found. */
export function runStreamFuzz(seed: number, unitsMax: number): number {
  const showsProgress = process.stderr.isTTY === true;
  const share = Math.ceil(unitsMax / STREAM_WORLDS.length);
  let found = 0;
  for (const world of STREAM_WORLDS) {
    const began = performance.now();
    let shown = began;
    const result = fuzzStreams(world, seed, share, (units) => {
      if (!showsProgress || performance.now() - shown < PROGRESS_MS) return;
      shown = performance.now();
      process.stderr.write(`\r${world.name}: ${count(units)} of ${count(share)} \x1b[K`);
    });
    if (showsProgress) process.stderr.write('\r\x1b[K');
    for (const find of result.finds) {
      const path = relative(process.cwd(), writeStreamFind(seed, world.name, find));
      process.stdout.write(`found: ${world.name} ${find.to}: ${find.what}\n       ${path}\n`);
    }
    found += result.finds.length;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    process.stdout.write(`${streamReport(world.name, result).join('\n')}, ${seconds} s\n`);
  }
  return found > 0 ? 1 : 0;
}
