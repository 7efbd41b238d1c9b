/**
 * The procedures of NFS version 3 over a file system of one flat directory whose files are media.
 *
 * Files of logical units are there by the operator's will: what would remove or rename one is refused; clients may
 * make files of their own where the file system takes them. Ownership: it changes the file system and tells what
 * it changed; records and caches are the server's.
 */

import { nameOf } from '../../codecs/layout/index.ts';
import {
  Access3,
  NfsStat3,
  nfs3,
  type Sattr3,
  StableHow,
  TimeHow,
} from '../../codecs/nfs/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { MediumError } from '../../scsi/medium/medium.ts';
import { listDirectory, listDirectoryPlus } from './directory.ts';
import {
  createdFile,
  type DirectoryName,
  type Refusal,
  refuseMaking,
  refuseRemoving,
} from './directory-changes.ts';
import {
  type ChangedBlocks,
  HANDLE_BYTES,
  type NfsFileSystem,
  type NfsNode,
} from './file-system.ts';
import { abilitiesOf, NAME_BYTES_MAX, NAME_RULES, statisticsOf } from './file-system-info.ts';
import {
  type Nfs3Args,
  type Nfs3Caller,
  Nfs3Fault,
  type Nfs3Name,
  type Nfs3Res,
} from './nfs3-call.ts';
import { failuresOf } from './nfs3-failures.ts';

/** Hears what calls do to files. */
export interface Nfs3Observer {
  /** `durable`: survives a loss of power from now on. */
  changed(node: NfsNode, changed: ChangedBlocks, durable: boolean): void;
  /** All that a file took before survives a loss of power. */
  flushed(node: NfsNode): void;
}

/** What a service is made of. */
export interface Nfs3ServiceOptions {
  readonly fileSystem: NfsFileSystem;
  /** Eight bytes that are others after each start that may have lost what was not committed. */
  readonly writeVerifier: Uint8Array;
  /** Most bytes of a READ or WRITE. */
  readonly transferBytesMax: number;
  readonly observer: Nfs3Observer;
}

const FILE_ACCESS = Access3.READ | Access3.MODIFY | Access3.EXTEND;
const DIRECTORY_ACCESS = Access3.READ | Access3.LOOKUP;

type Handlers = {
  readonly [P in Nfs3Name]: (args: Nfs3Args<P>, caller: Nfs3Caller) => Nfs3Res<P>;
};
/** Carries out calls. */
export class Nfs3Service {
  readonly #options: Nfs3ServiceOptions;
  readonly #files: NfsFileSystem;
  readonly #failures = failuresOf((handle) => this.#attributesIn(handle));

  constructor(options: Nfs3ServiceOptions) {
    this.#options = options;
    this.#files = options.fileSystem;
  }

  /** The file that a call is about, where its handle names one. */
  fileOf(name: Nfs3Name, args: unknown): NfsNode | undefined {
    const { file, object } = args as { file?: Uint8Array; object?: Uint8Array };
    const handle = name === 'REMOVE' || name === 'RMDIR' ? undefined : (file ?? object);
    return handle?.length === HANDLE_BYTES ? this.#files.nodeOf(handle) : undefined;
  }

  /** The results of a call, and how it ended. */
  call<P extends Nfs3Name>(
    name: P,
    args: Nfs3Args<P>,
    caller: Nfs3Caller,
  ): { readonly status: number; readonly results: Uint8Array } {
    let value: Nfs3Res<P>;
    try {
      if (caller.access === undefined && name !== 'NULL')
        throw new Nfs3Fault(NfsStat3.NFS3ERR_ACCES);
      value = this.#handlers[name](args, caller);
    } catch (error) {
      value = { status: statusOf(error), ...this.#failures[name](args) } as Nfs3Res<P>;
    }
    const { status = NfsStat3.NFS3_OK } = value as { status?: number };
    return { status, results: nfs3[name].res.encode(value as never) };
  }

  #nodeOf(handle: Uint8Array): NfsNode {
    if (handle.length !== HANDLE_BYTES) throw new Nfs3Fault(NfsStat3.NFS3ERR_BADHANDLE);
    const node = this.#files.nodeOf(handle);
    if (node === undefined) throw new Nfs3Fault(NfsStat3.NFS3ERR_STALE);
    return node;
  }

  #fileOf(handle: Uint8Array): NfsNode {
    const node = this.#nodeOf(handle);
    if (node.file === undefined) throw new Nfs3Fault(NfsStat3.NFS3ERR_ISDIR);
    return node;
  }

  #directoryOf(handle: Uint8Array): NfsNode {
    const node = this.#nodeOf(handle);
    if (node.file !== undefined) throw new Nfs3Fault(NfsStat3.NFS3ERR_NOTDIR);
    return node;
  }

  /** Attributes for a reply. */
  #attributes(node: NfsNode) {
    return { attributes: this.#files.attributesOf(node) };
  }

  /** Attributes for a reply that says no: those of the handle's node, if there is one. */
  #attributesIn(handle: Uint8Array) {
    const node = handle.length === HANDLE_BYTES ? this.#files.nodeOf(handle) : undefined;
    return node === undefined ? {} : this.#attributes(node);
  }

  /** What a file was before a change: the reply has it beside what it is then. */
  #before({ size, mtime, ctime }: NfsNode) {
    return { attributes: { size: BigInt(size), mtime, ctime } };
  }

  readonly #handlers: Handlers = {
    NULL: () => ({}),
    GETATTR: ({ object }) => ({
      status: NfsStat3.NFS3_OK,
      resok: { objAttributes: this.#files.attributesOf(this.#nodeOf(object)) },
    }),
    SETATTR: (args, caller) => {
      const node = this.#nodeOf(args.object);
      checkWritable(caller);
      const { guard, newAttributes } = args;
      const { seconds, nseconds } = node.ctime;
      if (guard !== undefined && (guard.seconds !== seconds || guard.nseconds !== nseconds))
        throw new Nfs3Fault(NfsStat3.NFS3ERR_NOT_SYNC);
      const before = this.#before(node);
      this.#setAttributes(node, newAttributes, caller.now);
      const objWcc = { before, after: this.#attributes(node) };
      return { status: NfsStat3.NFS3_OK, resok: { objWcc } };
    },
    LOOKUP: ({ what }) => {
      const directory = this.#directoryOf(what.dir);
      if (what.name.length > NAME_BYTES_MAX) throw new Nfs3Fault(NfsStat3.NFS3ERR_NAMETOOLONG);
      const node = this.#files.lookup(what.name);
      if (node === undefined) throw new Nfs3Fault(NfsStat3.NFS3ERR_NOENT);
      const attributes = {
        objAttributes: this.#attributes(node),
        dirAttributes: this.#attributes(directory),
      };
      return { status: NfsStat3.NFS3_OK, resok: { object: node.handle, ...attributes } };
    },
    ACCESS: ({ object, access }, caller) => {
      const node = this.#nodeOf(object);
      const may = node.file === undefined ? DIRECTORY_ACCESS : FILE_ACCESS;
      const granted = caller.access === 'read-write' ? may : may & (Access3.READ | Access3.LOOKUP);
      const resok = { objAttributes: this.#attributes(node), access: access & granted };
      return { status: NfsStat3.NFS3_OK, resok };
    },
    READLINK: ({ object }) => {
      this.#nodeOf(object);
      throw new Nfs3Fault(NfsStat3.NFS3ERR_INVAL);
    },
    READ: ({ file, offset, count }) => {
      const node = this.#fileOf(file);
      const most = Math.min(count, this.#options.transferBytesMax);
      const from = offset > BigInt(node.size) ? node.size : Number(offset);
      const data = this.#files.read(node, from, most);
      const eof = from + data.length >= node.size ? 1 : 0;
      const fileAttributes = this.#attributes(node);
      return {
        status: NfsStat3.NFS3_OK,
        resok: { fileAttributes, count: data.length, eof, data },
      };
    },
    WRITE: (args, caller) => this.#write(args, caller),
    CREATE: (args, caller) => {
      const directory = this.#directoryOf(args.where.dir);
      checkWritable(caller);
      const before = this.#before(directory);
      const resize = (there: NfsNode, size: bigint): void => this.#resize(there, size, caller.now);
      const node = createdFile(this.#files, args, caller.now, resize);
      const resok = {
        obj: { handle: { data: node.handle } },
        objAttributes: this.#attributes(node),
        dirWcc: { before, after: this.#attributes(directory) },
      };
      return { status: NfsStat3.NFS3_OK, resok };
    },
    MKDIR: ({ where }, caller) => this.#refused(refuseMaking, where, caller),
    SYMLINK: ({ where }, caller) => this.#refused(refuseMaking, where, caller),
    MKNOD: ({ where }, caller) => this.#refused(refuseMaking, where, caller),
    REMOVE: ({ object }, caller) => {
      const directory = this.#directoryOf(object.dir);
      const node = this.#files.lookup(object.name);
      if (node?.isMade !== true) return this.#refused(refuseRemoving, object, caller);
      checkWritable(caller);
      const before = this.#before(directory);
      this.#files.remove(node, caller.now);
      const dirWcc = { before, after: this.#attributes(directory) };
      return { status: NfsStat3.NFS3_OK, resok: { dirWcc } };
    },
    RMDIR: ({ object }, caller) => this.#refused(refuseRemoving, object, caller),
    RENAME: ({ from, to }, caller) => {
      this.#directoryOf(to.dir);
      return this.#refused(refuseRemoving, from, caller);
    },
    LINK: ({ file, link }, caller) => {
      this.#nodeOf(file);
      return this.#refused(refuseMaking, link, caller);
    },
    READDIR: (args) => {
      const directory = this.#directoryOf(args.dir);
      const list = listDirectory(this.#files, args, this.#attributes(directory));
      if ('status' in list) throw new Nfs3Fault(list.status);
      return { status: NfsStat3.NFS3_OK, resok: list };
    },
    READDIRPLUS: (args) => {
      const directory = this.#directoryOf(args.dir);
      const list = listDirectoryPlus(this.#files, args, this.#attributes(directory));
      if ('status' in list) throw new Nfs3Fault(list.status);
      return { status: NfsStat3.NFS3_OK, resok: list };
    },
    FSSTAT: ({ object }) => {
      const objAttributes = this.#attributes(this.#nodeOf(object));
      return { status: NfsStat3.NFS3_OK, resok: { objAttributes, ...statisticsOf(this.#files) } };
    },
    FSINFO: ({ object }) => {
      const objAttributes = this.#attributes(this.#nodeOf(object));
      const sizes = abilitiesOf(this.#options.transferBytesMax);
      return { status: NfsStat3.NFS3_OK, resok: { objAttributes, ...sizes } };
    },
    PATHCONF: ({ object }) => {
      const objAttributes = this.#attributes(this.#nodeOf(object));
      return { status: NfsStat3.NFS3_OK, resok: { objAttributes, ...NAME_RULES } };
    },
    COMMIT: ({ file }) => {
      const node = this.#fileOf(file);
      const fileWcc = { before: this.#before(node), after: this.#attributes(node) };
      this.#flush(node);
      return {
        status: NfsStat3.NFS3_OK,
        resok: { fileWcc, verf: this.#options.writeVerifier },
      };
    },
  };

  #refused(refuse: Refusal, { dir, name }: DirectoryName, caller: Nfs3Caller): never {
    this.#directoryOf(dir);
    checkWritable(caller);
    return refuse(this.#files, name);
  }

  #write(args: Nfs3Args<'WRITE'>, caller: Nfs3Caller): Nfs3Res<'WRITE'> {
    const { file, offset, data, stable } = args;
    const node = this.#fileOf(file);
    checkWritable(caller);
    if (nameOf(StableHow, stable) === undefined) throw new Nfs3Fault(NfsStat3.NFS3ERR_INVAL);
    const end = offset + BigInt(data.length);
    if (end > BigInt(Number.MAX_SAFE_INTEGER)) throw new Nfs3Fault(NfsStat3.NFS3ERR_FBIG);
    if (end > BigInt(node.capacity)) throw new Nfs3Fault(NfsStat3.NFS3ERR_NOSPC);
    // A short write is legal: what is more than the server said is left to the next call.
    const taken = data.subarray(0, this.#options.transferBytesMax);
    const before = this.#before(node);
    const changed = this.#files.write(node, Number(offset), taken, caller.now);
    const isStable = stable !== StableHow.UNSTABLE || node.file?.medium.volatile !== true;
    if (changed !== undefined) this.#options.observer.changed(node, changed, isStable);
    if (stable !== StableHow.UNSTABLE) this.#flush(node);
    const resok = {
      fileWcc: { before, after: this.#attributes(node) },
      count: taken.length,
      committed: isStable ? StableHow.FILE_SYNC : StableHow.UNSTABLE,
      verf: this.#options.writeVerifier,
    };
    return { status: NfsStat3.NFS3_OK, resok };
  }

  #flush(node: NfsNode): void {
    const medium = node.file?.medium;
    if (medium?.flush === undefined) return;
    medium.flush();
    this.#options.observer.flushed(node);
  }

  #setAttributes(node: NfsNode, wanted: Sattr3, now: Instant): void {
    const { mode, uid, gid, size, setAtime, atime, setMtime, mtime } = wanted;
    const is = this.#files.attributesOf(node);
    const isOther = (value: number | undefined, now: number) =>
      value !== undefined && value !== now;
    if (isOther(mode, is.mode) || isOther(uid, is.uid) || isOther(gid, is.gid))
      throw new Nfs3Fault(NfsStat3.NFS3ERR_PERM);
    if (size !== undefined) {
      if (node.file === undefined) throw new Nfs3Fault(NfsStat3.NFS3ERR_ISDIR);
      this.#resize(node, size, now);
    }
    this.#files.touchAttributes(node, now);
    if (setAtime === TimeHow.SET_TO_SERVER_TIME) node.atime = node.ctime;
    else if (atime !== undefined) node.atime = atime;
    if (setMtime === TimeHow.SET_TO_SERVER_TIME) node.mtime = node.ctime;
    else if (mtime !== undefined) node.mtime = mtime;
  }

  #resize(node: NfsNode, size: bigint, now: Instant): void {
    if (size > BigInt(node.capacity)) throw new Nfs3Fault(NfsStat3.NFS3ERR_NOSPC);
    const isDurable = node.file?.medium.volatile !== true;
    for (const changed of this.#files.resize(node, Number(size), now))
      this.#options.observer.changed(node, changed, isDurable);
  }
}

function checkWritable({ access }: Nfs3Caller): void {
  if (access !== 'read-write') throw new Nfs3Fault(NfsStat3.NFS3ERR_ROFS);
}

/** A fault as a status. What is no fault is a defect, and goes on. */
function statusOf(error: unknown): number {
  if (error instanceof Nfs3Fault) return error.status;
  if (!(error instanceof MediumError)) throw error;
  return error.fault === 'no-space' ? NfsStat3.NFS3ERR_NOSPC : NfsStat3.NFS3ERR_IO;
}
