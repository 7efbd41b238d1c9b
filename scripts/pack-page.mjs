/**
 * The page as the package has it. Most of what it runs are the package's own programs, so `dist/web/page.br` says of
 * those only where they stand in `dist`, and has what they have not: the page's own, and what it takes of other
 * packages. `src/live/page-file.ts` makes the page of it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { brotliCompressSync } from 'node:zlib';
import { build, transformWithEsbuild } from 'vite';
import { Linker } from './page/link.mjs';
import { Module } from './page/module.mjs';
import { packagesProgram } from './page/packages.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const WORKER = join(ROOT, 'web/src/worker/worker.ts');
/** Files by path are Node's; a page has none. */
const NO_FILES = join(ROOT, 'web/src/no-files.ts');
/** What ends the element that a program stands in, or looks to a browser as if it might. */
const MARKUP = /<(?=\/script|!--)/g;

process.env.SANMOTION_PACK = '1';
const { WORKER_PLACE, noJsonSchema } = await import('../web/vite.config.ts');

/** The file that another names. Sources of the package are there as what was made of them. */
function resolve(from, by) {
  const path = posix.join(posix.dirname(by), from);
  if (/\/pcap-parsed\.[jt]s$/.test(path)) return NO_FILES;
  const own = relative(join(ROOT, 'src'), path);
  return own.startsWith('..') ? path : join(DIST, own.replace(/\.ts$/, '.js'));
}

const modules = new Map();
async function load(path) {
  let module = modules.get(path);
  if (module === undefined) {
    const file = readFileSync(path, 'utf8');
    const options = { loader: 'ts', target: 'es2023', minify: true, sourcemap: false };
    const text = path.endsWith('.ts')
      ? (await transformWithEsbuild(file, path, options)).code
      : file;
    module = new Module(path, text);
    modules.set(path, module);
  }
  return module;
}

const linker = new Linker(load, resolve);
await linker.include(WORKER);
const { placeOf, text } = await packagesProgram(linker.packages, [noJsonSchema]);
const program = ['(()=>{"use strict";', text, '\n', ...linker.parts(placeOf), '})();'];

/** A place in a file without what an element must not hold; that is said in between, as texts and patterns take it. */
function safe({ module, at, end }) {
  const places = [];
  let from = at;
  for (const { index } of module.text.slice(at, end).matchAll(MARKUP)) {
    places.push({ module, at: from, end: at + index + 1 }, '\\');
    from = at + index + 1;
  }
  return [...places, { module, at: from, end }];
}
const textOf = (part) =>
  typeof part === 'string' ? part : part.module.text.slice(part.at, part.end);
const parts = program.flatMap((part) =>
  typeof part === 'string' ? part.replaceAll(MARKUP, '<\\') : safe(part),
);
new vm.Script(parts.map(textOf).join(''));

const folder = join(DIST, 'web');
await build({ configFile: join(ROOT, 'web/vite.config.ts'), logLevel: 'warn' });
const [before, after] = readFileSync(join(folder, 'index.html'), 'utf8').split(WORKER_PLACE);
const page = [before, ...parts, after];
writeFileSync(join(folder, 'index.html'), page.map(textOf).join(''));

/** Texts, and of files `path`, then for each place how far it is from the one before and how long. */
const told = [];
let literal = '';
let last;
for (const part of page) {
  if (typeof part === 'string' || part.module.path.endsWith('.ts')) {
    literal += textOf(part);
    continue;
  }
  if (literal !== '') told.push(literal);
  literal = '';
  const { at, end, module } = part;
  const path = relative(DIST, module.path);
  told.push(path === last ? [at, end] : [path, at, end]);
  last = path;
}
if (literal !== '') told.push(literal);
writeFileSync(join(folder, 'page.br'), brotliCompressSync(JSON.stringify(told)));
