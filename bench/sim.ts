/**
 * The simulator: frames a second and core with 100, 1,000 and 10,000 virtual machines, the time in
 * which 100,000 WWPNs log in, and the event queue beside heap-js and SimPy.
 *
 * Every frame is made by one machine and read by the next: host, switch and array encode and decode
 * all headers, and both ends compute the CRC. A frame counts once for each link. Figures are
 * processor time, and contenders take turns, for the machine is not ours alone.
 *
 * Run: `npm run bench:sim -- [--json] [--frames N] [--rounds N]`
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
const frames = Number(values.frames);
const rounds = Number(values.rounds);
const pending = Number(values.pending);

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

/** What the design asks for. */
const WORLDS = [
  { kind: 'headers', vms: 100, must: undefined },
  { kind: 'headers', vms: 1000, must: 1e6 },
  { kind: 'payloads', vms: 100, must: undefined },
  { kind: 'payloads', vms: 1000, must: 0.3e6 },
  { kind: 'headers', vms: 10_000, must: undefined },
  { kind: 'logins', vms: 10_000, must: undefined },
] as const;

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

function runWorld(library: string, kind: string, vms: number): WorldReport {
  const args = ['bench/contenders/sim-world.mjs', library, kind, String(vms), String(frames)];
  const done = spawnSync(process.execPath, ['--max-old-space-size=8192', ...args], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`${kind}, ${vms} virtual machines: ${done.stderr}`);
  return JSON.parse(done.stdout) as WorldReport;
}

const library = compileLibrary('bench-sim', ['scenario', 'sim', 'campaign', 'capture']);
const reports = WORLDS.map(() => [] as WorldReport[]);
for (let round = 0; round < rounds; round++) {
  for (const [i, { kind, vms }] of WORLDS.entries()) {
    // The large worlds take long and are steady.
    if (vms < 10_000 || round === 0) reports[i]!.push(runWorld(library, kind, vms));
  }
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
}
const worlds = WORLDS.map(({ kind, vms, must }, i) => {
  const all = reports[i]!;
  const io = all.flatMap((one) => one.io ?? []);
  return {
    kind,
    vms,
    wwpns: all[0]!.wwpns,
    loginCpuSeconds: median(all.map(({ logins }) => logins.cpuSeconds)),
    framesPerCpuSecond:
      io.length === 0 ? undefined : median(io.map((one) => one.framesPerCpuSecond)),
    must,
    rssBytes: Math.max(...all.map(({ rssBytes }) => rssBytes)),
  };
});
const rate = (kind: string, vms: number): number =>
  worlds.find((one) => one.kind === kind && one.vms === vms)!.framesPerCpuSecond!;
const growth = rate('headers', 100) / rate('headers', 10_000);
const queues = measureQueues(pending, rounds);

if (values.json) {
  console.log(JSON.stringify({ frames, rounds, worlds, growth, queues }, undefined, 2));
} else {
  for (const one of worlds) {
    const speed =
      one.framesPerCpuSecond === undefined
        ? ''
        : `${Math.round(one.framesPerCpuSecond / 1000).toLocaleString('en-US')} k frames/s and core${one.must === undefined ? '' : ` (must ${one.must / 1000} k)`}, `;
    console.log(
      `${one.kind.padEnd(8)} ${one.vms.toLocaleString('en-US').padStart(6)} VMs  ${speed}${one.wwpns.toLocaleString('en-US')} WWPNs logged in and their units found in ${one.loginCpuSeconds.toFixed(2)} s, ${Math.round(one.rssBytes / 1e6)} MB`,
    );
  }
  console.log(`cost of a frame with 10,000 VMs: ${growth.toFixed(2)} times that with 100`);
  console.log(
    `event queue, ${pending.toLocaleString('en-US')} pending, events taken and replaced:`,
  );
  for (const { name, eventsPerCpuSecond, ratio } of queues)
    console.log(
      `  ${name.padEnd(12)} ${(eventsPerCpuSecond / 1e6).toFixed(2)} M/s${ratio === undefined ? '' : `, ours is ${ratio.toFixed(1)} times as fast`}`,
    );
}
