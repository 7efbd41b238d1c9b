/**
 * The benchmarks: `npm run bench -- [SUITE] [options of the suite]`.
 *
 * - `capture` (the one without a name): captures and frames, beside tshark and others; see
 *   `--help` and docs/speed.md
 * - `kernel`: the codec kernel beside binary-parser and code written by hand, one message each
 * - `sim`: simulated frames a second, logins, and the event queue beside others
 * - `start`: what the command takes until it has said something, beside bare Node
 * - `headroom`: the least headroom with which pauses lose nothing, beside the formula
 * - `forward`: what the simulator itself costs, with machines that do nothing
 *
 * Nothing here is a test: what is measured depends on the machine and on who else uses it, so only
 * ratios within one run mean anything.
 */
import { spawnSync } from 'node:child_process';

const SUITES: Readonly<Record<string, string>> = {
  capture: 'capture.ts',
  kernel: 'codec-kernel.ts',
  sim: 'sim.ts',
  start: 'start.ts',
  forward: 'sim-forward.ts',
  headroom: 'headroom.ts',
};

const [first = '', ...rest] = process.argv.slice(2);
const isSuite = first !== '' && !first.startsWith('-');
const file = SUITES[isSuite ? first : 'capture'];
if (file === undefined) {
  process.stderr.write(
    `no suite is called ${first}; there are ${Object.keys(SUITES).join(', ')}\n`,
  );
  process.exit(2);
}
const options = isSuite ? rest : process.argv.slice(2);
const args = ['--import', 'tsx', `bench/${file}`, ...options];
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
