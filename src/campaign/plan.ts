/**
 * Which runs a campaign is made of.
 *
 * - `random`: for each seed, one to a few faults drawn from the seed's own stream: each step of the
 *   move is as likely as any other, however many frames it has, and so is each kind of fault;
 * - `exhaustive`: for each seed, every frame of the move times every fault, one run each;
 * - `pairs`: so many pairs of faults at different frames, drawn from the seed's stream.
 *
 * Each campaign begins, for each seed it surveys, with the run that has no fault. The runs and their
 * order follow from scenario, mode and seeds alone.
 */

import { fcfName } from '../scenario/index.ts';
import { type RandomStream, streams } from '../sim/index.ts';
import type { FrameWatcher } from './adversary.ts';
import { MOVER } from './control-plane.ts';
import type { Fault } from './fault.ts';
import { type CampaignWorld, type Job, optionsOf, rATovNsOf } from './job.ts';
import { runMove } from './run.ts';

export type CampaignMode =
  | { readonly mode: 'random'; readonly faultsMax: number }
  | { readonly mode: 'exhaustive' }
  | { readonly mode: 'pairs'; readonly pairs: number };

export interface CampaignPlan {
  readonly mode: CampaignMode;
  /** First and last seed. */
  readonly seeds: readonly [number, number];
}

/** A fault without its frame. */
type Template = Fault extends infer F ? (F extends Fault ? Omit<F, 'frame'> : never) : never;

/** Shares of R_A_TOV that frames are delayed by: within the standard, and past it. */
const DELAY_WITHIN = 0.9;
const DELAY_PAST = 1.1;

/** Every fault that can meet a frame of this scenario's move. */
export function templatesOf({ scenario }: CampaignWorld): Template[] {
  const rATovNs = rATovNsOf(scenario);
  const nodes = [
    ...scenario.hosts.map((one) => one.name),
    ...scenario.fabrics.map((one) => fcfName(one.name)),
    scenario.array.name,
    MOVER,
  ];
  return [
    { fault: 'drop' },
    { fault: 'duplicate' },
    { fault: 'delay', delayNs: Math.round(rATovNs * DELAY_WITHIN) },
    { fault: 'hold', delayNs: Math.round(rATovNs * DELAY_WITHIN) },
    { fault: 'delay', delayNs: Math.round(rATovNs * DELAY_PAST) },
    { fault: 'corrupt' },
    { fault: 'cut' },
    ...nodes.map((node) => ({ fault: 'crash' as const, node })),
  ];
}

/** How many frames the move of a seed has when nothing goes wrong. */
export function framesOfMove(world: CampaignWorld, seed: number, sees?: FrameWatcher): number {
  return surveyMove(world, seed, sees).frames;
}

/** The frames of a move when nothing goes wrong. */
interface Survey {
  readonly frames: number;
  /** First and last frame of each step that has any. */
  readonly steps: readonly (readonly [number, number])[];
}

function surveyMove(world: CampaignWorld, seed: number, sees?: FrameWatcher): Survey {
  let frames = 0;
  let ended = false;
  const ends = [0];
  runMove({
    ...optionsOf(world, { seed, faults: [] }),
    sees: (number, frame) => {
      if (ended) return;
      frames = number;
      sees?.(number, frame);
    },
    observe: (one) => {
      if (one.kind !== 'move' || ended) return;
      if (frames > ends.at(-1)!) ends.push(frames);
      ended = ENDS.has(one.phase);
    },
  });
  if (frames > ends.at(-1)!) ends.push(frames);
  return { frames, steps: ends.slice(1).map((end, index) => [ends[index]! + 1, end] as const) };
}

const ENDS = new Set(['moved', 'refused', 'rolled-back', 'stranded']);

/** How many runs a campaign has. */
export function runsOf(world: CampaignWorld, plan: CampaignPlan): number {
  let runs = 0;
  for (const _job of jobsOf(world, plan)) runs++;
  return runs;
}

/** The runs of a campaign, in order. */
export function* jobsOf(world: CampaignWorld, { mode, seeds }: CampaignPlan): Generator<Job> {
  const templates = templatesOf(world);
  const [first, last] = seeds;
  let run = 0;
  let survey: Survey = { frames: 0, steps: [] };
  for (let seed = first; seed <= last; seed++) {
    // Seeds differ little in the length of their moves: random faults take the first one's.
    if (seed === first || mode.mode !== 'random') survey = surveyMove(world, seed);
    if (survey.frames === 0) continue;
    for (const faults of faultSets(mode, seed, survey, templates)) {
      yield { run: ++run, seed, faults };
    }
  }
}

function* faultSets(
  mode: CampaignMode,
  seed: number,
  survey: Survey,
  templates: readonly Template[],
): Generator<readonly Fault[]> {
  const random = streams(seed).stream('adversary');
  if (mode.mode === 'random') {
    yield distinct(random, random.range(1, mode.faultsMax), survey, templates);
    return;
  }
  yield [];
  if (mode.mode === 'exhaustive') {
    for (let frame = 1; frame <= survey.frames; frame++) {
      for (const template of templates) yield [{ frame, ...template } as Fault];
    }
    return;
  }
  for (let pair = 0; pair < mode.pairs; pair++) yield distinct(random, 2, survey, templates);
}

/** So many faults at different frames, in the order of their frames. */
function distinct(
  random: RandomStream,
  wanted: number,
  { frames, steps }: Survey,
  templates: readonly Template[],
): Fault[] {
  const kinds = [...new Set(templates.map((one) => one.fault))];
  const faults = new Map<number, Fault>();
  while (faults.size < Math.min(wanted, frames)) {
    const frame = random.range(...steps[random.below(steps.length)]!);
    const kind = kinds[random.below(kinds.length)]!;
    const ofKind = templates.filter((one) => one.fault === kind);
    const template = ofKind[random.below(ofKind.length)]!;
    faults.set(frame, { frame, ...template } as Fault);
  }
  return [...faults.values()].sort((a, b) => a.frame - b.frame);
}
