/** The library as `npm run build` makes it: what users run is measured, not what tsx makes of it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone that is measured. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Compiles these folders of `src` (`''`: all) into `out/<name>` and returns where they are. */
export function compileLibrary(name: string, folders: readonly string[]): string {
  const place = join(ROOT, 'out', name);
  mkdirSync(place, { recursive: true });
  const project = join(place, 'tsconfig.json');
  const compilerOptions = {
    rootDir: '../../src',
    outDir: 'library',
    declaration: false,
    declarationMap: false,
  };
  const config = {
    extends: '../../tsconfig.build.json',
    compilerOptions,
    include: folders.map((folder) => `../../src/${folder}`),
  };
  writeFileSync(project, JSON.stringify(config));
  // The command reads its version there.
  copyFileSync(join(ROOT, 'package.json'), join(place, 'package.json'));
  const args = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the library does not compile:\n${done.stdout}`);
  return join(place, 'library');
}
