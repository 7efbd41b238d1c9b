/**
 * What the command takes to begin, as whole processes that a user starts, beside Node with nothing to do: its
 * version, and `move` until its first line is out. All of them take a turn in every round.
 *
 * Run: `npm run bench -- start [--rounds N]`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileLibrary, ROOT } from './library.ts';
import { median } from './median.ts';

/** How many times what Node takes: what must be, and what is aimed at. */
const ROWS = [
  { name: 'version', what: 'sanmotion --version', args: ['--version'], must: 3, aim: 1.8 },
  {
    name: 'move',
    what: 'sanmotion move, its first line',
    args: ['move', join(ROOT, 'scenarios/two-host-move.yaml')],
    must: 8,
    aim: 5,
  },
] as const;

/** Milliseconds until a line is out, or the program has ended where it says nothing. */
async function firstLineMs(args: readonly string[]): Promise<number> {
  const began = process.hrtime.bigint();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve) => {
    child.stdout.once('data', () => resolve());
    child.once('close', () => resolve());
  });
  const took = Number(process.hrtime.bigint() - began) / 1e6;
  child.kill();
  return took;
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const main = join(compileLibrary('bench', ['']), 'cli/main.js');
const bare: number[] = [];
const own = ROWS.map((): number[] => []);
for (let round = 0; round < Number(values.rounds); round++) {
  bare.push(await firstLineMs(['-e', 'console.log(0)']));
  for (const [i, { args }] of ROWS.entries()) own[i]!.push(await firstLineMs([main, ...args]));
}
process.stdout.write(`node -e 0                       ${median(bare).toFixed(0)} ms\n`);
for (const [i, { aim, must, what }] of ROWS.entries()) {
  const ratio = median(own[i]!.map((ms, round) => ms / bare[round]!));
  const mark = ratio <= aim ? 'as aimed' : ratio <= must ? 'holds' : 'TOO SLOW';
  const took = `${median(own[i]!).toFixed(0)} ms`.padStart(7);
  process.stdout.write(
    `${what.padEnd(31)} ${took}  ${ratio.toFixed(1)}x (at most ${must}x, aims at ${aim}x): ${mark}\n`,
  );
}
