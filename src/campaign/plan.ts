/**
 * Which runs a campaign is made of.
 *
 * - `random`: for each seed, one to a few faults drawn from the seed's own stream: each step of the
 *   move is as likely as any other, however many frames it has, and so is each kind of fault; half
 *   of the frames that are late come in a later step of the move, the others after almost R_A_TOV;
 * - `exhaustive`: for each seed, every frame of the move times every fault, one run each;
 * - `pairs`: so many pairs of faults at different frames, drawn from the seed's stream.
 *
 * Each campaign begins, for each seed it surveys, with the run that has no fault. The runs and their
 * order follow from scenario, mode and seeds alone.
 */

import { type RandomStream, streams } from '../machine/random.ts';
import type { FrameWatcher } from '../run/adversary.ts';
import { boundsOf } from '../run/bounds.ts';
import type { Fault } from '../run/fault.ts';
import { runMove } from '../run/run.ts';
import { topologyOf } from '../scenario/from-scenario.ts';
import { nodesOf } from '../scenario/topology.ts';
import { type CampaignWorld, type Job, optionsOf } from './job.ts';

/** How a campaign chooses its faults; a random run has up to `faultsMax` of them. */
export type CampaignMode =
  | { readonly mode: 'random'; readonly faultsMax: number }
  | { readonly mode: 'exhaustive' }
  | { readonly mode: 'pairs'; readonly pairs: number };

/** Which runs a campaign is made of, for a given world. */
export interface CampaignPlan {
  readonly mode: CampaignMode;
  /** First and last seed. */
  readonly seeds: readonly [number, number];
}

/** A share of the runs of a campaign: of every `of` runs the one at place `index`, from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** A fault without its frame. */
type Template = Fault extends infer F ? (F extends Fault ? Omit<F, 'frame'> : never) : never;

/** Shares of R_A_TOV that frames are delayed by: within the standard, and past it. */
const DELAY_WITHIN = 0.9;
const DELAY_PAST = 1.1;

/** Every fault that can meet a frame of this scenario's move. */
export function templatesOf({ scenario }: CampaignWorld): Template[] {
  const { rATovNs } = boundsOf(scenario);
  const topology = topologyOf(scenario);
  const nodes = (
    ['host', 'switch', 'fc-switch', 'array', 'mover', 'bridge', 'npv', 'router'] as const
  ).flatMap((kind) => nodesOf(topology, kind).map((node) => node.name));
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
  /** When each frame was sent, by its number, and when the steps began and the last one ended. */
  readonly sentNs: readonly number[];
  readonly boundsNs: readonly number[];
}

/** How long behind the end of a move frames may still come that are late by a step. */
const TAIL_NS = 50_000_000;

function surveyMove(world: CampaignWorld, seed: number, sees?: FrameWatcher): Survey {
  let frames = 0;
  let ended = false;
  const ends = [0];
  const sentNs: number[] = [];
  const boundsNs: number[] = [];
  let now = 0;
  runMove({
    ...optionsOf(world, { seed, faults: [] }),
    sees: (number, frame) => {
      if (ended) return;
      frames = number;
      sentNs[number] = now;
      sees?.(number, frame);
    },
    observer: {
      see: ({ at }) => {
        now = at;
      },
      observe: ({ at, event }) => {
        now = at;
        if ((event.type !== 'move-step' && event.type !== 'move-end') || ended) return;
        if (now > (boundsNs.at(-1) ?? -1)) boundsNs.push(now);
        if (frames > ends.at(-1)!) ends.push(frames);
        ended = event.type === 'move-end';
      },
    },
  });
  if (frames > ends.at(-1)!) ends.push(frames);
  boundsNs.push((boundsNs.at(-1) ?? 0) + TAIL_NS);
  const steps = ends.slice(1).map((end, index) => [ends[index]! + 1, end] as const);
  return { frames, steps, sentNs, boundsNs };
}

/** How many runs a campaign has, or the share of it. */
export function runsOf(world: CampaignWorld, plan: CampaignPlan, shard?: Shard): number {
  const { mode, seeds } = plan;
  if (mode.mode === 'random') {
    const [first, last] = seeds;
    const all = framesOfMove(world, first) === 0 ? 0 : last - first + 1;
    return shard === undefined ? all : Math.max(0, Math.ceil((all - shard.index + 1) / shard.of));
  }
  let runs = 0;
  for (const _job of jobsOf(world, plan, shard)) runs++;
  return runs;
}

/** The runs of a campaign, in order, or of a share of it. They keep their numbers. */
export function* jobsOf(
  world: CampaignWorld,
  { mode, seeds }: CampaignPlan,
  shard: Shard = { index: 1, of: 1 },
): Generator<Job> {
  const templates = templatesOf(world);
  const [first, last] = seeds;
  let run = 0;
  let survey: Survey = { frames: 0, steps: [], sentNs: [], boundsNs: [] };
  for (let seed = first; seed <= last; seed++) {
    // Seeds differ little in the length of their moves: random faults take the first one's.
    if (seed === first || mode.mode !== 'random') survey = surveyMove(world, seed);
    if (survey.frames === 0) continue;
    for (const faults of faultSets(mode, seed, survey, templates)) {
      if (run++ % shard.of === shard.index - 1) yield { run, seed, faults };
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
  survey: Survey,
  templates: readonly Template[],
): Fault[] {
  const { frames, steps } = survey;
  const kinds = [...new Set(templates.map((one) => one.fault))];
  const faults = new Map<number, Fault>();
  while (faults.size < Math.min(wanted, frames)) {
    const frame = random.range(...steps[random.below(steps.length)]!);
    const kind = kinds[random.below(kinds.length)]!;
    const ofKind = templates.filter((one) => one.fault === kind);
    const template = ofKind[random.below(ofKind.length)]!;
    const fault = { frame, ...template } as Fault;
    faults.set(frame, random.chance(0.5) ? lateByStep(fault, random, survey) : fault);
  }
  return [...faults.values()].sort((a, b) => a.frame - b.frame);
}

/** A frame that is late comes within a step of the move that is yet to begin: any is as likely. */
function lateByStep(fault: Fault, random: RandomStream, { sentNs, boundsNs }: Survey): Fault {
  if (fault.fault !== 'delay' && fault.fault !== 'hold') return fault;
  const sent = sentNs[fault.frame] ?? 0;
  const first = boundsNs.findIndex((at) => at > sent);
  if (first < 0 || first + 1 >= boundsNs.length) return fault;
  const step = random.range(first, boundsNs.length - 2);
  const arrival = random.range(boundsNs[step]!, boundsNs[step + 1]!);
  return { ...fault, delayNs: Math.max(1, arrival - sent) };
}
