/** What the fuzzer found, as a small file each, so that a test can try it again. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatHex, parseHex } from '../../src/codecs/index.ts';
import type { FrameCase } from './corpus.ts';

/** Bytes that something went wrong with. */
export interface Find {
  /** Seed of the run and number of the frame in it: together they make the bytes again. */
  readonly seed: number;
  readonly index: number;
  readonly what: string;
  /** The codec that was given the bytes; without one they are a frame. */
  readonly codec?: string | undefined;
  readonly given: FrameCase;
}

interface FindFile {
  seed: number;
  frame: number;
  what: string;
  codec?: string;
  linkType?: number;
  originalLength?: number;
  request?: string;
  bytes: string;
}

export const FINDS_FOLDER = fileURLToPath(new URL('../../fixtures/fuzz', import.meta.url));

/** Writes a find and returns the file's path. */
export function writeFind(find: Find, folder = FINDS_FOLDER): string {
  const { seed, index, what, codec, given } = find;
  const file: FindFile = {
    seed,
    frame: index,
    what,
    ...(codec === undefined ? { linkType: given.linkType } : { codec }),
    ...(given.originalLength === undefined ? {} : { originalLength: given.originalLength }),
    ...(given.request === undefined ? {} : { request: formatHex(given.request) }),
    bytes: formatHex(given.bytes),
  };
  mkdirSync(folder, { recursive: true });
  const part = codec === undefined ? 'frame' : 'message';
  const path = join(folder, `seed-${seed}-${part}-${index}.json`);
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
  return path;
}

/** The finds of a folder by the name of their file. */
export function readFinds(folder = FINDS_FOLDER): [name: string, find: Find][] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => {
    const file = JSON.parse(readFileSync(join(folder, name), 'utf8')) as FindFile;
    const given = {
      linkType: file.linkType ?? 1,
      bytes: parseHex(file.bytes),
      originalLength: file.originalLength,
      request: file.request === undefined ? undefined : parseHex(file.request),
    };
    const { seed, frame: index, what, codec } = file;
    return [name, { seed, index, what, codec, given }];
  });
}
