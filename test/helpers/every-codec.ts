/** All codecs that the protocol folders export, found by walking the modules. */
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AnyCodec } from '../../src/codecs/layout/index.ts';

const CODECS = fileURLToPath(new URL('../../src/codecs', import.meta.url));

const isCodec = (one: object): one is AnyCodec =>
  'encode' in one && 'decode' in one && 'spans' in one && 'source' in one;

function collect(value: unknown, seen: Set<object>, codecs: Set<AnyCodec>): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (seen.has(value)) return;
  seen.add(value);
  if (isCodec(value)) codecs.add(value);
  for (const inner of Object.values(value)) collect(inner, seen, codecs);
}

/** Every codec that an export leads to: itself, its fields, its members. `folder` narrows the search. */
export async function everyCodec(folder = ''): Promise<AnyCodec[]> {
  const codecs = new Set<AnyCodec>();
  const seen = new Set<object>();
  const paths = readdirSync(join(CODECS, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .filter((path) => !path.split(sep).includes('layout'))
    .sort();
  for (const path of paths) {
    const module: object = await import(pathToFileURL(join(CODECS, folder, path)).href);
    for (const exported of Object.values(module)) collect(exported, seen, codecs);
  }
  return [...codecs];
}
