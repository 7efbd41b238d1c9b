/** Tests that a paper prints, as files that vitest runs with the package as it is built. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { builtPackage } from './command.ts';
import { fileOf, type Snippet } from './readme.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIMIT_MS = 360_000;

/** The blocks fenced as `ts` and a word, in order. */
export function printedTests(paper: string, word: 'vitest' | 'guest'): Snippet[] {
  const text = readFileSync(join(ROOT, paper), 'utf8');
  const blocks = text.matchAll(new RegExp(`^\`\`\`ts ${word}\\n(.*?)^\`\`\`$`, 'gms'));
  return [...blocks].map((found) => ({
    paper,
    line: text.slice(0, found.index).split('\n').length,
    source: found[1]!,
  }));
}

/** Runs one in a folder. Paths in it are those of the project. */
export function runPrinted(
  snippet: Snippet,
  folder: string,
): { readonly status: number | null; readonly output: string } {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) symlinkSync(join(ROOT, 'node_modules'), modules, 'dir');
  const built = (name: string) =>
    pathToFileURL(join(builtPackage(), 'dist', name, 'index.js')).href;
  const source = snippet.source.replace(
    /'sanmotion\/([a-z]+)'/g,
    (_, name: string) => `'${built(name)}'`,
  );
  const file = join(folder, `${fileOf(snippet)}.test.ts`);
  writeFileSync(file, source);
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vitest, 'run', '--root', folder, file],
    {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: LIMIT_MS,
      env: { ...process.env, NO_COLOR: '1', VITEST: '' },
    },
  );
  return { status, output: stdout + stderr };
}
