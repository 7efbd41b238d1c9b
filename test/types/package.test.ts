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
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf, snippets } from '../helpers/readme.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly bin: Record<string, string>;
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const subpaths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'));

/** Runs a program and returns its standard output; what it printed is in the error when it fails. */
function run(cwd: string, program: string, ...options: string[]): string {
  try {
    return execFileSync(program, options, { cwd, encoding: 'utf8', stdio: 'pipe' });
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

beforeAll(() => {
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

describe('what is in the package', () => {
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
      'LICENSE',
      'CHANGELOG.md',
      'package.json',
      'scenario.schema.json',
    ])
      expect(packed).toContain(`package/${name}`);
  });

  it('holds nothing that only its makers need', () => {
    const kept = /^package\/(dist|src|scenarios|man)\/|^package\/[^/]+$/;
    expect(packed.filter((path) => !kept.test(path))).toEqual([]);
    expect(packed.filter((path) => /\.test\.|\.pcap/.test(path))).toEqual([]);
  });
});

describe('the installed package under node', () => {
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

/** A consumer that would not compile if a value were `any` or a message lost its fields. */
const consumer = `
import { fcHeader, type FcHeader } from 'sanmotion/codecs';
${subpaths.map((path, nth) => `import * as module${nth} from '${path.replace(/^\./, 'sanmotion')}';`).join('\n')}

const header: FcHeader = fcHeader.decode(new Uint8Array(24));
export const sId: number = header.sId;
// @ts-expect-error an address is a number
export const wrong: string = header.dId;
// @ts-expect-error no such field
export const missing = header.sourceAddress;
export const all: object[] = [${subpaths.map((_, nth) => `module${nth}`).join(', ')}];
`;

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

describe('the types of the installed package', () => {
  it('serve a node program', () => {
    expect(typecheck('nodenext', { 'consumer.ts': consumer }, nodeNext)).toBe('');
  });

  it('serve a bundled program', () => {
    const options = { ...nodeNext, module: 'esnext', moduleResolution: 'bundler' };
    expect(typecheck('bundler', { 'consumer.ts': consumer }, options)).toBe('');
  });

  it('serve a browser program, without the types of node', () => {
    expect(typecheck('browser', { 'consumer.ts': consumer }, browser)).toBe('');
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
