/**
 * `serve` as an iSCSI target beside Debian's tgt, on loopback, by two clients that are neither's: `npm run bench:live -- iscsi`.
 *
 * Both units are in memory, 64 MiB, digests are off, and each kind of load goes to them in turns. The processor time is
 * that of the target, client not counted.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Serve } from '../test/live/support/serve.ts';
import { endOf, until } from '../test/live/support/wait.ts';
import { median } from './median.ts';

const LUN_BYTES = 64 * 2 ** 20;
const NAME = 'iqn.2026-01.com.example:sanmotion';
/** An instance of tgt of its own. */
const CONTROL_PORT = 17;
const TICKS_PER_SECOND = 100;
const LIMIT_MS = 20_000;

/** One kind of load. */
interface Load {
  readonly client: 'qemu-img bench' | 'iscsi-perf';
  readonly direction: 'read' | 'write';
  readonly bytes: number;
  readonly depth: number;
}

const LOADS: readonly Load[] = [4096, 262_144].flatMap((bytes) =>
  [1, 32].flatMap((depth): Load[] => [
    { client: 'qemu-img bench', direction: 'read', bytes, depth },
    { client: 'qemu-img bench', direction: 'write', bytes, depth },
    { client: 'iscsi-perf', direction: 'read', bytes, depth },
  ]),
);

/** A target that runs. */
interface Target {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<unknown>;
}

/** What a target did in one round. */
interface Round {
  readonly perSecond: number;
  /** Processor time of the target for a request, in microseconds. */
  readonly cpuUs: number;
}

/** One kind of load at both. */
export interface IscsiResult extends Load {
  readonly serve: readonly Round[];
  readonly tgt: readonly Round[];
  /** Medians of the rounds' ratios, `serve` to tgt. */
  readonly ratio: number;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function openServe(dir: string, command: readonly string[] | undefined): Promise<Target> {
  const options = { listen: ['iscsi:127.0.0.1:0'], arguments: ['--lun', `${LUN_BYTES >> 20}M`] };
  const serve = await Serve.start(
    dir,
    command === undefined ? options : { ...options, command },
    false,
  );
  const port = /iscsi:127\.0\.0\.1:(\d+)/.exec(serve.log)![1];
  return { url: `iscsi://127.0.0.1:${port}/${NAME}/0`, pid: serve.pid, stop: () => serve.stop() };
}

async function openTgt(dir: string): Promise<Target> {
  const port = await freePort();
  const file = join('/dev/shm', `${dir.split('/').at(-1)}.img`);
  writeFileSync(file, '');
  truncateSync(file, LUN_BYTES);
  const words = ['-f', '-C', String(CONTROL_PORT), '--iscsi', `portal=127.0.0.1:${port}`];
  const child: ChildProcess = spawn('tgtd', words, { stdio: 'ignore' });
  const admin = (...more: readonly string[]): void => {
    const common = ['-C', String(CONTROL_PORT), '--lld', 'iscsi', '--tid', '1'];
    execFileSync('tgtadm', [...common, ...more], { stdio: 'ignore' });
  };
  const made = (): boolean => {
    try {
      admin('--op', 'new', '--mode', 'target', '-T', NAME);
      return true;
    } catch {
      return false;
    }
  };
  await until(made, LIMIT_MS, 'tgtd answers');
  admin('--op', 'new', '--mode', 'logicalunit', '--lun', '1', '-b', file);
  admin('--op', 'bind', '--mode', 'target', '-I', 'ALL');
  return {
    url: `iscsi://127.0.0.1:${port}/${NAME}/1`,
    pid: child.pid!,
    stop: async () => {
      await endOf(child, 'SIGKILL', LIMIT_MS);
      rmSync(file, { force: true });
    },
  };
}

/** Processor time of a process and its threads so far, in seconds. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** One round: requests a second, and how many there were. */
function run(
  { client, direction, bytes, depth }: Load,
  url: string,
  seconds: number,
  count: number,
) {
  if (client === 'iscsi-perf') {
    const words = ['-m', String(depth), '-b', String(bytes / 512), '-t', String(seconds), url];
    const said = execFileSync('iscsi-perf', words, {
      encoding: 'latin1',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const perSecond = Number(/iops average (\d+) \([^)]*\)\s*\n/.exec(said)![1]);
    return { perSecond, requests: perSecond * seconds };
  }
  const words = ['bench', '-t', 'none', '-f', 'raw', '-c', String(count), '-d', String(depth)];
  const all = [...words, '-s', String(bytes), ...(direction === 'write' ? ['-w'] : []), url];
  const said = execFileSync('qemu-img', all, { encoding: 'utf8' });
  const took = Number(/completed in ([\d.]+) seconds/.exec(said)![1]);
  return { perSecond: count / took, requests: count };
}

function measure(load: Load, target: Target, seconds: number): Round {
  // `qemu-img bench` counts requests: as many as take about so long.
  const trial = load.client === 'iscsi-perf' ? 1 : run(load, target.url, seconds, 500).perSecond;
  const before = cpuOf(target.pid);
  const { perSecond, requests } = run(
    load,
    target.url,
    seconds,
    Math.max(100, Math.round(trial * seconds)),
  );
  return { perSecond, cpuUs: ((cpuOf(target.pid) - before) / requests) * 1e6 };
}

/** Runs it all. `command`: how `serve` is run where not from its sources; `only`: loads whose line has this. */
export async function benchIscsi(
  rounds: number,
  seconds: number,
  command: readonly string[] | undefined,
  only = '',
): Promise<IscsiResult[]> {
  const dir = mkdtempSync(join(tmpdir(), 'sanmotion-bench-'));
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const serve = await openServe(dir, command);
    stops.push(serve.stop);
    const tgt = await openTgt(dir);
    stops.push(tgt.stop);
    return LOADS.filter((load) => describe(load).includes(only)).map((load) => {
      const results: { serve: Round[]; tgt: Round[] } = { serve: [], tgt: [] };
      // The first round of each warms up.
      for (let round = -1; round < rounds; round++) {
        process.stderr.write(`${describe(load)} …\n`);
        const mine = measure(load, serve, seconds);
        const theirs = measure(load, tgt, seconds);
        if (round < 0) continue;
        results.serve.push(mine);
        results.tgt.push(theirs);
      }
      const ratios = results.serve.map((one, i) => one.perSecond / results.tgt[i]!.perSecond);
      return { ...load, ...results, ratio: median(ratios) };
    });
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const describe = ({ client, direction, bytes, depth }: Load): string =>
  `${client} ${direction} ${bytes / 1024} KiB, depth ${depth}`;

/** A row for each kind of load. */
export function printIscsi(results: readonly IscsiResult[]): void {
  const row = (first: string, ...cells: readonly string[]): void => {
    const rest = cells.map((one) => one.padStart(13)).join('');
    process.stdout.write(`${first.padEnd(42)}${rest}\n`);
  };
  row('', 'serve', 'tgt', 'ratio', 'serve CPU', 'tgt CPU');
  for (const result of results) {
    const of = (rounds: readonly Round[], key: keyof Round): number =>
      median(rounds.map((one) => one[key]));
    const { serve, tgt, ratio } = result;
    row(
      describe(result),
      `${of(serve, 'perSecond').toFixed(0)}/s`,
      `${of(tgt, 'perSecond').toFixed(0)}/s`,
      ratio.toFixed(2),
      `${of(serve, 'cpuUs').toFixed(0)} us`,
      `${of(tgt, 'cpuUs').toFixed(0)} us`,
    );
  }
}
