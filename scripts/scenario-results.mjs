/**
 * The results of every scenario file and of the built-in move, seeds 1 to 5, as lines that can be
 * compared: did a change keep virtual times, I/O accounts and verdicts as they were?
 *
 *     node scripts/scenario-results.mjs --checkout ../old > old.txt
 *     node scripts/scenario-results.mjs > new.txt
 *     node scripts/scenario-results.mjs --compare old.txt new.txt
 *
 * A checkout is run with its own scenario files by its own command, which is built first (`dist`
 * as it lies there with `--no-build`). Lines carry nothing of wall time, and digests only with
 * `--digests`. `--scenario NAME` and `--seeds A..B` run fewer; `--workers N` is how many run at a time.
 *
 * Exit status: 0; 1 when the compared outputs differ; 2 bad usage, or a build that fails.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { differences, linesOf, refusalLines } from './scenario-results/lines.mjs';

const USAGE =
  'usage: node scripts/scenario-results.mjs [--checkout FOLDER] [--no-build] [--digests]\n' +
  '         [--scenario NAME] [--seeds A..B] [--workers N]\n' +
  '       node scripts/scenario-results.mjs --compare BEFORE AFTER';
const BUILT_IN = 'built-in';

function usage(what) {
  process.stderr.write(`scenario-results: ${what}\n${USAGE}\n`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        checkout: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
        compare: { type: 'boolean', default: false },
        digests: { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false },
        scenario: { type: 'string', multiple: true },
        seeds: { type: 'string', default: '1..5' },
        workers: { type: 'string', default: '2' },
      },
    });
  } catch (error) {
    return usage(error.message);
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return usage(`${path}: ${error.message}`);
  }
}

/** Prints what differs, by scenario. Returns the exit status. */
function compare(before, after) {
  let groups;
  try {
    groups = differences(read(before), read(after));
  } catch (error) {
    return usage(error.message);
  }
  for (const [scenario, found] of groups) {
    console.log(
      `${scenario}: ${found.length} ${found.length === 1 ? 'difference' : 'differences'}`,
    );
    for (const one of found) {
      console.log(`  ${one.seed}, ${one.what}`);
      console.log(`    - ${one.before ?? '(nothing)'}`);
      console.log(`    + ${one.after ?? '(nothing)'}`);
    }
  }
  if (groups.size === 0) console.log('no differences');
  return groups.size === 0 ? 0 : 1;
}

function build(checkout) {
  const done = spawnSync('npm', ['run', '-s', 'build'], { cwd: checkout, encoding: 'utf8' });
  if (done.status !== 0) usage(`${checkout} does not build:\n${done.stdout}${done.stderr}`);
}

/** One run as lines. */
function runMove(checkout, { scenario, seed }, lineOptions) {
  const file = scenario === BUILT_IN ? [] : [join('scenarios', `${scenario}.yaml`)];
  const words = ['dist/cli/main.js', 'move', ...file, '--seed', String(seed), '--json'];
  return new Promise((answer) => {
    const child = spawn(process.execPath, [...words, '--pcap', devNull], { cwd: checkout });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => {
        said[name] += text;
      });
    child.on('close', (code, signal) => {
      const run = { scenario, seed, status: code ?? signal };
      // A run that was refused or broke off prints no document.
      answer(
        said.stdout === ''
          ? refusalLines(run, said.stderr.replaceAll(checkout, '.'))
          : linesOf(run, JSON.parse(said.stdout), lineOptions),
      );
    });
  });
}

function seedsOf(text) {
  const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
  if (first === undefined || Number(last) < Number(first)) usage(`--seeds ${text}: give A..B`);
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
}

function scenariosOf(checkout, chosen) {
  const all = [
    BUILT_IN,
    ...readdirSync(join(checkout, 'scenarios'))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => name.slice(0, -'.yaml'.length))
      .sort(),
  ];
  for (const name of chosen ?? [])
    if (!all.includes(name)) usage(`--scenario ${name}: there are ${all.join(', ')}`);
  return chosen === undefined ? all : all.filter((name) => chosen.includes(name));
}

async function results(values) {
  const checkout = resolve(values.checkout);
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1) usage(`--workers ${values.workers}: 1 or more`);
  const seeds = seedsOf(values.seeds);
  const runs = scenariosOf(checkout, values.scenario).flatMap((scenario) =>
    seeds.map((seed) => ({ scenario, seed })),
  );
  if (!values['no-build']) build(checkout);
  const found = new Array(runs.length);
  let next = 0;
  const work = async () => {
    while (next < runs.length) {
      const i = next++;
      found[i] = await runMove(checkout, runs[i], { digests: values.digests });
      if (process.stderr.isTTY) process.stderr.write(`\rrun ${next} of ${runs.length} `);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (process.stderr.isTTY) process.stderr.write('\n');
  process.stdout.write(
    found
      .flat()
      .map((one) => `${one}\n`)
      .join(''),
  );
}

const { values, positionals } = options();
if (values.compare) {
  if (positionals.length !== 2) usage('--compare takes two files');
  process.exitCode = compare(...positionals);
} else if (positionals.length > 0) usage(`what is ${positionals[0]}?`);
else await results(values);
