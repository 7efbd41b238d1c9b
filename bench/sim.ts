/**
 * The simulator: frames a second and core with 100, 1,000 and 10,000 virtual machines, the time in
 * which 100,000 WWPNs log in, and the event queue beside heap-js and SimPy.
 *
 * Two worlds. `fabric` is all of Fibre Channel: N_Ports on ENodes, exchanges, the switch. `stack` has
 * the rest too: guests with their workload and multipath above, a SCSI array below. In both every
 * frame is bytes, each machine encodes or decodes all its headers, and both ends compute the CRC. A
 * frame counts once for each link. Figures are processor time, and worlds take turns, for the
 * machine is not ours alone.
 *
 * Run: `npm run bench:sim -- [--json] [--frames N] [--rounds N] [--pending N]`
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { compileLibrary } from './library.ts';
import { measureQueues } from './sim-queue.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    frames: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    pending: { type: 'string', default: '1000000' },
  },
});

function count(name: 'frames' | 'rounds' | 'pending'): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 1) return number;
  console.error(`--${name} ${values[name]}: a whole number from 1 on`);
  process.exit(2);
}

const frames = count('frames');
const rounds = count('rounds');
const pending = count('pending');

interface Part {
  readonly frames: number;
  readonly cpuSeconds: number;
  readonly framesPerCpuSecond: number;
}
interface WorldReport {
  readonly wwpns: number;
  readonly logins: Part;
  readonly io?: Part & { readonly completed: number };
  readonly rssBytes: number;
}
interface World {
  readonly world: 'fabric' | 'stack';
  readonly kind: 'headers' | 'payloads' | 'logins';
  readonly vms: number;
  /** Frames a second that the design asks for. */
  readonly must?: number;
}

const WORLDS: readonly World[] = [
  { world: 'fabric', kind: 'headers', vms: 100 },
  { world: 'fabric', kind: 'headers', vms: 1000, must: 1e6 },
  { world: 'fabric', kind: 'headers', vms: 10_000 },
  { world: 'fabric', kind: 'payloads', vms: 100 },
  { world: 'fabric', kind: 'payloads', vms: 1000, must: 0.3e6 },
  { world: 'stack', kind: 'headers', vms: 100 },
  { world: 'stack', kind: 'headers', vms: 1000 },
  { world: 'stack', kind: 'headers', vms: 10_000 },
  { world: 'stack', kind: 'payloads', vms: 100 },
  { world: 'stack', kind: 'payloads', vms: 1000 },
  { world: 'stack', kind: 'logins', vms: 10_000 },
];
const SCRIPTS = { fabric: 'sim-fabric.mjs', stack: 'sim-world.mjs' } as const;
/** Room for short-lived objects, in MiB: fewer of those that are in use are copied. */
const NURSERY = '--max-semi-space-size=128';
const HEAP = '--max-old-space-size=8192';

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

function runWorld(library: string, { world, kind, vms }: World): WorldReport {
  const script = `bench/contenders/${SCRIPTS[world]}`;
  const args = [NURSERY, HEAP, script, library, kind, String(vms), String(frames)];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(`${world}, ${kind}, ${vms} virtual machines: ${done.stderr}`);
  return JSON.parse(done.stdout) as WorldReport;
}

const library = compileLibrary('bench-sim', [
  'scenario',
  'sim',
  'campaign',
  'capture',
  'cli/engine.ts',
]);
const reports = WORLDS.map(() => [] as WorldReport[]);
for (let round = 0; round < rounds; round++) {
  for (const [i, world] of WORLDS.entries()) {
    // The large worlds take long and are steady.
    if (world.vms < 10_000 || round === 0) reports[i]!.push(runWorld(library, world));
    if (process.stderr.isTTY)
      process.stderr.write(`\rround ${round + 1} of ${rounds}, ${i + 1} of ${WORLDS.length} `);
  }
}
if (process.stderr.isTTY) process.stderr.write('\n');

const worlds = WORLDS.map(({ world, kind, vms, must }, i) => {
  const all = reports[i]!;
  const io = all.flatMap((one) => one.io ?? []);
  const rates = io.map(({ framesPerCpuSecond }) => framesPerCpuSecond);
  return {
    world,
    kind,
    vms,
    wwpns: all[0]!.wwpns,
    loginCpuSeconds: median(all.map(({ logins }) => logins.cpuSeconds)),
    framesPerCpuSecond: rates.length === 0 ? undefined : median(rates),
    must,
    rssBytes: Math.max(...all.map(({ rssBytes }) => rssBytes)),
  };
});

/** How much more a frame costs with 10,000 virtual machines than with 100. */
function growth(world: World['world']): number {
  const rate = (vms: number): number =>
    worlds.find((one) => one.world === world && one.kind === 'headers' && one.vms === vms)!
      .framesPerCpuSecond!;
  return rate(100) / rate(10_000);
}
const growths = { fabric: growth('fabric'), stack: growth('stack') };
const queues = measureQueues(pending, rounds);

const grouped = (number: number): string => Math.round(number).toLocaleString('en-US');

if (values.json) {
  console.log(JSON.stringify({ frames, rounds, worlds, growth: growths, queues }, undefined, 2));
} else {
  console.log(
    'world   kind         VMs  frames/s and core      must   WWPNs  logged in     memory',
  );
  for (const one of worlds) {
    const { framesPerCpuSecond: rate, must } = one;
    console.log(
      [
        one.world.padEnd(6),
        one.kind.padEnd(8),
        grouped(one.vms).padStart(7),
        (rate === undefined ? '-' : grouped(rate)).padStart(17),
        (must === undefined ? '' : grouped(must)).padStart(9),
        grouped(one.wwpns).padStart(7),
        `${one.loginCpuSeconds.toFixed(2)} s`.padStart(9),
        `${Math.round(one.rssBytes / 1e6)} MB`.padStart(9),
      ].join('  '),
    );
  }
  for (const [world, times] of Object.entries(growths))
    console.log(
      `${world}: a frame with 10,000 VMs costs ${times.toFixed(2)} times as much as with 100`,
    );
  console.log(`event queue, ${grouped(pending)} pending, events taken and replaced:`);
  for (const { name, eventsPerCpuSecond, ratio } of queues) {
    const beside = ratio === undefined ? '' : `, ours is ${ratio.toFixed(1)} times as fast`;
    console.log(`  ${name.padEnd(12)} ${(eventsPerCpuSecond / 1e6).toFixed(2)} M/s${beside}`);
  }
}
