/** The result file of a campaign: begun anew, or gone on with where an interrupted campaign stopped. */
import { existsSync } from 'node:fs';
import type { RunLine } from '../campaign/job.ts';
import { parseResults, type ResultsHeader } from '../campaign/results.ts';
import {
  holdsSomething,
  makeFolderOf,
  type NamedFile,
  openLines,
  readText,
  renameFile,
} from './files.ts';
import { UsageError } from './output.ts';

/** A result file that is open for what comes, with what it holds already. */
export interface OpenResults {
  readonly done: readonly RunLine[];
  /** Where the results of a campaign before are kept, when they lay in the way. */
  readonly kept: string | undefined;
  write(line: RunLine): void;
  close(): void;
}

/** Behind the name of a file that held the results of a campaign before. */
const BEFORE = '.before';
/** Campaigns that are kept under one name; of more somebody has to throw some away. */
const KEPT_MAX = 1000;

/**
 * Opens the file for the campaign of the header. Results that are there are not lost: a file that
 * `--out` names must be gone on with, or not be there; the one by default is kept under another name.
 * Errors: `UsageError`, `ResultsError`.
 */
export function openResults(
  path: string,
  header: ResultsHeader,
  { resume, out }: { readonly resume?: boolean; readonly out?: string },
): OpenResults {
  const file = { said: 'results', path, advice: 'give a file that can be written by --out' };
  const before = resume === true ? readBefore(path, header) : undefined;
  makeFolderOf(file);
  const kept = resume !== true && holdsSomething(file) ? keepBefore(file, out) : undefined;
  const lines = openLines(file, before?.wholeBytes);
  if (before === undefined) lines.line(JSON.stringify(header));
  return {
    done: before?.lines ?? [],
    kept,
    write: (line) => lines.line(JSON.stringify(line)),
    close: () => lines.close(),
  };
}

/** Puts the results of a campaign before out of the way; its new name. Errors: `UsageError`. */
function keepBefore(file: NamedFile, out: string | undefined): string {
  const { path } = file;
  if (out !== undefined)
    throw new UsageError(
      `results ${path}: it holds something already; go on with it by --resume, or give another file by --out`,
    );
  const kept = freeName(path);
  renameFile(file, kept);
  return kept;
}

/** A name under which nothing is kept yet. Errors: `UsageError`. */
function freeName(path: string): string {
  for (let i = 1; i <= KEPT_MAX; i++) {
    const name = `${path}${BEFORE}${i === 1 ? '' : `-${i}`}`;
    if (!existsSync(name)) return name;
  }
  throw new UsageError(
    `results ${path}: ${KEPT_MAX} campaigns before are kept beside it; remove some, or give another file by --out`,
  );
}

/** What an interrupted campaign left. `undefined`: nothing, so all is to be run. */
function readBefore(
  path: string,
  header: ResultsHeader,
): { lines: readonly RunLine[]; wholeBytes: number } | undefined {
  if (!existsSync(path)) return undefined;
  const text = readText({ said: 'results', path });
  const results = parseResults(text, path);
  if (JSON.stringify(results.header) !== JSON.stringify(header)) {
    throw new UsageError(
      `results ${path}: they are of another campaign (scenario, mode, seeds or version differ); give another file by --out`,
    );
  }
  const whole = text.slice(0, results.wholeLength);
  return { lines: results.records, wholeBytes: Buffer.byteLength(whole) };
}
