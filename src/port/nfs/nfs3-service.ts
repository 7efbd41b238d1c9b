/**
 * The procedures of NFS version 3 over a file system of one flat directory whose files are media.
 *
 * Files of logical units are there by the operator's will: what would remove or rename one is refused; clients may
 * make files of their own where the file system takes them. Ownership: it changes the file system and tells what
 * it changed; records and caches are the server's.
 */
import { Access3, NfsStat3, nfs3, type Sattr3, TimeHow } from '../../codecs/nfs/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { listDirectory, listDirectoryPlus } from './directory.ts';
import {
  createdFile,
  type DirectoryName,
  type Refusal,
  refuseMaking,
  refuseRemoving,
} from './directory-changes.ts';
import {
  checkWritable,
  FileOperations,
  type FileOperationsOptions,
  type NfsCaller,
  NfsFault,
  nfsStatusOf,
} from './file-operations.ts';
import { HANDLE_BYTES, type NfsFileSystem, type NfsNode } from './file-system.ts';
import { abilitiesOf, NAME_BYTES_MAX, NAME_RULES, statisticsOf } from './file-system-info.ts';
import type { Nfs3Args, Nfs3Name, Nfs3Res } from './nfs3-call.ts';
import { failuresOf } from './nfs3-failures.ts';

const FILE_ACCESS = Access3.READ | Access3.MODIFY | Access3.EXTEND;
const DIRECTORY_ACCESS = Access3.READ | Access3.LOOKUP;

type Handlers = {
  readonly [P in Nfs3Name]: (args: Nfs3Args<P>, caller: NfsCaller) => Nfs3Res<P>;
};
/** Carries out calls. */
export class Nfs3Service {
  readonly #options: FileOperationsOptions;
  readonly #files: NfsFileSystem;
  readonly #operations: FileOperations;
  readonly #failures = failuresOf((handle) => this.#attributesIn(handle));

  constructor(options: FileOperationsOptions) {
    this.#options = options;
    this.#files = options.fileSystem;
    this.#operations = new FileOperations(options);
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
    caller: NfsCaller,
  ): { readonly status: number; readonly results: Uint8Array } {
    let value: Nfs3Res<P>;
    try {
      if (caller.access === undefined && name !== 'NULL')
        throw new NfsFault(NfsStat3.NFS3ERR_ACCES);
      value = this.#handlers[name](args, caller);
    } catch (error) {
      value = { status: nfsStatusOf(error), ...this.#failures[name](args) } as Nfs3Res<P>;
    }
    const { status = NfsStat3.NFS3_OK } = value as { status?: number };
    return { status, results: nfs3[name].res.encode(value as never) };
  }

  #nodeOf(handle: Uint8Array): NfsNode {
    return this.#operations.nodeOf(handle);
  }

  #fileOf(handle: Uint8Array): NfsNode {
    const node = this.#nodeOf(handle);
    if (node.file === undefined) throw new NfsFault(NfsStat3.NFS3ERR_ISDIR);
    return node;
  }

  #directoryOf(handle: Uint8Array): NfsNode {
    const node = this.#nodeOf(handle);
    if (node.file !== undefined) throw new NfsFault(NfsStat3.NFS3ERR_NOTDIR);
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
        throw new NfsFault(NfsStat3.NFS3ERR_NOT_SYNC);
      const before = this.#before(node);
      this.#setAttributes(node, newAttributes, caller.now);
      const objWcc = { before, after: this.#attributes(node) };
      return { status: NfsStat3.NFS3_OK, resok: { objWcc } };
    },
    LOOKUP: ({ what }) => {
      const directory = this.#directoryOf(what.dir);
      if (what.name.length > NAME_BYTES_MAX) throw new NfsFault(NfsStat3.NFS3ERR_NAMETOOLONG);
      const node = this.#files.lookup(what.name);
      if (node === undefined) throw new NfsFault(NfsStat3.NFS3ERR_NOENT);
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
      throw new NfsFault(NfsStat3.NFS3ERR_INVAL);
    },
    READ: ({ file, offset, count }) => {
      const node = this.#fileOf(file);
      const { data, eof } = this.#operations.read(node, offset, count);
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
      const resize = (there: NfsNode, size: bigint): void =>
        this.#operations.resize(there, size, caller.now);
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
      if ('status' in list) throw new NfsFault(list.status);
      return { status: NfsStat3.NFS3_OK, resok: list };
    },
    READDIRPLUS: (args) => {
      const directory = this.#directoryOf(args.dir);
      const list = listDirectoryPlus(this.#files, args, this.#attributes(directory));
      if ('status' in list) throw new NfsFault(list.status);
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
      this.#operations.flush(node);
      return {
        status: NfsStat3.NFS3_OK,
        resok: { fileWcc, verf: this.#options.writeVerifier },
      };
    },
  };

  #refused(refuse: Refusal, { dir, name }: DirectoryName, caller: NfsCaller): never {
    this.#directoryOf(dir);
    checkWritable(caller);
    return refuse(this.#files, name);
  }

  #write(args: Nfs3Args<'WRITE'>, caller: NfsCaller): Nfs3Res<'WRITE'> {
    const node = this.#fileOf(args.file);
    const before = this.#before(node);
    const { count, committed } = this.#operations.write(node, args, caller);
    const resok = {
      fileWcc: { before, after: this.#attributes(node) },
      count,
      committed,
      verf: this.#options.writeVerifier,
    };
    return { status: NfsStat3.NFS3_OK, resok };
  }

  #setAttributes(node: NfsNode, wanted: Sattr3, now: Instant): void {
    const { mode, uid, gid, size, setAtime, atime, setMtime, mtime } = wanted;
    const is = this.#files.attributesOf(node);
    const isOther = (value: number | undefined, now: number) =>
      value !== undefined && value !== now;
    if (isOther(mode, is.mode) || isOther(uid, is.uid) || isOther(gid, is.gid))
      throw new NfsFault(NfsStat3.NFS3ERR_PERM);
    if (size !== undefined) this.#operations.resize(node, size, now);
    this.#files.touchAttributes(node, now);
    if (setAtime === TimeHow.SET_TO_SERVER_TIME) node.atime = node.ctime;
    else if (atime !== undefined) node.atime = atime;
    if (setMtime === TimeHow.SET_TO_SERVER_TIME) node.mtime = node.ctime;
    else if (mtime !== undefined) node.mtime = mtime;
  }
}
