/** Policies for the data of a guest that has moved away, each by formula and by run, side by side. */
import type { Verdict } from '../audit/verdict.ts';
import { formatHex } from '../codecs/layout/index.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { POLICIES, POLICIES_OF_SITES, type Policy } from '../run/policies.ts';
import { runMove } from '../run/run.ts';
import { WayLedger, type WaySums } from '../run/way-ledger.ts';
import type { World } from '../scenario/build.ts';
import type { Protocol } from '../scenario/protocols.ts';
import { type RoutedWay, withRouters } from '../scenario/routed-cables.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type Cable, nodesOf } from '../scenario/topology.ts';
import { luIdOf } from '../scsi/target/logical-unit.ts';
import { COPY_POLICIES, type CopyRow, compareCopies } from './gravity-copy.ts';
import { type Expected, expectedOf, type Measured, writeTripsOf } from './gravity-formula.ts';
import { apart, gravityScenario, HIT_US, isBetweenArrays, isLong } from './gravity-world.ts';

/** So many round trips behind the move its beginning is over: legs are known, commands of before have ended. */
const SETTLED_TRIPS = 3;
/** The hypervisor asks for the lead, and gets it: with what the array tells the other one of it. */
const LED_TRIPS = 12;
/** A formula and a run may differ by so much. */
export const DIFFERENCE_MAX = 0.1;
const BLOCK_BYTES = 512;

/** A policy at one distance. */
export interface GravityRow {
  readonly policy: Policy;
  readonly rttMs: number;
  readonly formula: Expected;
  readonly run: Expected;
  /** Run against formula: 0.05 is 5 % more. */
  readonly readDiffers: number;
  readonly writeDiffers: number;
  readonly hitShare: number | null;
  /** The ledger: each I/O's way, summed up. */
  readonly reads: WaySums;
  readonly writes: WaySums;
  /** What went over links to other sites for each second of the run. */
  readonly linkBytesPerSecond: number;
  /** I8 of the run: no read was older than allowed. */
  readonly linearizable: Verdict['result'];
}

/** A comparison. */
export interface GravityResult {
  readonly scenario: string;
  readonly protocol: Protocol;
  readonly seed: number;
  /** Where the data are near. */
  readonly near: Expected;
  readonly writeTrips: number;
  readonly diskBytes: number;
  readonly linkMBs: number;
  readonly rows: readonly GravityRow[];
  /** What it takes to bring the disk over; none over NFS, where no host copies it. */
  readonly copies: readonly CopyRow[];
}

/** What is to be compared. */
export interface GravityJob {
  readonly scenario: Scenario;
  readonly rttMs: readonly number[];
  readonly policies?: readonly Policy[];
  /** What the guest would write while its disk is copied, in megabytes a second; left out: no copies are made. */
  readonly dirtyMBs?: readonly number[];
  /** Over IP: routers between the sites. */
  readonly routed?: RoutedWay;
  /** Changes machines before a run: tests break them. */
  readonly prepare?: (world: World) => void;
  readonly progress?: (words: string) => void;
}

/** The policies that there are where a protocol carries the storage. */
export const policiesOver = (protocol: Protocol): readonly Policy[] =>
  protocol === 'nfs' ? POLICIES.filter((one) => !POLICIES_OF_SITES.includes(one)) : POLICIES;

/** Makes the runs and compares. Errors: `RunError` where a world does not come up. */
export function compareGravity(job: GravityJob): GravityResult {
  const { scenario, rttMs, policies = policiesOver(job.scenario.protocol), progress } = job;
  const vm = scenario.vms.find(({ name }) => name === scenario.move.vm)!;
  const bytes = vm.workload.blocksMax * BLOCK_BYTES;
  const writeTrips = writeTripsOf(scenario.protocol, scenario.array.firstBurst, bytes);
  progress?.('where the data are near');
  const near = meansOf(measure(job, 'leave', 0).ledger);
  const rows = rttMs.flatMap((rtt) => {
    const rows: GravityRow[] = [];
    for (const policy of policies) {
      progress?.(`${policy}, ${rtt} ms`);
      // Once it is there, it does not matter how a disk came.
      const same = rows.find((one) => policy === 'iterative-copy' && one.policy === 'mirror-move');
      rows.push(
        same === undefined
          ? rowOf(job, policy, { ...near, rttMs: rtt, writeTrips })
          : { ...same, policy },
      );
    }
    return rows;
  });
  const disks = scenario.array.luns.filter(({ name }) => vm.luns.includes(name));
  return {
    scenario: scenario.name,
    protocol: scenario.protocol,
    seed: scenario.seed,
    near,
    writeTrips,
    diskBytes: disks.reduce((sum, { blocks }) => sum + blocks * BLOCK_BYTES, 0),
    linkMBs: (scenario.links.gbps * 1e9) / 8e6,
    rows,
    copies: copiesOf(job, near, rows),
  };
}

function copiesOf(job: GravityJob, near: Expected, rows: readonly GravityRow[]): CopyRow[] {
  const { dirtyMBs = [], policies = POLICIES, scenario } = job;
  if (scenario.protocol === 'nfs') return [];
  return compareCopies({
    ...{ ...job, dirtyMBs, nearWriteMs: near.writeMs },
    policies: dirtyMBs.length === 0 ? [] : COPY_POLICIES.filter((one) => policies.includes(one)),
    leftRate: (rtt) =>
      rows.find((one) => one.policy === 'leave' && one.rttMs === rtt)?.linkBytesPerSecond ?? 0,
  });
}

function rowOf(
  job: GravityJob,
  policy: Policy,
  given: Omit<Measured, 'hitMs' | 'hitShare' | 'awayShare'>,
): GravityRow {
  const { ledger, verdict } = measure(job, policy, given.rttMs);
  const [reads, writes] = [ledger.sums('read'), ledger.sums('write')];
  const isCached = policy.startsWith('cache');
  const hitShare = reads.ios === 0 ? 0 : reads.byHost / reads.ios;
  const awayShare = reads.ios === 0 ? 0 : reads.away / reads.ios;
  // Each packet of a host passes one router, there and back; arrays have their own way.
  const isRouted = policy !== 'stretched-array';
  const hopsMs = isRouted ? (2 * (job.routed?.hopNs ?? 0)) / MILLISECOND : 0;
  const rttMs = given.rttMs + hopsMs;
  const formula = expectedOf(policy, {
    ...given,
    rttMs,
    hitMs: HIT_US / 1000,
    hitShare,
    awayShare,
  });
  const run = meansOf(ledger);
  const { bytes, forNs } = ledger.between;
  return {
    policy,
    rttMs: given.rttMs,
    formula,
    run,
    readDiffers: reads.ios === 0 ? 0 : run.readMs / formula.readMs - 1,
    writeDiffers: writes.ios === 0 ? 0 : run.writeMs / formula.writeMs - 1,
    hitShare: isCached ? (policy === 'cache-shared' ? 1 - awayShare : hitShare) : null,
    reads,
    writes,
    linkBytesPerSecond: forNs === 0 ? 0 : Math.round(bytes / (forNs / 1e9)),
    linearizable: verdict.find(({ invariant }) => invariant === 'I8')!.result,
  };
}

const meansOf = (ledger: WayLedger): Expected => ({
  readMs: ledger.sums('read').meanNs / 1e6,
  writeMs: ledger.sums('write').meanNs / 1e6,
});

/** One run of a policy, and the ledger of its I/Os behind the move. */
function measure(job: GravityJob, policy: Policy, rttMs: number) {
  const { prepare, routed, scenario: base } = job;
  const scenario = gravityScenario(base, policy, rttMs);
  const isPair = policy === 'stretched-array';
  // Behind the move the guest is where the second unit is; a unit of two arrays is at both sites.
  const near = formatHex(luIdOf(scenario.array.name, isPair ? 0 : 1));
  const settledTrips = isPair ? LED_TRIPS : SETTLED_TRIPS;
  const long = new Set<string>();
  const ofArray = new Set<string>();
  const between = new Set<string>();
  const ledger = new WayLedger({
    isLong: (tap) => long.has(tap),
    isOfArray: (tap) => ofArray.has(tap),
    isBetweenArrays: (tap) => between.has(tap),
    isAway: (luName) => luName !== near,
  });
  const { verdict } = runMove({
    scenario,
    arrange: (plan) => {
      const topology = apart(plan, rttMs);
      const arrays = new Set(nodesOf(topology, 'array').map(({ name }) => name));
      for (const cable of topology.cables) {
        if (isLong(cable)) long.add(cable.name);
        if (isBetweenArrays(cable)) between.add(cable.name);
        if (cable.ends.some(({ node }) => arrays.has(node))) ofArray.add(cable.name);
      }
      // Where the data are near there is no way between sites.
      const wayOf = (cable: Cable) =>
        rttMs > 0 && isLong(cable) && !isBetweenArrays(cable) ? routed : undefined;
      return withRouters(topology, wayOf);
    },
    ...(prepare === undefined ? {} : { prepare }),
    observer: {
      begin: (places) => ledger.begin(places),
      observe: (entry) => {
        if (entry.event.type === 'move-end')
          ledger.countFrom(entry.at + settledTrips * rttMs * MILLISECOND);
        ledger.observe(entry);
      },
      see: (frame) => ledger.see(frame),
    },
  });
  return { ledger, verdict };
}

/** Whether formula and run of a row agree, and every read was as new as it must be. */
export function isSound({ linearizable, readDiffers, writeDiffers }: GravityRow): boolean {
  const most = Math.max(Math.abs(readDiffers), Math.abs(writeDiffers));
  return most <= DIFFERENCE_MAX && linearizable !== 'violated';
}
