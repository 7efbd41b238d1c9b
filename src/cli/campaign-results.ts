/** The result file of a campaign: begun anew, or gone on with where an interrupted campaign stopped. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { RunLine } from '../campaign/job.ts';
import { parseResults, type ResultsHeader } from '../campaign/results.ts';
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
  const before = resume === true ? readBefore(path, header) : undefined;
  let handle: number;
  let kept: string | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (resume !== true && holdsSomething(path)) {
      if (out !== undefined)
        throw new UsageError(
          `results ${path}: it holds something already; go on with it by --resume, or give another file by --out`,
        );
      kept = freeName(path);
      renameSync(path, kept);
    }
    if (before !== undefined) truncateSync(path, before.wholeBytes);
    handle = openSync(path, before === undefined ? 'w' : 'a');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `results ${path}: ${(error as Error).message}; give a file that can be written by --out`,
    );
  }
  if (before === undefined) writeSync(handle, `${JSON.stringify(header)}\n`);
  return {
    done: before?.lines ?? [],
    kept,
    write: (line) => void writeSync(handle, `${JSON.stringify(line)}\n`),
    close: () => closeSync(handle),
  };
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

/** Only a plain file can: `/dev/null` may be written to again and again. */
function holdsSomething(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size > 0;
}

/** What an interrupted campaign left. `undefined`: nothing, so all is to be run. */
function readBefore(
  path: string,
  header: ResultsHeader,
): { lines: readonly RunLine[]; wholeBytes: number } | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`results ${path}: ${(error as Error).message}`);
  }
  const results = parseResults(text, path);
  if (JSON.stringify(results.header) !== JSON.stringify(header)) {
    throw new UsageError(
      `results ${path}: they are of another campaign (scenario, mode, seeds or version differ); give another file by --out`,
    );
  }
  const whole = text.slice(0, results.wholeLength);
  return { lines: results.records, wholeBytes: Buffer.byteLength(whole) };
}
