/** The smallest captures of what broke in the ways that `sanmotion zoo` tries. */
import { join } from 'node:path';
import type { LateJob } from '../campaign/late-run.ts';
import type { RunPool } from '../campaign/pool.ts';
import { type SmallCapture, writeSmallCapture } from './small-captures.ts';
import { type Cell, identityOf } from './zoo-cells.ts';

/** Where they go, and how the runs are made that they are of. */
export interface CapturesOf {
  readonly cell: Cell;
  readonly folder: string;
  /** The run that shows an invariant broken first, and the command that makes it again. */
  readonly run: (invariant: string) => { readonly job: LateJob; readonly command: string };
}

/** Writes a capture for each invariant that broke. Errors: `UsageError`, `CaptureError`. */
export async function writeCaptures(
  pool: RunPool,
  invariants: readonly string[],
  { cell, folder, run }: CapturesOf,
): Promise<SmallCapture[]> {
  return Promise.all(
    invariants.map(async (invariant) => {
      const { command, job } = run(invariant);
      const found = await pool.evidence(job, invariant);
      if ('error' in found) throw new Error(found.error);
      const path = join(folder, `${nameOf(cell)}-${invariant}.pcapng`);
      return writeSmallCapture(found.evidence, { command, invariant, path, said: '--captures' });
    }),
  );
}

/** A name for the files of a way: `nfs-4.1-other-owner`. */
function nameOf(cell: Cell): string {
  const { defences = [], nfsVersion, protocol = '' } = cell;
  const version = nfsVersion === undefined ? [] : [`${nfsVersion}`];
  return [protocol, ...version, identityOf(cell), ...defences].join('-').replaceAll(' ', '-');
}
