/** The package in a project of somebody else, with what they have installed beside it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtPackage } from '../../helpers/command.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Makes the project in a folder: its `sanmotion` command as a file for Node. */
export function projectIn(folder: string): string {
  const modules = join(folder, 'node_modules');
  const home = join(modules, 'sanmotion');
  mkdirSync(home, { recursive: true });
  cpSync(join(builtPackage(), 'dist'), join(home, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'scenarios'), join(home, 'scenarios'), { recursive: true });
  const file = readFileSync(join(ROOT, 'package.json'), 'utf8');
  writeFileSync(join(home, 'package.json'), file);
  const { dependencies } = JSON.parse(file) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies))
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(folder, 'package.json'), '{"name":"theirs","private":true}');
  return join(home, 'dist/cli/main.js');
}

/** Installs packages of the registry beside it; what went wrong, or `undefined`. */
export function addTo(
  folder: string,
  work: string,
  packages: readonly string[],
): string | undefined {
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'package.json'), '{"private":true}');
  const { status, stderr, error } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages],
    { cwd: work, encoding: 'utf8', timeout: 120_000 },
  );
  if (status !== 0) return error?.message ?? stderr.trim();
  const modules = join(folder, 'node_modules');
  for (const name of readdirSync(join(work, 'node_modules'))) {
    if (name.startsWith('.')) continue;
    cpSync(join(work, 'node_modules', name), join(modules, name), { recursive: true });
  }
  return undefined;
}
