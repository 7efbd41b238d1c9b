/**
 * Fuzzes machines while they are logged in and their guests' I/O runs: hosts, switch and array of a
 * whole emulated world, of FCoE (`world.ts`) and of native Fibre Channel (`fc-world.ts`), and what guests' LANs are made
 * of (`lan-world.ts`), and storage over TCP (`ip-world.ts`), with frames that were seen there.
 */
import { relative } from 'node:path';
import {
  type AtWorkOptions,
  type AtWorkResult,
  fcFrames,
  fcoeFrames,
  fuzzAtWork,
} from '../../src/testing/index.ts';
import { makeFcWorld } from './fc-world.ts';
import { makeIpWorld } from './ip-world.ts';
import { lanFrames, makeLanWorld } from './lan-world.ts';
import { writeMachineFind } from './machine-find.ts';
import { WORLD_OUTPUTS_MAX } from './people.ts';
import { makeWorld } from './world.ts';

const PROGRESS_MS = 500;
/** Every kind of LAN has its turn in a short fuzz. */
const FRAMES_OF_A_LAN = 1_000;

/** The fuzz of the emulated world, by what decides it. */
export const worldFuzz = (
  seed: number,
  framesMax: number,
): Pick<
  AtWorkOptions,
  'make' | 'frames' | 'seed' | 'framesMax' | 'outputsMax' | 'framesOfOneMakingMax'
> => ({
  make: makeWorld,
  frames: fcoeFrames,
  seed,
  framesMax,
  outputsMax: WORLD_OUTPUTS_MAX,
});

/** The same of the world on native links. */
export const fcWorldFuzz: typeof worldFuzz = (seed, framesMax) => ({
  ...worldFuzz(seed, framesMax),
  make: makeFcWorld,
  frames: fcFrames,
});

/** The same of storage over TCP. */
export const ipWorldFuzz: typeof worldFuzz = (seed, framesMax) => ({
  ...worldFuzz(seed, framesMax),
  make: makeIpWorld,
  frames: lanFrames,
  framesOfOneMakingMax: FRAMES_OF_A_LAN,
});

/** The same of a LAN. */
export const lanWorldFuzz: typeof worldFuzz = (seed, framesMax) => ({
  ...worldFuzz(seed, framesMax),
  make: makeLanWorld,
  frames: lanFrames,
  framesOfOneMakingMax: FRAMES_OF_A_LAN,
});

const count = (number: number): string => number.toLocaleString('en-US');

/** What was done, as lines. */
export function machineReport(seed: number, result: AtWorkResult): string[] {
  const kept = new Map<string, string[]>();
  for (const { node, what, count: most } of result.keptMost) {
    const line = kept.get(node) ?? [];
    kept.set(node, line);
    line.push(`${what} ${count(most)}`);
  }
  return [
    `seed ${seed}: ${count(result.frames)} hostile frames, up to ${result.kinds} kinds of frame, ${result.makings} worlds`,
    `meanwhile ${count(result.done)} I/Os of guests ended`,
    `most outputs for one frame: ${result.outputsMost} (limit ${count(WORLD_OUTPUTS_MAX)})`,
    ...[...kept].map(([node, line]) => `most kept by ${node}: ${line.join(', ')}`),
    `${result.finds.length} found`,
  ];
}

/** Runs the fuzz of either world and prints what was done. Returns the exit status: 1 when something was found. */
export function runMachineFuzz(seed: number, framesMax: number): number {
  const worlds = [worldFuzz, fcWorldFuzz, lanWorldFuzz, ipWorldFuzz];
  const share = Math.ceil(framesMax / worlds.length);
  const found = worlds.map((fuzz) => runFuzz(seed, fuzz(seed, share)));
  return found.some((one) => one) ? 1 : 0;
}

function runFuzz(seed: number, options: AtWorkOptions): boolean {
  const showsProgress = process.stderr.isTTY === true;
  const began = performance.now();
  let shown = began;
  const result = fuzzAtWork({
    ...options,
    progress(frames) {
      if (!showsProgress || performance.now() - shown < PROGRESS_MS) return;
      shown = performance.now();
      process.stderr.write(
        `\r${count(frames)} of ${count(options.framesMax)} hostile frames \x1b[K`,
      );
    },
  });
  if (showsProgress) process.stderr.write('\r\x1b[K');
  for (const find of result.finds) {
    const path = relative(process.cwd(), writeMachineFind(seed, find));
    process.stdout.write(`found: ${find.to.node}: ${find.what}\n       ${path}\n`);
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stdout.write(`${[...machineReport(seed, result), `${seconds} s`].join('\n')}\n`);
  return result.finds.length > 0;
}
