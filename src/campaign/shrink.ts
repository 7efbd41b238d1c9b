/**
 * Makes a violation small: the fewest faults, virtual machines, logical units and I/Os that still
 * show it. Every step is tried by a run and kept only when the same invariant is violated in it,
 * so the result is a run that anybody can repeat.
 *
 * A smaller world has other frames, so a fault's number means another frame there. The fault is
 * put to the frames of the same kind (see `signatureOf`), nearest first, until one shows the
 * violation again. Nothing here is random: the same violation gives the same result.
 */

import { type Evidence, evidenceOf } from '../run/evidence.ts';
import type { Fault } from '../run/fault.ts';
import { signatureOf, switchAddresses } from '../run/signature.ts';
import { type CampaignWorld, type Job, optionsOf, type RunEnd, runJob } from './job.ts';
import { framesOfMove } from './plan.ts';
import { type Reduction, reduced, reductionsOf } from './reduce.ts';

/** Runs that one smaller world may cost, and all of them together. */
const TRIES_PER_STEP = 48;
const TRIES_MAX = 600;

/** A violation as small as it was found. */
export interface Shrunk {
  readonly invariant: string;
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly reduction: Reduction;
  readonly record: RunEnd;
  /** Runs that it took. */
  readonly tries: number;
}

/** Shrinks a run that violates `invariant`. `undefined` when it does not do so any more. */
export function shrink(
  world: CampaignWorld,
  job: Omit<Job, 'run'>,
  invariant: string,
  progress?: (tries: number) => void,
): Shrunk | undefined {
  return new Shrinker(world, job, invariant, progress).shrink();
}

/** Repeats a violation that was made small, and gathers the frames that show it. */
export function evidenceOfShrunk(world: CampaignWorld, shrunk: Shrunk): Evidence {
  const { invariant, reduction } = shrunk;
  return evidenceOf(optionsOf(reduced(world, reduction), shrunk), invariant);
}

/** Where the faults of a world can go: the kind of each frame of its move, the first one first. */
type FrameKinds = readonly string[];

class Shrinker {
  readonly #world: CampaignWorld;
  readonly #seed: number;
  readonly #invariant: string;
  readonly #progress: ((tries: number) => void) | undefined;
  #faults: readonly Fault[];
  #reduction: Reduction = {};
  #record: RunEnd | undefined;
  #kinds: FrameKinds = [];
  #tries = 0;

  constructor(
    world: CampaignWorld,
    { seed, faults }: Omit<Job, 'run'>,
    invariant: string,
    progress: ((tries: number) => void) | undefined,
  ) {
    this.#world = world;
    this.#seed = seed;
    this.#faults = faults;
    this.#invariant = invariant;
    this.#progress = progress;
  }

  shrink(): Shrunk | undefined {
    this.#record = this.#try(this.#world, this.#faults);
    if (this.#record === undefined) return undefined;
    this.#kinds = this.#kindsOf(this.#world);
    this.#fewerFaults();
    for (const step of reductionsOf(this.#world)) {
      // Of several sizes of one thing the smallest comes first: the others are not needed after it.
      if (Object.keys(step).some((key) => key in this.#reduction)) continue;
      this.#smaller({ ...this.#reduction, ...step });
    }
    this.#fewerFaults();
    return {
      invariant: this.#invariant,
      seed: this.#seed,
      faults: this.#faults,
      reduction: this.#reduction,
      record: this.#record,
      tries: this.#tries,
    };
  }

  /** The run's record when it violates the invariant. */
  #try(world: CampaignWorld, faults: readonly Fault[]): RunEnd | undefined {
    this.#tries++;
    this.#progress?.(this.#tries);
    const record = runJob(world, { run: 0, seed: this.#seed, faults });
    if ('error' in record) return undefined;
    return record.violated.some((one) => one.invariant === this.#invariant) ? record : undefined;
  }

  #kindsOf(world: CampaignWorld): FrameKinds {
    const kinds: string[] = [];
    const switches = switchAddresses(world.scenario);
    try {
      framesOfMove(world, this.#seed, (_number, frame) => kinds.push(signatureOf(frame, switches)));
    } catch {
      return [];
    }
    return kinds;
  }

  /** Leaves out every fault that the violation does not need. */
  #fewerFaults(): void {
    const world = reduced(this.#world, this.#reduction);
    for (let i = this.#faults.length - 1; i >= 0; i--) {
      const fewer = this.#faults.filter((_, index) => index !== i);
      const record = this.#try(world, fewer);
      if (record === undefined) continue;
      this.#faults = fewer;
      this.#record = record;
    }
  }

  #smaller(reduction: Reduction): void {
    const world = reduced(this.#world, reduction);
    const after = this.#kindsOf(world);
    if (after.length === 0) return;
    let tries = 0;
    for (const faults of atSameKinds(this.#faults, this.#kinds, after)) {
      if (tries++ >= TRIES_PER_STEP || this.#tries >= TRIES_MAX) return;
      const record = this.#try(world, faults);
      if (record === undefined) continue;
      this.#reduction = reduction;
      this.#faults = faults;
      this.#record = record;
      this.#kinds = after;
      return;
    }
  }
}

/**
 * The same faults at frames of the same kind in another run, those first that lie at the same
 * share of the run. Faults beyond the end of the run without faults keep their distance to it.
 */
function* atSameKinds(
  faults: readonly Fault[],
  before: FrameKinds,
  after: FrameKinds,
): Generator<readonly Fault[]> {
  const choices = faults.map((fault) => {
    const kind = before[fault.frame - 1];
    if (kind === undefined) return [fault.frame - before.length + after.length];
    const at = (fault.frame / before.length) * after.length;
    const same = after.flatMap((one, index) => (one === kind ? [index + 1] : []));
    return same.sort((a, b) => Math.abs(a - at) - Math.abs(b - at) || a - b);
  });
  const longest = Math.max(0, ...choices.map((one) => one.length));
  if (choices.some((one) => one.length === 0)) return;
  for (let i = 0; i < longest; i++) {
    yield faults.map((fault, index) => {
      const frames = choices[index]!;
      return { ...fault, frame: Math.max(1, frames[Math.min(i, frames.length - 1)]!) };
    });
  }
}
