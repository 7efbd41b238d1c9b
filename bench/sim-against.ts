/**
 * The simulator's worlds beside those of another commit: both are built, and take turns in one run,
 * so that what else the machine does slows both sides of a ratio.
 *
 * Each side is run by its own contender scripts with its own library. This side is the folder as it
 * lies there, committed or not; the other is a git worktree in a temporary folder, built by its own
 * `npm run build` with the packages installed here.
 */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileLibrary, ROOT } from './library.ts';
import { median } from './median.ts';
import {
  type Checkout,
  endProgress,
  run,
  runWorld,
  showProgress,
  type World,
} from './sim-contender.ts';

export interface AgainstOptions {
  /** A commit, as git names it. */
  readonly revision: string;
  readonly turns: number;
  /** Frames of a run. */
  readonly frames: number;
  /** The worlds with data as well. */
  readonly payloads: boolean;
}

/** A world on both sides; rates are frames a processor second, one for each turn. */
export interface WorldAgainst extends World {
  /** Of this side's rate to the other's in each turn. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
  readonly here: readonly number[];
  readonly there: readonly number[];
}
export interface AgainstReport {
  readonly against: string;
  readonly commit: string;
  readonly turns: number;
  readonly frames: number;
  readonly worlds: readonly WorldAgainst[];
}

const VMS = 1000;

async function must(program: string, args: readonly string[], cwd: string, signal: AbortSignal) {
  const done = await run(program, args, { cwd, signal });
  if (done.status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${done.stdout}${done.stderr}`.trimEnd());
  return done.stdout.trim();
}

/** Calls `work` with a checkout of the commit, which is gone afterwards, whatever happens. */
async function withCheckout<T>(
  commit: string,
  signal: AbortSignal,
  work: (there: Checkout) => Promise<T>,
): Promise<T> {
  const place = mkdtempSync(join(tmpdir(), 'sanmotion-against-'));
  const folder = join(place, 'checkout');
  try {
    await must('git', ['worktree', 'add', '--detach', folder, commit], ROOT, signal);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
    await must('npm', ['run', '-s', 'build'], folder, signal);
    return await work({ folder, library: join(folder, 'dist') });
  } finally {
    await run('git', ['worktree', 'remove', '--force', folder], { cwd: ROOT });
    rmSync(place, { recursive: true, force: true });
  }
}

/** Where each turn is one run of each world on each side: the other's, ours, the other's, … */
async function takeTurns(
  here: Checkout,
  there: Checkout,
  { turns, frames, payloads }: AgainstOptions,
  signal: AbortSignal,
): Promise<WorldAgainst[]> {
  const kinds = payloads ? (['headers', 'payloads'] as const) : (['headers'] as const);
  const worlds = kinds.flatMap((kind) =>
    (['fabric', 'stack'] as const).map((world) => ({
      world: { world, kind, vms: VMS },
      here: [] as number[],
      there: [] as number[],
    })),
  );
  for (let turn = 0; turn < turns; turn++) {
    for (const one of worlds) {
      showProgress(`turn ${turn + 1} of ${turns}: ${one.world.world}, ${one.world.kind}     `);
      const rate = async (side: Checkout): Promise<number> =>
        (await runWorld(side, one.world, frames, signal)).io!.framesPerCpuSecond;
      one.there.push(await rate(there));
      one.here.push(await rate(here));
    }
  }
  endProgress();
  return worlds.map((one) => {
    const ratios = one.here.map((rate, turn) => rate / one.there[turn]!);
    const ratio = {
      median: median(ratios),
      min: Math.min(...ratios),
      max: Math.max(...ratios),
    };
    return { ...one.world, ratio, here: one.here, there: one.there };
  });
}

/** Measures. Errors: for a revision that git does not know, and a side that does not build or run. */
export async function measureAgainst(options: AgainstOptions): Promise<AgainstReport> {
  const { revision, turns, frames } = options;
  const stop = new AbortController();
  const { signal } = stop;
  // So that the worktree goes away also when somebody has seen enough.
  const end = (): void => stop.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    const name = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
    const found = await run('git', name, { cwd: ROOT, signal });
    if (found.status !== 0) throw new Error(`--against ${revision}: git knows no such commit`);
    const commit = found.stdout.trim();
    const here = { folder: ROOT, library: compileLibrary('bench-sim', ['']) };
    const worlds = await withCheckout(commit, signal, (there) =>
      takeTurns(here, there, options, signal),
    );
    return { against: revision, commit, turns, frames, worlds };
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

const grouped = (number: number): string => Math.round(number).toLocaleString('en-US');

/** Prints a line for each world. */
export function printAgainst({ against, turns, frames, worlds }: AgainstReport): void {
  console.log(`beside ${against}, ${turns} turns of ${grouped(frames)} frames`);
  console.log('world   kind         VMs   here: frames/s     there   median      min      max');
  for (const { world, kind, vms, ratio, here, there } of worlds) {
    const ratios = [ratio.median, ratio.min, ratio.max];
    console.log(
      [
        world.padEnd(6),
        kind.padEnd(8),
        grouped(vms).padStart(7),
        grouped(median(here)).padStart(14),
        grouped(median(there)).padStart(10),
        ...ratios.map((one) => `${one.toFixed(3)}x`.padStart(7)),
      ].join('  '),
    );
  }
}
