/** What the system's error codes mean to the person who named a file: one table for all who open files. */
import { nodeFiles, nodeModule } from './node-modules.ts';

/** What was to be done with a file. */
export type FileUse = 'read' | 'write';

/** Why the system refused, and what to do about it; both without the name of the file. */
export interface FileFault {
  readonly what: string;
  readonly advice: string;
}

const fault = (what: string, advice: string): FileFault => ({ what, advice });

const PLACE = 'choose a place you may write to';
const NO_FILE = fault('no such file', 'check the path');
const NO_FOLDER = fault('its folder does not exist', 'make the folder first');
const FULL = fault('the disk is full', 'make room or choose another disk');
const DENIED: Readonly<Record<FileUse, FileFault>> = {
  read: fault('permission denied', 'make the file readable'),
  write: fault('permission denied', PLACE),
};

/** Whatever is done with the file. */
const FAULTS: Readonly<Record<string, FileFault>> = {
  ENOTDIR: fault('a part of the path is a file', 'check the path'),
  EISDIR: fault('it is a folder', 'name a file in it'),
  ELOOP: fault('its links lead round in a circle', 'check the path'),
  ENAMETOOLONG: fault('its name is too long', 'give a shorter one'),
  EROFS: fault('the file system is read-only', PLACE),
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: fault('it is as large as a file may be', 'choose another file system'),
  EPIPE: fault('its reader went away', 'start the reader again'),
  ENXIO: fault('nobody is at its other end', 'start that program first'),
  EMFILE: fault('this process has too many files open', 'raise the limit (ulimit -n)'),
  ENFILE: fault('the system has too many files open', 'end other programs'),
  EBUSY: fault('another program uses it', 'stop that one first'),
  ECONNREFUSED: fault('nobody listens there', 'start that program first'),
  EIO: fault('the medium failed', 'check the medium it is on'),
};

const OTHER: Readonly<Record<FileUse, string>> = {
  read: 'check the file and the medium it is on',
  write: 'choose another place',
};

/** `cause` is what a call of `node:fs` threw for `path`. */
export function fileFault(path: string, cause: unknown, use: FileUse): FileFault {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return DENIED[use];
  if (code === 'ENOENT' && use === 'read') return NO_FILE;
  // A folder that is there and takes nothing, such as /proc; or a link that leads nowhere.
  if (code === 'ENOENT')
    return hasFolder(path) ? fault('nothing can be made there', PLACE) : NO_FOLDER;
  return FAULTS[code] ?? fault(`the system says ${code || message || String(cause)}`, OTHER[use]);
}

const hasFolder = (path: string): boolean =>
  nodeFiles().existsSync(nodeModule('node:path')?.dirname(path) ?? path);
