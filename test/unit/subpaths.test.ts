/** What the package offers: a barrel for each subpath, and what each of them needs to be loaded. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtPackage } from '../helpers/command.ts';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, unknown>;
};
const folders = Object.keys(exports)
  .filter((path) => path !== '.' && !/\.(json|yaml)$/.test(path))
  .map((path) => path.slice(2));

/** A folder that nobody imports from: the command. */
const KEPT = ['cli'];
/** They need Node: one has workers, the other sockets. */
const NEEDS_NODE = ['campaign', 'live'];

const IMPORT = /(?:^|[\s;}])(?:import|export)\s*(?:[\w*{][^'"]*?from\s*)?['"]([^'"]+)['"]/g;

/** What a file of the built package imports, and what those import, without types. */
function reached(file: string, found = new Set<string>()): Set<string> {
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    const target = specifier!.startsWith('.') ? join(dirname(file), specifier!) : specifier!;
    if (found.has(target)) continue;
    found.add(target);
    if (specifier!.startsWith('.')) reached(target, found);
  }
  return found;
}

const others = (folder: string): string[] =>
  [...reached(join(builtPackage(), 'dist', folder, 'index.js'))].filter(
    (one) => !one.startsWith('/'),
  );

beforeAll(() => void builtPackage(), 120_000);

describe('the subpaths', () => {
  it('are the folders of the sources, without those that are kept', () => {
    const all = readdirSync('src', { withFileTypes: true })
      .filter((one) => one.isDirectory() && !KEPT.includes(one.name))
      .map(({ name }) => name);
    expect([...folders].sort()).toEqual(all.sort());
    for (const folder of folders) expect(existsSync(`src/${folder}/index.ts`), folder).toBe(true);
  });

  it('are those of which the reference is made, and that docs/library.md names', () => {
    const { entryPoints } = JSON.parse(readFileSync('typedoc.json', 'utf8')) as {
      entryPoints: string[];
    };
    const all = folders.map((folder) => `src/${folder}/index.ts`);
    expect(entryPoints).toEqual(['src/index.ts', ...all]);
    const rows = readFileSync('docs/library.md', 'utf8').matchAll(/^\| `sanmotion\/([a-z]+)` \|/gm);
    expect([...rows].map((row) => row[1])).toEqual(folders);
  });

  it.each(folders.filter((one) => !NEEDS_NODE.includes(one)))('%s loads without Node', (folder) => {
    expect(others(folder).filter((one) => /^node:|^tinypool$|^pcap-parser$/.test(one))).toEqual([]);
  });

  it('sanmotion by itself loads without Node, and is what the papers begin with', () => {
    expect(others('.').filter((one) => /^node:|^tinypool$|^pcap-parser$/.test(one))).toEqual([]);
  });

  it.each(NEEDS_NODE)('%s would not', (folder) => {
    expect(others(folder).some((one) => one.startsWith('node:'))).toBe(true);
  });
});

describe('testing without fast-check', () => {
  /** Node finds every package but that one. */
  const HOOK = `export async function resolve(name, context, next) {
    if (name === 'fast-check') throw Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(name, context);
  }`;

  it('says in one sentence what is missing', () => {
    const file = join(builtPackage(), 'dist/testing/index.js');
    const program = `import { register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(HOOK)}));
      await import(${JSON.stringify(file)}).then(
        () => console.log('loaded'),
        (error) => console.log(error.message),
      );`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('sanmotion/testing needs fast-check: npm install --save-dev fast-check\n');
  });
});
