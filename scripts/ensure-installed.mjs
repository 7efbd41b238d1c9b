// Installs the dependencies when one that the lock file names is missing or of another version, so
// that `npm start` and `npm test` work in a fresh clone; does nothing, silently, otherwise.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Packages by folder, as an npm lock file lists them; undefined where there is no such file. */
function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(`${root}${lockFile}`, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Compares versions, not times: a checkout gives the lock file any time it likes. */
function isInstalled(wanted, present) {
  return Object.entries(wanted).every(
    // Optional packages are those of other platforms.
    ([folder, { version, optional }]) =>
      folder === '' || optional === true || present[folder]?.version === version,
  );
}

function install(command) {
  const npm = process.env.npm_execpath;
  const options = [command, '--no-audit', '--no-fund', '--loglevel=error'];
  // Everything goes to standard error, so that `npm run -s sanmotion -- … --json` stays JSON.
  const stdio = ['ignore', 2, 2];
  return npm === undefined
    ? spawnSync('npm', options, { cwd: root, stdio, shell: process.platform === 'win32' })
    : spawnSync(process.execPath, [npm, ...options], { cwd: root, stdio });
}

const wanted = packagesIn('package-lock.json');
const present = packagesIn('node_modules/.package-lock.json');
if (present === undefined || (wanted !== undefined && !isInstalled(wanted, present))) {
  process.stderr.write('Installing dependencies (once) …\n');
  if (install(wanted === undefined ? 'install' : 'ci').status !== 0) {
    process.stderr.write(
      'sanmotion: the dependencies could not be installed; see the lines above.\n',
    );
    process.exit(2);
  }
}
