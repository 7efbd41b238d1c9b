/** A part of the library as a bundler makes it for a page. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const HTML = '<!doctype html><meta charset="utf-8"><title>page</title>';

/** Builds a page around a module into `folder`, and returns the script that it loads, minified. */
export async function bundlePage(folder: string, module: string): Promise<string> {
  const source = join(folder, 'source');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'main.ts'), module);
  writeFileSync(
    join(source, 'index.html'),
    `${HTML}<script type="module" src="./main.ts"></script>\n`,
  );
  const built = await build({
    root: source,
    configFile: false,
    logLevel: 'error',
    base: './',
    resolve: {
      alias: [{ find: /^sanmotion\/(\w+)$/, replacement: `${root}src/$1/index.ts` }],
    },
    build: { outDir: join(folder, 'page'), target: 'es2022', modulePreload: { polyfill: false } },
  });
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const scripts = outputs.flatMap((one) => (one.type === 'chunk' && one.isEntry ? [one.code] : []));
  if (scripts.length !== 1) throw new Error(`the bundle has ${scripts.length} scripts`);
  return scripts[0]!;
}

/** Bytes of a text as a server sends it, compressed. */
export const gzipBytes = (text: string): number => gzipSync(text, { level: 9 }).length;
