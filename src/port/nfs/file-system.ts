/**
 * What an NFS server exports: one directory of files, each a medium.
 *
 * A file system outlives its server: a server that restarts finds the media, the sizes and the times. It
 * owns no cache: what a write left in that of a medium, the medium's owner loses with the power.
 */
import type { Fattr3, NfsTime3 } from '../../codecs/nfs/index.ts';
import { FType3 } from '../../codecs/nfs/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { BLOCK_BYTES, type Medium } from '../../scsi/medium/medium.ts';

/** A file, and the logical unit whose blocks it has. */
export interface NfsFileOptions {
  /** Its name in the directory. */
  readonly name: string;
  readonly medium: Medium;
  /** The logical unit's identifier in hex, under which is told what happens to the file's blocks; `undefined`: of none. */
  readonly luName: string | undefined;
  /** The number that people know the logical unit by. */
  readonly lunNumber: number;
}

/** Files that clients may make: what they keep is the server's alone, and no logical unit's. */
export interface MadeFiles {
  readonly filesMax: number;
  /** A medium for one more. */
  readonly medium: () => Medium;
}

/** What a file system is made of. */
export interface NfsFileSystemOptions {
  readonly files: readonly NfsFileOptions[];
  /** Left out, clients make no files. */
  readonly made?: MadeFiles;
  /** Names the file system in handles and attributes: a handle of another one is stale. */
  readonly fsid: bigint;
  /** Seconds since 1970 at instant 0; 0 unless told. */
  readonly epochSeconds?: number;
}

/** Bytes of a file handle: `fsid` and `fileid`. */
export const HANDLE_BYTES = 16;
/** File number of the directory. */
const ROOT_ID = 1n;
const FIRST_FILE_ID = 2n;
const FILE_MODE = 0o666;
const DIRECTORY_MODE = 0o777;
const DIRECTORY_BYTES = 4096n;
const NS_PER_SECOND = 1_000_000_000;

/** Blocks that a call changed. */
export interface ChangedBlocks {
  readonly lba: number;
  readonly blocks: number;
  /** What they hold now; empty where they were unmapped. Nobody changes it any more. */
  readonly data: Uint8Array;
}

/** The directory or a file of it. */
export class NfsNode {
  readonly name: string;
  readonly fileid: bigint;
  readonly handle: Uint8Array;
  /** `undefined`: the directory. */
  readonly file: NfsFileOptions | undefined;
  /** A client made it, and may remove it. */
  readonly isMade: boolean;
  /** By what the client that made it knows it for its own. Source: RFC 1813, 3.3.8: EXCLUSIVE. */
  createVerifier: Uint8Array | undefined;
  /** Bytes. */
  size: number;
  atime: NfsTime3;
  mtime: NfsTime3;
  ctime: NfsTime3;

  constructor(
    fileid: bigint,
    fsid: bigint,
    name: string,
    file: NfsFileOptions | undefined,
    time: NfsTime3,
    isMade = false,
  ) {
    this.isMade = isMade;
    this.fileid = fileid;
    this.name = name;
    this.file = file;
    this.handle = new Uint8Array(HANDLE_BYTES);
    const view = new DataView(this.handle.buffer);
    view.setBigUint64(0, fsid);
    view.setBigUint64(8, fileid);
    this.size = file === undefined ? Number(DIRECTORY_BYTES) : capacityOf(file.medium);
    this.atime = time;
    this.mtime = time;
    this.ctime = time;
  }

  /** Bytes that it may have. */
  get capacity(): number {
    return this.file === undefined ? this.size : capacityOf(this.file.medium);
  }
}

/** Sizes stay exact in a number. */
function capacityOf({ blocks }: Medium): number {
  return Math.min(blocks * BLOCK_BYTES, Number.MAX_SAFE_INTEGER);
}

/** True for what a file in a flat directory may be called. */
export const isFileName = (name: string): boolean =>
  !['', '.', '..'].includes(name) && !/[/\0]/.test(name);

/** A name that does not fit a flat directory, or stands twice: a mistake of the caller. */
function checkName(name: string, names: ReadonlySet<string>): void {
  if (!isFileName(name) || names.has(name))
    throw new RangeError(`${JSON.stringify(name)} is no name for a file here`);
}

/** One directory of files. */
export class NfsFileSystem {
  readonly root: NfsNode;
  readonly fsid: bigint;
  readonly #made: MadeFiles | undefined;
  #nextId = FIRST_FILE_ID;
  readonly #epochSeconds: number;
  readonly #byId = new Map<bigint, NfsNode>();
  readonly #byName = new Map<string, NfsNode>();
  /** Times of changes never stand still: clients tell by them whether a file changed. */
  #lastChange: Instant = 0;

  /** Errors: `RangeError` for a name that is no file's, or that stands twice. */
  constructor(options: NfsFileSystemOptions) {
    const { files, fsid, epochSeconds = 0, made } = options;
    this.fsid = fsid;
    this.#made = made;
    this.#epochSeconds = epochSeconds;
    this.root = new NfsNode(ROOT_ID, fsid, '', undefined, this.#timeOf(0));
    this.#byId.set(ROOT_ID, this.root);
    for (const file of files) {
      checkName(file.name, new Set(this.#byName.keys()));
      this.#add(new NfsNode(this.#nextId++, fsid, file.name, file, this.#timeOf(0)));
    }
  }

  #add(node: NfsNode): NfsNode {
    this.#byId.set(node.fileid, node);
    this.#byName.set(node.name, node);
    return node;
  }

  /** All files, by their numbers. */
  get files(): readonly NfsNode[] {
    return [...this.#byName.values()];
  }

  /** How many files clients may still make. */
  get freeFiles(): number {
    return (this.#made?.filesMax ?? 0) - this.files.filter(({ isMade }) => isMade).length;
  }

  /** True where clients may make files at all. */
  get takesFiles(): boolean {
    return this.#made !== undefined;
  }

  /** A new, empty file of a name that is free; `undefined` where there is no room for one more. */
  create(name: string, now: Instant): NfsNode | undefined {
    if (this.#made === undefined || this.freeFiles <= 0) return undefined;
    checkName(name, new Set(this.#byName.keys()));
    const file = { name, medium: this.#made.medium(), luName: undefined, lunNumber: 0 };
    const node = new NfsNode(this.#nextId++, this.fsid, name, file, this.#timeOf(now), true);
    node.size = 0;
    this.touch(node, now);
    this.touch(this.root, now);
    return this.#add(node);
  }

  /** Forgets a file that a client made. */
  remove(node: NfsNode, now: Instant): void {
    this.#byId.delete(node.fileid);
    this.#byName.delete(node.name);
    this.touch(this.root, now);
  }

  /** The node of a handle of the right length; `undefined`: of another file system, or none that is there. */
  nodeOf(handle: Uint8Array): NfsNode | undefined {
    const view = new DataView(handle.buffer, handle.byteOffset, handle.length);
    if (view.getBigUint64(0) !== this.fsid) return undefined;
    return this.#byId.get(view.getBigUint64(8));
  }

  /** The node of a name in the directory. */
  lookup(name: string): NfsNode | undefined {
    return name === '.' || name === '..' ? this.root : this.#byName.get(name);
  }

  /** Bytes of all media, at most as many as numbers of 64 bits hold. */
  get totalBytes(): bigint {
    return this.files.reduce((sum, one) => sum + BigInt(one.capacity), 0n);
  }

  /** What is said of a file. */
  attributesOf(node: NfsNode): Fattr3 {
    const isFile = node.file !== undefined;
    return {
      type: isFile ? FType3.NF3REG : FType3.NF3DIR,
      mode: isFile ? FILE_MODE : DIRECTORY_MODE,
      nlink: isFile ? 1 : 2,
      uid: 0,
      gid: 0,
      size: BigInt(node.size),
      used: BigInt(node.size),
      rdev: { specdata1: 0, specdata2: 0 },
      fsid: this.fsid,
      fileid: node.fileid,
      atime: node.atime,
      mtime: node.mtime,
      ctime: node.ctime,
    };
  }

  /** Bytes of a file, fewer at its end, none behind it. Errors: `MediumError`. */
  read(node: NfsNode, offset: number, count: number): Uint8Array {
    const end = Math.min(node.size, offset + count);
    if (node.file === undefined || offset >= end) return new Uint8Array(0);
    const lba = Math.floor(offset / BLOCK_BYTES);
    const blocks = Math.ceil(end / BLOCK_BYTES) - lba;
    const from = offset - lba * BLOCK_BYTES;
    return node.file.medium.read(lba, blocks).subarray(from, from + end - offset);
  }

  /**
   * Writes bytes, which lie within the capacity; blocks that they touch in part keep the rest. The
   * array is kept: nobody may change it. Errors: `MediumError`.
   */
  write(node: NfsNode, offset: number, bytes: Uint8Array, now: Instant): ChangedBlocks | undefined {
    const { file } = node;
    if (file === undefined || bytes.length === 0) return undefined;
    const changed = this.#put(file.medium, offset, bytes);
    node.size = Math.max(node.size, offset + bytes.length);
    this.touch(node, now);
    return changed;
  }

  #put(medium: Medium, offset: number, bytes: Uint8Array): ChangedBlocks {
    const end = offset + bytes.length;
    const lba = Math.floor(offset / BLOCK_BYTES);
    const blocks = Math.ceil(end / BLOCK_BYTES) - lba;
    let data = bytes;
    if (bytes.length !== blocks * BLOCK_BYTES) {
      data = medium.read(lba, blocks).slice();
      data.set(bytes, offset - lba * BLOCK_BYTES);
    }
    medium.write(lba, data);
    return { lba, blocks, data };
  }

  /** Gives a file another size within its capacity: what is cut off reads as zeros later. Errors: `MediumError`. */
  resize(node: NfsNode, size: number, now: Instant): ChangedBlocks[] {
    const { file } = node;
    if (file === undefined) return [];
    const changed = size < node.size ? this.#clear(file.medium, size, node.size) : [];
    node.size = size;
    this.touch(node, now);
    return changed;
  }

  #clear(medium: Medium, from: number, end: number): ChangedBlocks[] {
    const changed: ChangedBlocks[] = [];
    const whole = Math.ceil(from / BLOCK_BYTES);
    if (whole * BLOCK_BYTES > from) {
      const bytes = new Uint8Array(Math.min(end, whole * BLOCK_BYTES) - from);
      changed.push(this.#put(medium, from, bytes));
    }
    const blocks = Math.ceil(end / BLOCK_BYTES) - whole;
    if (blocks <= 0) return changed;
    if (medium.unmap === undefined) medium.write(whole, new Uint8Array(blocks * BLOCK_BYTES));
    else medium.unmap(whole, blocks);
    return [...changed, { lba: whole, blocks, data: new Uint8Array(0) }];
  }

  /** Times of a file whose content changed. */
  touch(node: NfsNode, now: Instant): void {
    this.touchAttributes(node, now);
    node.mtime = node.ctime;
  }

  /** The time of a file whose attributes changed. */
  touchAttributes(node: NfsNode, now: Instant): void {
    this.#lastChange = Math.max(now, this.#lastChange + 1);
    node.ctime = this.#timeOf(this.#lastChange);
  }

  /** An instant as files have it. */
  #timeOf(instant: Instant): NfsTime3 {
    return {
      seconds: (this.#epochSeconds + Math.floor(instant / NS_PER_SECOND)) >>> 0,
      nseconds: instant % NS_PER_SECOND,
    };
  }
}
