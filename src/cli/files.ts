/** Files that the commands read and write: what the system refuses is the user's to mend, in our words. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type FileUse, fileFault } from '../capture/file-fault.ts';
import { UsageError } from './output.ts';

/** A file as its user knows it: what names it (`--svg`, `scenario`), and its path. */
export interface NamedFile {
  readonly said: string;
  readonly path: string;
  /** What to do where the path is at fault; without one, what helps against the fault itself. */
  readonly advice?: string;
}

/** What a call of `node:fs` threw, as one line. */
function fileError({ advice, path, said }: NamedFile, cause: unknown, use: FileUse): UsageError {
  const { code } = cause as NodeJS.ErrnoException;
  const fault = fileFault(path, cause, use);
  const help = code === 'ENOSPC' || advice === undefined ? fault.advice : advice;
  return new UsageError(`${said} ${path}: ${fault.what}; ${help}`);
}

function attempt<T>(file: NamedFile, use: FileUse, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw fileError(file, cause, use);
  }
}

/** The text of a file. Errors: `UsageError`. */
export function readText(file: NamedFile): string {
  return attempt(file, 'read', () => readFileSync(file.path, 'utf8'));
}

const STANDARD_INPUT = 0;
/** Between two looks at an input whose other end is not ready, in milliseconds. */
const LOOK_MS = 10;

/** All of standard input, as text. Errors: `UsageError`. */
export function readStandardInput(said: string): string {
  const parts: Buffer[] = [];
  const piece = Buffer.alloc(1 << 16);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      const length = readSync(STANDARD_INPUT, piece);
      if (length === 0) return Buffer.concat(parts).toString('utf8');
      parts.push(Buffer.from(piece.subarray(0, length)));
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EOF') return Buffer.concat(parts).toString('utf8');
      if (code !== 'EAGAIN') throw fileError({ said, path: '-' }, cause, 'read');
      Atomics.wait(sleeper, 0, 0, LOOK_MS);
    }
  }
}

/**
 * Makes the folder of a file that is to be written. No more than that one: where the folder above it
 * is not there either, the path is misspelt. Errors: `UsageError`.
 */
export function makeFolderOf(file: NamedFile): void {
  const folder = dirname(resolve(file.path));
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (!existsSync(above))
    throw new UsageError(
      `${file.said} ${file.path}: there is no folder ${above}; check the path, or make it first`,
    );
  makeFolder({ ...file, path: folder });
}

/** Makes one folder. Not by Node's `recursive`: where the folder above takes none, as /proc, that never returns. */
function makeFolder(folder: NamedFile): void {
  attempt(folder, 'write', () => {
    try {
      mkdirSync(folder.path);
    } catch (cause) {
      // Somebody else has made it in between, another share of a campaign perhaps.
      if (statSync(folder.path, { throwIfNoEntry: false })?.isDirectory() !== true) throw cause;
    }
  });
}

/**
 * Makes sure that a file can be written, with its folder, before work whose results go there: nothing is written,
 * and what the file holds stays. Errors: `UsageError`.
 */
export function checkOutput(file: NamedFile): void {
  makeFolderOf(file);
  const { path } = file;
  attempt(file, 'write', () => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isFile() && !stats.isDirectory()) {
      // A pipe or a device: to open it may wait for somebody, or set something off.
      accessSync(path, constants.W_OK);
      return;
    }
    const isNew = lstatSync(path, { throwIfNoEntry: false }) === undefined;
    closeSync(openSync(path, 'a'));
    if (isNew) rmSync(path);
  });
}

/** Makes a folder for outputs and makes sure that files can be made in it. Errors: `UsageError`. */
export function checkOutputFolder(folder: NamedFile): void {
  const { path, said } = folder;
  if (!existsSync(path)) {
    makeFolderOf({ said, path: resolve(path) });
    makeFolder(folder);
  }
  if (!statSync(path).isDirectory())
    throw new UsageError(`${said} ${path}: it is a file; name a folder`);
  attempt(folder, 'write', () => rmdirSync(mkdtempSync(join(path, '.sanmotion-'))));
}

/** The files that options name, where they were given. */
export const filesNamed = (options: Readonly<Record<string, string | undefined>>): NamedFile[] =>
  Object.entries(options).flatMap(([said, path]) => (path === undefined ? [] : [{ said, path }]));

/**
 * Refuses one file in two places of a command line, as an output that would write over an input. Devices and pipes may
 * stand in several. Errors: `UsageError`.
 */
export function refuseSameFile(files: readonly NamedFile[]): void {
  const seen = new Map<string, string>();
  for (const { path, said } of files) {
    const isThere = existsSync(path);
    const whole = isThere ? realpathSync(path) : resolve(path);
    if (isThere && !statSync(whole).isFile()) continue;
    const other = seen.get(whole);
    if (other !== undefined)
      throw new UsageError(`${said} ${path}: it is the file of ${other} too; give another name`);
    seen.set(whole, said);
  }
}

/** Writes a text, with the folder of its file. Errors: `UsageError`. */
export function writeText(file: NamedFile, text: string): void {
  makeFolderOf(file);
  attempt(file, 'write', () => writeFileSync(file.path, text));
}

/** A file that lines are written to. */
export interface LineFile {
  /** Errors: `UsageError`. */
  line(text: string): void;
  close(): void;
}

/**
 * True where writing would lose something: only in a plain file, as /dev/null may be written to again
 * and again. Errors: `UsageError`.
 */
export function holdsSomething(file: NamedFile): boolean {
  const stats = attempt(file, 'write', () => statSync(file.path, { throwIfNoEntry: false }));
  return stats?.isFile() === true && stats.size > 0;
}

/** Gives a file another name. Errors: `UsageError`. */
export function renameFile(file: NamedFile, path: string): void {
  attempt(file, 'write', () => renameSync(file.path, path));
}

/** Opens a file for lines, to go on behind so many bytes of what is there. Errors: `UsageError`. */
export function openLines(file: NamedFile, keptBytes = 0): LineFile {
  const handle = attempt(file, 'write', () => {
    if (keptBytes > 0) truncateSync(file.path, keptBytes);
    return openSync(file.path, keptBytes > 0 ? 'a' : 'w');
  });
  return {
    line(text) {
      const bytes = Buffer.from(`${text}\n`);
      attempt(file, 'write', () => {
        for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
      });
    },
    close: () => closeSync(handle),
  };
}
