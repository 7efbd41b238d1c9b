/** Violations that a campaign found, made small and written as captures with comments. */

import { join } from 'node:path';
import { evidenceOfShrunk, type Shrunk, shrink } from '../campaign/shrink.ts';
import type { CampaignSummary } from '../campaign/summary.ts';
import type { Evidence } from '../run/evidence.ts';
import { optionWords } from '../scenario/overrides.ts';
import type { Campaign } from './campaign-options.ts';
import { count, Progress } from './output.ts';
import { writeSmallCapture } from './small-captures.ts';

/** Invariants whose violations are made small; more are only counted. */
const SHRUNK_MAX = 4;

/** A violation as small as it got. */
export interface Counterexample {
  readonly shrunk: Shrunk;
  readonly evidence: Evidence;
  /** The capture. */
  readonly path: string;
  /** What shows it again. */
  readonly command: string;
}

/** The first violation of each invariant, shrunk and written into `folder`. */
export async function counterexamples(
  campaign: Campaign,
  found: CampaignSummary,
  folder: string,
): Promise<Counterexample[]> {
  const shown: Counterexample[] = [];
  const progress = new Progress();
  for (const [invariant, { examples }] of Object.entries(found.invariants).sort(byNumber)) {
    const example = examples[0];
    if (shown.length >= SHRUNK_MAX || example === undefined || invariant === 'error') continue;
    const shrunk = shrink(campaign.world, example, invariant, (tries) =>
      progress.show(() => `making the violation of ${invariant} small: ${count(tries)} runs`),
    );
    if (shrunk === undefined) continue;
    const evidence = evidenceOfShrunk(campaign.world, shrunk);
    const command = replayCommand(campaign, shrunk);
    const path = join(folder, `${campaign.world.scenario.name}-${invariant}.pcapng`);
    await writeSmallCapture(evidence, { command, invariant, path, said: 'results' });
    shown.push({ shrunk, evidence, path, command });
  }
  progress.end();
  return shown;
}

const byNumber = ([a]: [string, unknown], [b]: [string, unknown]): number =>
  Number(a.slice(1)) - Number(b.slice(1));

/** The command that shows a run again. */
export function replayCommand(
  { file, overrides, world }: Campaign,
  run: Pick<Shrunk, 'seed' | 'faults'> & { readonly reduction?: object },
): string {
  const { faults, reduction = {}, seed } = run;
  const reduce = Object.keys(reduction).length === 0 ? {} : { reduce: reduction };
  const json = JSON.stringify({ seed, faults, ...reduce });
  const scenario = file === undefined ? '' : ` ${file}`;
  const lifetime = world.lifetimeNs === undefined ? '' : ` --lifetime ${world.lifetimeNs / 1e6}`;
  return `sanmotion campaign${scenario}${optionWords(overrides)}${lifetime} --replay '${json}'`;
}
