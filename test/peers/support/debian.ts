/** Programs of Debian that a test needs: installed where that may be done, else the reason to skip. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const INSTALL_LIMIT_MS = 10 * 60_000;

/**
 * Why the test of a peer must be skipped; `undefined` when it can run. What is missing of the files
 * is installed first, by packages that have them.
 */
export function missing(packages: readonly string[], files: readonly string[]): string | undefined {
  const lacks = () => files.filter((file) => !existsSync(file));
  if (lacks().length > 0 && process.getuid?.() === 0) install(packages);
  const still = lacks();
  if (still.length === 0) return undefined;
  const reason = `${still.join(', ')} is not there: apt-get install ${packages.join(' ')}`;
  process.stderr.write(`\nTests are skipped: ${reason}\n\n`);
  return reason;
}

function install(packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, stdio: 'ignore', timeout: INSTALL_LIMIT_MS } as const;
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
}
