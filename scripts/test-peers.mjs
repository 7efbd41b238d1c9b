// Tests against programs that nobody here wrote: all, or those that are named (`npm run test:peers -- redis`).
// A name stands for its file of test/peers and for those that go on with a dash: `evpn` for `evpn-linux` too. One that there
// is no file for is an error, also beside one that there is.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENDING = '.test.ts';
const known = readdirSync(`${root}test/peers`)
  .filter((name) => name.endsWith(ENDING))
  .map((name) => name.slice(0, -ENDING.length));

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('-'));
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(
    `test:peers: there is no peer ${unknown.join(', ')}; there is ${known.join(', ')}\n`,
  );
  process.exit(2);
}
const files = known
  .filter((one) => names.some((name) => one === name || one.startsWith(`${name}-`)))
  .map((name) => `test/peers/${name}${ENDING}`);
const options = words.filter((word) => word.startsWith('-'));
const vitest = `${root}node_modules/vitest/vitest.mjs`;
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', 'vitest.peers.config.ts', ...files, ...options],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
