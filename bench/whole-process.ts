/** What a program takes for a capture, its start left out: all of a run, less one over a capture without frames. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one turn took, for each frame. */
export interface Sample {
  readonly cpuNs: number;
  readonly wallNs: number;
  readonly rssBytes: number | undefined;
}

/** The most memory that a process has held so far; only Linux tells. */
function peakRssBytes(pid: number): number | undefined {
  try {
    const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}

/** The program that a shell has started. */
function childOf({ pid }: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  } catch {
    return Number.NaN;
  }
}

/** `0m3.202s` in nanoseconds. */
const nsOfTimes = (text: string): number => {
  const [, minutes, seconds] = /(\d+)m([\d.]+)s/.exec(text)!;
  return (Number(minutes) * 60 + Number(seconds)) * 1e9;
};

/** A run over a whole file: all it took, its start included. */
async function runWhole(command: readonly string[]): Promise<Sample> {
  // The shell's `times` is how a process learns what its child took.
  const script = '"$@" >/dev/null 2>&1 || exit; times';
  const start = process.hrtime.bigint();
  const shell = spawn('sh', ['-c', script, 'sh', ...command]);
  let rssBytes: number | undefined;
  const watch = setInterval(() => {
    rssBytes = peakRssBytes(childOf(shell)) ?? rssBytes;
  }, 20);
  let printed = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const status = await new Promise((done) => shell.on('close', done));
  clearInterval(watch);
  if (status !== 0) throw new Error(`${command[0]} ended with status ${status}`);
  const wallNs = Number(process.hrtime.bigint() - start);
  const [user, system] = printed.trim().split('\n').at(-1)!.split(' ');
  return { cpuNs: nsOfTimes(user!) + nsOfTimes(system!), wallNs, rssBytes };
}

/** What a program takes for each frame; `commandOf` says how it is called for a capture. */
export async function runLessStart(
  commandOf: (capture: string) => readonly string[],
  capture: string,
  empty: string,
  frames: number,
): Promise<Sample> {
  const start = await runWhole(commandOf(empty));
  const whole = await runWhole(commandOf(capture));
  return {
    cpuNs: (whole.cpuNs - start.cpuNs) / frames,
    wallNs: (whole.wallNs - start.wallNs) / frames,
    rssBytes: whole.rssBytes,
  };
}
