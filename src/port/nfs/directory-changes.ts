/** Files that are made, and names that cannot be made or removed: those of logical units are the operator's. */
import { nameOf } from '../../codecs/layout/index.ts';
import { CreateMode3, NfsStat3 } from '../../codecs/nfs/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { NfsFault } from './file-operations.ts';
import { isFileName, type NfsFileSystem, type NfsNode } from './file-system.ts';
import { NAME_BYTES_MAX } from './file-system-info.ts';
import type { Nfs3Args } from './nfs3-call.ts';

/** A name in a directory. */
export interface DirectoryName {
  readonly dir: Uint8Array;
  readonly name: string;
}

/** Refuses a name with the status that fits. Errors: `NfsFault`, always. */
export type Refusal = (files: NfsFileSystem, name: string) => never;

/** Nothing but files can be made. */
export const refuseMaking: Refusal = (files, name) => {
  const isThere = files.lookup(name) !== undefined;
  throw new NfsFault(isThere ? NfsStat3.NFS3ERR_EXIST : NfsStat3.NFS3ERR_NOTSUPP);
};

/** Nothing can be removed or renamed but what a client made. */
export const refuseRemoving: Refusal = (files, name) => {
  const isThere = files.lookup(name) !== undefined;
  throw new NfsFault(isThere ? NfsStat3.NFS3ERR_ACCES : NfsStat3.NFS3ERR_NOENT);
};

const isEqual = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);

/**
 * The file of a CREATE: a new one, or the one that is there where that is meant, which `resize` gives another size.
 * Errors: `NfsFault`.
 */
export function createdFile(
  files: NfsFileSystem,
  { where, mode, objAttributes, verf }: Nfs3Args<'CREATE'>,
  now: Instant,
  resize: (there: NfsNode, size: bigint) => void,
): NfsNode {
  const { name } = where;
  if (name.length > NAME_BYTES_MAX) throw new NfsFault(NfsStat3.NFS3ERR_NAMETOOLONG);
  const there = files.lookup(name);
  if (there !== undefined) {
    const isOwn = verf !== undefined && isEqual(verf, there.createVerifier);
    if (isOwn) return there;
    if (mode !== CreateMode3.UNCHECKED || there.file === undefined)
      throw new NfsFault(NfsStat3.NFS3ERR_EXIST);
    // A file that is there keeps its owner and mode, whatever they were to be; its size may be set.
    if (objAttributes?.size !== undefined) resize(there, objAttributes.size);
    return there;
  }
  if (nameOf(CreateMode3, mode) === undefined || !isFileName(name))
    throw new NfsFault(NfsStat3.NFS3ERR_INVAL);
  if (!files.takesFiles) throw new NfsFault(NfsStat3.NFS3ERR_ACCES);
  const made = files.create(name, now);
  if (made === undefined) throw new NfsFault(NfsStat3.NFS3ERR_NOSPC);
  made.createVerifier = verf?.slice();
  return made;
}
