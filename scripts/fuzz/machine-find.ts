/** What the fuzz of machines found, as a small file each. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatHex, parseHex } from '../../src/codecs/index.ts';
import type { AtWorkFind } from '../../src/testing/index.ts';
import { FINDS_FOLDER } from './find.ts';

/** Beside the finds of the codec fuzz. */
export const MACHINE_FINDS_FOLDER = join(FINDS_FOLDER, 'machines');

/** A find, and the seed of the run that made it. */
export interface MachineFind extends AtWorkFind {
  readonly seed: number;
}

/** Writes a find and returns the file's path. */
export function writeMachineFind(
  seed: number,
  { making, index, what, to, frame }: AtWorkFind,
  folder = MACHINE_FINDS_FOLDER,
): string {
  mkdirSync(folder, { recursive: true });
  const file = { seed, making, index, what, ...to, frame: formatHex(frame) };
  const path = join(folder, `seed-${seed}-world-${making}-${index}.json`);
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
  return path;
}

/** The finds of a folder by the name of their file. */
export function readMachineFinds(
  folder = MACHINE_FINDS_FOLDER,
): [name: string, find: MachineFind][] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => {
    const file = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const { seed, making, index, what, node, port, frame } = file;
    return [name, { seed, making, index, what, to: { node, port }, frame: parseHex(frame) }];
  });
}
