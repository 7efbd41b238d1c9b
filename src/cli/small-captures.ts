/** Small captures: the frames that show a violation, in a file of their own. */
import { fileSink } from '../capture/index.ts';
import { type Evidence, writeEvidence } from '../run/evidence.ts';
import { makeFolderOf } from './files.ts';

/** A small capture that was written. */
export interface SmallCapture {
  readonly invariant: string;
  readonly path: string;
  readonly frames: number;
  /** `replay` of it names the invariant; where not, it has what the run knows as comments. */
  readonly isShown: boolean;
}

/** What a capture is of, and where it goes. */
export interface SmallCaptureOf {
  readonly invariant: string;
  readonly path: string;
  /** The option that names the path. */
  readonly said: string;
  /** What shows the violation again. */
  readonly command: string;
}

/** Writes it, with its folder. Errors: `UsageError`, `CaptureError`. */
export async function writeSmallCapture(
  evidence: Evidence,
  { command, invariant, path, said }: SmallCaptureOf,
): Promise<SmallCapture> {
  makeFolderOf({ said, path });
  await writeEvidence(fileSink(path), evidence, `${invariant}, shown again by: ${command}`);
  return { invariant, path, frames: evidence.frames.length, isShown: evidence.isShown };
}

/** What is to be known of a small capture beside its name. */
export const readsAs = ({ isShown }: SmallCapture): string =>
  isShown ? 'named by replay' : 'with comments: frames alone do not show it';
