/**
 * The two worlds of the simulator with 100, 1,000 and 10,000 virtual machines, in turns, and what
 * stands beside one of them.
 */
import { compileLibrary, ROOT } from './library.ts';
import { median } from './median.ts';
import { Beside, type BesideReport, COMPARED } from './sim-beside.ts';
import {
  endProgress,
  runWorld,
  showProgress,
  type World,
  type WorldReport,
} from './sim-contender.ts';
import { compileNs3 } from './sim-ns3.ts';

interface MeasuredWorld extends World {
  /** Frames a second that the design asks for. */
  readonly must?: number;
}

const WORLDS: readonly MeasuredWorld[] = [
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

/** The medians of a world's rounds; memory is the most. */
export interface MeasuredReport extends MeasuredWorld {
  readonly wwpns: number;
  readonly loginCpuSeconds: number;
  readonly framesPerCpuSecond: number | undefined;
  readonly rssBytes: number;
}
export interface WorldsReport {
  readonly worlds: readonly MeasuredReport[];
  readonly beside: readonly BesideReport[];
  /** What was missing for ns-3. */
  readonly ns3Missing?: string;
  /** How much more a frame costs with 10,000 virtual machines than with 100, where both were measured. */
  readonly growth: Readonly<Partial<Record<World['world'], number>>>;
}

const isCompared = ({ world, kind, vms }: World): boolean =>
  world === COMPARED.world && kind === COMPARED.kind && vms === COMPARED.vms;

function reportOf(world: MeasuredWorld, all: readonly WorldReport[]): MeasuredReport {
  const rates = all.flatMap(({ io }) => io?.framesPerCpuSecond ?? []);
  return {
    ...world,
    wwpns: all[0]!.wwpns,
    loginCpuSeconds: median(all.map(({ logins }) => logins.cpuSeconds)),
    framesPerCpuSecond: rates.length === 0 ? undefined : median(rates),
    rssBytes: Math.max(...all.map(({ rssBytes }) => rssBytes)),
  };
}

function growthOf(worlds: readonly MeasuredReport[], world: World['world']): number | undefined {
  const rate = (vms: number): number | undefined =>
    worlds.find((one) => one.world === world && one.kind === 'headers' && one.vms === vms)
      ?.framesPerCpuSecond;
  const [few, many] = [rate(100), rate(10_000)];
  return few === undefined || many === undefined ? undefined : few / many;
}

/** Measures all worlds, or with `onlyCompared` the one that others stand beside. */
export async function measureWorlds(
  frames: number,
  rounds: number,
  onlyCompared: boolean,
): Promise<WorldsReport> {
  const here = { folder: ROOT, library: compileLibrary('bench-sim', ['']) };
  const ns3 = compileNs3();
  const worlds = WORLDS.filter((world) => !onlyCompared || isCompared(world));
  const beside = new Beside(here, frames, typeof ns3 === 'string' ? undefined : ns3);
  const reports = worlds.map(() => [] as WorldReport[]);
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [i, world] of worlds.entries()) {
        showProgress(`round ${round + 1} of ${rounds}, ${i + 1} of ${worlds.length}`);
        // The large worlds take long and are steady.
        if (world.vms >= 10_000 && round > 0) continue;
        const report = await runWorld(here, world, frames);
        reports[i]!.push(report);
        if (isCompared(world)) await beside.takeTurn(report.io!.framesPerCpuSecond);
      }
    }
  } finally {
    if (typeof ns3 !== 'string') ns3.remove();
  }
  endProgress();
  const measured = worlds.map((world, i) => reportOf(world, reports[i]!));
  const growth: Partial<Record<World['world'], number>> = {};
  for (const world of ['fabric', 'stack'] as const) {
    const times = growthOf(measured, world);
    if (times !== undefined) growth[world] = times;
  }
  return {
    worlds: measured,
    beside: beside.reports(),
    ...(typeof ns3 === 'string' ? { ns3Missing: ns3 } : {}),
    growth,
  };
}

const grouped = (number: number): string => Math.round(number).toLocaleString('en-US');

/** Prints a line for each world. */
export function printWorlds({ worlds, growth }: WorldsReport): void {
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
  for (const [world, times] of Object.entries(growth))
    console.log(
      `${world}: a frame with 10,000 VMs costs ${times.toFixed(2)} times as much as with 100`,
    );
}
