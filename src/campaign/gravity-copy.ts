/** What it takes to bring a guest's disk to another site while it writes: by formula, and by a move that takes it along. */
import { FC_PAYLOAD_BYTES_MAX } from '../codecs/fc/index.ts';
import type { HistoryEntry } from '../history/index.ts';
import { SECOND } from '../machine/machine.ts';
import { FIRST_SEGMENTS, TCP_DEFAULTS } from '../net/index.ts';
import { runMove } from '../run/run.ts';
import type { World } from '../scenario/build.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type CopyGiven, type CopyTime, copyTimeOf, writeTripsOf } from './gravity-formula.ts';
import { apart, gravityScenario } from './gravity-world.ts';

/** Policies that bring a disk over. */
export const COPY_POLICIES = ['mirror-move', 'iterative-copy'] as const;
/** One of `COPY_POLICIES`. */
export type CopyPolicy = (typeof COPY_POLICIES)[number];

const BLOCK_BYTES = 512;
const CHUNK_BLOCKS = 128;
/** Chunks that are under way at once, and rounds before an iterative copy is given up. */
const WINDOW_CHUNKS = 16;
const ROUNDS = 8;
/** Blocks of the largest write of the guest, and how many it has on average. */
const WRITE_BLOCKS_MAX = 16;
const WRITE_BYTES = ((1 + WRITE_BLOCKS_MAX) / 2) * BLOCK_BYTES;
const QUEUE_DEPTH_MAX = 64;

/** What a copy took in a run. */
export interface CopyRun {
  readonly seconds: number | null;
  readonly stopMs: number;
  /** What the guest wrote meanwhile: a mirror slows it down. */
  readonly writesMBs: number;
}

/** A copy of the disk at one distance, while so much was to be written. Times of the formula where not said otherwise. */
export interface CopyRow {
  readonly policy: CopyPolicy;
  readonly rttMs: number;
  /** What the guest would write, were nothing copied. */
  readonly dirtyMBs: number;
  /** `null`: it comes to no end. */
  readonly seconds: number | null;
  readonly stopMs: number;
  /** When what is left behind has sent as many bytes over the link; `null` where it sends none, or is not compared. */
  readonly breakEvenSeconds: number | null;
  readonly run: CopyRun;
  /** Run against formula: 0.05 is 5 % more; `null` where only one of them comes to an end. */
  readonly differs: number | null;
  readonly stopDiffers: number | null;
}

/** What is to be brought over. */
export interface CopyJob {
  readonly scenario: Scenario;
  readonly rttMs: readonly number[];
  readonly dirtyMBs: readonly number[];
  readonly policies: readonly CopyPolicy[];
  /** A write where the data are near. */
  readonly nearWriteMs: number;
  /** Bytes a second over the link to a disk that was left, by distance. */
  readonly leftRate: (rttMs: number) => number;
  /** Changes machines before a run: tests break them. */
  readonly prepare?: (world: World) => void;
  readonly progress?: (words: string) => void;
}

/** Makes the runs. Errors: `RunError` where a world does not come up. */
export function compareCopies(job: CopyJob): CopyRow[] {
  const { dirtyMBs, policies, progress, rttMs, scenario } = job;
  if (policies.length === 0) return [];
  const disk = diskBlocksOf(scenario);
  progress?.('a copy where the data are near');
  // One chunk at once: what each takes, without any that it waits for.
  const near = copyRun(job, { policy: 'mirror-move', rttMs: 0, dirtyMBs: 0, windowChunks: 1 });
  const chunks = Math.ceil(disk / CHUNK_BLOCKS);
  const common = {
    chunks,
    chunkBytes: CHUNK_BLOCKS * BLOCK_BYTES,
    windowChunks: WINDOW_CHUNKS,
    restChunks: WINDOW_CHUNKS,
    rounds: ROUNDS,
    chunkMs: ((near.seconds ?? 0) * 1000) / chunks,
    workingChunks: Math.ceil(workingBlocksOf(scenario) / CHUNK_BLOCKS),
    writeBytes: WRITE_BYTES,
    linkMBs: (scenario.links.gbps * 1e9) / 8e6,
    ...wayOf(scenario),
    writeTrips: writeTripsOf(
      scenario.protocol,
      scenario.array.firstBurst,
      CHUNK_BLOCKS * BLOCK_BYTES,
    ),
  };
  return policies.flatMap((policy) =>
    rttMs.flatMap((rtt) =>
      dirtyMBs.map((dirty) => {
        progress?.(`${policy}, ${rtt} ms, ${dirty} MB/s`);
        const at = { policy, rttMs: rtt, dirtyMBs: dirty, windowChunks: WINDOW_CHUNKS };
        const run = copyRun(job, at);
        const given: CopyGiven = { ...common, rttMs: rtt, writesMBs: run.writesMBs };
        return rowOf(at, copyTimeOf(policy, given), run, job.leftRate(rtt));
      }),
    ),
  );
}

/** What the way to the other site lets be under way at once. */
function wayOf({ links, protocol }: Scenario): Pick<CopyGiven, 'wayBytes' | 'firstBytes'> {
  if (protocol === 'fc') {
    const frames = Math.ceil((CHUNK_BLOCKS * BLOCK_BYTES) / FC_PAYLOAD_BYTES_MAX);
    return { wayBytes: (links.bbCredit * CHUNK_BLOCKS * BLOCK_BYTES) / frames };
  }
  if (protocol !== 'iscsi') return {};
  const { mss, receiveWindowBytes } = TCP_DEFAULTS;
  return { wayBytes: receiveWindowBytes, firstBytes: FIRST_SEGMENTS * mss };
}

function rowOf(
  { dirtyMBs, policy, rttMs }: Pick<CopyRow, 'policy' | 'rttMs' | 'dirtyMBs'>,
  formula: CopyTime,
  run: CopyRun,
  rate: number,
): CopyRow {
  const seconds = formula.ends ? formula.seconds : null;
  return {
    ...{ policy, rttMs, dirtyMBs, seconds, stopMs: formula.stopMs, run },
    breakEvenSeconds: rate === 0 || !formula.ends ? null : formula.bytes / rate,
    differs: differenceOf(seconds, run.seconds),
    stopDiffers: differenceOf(formula.stopMs, run.stopMs),
  };
}

/** Nothing differs from nothing by nothing. */
function differenceOf(formula: number | null, run: number | null): number | null {
  if (formula === run) return 0;
  return formula === null || run === null || formula === 0 ? null : run / formula - 1;
}

/** Whether formula and run of a copy agree, by so much. */
export function isCopySound({ differs, stopDiffers }: CopyRow, most: number): boolean {
  return [differs, stopDiffers].every((one) => one !== null && Math.abs(one) <= most);
}

const guestOf = ({ move, vms }: Scenario) => vms.find(({ name }) => name === move.vm)!;

/** All that the guest has. */
function diskBlocksOf(scenario: Scenario): number {
  const { luns } = guestOf(scenario);
  const units = scenario.array.luns.filter(({ name }) => luns.includes(name));
  return units.reduce((sum, { blocks }) => sum + blocks, 0);
}

const workingBlocksOf = (scenario: Scenario): number =>
  Math.min(guestOf(scenario).workload.rangeBlocks, diskBlocksOf(scenario));

interface CopyAt {
  readonly policy: CopyPolicy;
  readonly rttMs: number;
  readonly dirtyMBs: number;
  readonly windowChunks: number;
}

/** The guest's disk is at the first site, and goes along with it to the second. */
function copyScenario({ nearWriteMs, scenario: base }: CopyJob, at: CopyAt): Scenario {
  const { dirtyMBs, policy, rttMs, windowChunks } = at;
  const scenario = gravityScenario(base, 'leave', rttMs);
  const [vm] = scenario.vms;
  const bytesPerMs = dirtyMBs * 1000;
  const depth = Math.ceil((bytesPerMs * nearWriteMs) / WRITE_BYTES);
  const queueDepth = Math.min(QUEUE_DEPTH_MAX, Math.max(1, depth));
  const thinkMs = dirtyMBs === 0 ? 2 : (queueDepth * WRITE_BYTES) / bytesPerMs - nearWriteMs;
  const blocks = diskBlocksOf(base);
  const units = ['d0', 'd1'];
  return {
    ...scenario,
    array: {
      ...scenario.array,
      luns: scenario.array.luns.map((one) => ({ ...one, blocks })),
    },
    vms: [
      {
        ...vm!,
        luns: units,
        workload: {
          ...vm!.workload,
          readPercent: dirtyMBs === 0 ? 100 : 0,
          blocksMax: WRITE_BLOCKS_MAX,
          rangeBlocks: workingBlocksOf(base),
          queueDepth,
          thinkUs: Math.max(0, thinkMs * 1000),
        },
      },
    ],
    move: {
      ...scenario.move,
      drain: 'wait',
      preCopyMs: 0,
      disk: {
        to: 'd1',
        by: policy === 'mirror-move' ? 'mirror' : 'iterative',
        chunkBlocks: CHUNK_BLOCKS,
        windowBlocks: windowChunks * CHUNK_BLOCKS,
        restBlocks: windowChunks * CHUNK_BLOCKS,
        rounds: ROUNDS,
        marks: 'ended',
      },
    },
    timing: { ...scenario.timing, beforeMs: 5, afterMs: 5 },
  };
}

function copyRun(job: CopyJob, at: CopyAt): CopyRun {
  const scenario = copyScenario(job, at);
  const clock = new CopyClock();
  runMove({
    scenario,
    arrange: (plan) => apart(plan, at.rttMs),
    ...(job.prepare === undefined ? {} : { prepare: job.prepare }),
    observer: { observe: (entry) => clock.observe(entry) },
  });
  return clock.run;
}

/** Follows a copy by what is told of it. */
class CopyClock {
  #began = 0;
  #copiedNs = 0;
  #restAt: number | undefined;
  #stopNs = 0;
  #isWhole = false;
  #isCopying = false;
  #written = 0;

  observe({ at, event }: HistoryEntry): void {
    if (event.type === 'volume-io') {
      const isCounted = this.#isCopying && event.op === 'write' && event.state === 'good';
      if (isCounted) this.#written += event.blocks * BLOCK_BYTES;
      return;
    }
    if (event.type !== 'disk-copy') return;
    switch (event.state) {
      case 'began':
        this.#began = at;
        this.#isCopying = true;
        return;
      case 'copied':
        this.#pass(at);
        return;
      case 'rest':
        this.#restAt = at;
        return;
      case 'whole':
        if (this.#isWhole) return;
        this.#isWhole = true;
        if (this.#restAt === undefined) this.#pass(at);
        else this.#stopNs = at - this.#restAt;
        return;
      case 'failed':
        if (this.#isCopying) this.#pass(at);
    }
  }

  #pass(at: number): void {
    this.#copiedNs = at - this.#began;
    this.#isCopying = false;
  }

  get run(): CopyRun {
    const ns = this.#copiedNs;
    return {
      seconds: this.#isWhole ? (ns + this.#stopNs) / SECOND : null,
      stopMs: this.#stopNs / 1e6,
      writesMBs: ns === 0 ? 0 : this.#written / 1e6 / (ns / SECOND),
    };
  }
}
