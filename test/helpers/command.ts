/**
 * How a test starts the command: from the sources as plain JavaScript, made once and kept until a
 * source changes, so that no test waits for the compiler each time.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Below node_modules, so that what the package imports is found as ever. */
const CACHE = join(ROOT, 'node_modules/.cache');
const NAME = 'sanmotion-built-';

/** A relative import that names a source. */
const SOURCE_IMPORT = /((?:from|import)\s*\(?\s*['"])(\.[^'"]+)\.ts(['"])/g;

/** The JavaScript of a source; what it imports is looked for beside it. */
export function compiled(source: string): string {
  const { code } = transformSync(source, {
    loader: 'ts',
    target: 'es2023',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return code.replace(SOURCE_IMPORT, '$1$2.js$3');
}

/** The sources by their paths below src. */
function sources(): ReadonlyMap<string, string> {
  const paths = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).sort();
  return new Map(
    paths
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      .map((path) => [path, readFileSync(join(ROOT, 'src', path), 'utf8')]),
  );
}

/** Makes the package in a folder that nobody sees until it is whole. */
function build(all: ReadonlyMap<string, string>, target: string): void {
  const folder = mkdtempSync(join(CACHE, `${NAME}making-`));
  for (const [path, source] of all) {
    const file = join(folder, 'dist', path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, compiled(source));
  }
  for (const name of ['package.json', 'scenarios'])
    symlinkSync(join(ROOT, name), join(folder, name));
  try {
    renameSync(folder, target);
  } catch (error) {
    rmSync(folder, { recursive: true });
    // Another process was faster.
    if (!existsSync(target)) throw error;
  }
}

/** Another checkout may share this folder, and be at work with what it built. */
const KEPT_MS = 3_600_000;

function isOld(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > KEPT_MS;
}

let built: string | undefined;

/** Folder of the package with its `dist`, made of the sources as they are now. */
export function builtPackage(): string {
  if (built !== undefined) return built;
  const all = sources();
  const hash = createHash('sha1');
  for (const [path, source] of all) hash.update(`${path}\n${source}\n`);
  const target = join(CACHE, NAME + hash.digest('hex'));
  mkdirSync(CACHE, { recursive: true });
  if (!existsSync(target)) {
    for (const name of readdirSync(CACHE).filter((one) => /-built-[0-9a-f]{40}$/.test(one)))
      if (isOld(join(CACHE, name))) rmSync(join(CACHE, name), { recursive: true, force: true });
    build(all, target);
  }
  built = target;
  return target;
}

/** What Node is given to run the command. */
export const commandFile = (): string => join(builtPackage(), 'dist/cli/main.js');
