/** The contenders of `bench:sim` that run in Node: each run is a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What a part of a run cost; a frame counts once for each link. */
export interface Part {
  readonly frames: number;
  readonly cpuSeconds: number;
  readonly framesPerCpuSecond: number;
}
/** What a contender prints. */
export interface WorldReport {
  readonly wwpns: number;
  readonly logins: Part;
  readonly io?: Part & { readonly completed: number };
  readonly rssBytes: number;
}
/** What is measured: `vms` is the number of N_Ports that work in it. */
export interface World {
  readonly world: 'fabric' | 'stack' | 'floor';
  readonly kind: 'headers' | 'payloads' | 'logins';
  readonly vms: number;
}
/** A clone of the project, and its library as it is compiled. */
export interface Checkout {
  readonly folder: string;
  readonly library: string;
}

const SCRIPTS = {
  fabric: 'sim-fabric.mjs',
  stack: 'sim-world.mjs',
  floor: 'codec-floor.mjs',
} as const;
/** Room for short-lived objects, in MiB: fewer of those that are in use are copied. */
const NURSERY = '--max-semi-space-size=128';
const HEAP = '--max-old-space-size=8192';

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Errors: that of `spawn`, where it does not start; `AbortError`. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly signal?: AbortSignal } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/**
 * One run of a checkout's own contender with its own library. All that is asked of another commit
 * is that its scripts are called `bench/contenders/… LIBRARY KIND VMS FRAMES` and print a report.
 */
export async function runWorld(
  { folder, library }: Checkout,
  { world, kind, vms }: World,
  frames: number,
  signal?: AbortSignal,
): Promise<WorldReport> {
  const script = join(folder, 'bench/contenders', SCRIPTS[world]);
  const args = [NURSERY, HEAP, script, library, kind, String(vms), String(frames)];
  const done = await run(process.execPath, args, {
    cwd: folder,
    ...(signal === undefined ? {} : { signal }),
  });
  if (done.status !== 0)
    throw new Error(`${folder}: ${world}, ${kind}, ${vms} virtual machines: ${done.stderr}`);
  return JSON.parse(done.stdout) as WorldReport;
}

/** Says on a terminal how far the work is. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text} `);
}

/** Ends the line that `showProgress` wrote. */
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\n');
}
