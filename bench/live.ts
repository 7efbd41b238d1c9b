/**
 * A Linux guest's disk on `sanmotion serve`, next to one of the same guest on the Linux target
 * (`tcm_fc` in a second guest, VN2VN, no switch between): `npm run bench:live`.
 *
 * Both disks are in memory, 64 MiB, and the guest's requests go to them in turns. Everything is
 * emulated on the same processors, so the ratio is the figure.
 *
 * `npm run bench:live -- iscsi` measures the iSCSI target beside tgt instead (live-iscsi.ts), without a guest.
 *
 *   --rounds N    rounds of each kind of request (default 3)
 *   --seconds S   how long a round takes (default 4)
 *   --only TEXT   with `iscsi`: loads whose line has this, such as 'depth 1'
 *   --source      run `serve` from its sources through tsx, as the tests do; else it is built first
 *   --json        one JSON document on standard output
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Guest } from '../test/live/support/guest.ts';
import { Serve } from '../test/live/support/serve.ts';

const LUN_MIB = 64;
/** What `lab/guest/load.c` does: its words, and what of it is told. */
const KINDS = [
  { name: 'sequential read', words: 'read', options: '-b 262144 -d 4', unit: 'MB/s' },
  { name: 'sequential write', words: 'write', options: '-b 262144 -d 4', unit: 'MB/s' },
  { name: '4 KiB random read', words: 'randread', options: '-b 4096 -d 8', unit: 'IOPS' },
  { name: '4 KiB random write', words: 'randwrite', options: '-b 4096 -d 8', unit: 'IOPS' },
] as const;

interface Result {
  readonly name: string;
  readonly unit: string;
  readonly serve: readonly number[];
  readonly linux: readonly number[];
  /** Median of the rounds' ratios. */
  readonly ratio: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** The command of `serve`: built, since tsx adds to every function what a package does not have. */
function commandOf(source: boolean): { command?: readonly string[] } {
  if (source) return {};
  process.stderr.write('building …\n');
  execFileSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' });
  return { command: [process.execPath, 'dist/cli/main.js'] };
}

/** The guest with a disk on each target: on `eth0` through the fabric, on `eth1` from the other guest. */
async function bootBoth(dir: string, serve: Serve, stops: (() => Promise<unknown>)[]) {
  const cable = join(dir, 'link.sock');
  const target = await Guest.boot(dir, {
    name: 'target',
    role: 'target',
    mode: 'vn2vn',
    mac: '52:54:00:bb:00:01',
    cables: [{ listen: cable }],
    arguments: { acl: '20:00:52:54:00:aa:00:02', size: LUN_MIB },
  });
  stops.push(() => target.stop());
  const guest = await Guest.boot(dir, {
    name: 'h1',
    role: 'none',
    cables: [{ connect: serve.socketPath }, { connect: cable }],
  });
  stops.push(() => guest.stop());
  await guest.ok('ins initiator; MODE=fabric fcoe_up eth0; MODE=vn2vn fcoe_up eth1');
  await guest.online(2, 2);
  const disk = async (wwpn: string) => `/dev/${await guest.ok(`disk_of ${wwpn}`)}`;
  return {
    guest,
    serve: await disk('2000525400aa0001'),
    linux: await disk('2000525400aa0002'),
  };
}

async function measure(guest: Guest, disk: string, kind: (typeof KINDS)[number], seconds: number) {
  const command = `load ${kind.words} ${disk} ${seconds} ${kind.options} -m ${LUN_MIB}`;
  const output = await guest.ok(command, (seconds + 60) * 1000);
  const [, ops, bytes, took] = /ops=(\d+) bytes=(\d+) seconds=([\d.]+)/.exec(output)!;
  return Number(kind.unit === 'IOPS' ? ops : Number(bytes) / 1e6) / Number(took);
}

async function run(rounds: number, seconds: number, source: boolean): Promise<Result[]> {
  const dir = mkdtempSync(join(tmpdir(), 'sanmotion-bench-'));
  const stops: (() => Promise<unknown>)[] = [];
  try {
    execFileSync('lab/build-image.sh', { stdio: ['ignore', 'ignore', 'inherit'] });
    const lun = ['--lun', `${LUN_MIB}M`];
    const serve = await Serve.start(dir, { ...commandOf(source), arguments: lun }, false);
    stops.push(() => serve.stop());
    process.stderr.write('booting …\n');
    const disks = await bootBoth(dir, serve, stops);
    const results: Result[] = [];
    for (const kind of KINDS) {
      const [ours, theirs]: number[][] = [[], []];
      // The first round of each warms up: page tables, the compiler, both sides' buffers.
      for (let round = -1; round < rounds; round++) {
        process.stderr.write(`${kind.name} …\n`);
        const mine = await measure(disks.guest, disks.serve, kind, seconds);
        const linux = await measure(disks.guest, disks.linux, kind, seconds);
        if (round < 0) continue;
        ours!.push(mine);
        theirs!.push(linux);
      }
      const ratio = median(ours!.map((one, i) => one / theirs![i]!));
      results.push({ name: kind.name, unit: kind.unit, serve: ours!, linux: theirs!, ratio });
    }
    return results;
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function print(results: readonly Result[]): void {
  const row = (...cells: string[]) =>
    process.stdout.write(
      `${cells[0]!.padEnd(20)}${cells
        .slice(1)
        .map((one) => one.padStart(14))
        .join('')}\n`,
    );
  row('', 'serve', 'tcm_fc', 'ratio');
  for (const { name, unit, serve, linux, ratio } of results) {
    const shown = (values: readonly number[]) =>
      `${median(values).toFixed(unit === 'IOPS' ? 0 : 1)} ${unit}`;
    row(name, shown(serve), shown(linux), ratio.toFixed(2));
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: '' },
    source: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
if (positionals.length === 1 && positionals[0] === 'iscsi') {
  const { benchIscsi, printIscsi } = await import('./live-iscsi.ts');
  const { command } = commandOf(values.source);
  const { rounds, seconds, only } = values;
  const measured = await benchIscsi(Number(rounds), Number(seconds), command, only);
  if (values.json) process.stdout.write(`${JSON.stringify({ results: measured })}\n`);
  else printIscsi(measured);
} else {
  const results = await run(Number(values.rounds), Number(values.seconds), values.source);
  if (values.json) process.stdout.write(`${JSON.stringify({ results })}\n`);
  else print(results);
}
