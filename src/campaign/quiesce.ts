/**
 * The quiesce curve: how long a move must wait, between the source's last word and the
 * destination's first, so that no late frame does harm, as a function of how long frames live.
 *
 * For one lifetime the smallest safe wait is found by bisection. A wait is unsafe when some schedule
 * breaks an invariant of the data. The schedules that are tried hold back, on every hop, the source's last write
 * commands and their data, by the whole lifetime and by parts of it: a frame that is held longer
 * arrives later, so the whole lifetime is the hardest, and the others are there because arriving
 * late is not the only way to do harm. That no schedule was found does not prove that there is none.
 */

import { runMove } from '../run/run.ts';
import { signatureOf, switchAddresses } from '../run/signature.ts';
import { type CampaignWorld, isBad, type Job, type RunLine } from './job.ts';
import { framesOfMove } from './plan.ts';

/** Shares of the lifetime that frames are held for. */
const SHARES = [1, 0.5];
/** Frames of the source that are held, one in each run: its last ones. */
const FRAMES_MAX = 16;
/** The wait is found to this share of the lifetime. */
const RESOLUTION = 1 / 128;
/**
 * What is asked of a wait: that I/O ends, once and right. A wait that is too long (I29), or shorter
 * than the standard wants before an S_ID is used again (I13), is another question.
 */
const ASKED = new Set(['I1', 'I2', 'I3', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I20']);

const MS = 1e6;

/** What the search needs to know of a scenario. */
export interface QuiesceSearch {
  /**
   * The world in which a move waits for so long; 0: it does not wait. The lifetime of frames is the
   * search's to set.
   */
  worldOf(waitMs: number): CampaignWorld;
  readonly seed: number;
  /** Runs jobs and gives what came of them, in order. */
  run(world: CampaignWorld, jobs: readonly Job[]): AsyncIterable<RunLine>;
}

/** The smallest wait that was found safe for one lifetime. */
export interface QuiescePoint {
  readonly lifetimeMs: number;
  /** `undefined`: not even the longest wait is safe. */
  readonly waitMs: number | undefined;
  /** The pause in the guest's I/O that this wait makes, without any fault. */
  readonly blackoutMs: number | undefined;
  /** What the longest unsafe wait breaks. */
  readonly breaks: readonly string[];
  readonly runs: number;
}

/** The safe waits of one set of defences. */
export interface QuiesceCurve {
  readonly name: string;
  readonly points: readonly QuiescePoint[];
}

/** Finds the smallest safe wait for one lifetime. A wait is a whole number of milliseconds. */
export async function quiescePoint(
  search: QuiesceSearch,
  lifetimeMs: number,
  longestMs: number,
): Promise<QuiescePoint> {
  let runs = 0;
  let breaks: readonly string[] = [];
  const isSafe = async (waitMs: number): Promise<boolean> => {
    const world = { ...search.worldOf(waitMs), lifetimeNs: lifetimeMs * MS };
    for await (const line of search.run(world, schedulesOf(world, search.seed, lifetimeMs))) {
      runs++;
      const broken = brokenBy(line);
      if (broken.length === 0) continue;
      breaks = broken;
      return false;
    }
    return true;
  };
  const point = (waitMs: number | undefined): QuiescePoint => ({
    lifetimeMs,
    waitMs,
    blackoutMs: waitMs === undefined ? undefined : blackoutMs(search, waitMs),
    breaks,
    runs,
  });
  if (await isSafe(0)) return point(0);
  if (!(await isSafe(longestMs))) return point(undefined);
  let [unsafe, safe] = [0, longestMs];
  while (safe - unsafe > Math.max(1, Math.floor(lifetimeMs * RESOLUTION))) {
    const middle = Math.floor((unsafe + safe) / 2);
    if (await isSafe(middle)) safe = middle;
    else unsafe = middle;
  }
  return point(safe);
}

function blackoutMs({ seed, worldOf }: QuiesceSearch, waitMs: number): number {
  const { iosPerStep, scenario } = worldOf(waitMs);
  const report = runMove({ scenario: { ...scenario, seed }, iosPerStep });
  return report.blackoutNs / MS;
}

function brokenBy(line: RunLine): readonly string[] {
  if (!isBad(line)) return [];
  if ('error' in line) return [line.error];
  return line.violated.map((one) => one.invariant).filter((one) => ASKED.has(one));
}

/** Every schedule that is tried against one wait. */
function schedulesOf(world: CampaignWorld, seed: number, lifetimeMs: number): Job[] {
  const writes: number[] = [];
  const switches = switchAddresses(world.scenario);
  framesOfMove(world, seed, (number, frame) => {
    if (signatureOf(frame, switches).includes('SCSI WRITE')) writes.push(number);
  });
  const last = writes.slice(-FRAMES_MAX);
  let run = 0;
  return SHARES.flatMap((share) =>
    last.map((frame) => {
      const delayNs = Math.max(1, Math.floor(lifetimeMs * share * MS));
      return { run: ++run, seed, faults: [{ frame, fault: 'hold' as const, delayNs }] };
    }),
  );
}
