/**
 * What calls do to files, whatever the version of NFS: handles, ranges, sizes, and what survives a loss of power.
 *
 * Ownership: it changes the file system and tells what it changed. Statuses are numbers that all versions share.
 */
import { nameOf } from '../../codecs/layout/index.ts';
import { NfsStat3, StableHow } from '../../codecs/nfs/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Conn } from '../../machine/stream-machine.ts';
import { MediumError } from '../../scsi/medium/medium.ts';
import type { ExportAccess } from './exports.ts';
import {
  type ChangedBlocks,
  HANDLE_BYTES,
  type NfsFileSystem,
  type NfsNode,
} from './file-system.ts';

/** Hears what calls do to files. */
export interface NfsObserver {
  /** `durable`: survives a loss of power from now on. */
  changed(node: NfsNode, changed: ChangedBlocks, durable: boolean): void;
  /** All that a file took before survives a loss of power. */
  flushed(node: NfsNode): void;
}

/** What operations are made of. */
export interface FileOperationsOptions {
  readonly fileSystem: NfsFileSystem;
  /** Eight bytes that are others after each start that may have lost what was not committed. */
  readonly writeVerifier: Uint8Array;
  /** Most bytes of a READ or WRITE. */
  readonly transferBytesMax: number;
  readonly observer: NfsObserver;
}

/** Who calls, and when. */
export interface NfsCaller {
  /** `undefined`: nothing may be done. */
  readonly access: ExportAccess | undefined;
  readonly now: Instant;
  /** The connection, where it may be called back on it. */
  readonly conn?: Conn;
}

/** A call that comes to nothing, and why. */
export class NfsFault extends Error {
  override readonly name = 'NfsFault';
  /** `NfsStat3`, or `NfsStat4`. */
  readonly status: number;

  constructor(status: number) {
    super(`NFS status ${status}`);
    this.status = status;
  }
}

/** A fault as a status. What is no fault is a defect, and goes on. */
export function nfsStatusOf(error: unknown): number {
  if (error instanceof NfsFault) return error.status;
  if (!(error instanceof MediumError)) throw error;
  return error.fault === 'no-space' ? NfsStat3.NFS3ERR_NOSPC : NfsStat3.NFS3ERR_IO;
}

/** Errors: `NfsFault` for a caller who may only read. */
export function checkWritable({ access }: NfsCaller): void {
  if (access !== 'read-write') throw new NfsFault(NfsStat3.NFS3ERR_ROFS);
}

/** A range of a file to write. */
export interface WriteRange {
  readonly offset: bigint;
  readonly data: Uint8Array;
  /** `StableHow`. */
  readonly stable: number;
}

/** Carries out what calls do to files. Errors of all: `NfsFault`, `MediumError`. */
export class FileOperations {
  readonly #options: FileOperationsOptions;
  readonly #files: NfsFileSystem;

  constructor(options: FileOperationsOptions) {
    this.#options = options;
    this.#files = options.fileSystem;
  }

  /** The node of a handle. */
  nodeOf(handle: Uint8Array): NfsNode {
    if (handle.length !== HANDLE_BYTES) throw new NfsFault(NfsStat3.NFS3ERR_BADHANDLE);
    const node = this.#files.nodeOf(handle);
    if (node === undefined) throw new NfsFault(NfsStat3.NFS3ERR_STALE);
    return node;
  }

  /** Bytes of a file, and whether its end is among them. */
  read(node: NfsNode, offset: bigint, count: number): { data: Uint8Array; eof: number } {
    const most = Math.min(count, this.#options.transferBytesMax);
    const from = offset > BigInt(node.size) ? node.size : Number(offset);
    const data = this.#files.read(node, from, most);
    return { data, eof: from + data.length >= node.size ? 1 : 0 };
  }

  /** Writes; fewer bytes where they are more than a call may have. */
  write(node: NfsNode, range: WriteRange, caller: NfsCaller): { count: number; committed: number } {
    const { offset, data, stable } = range;
    checkWritable(caller);
    if (nameOf(StableHow, stable) === undefined) throw new NfsFault(NfsStat3.NFS3ERR_INVAL);
    const end = offset + BigInt(data.length);
    if (end > BigInt(Number.MAX_SAFE_INTEGER)) throw new NfsFault(NfsStat3.NFS3ERR_FBIG);
    if (end > BigInt(node.capacity)) throw new NfsFault(NfsStat3.NFS3ERR_NOSPC);
    // A short write is legal: what is more than the server said is left to the next call.
    const taken = data.subarray(0, this.#options.transferBytesMax);
    const changed = this.#files.write(node, Number(offset), taken, caller.now);
    const isStable = stable !== StableHow.UNSTABLE || node.file?.medium.volatile !== true;
    if (changed !== undefined) this.#options.observer.changed(node, changed, isStable);
    if (stable !== StableHow.UNSTABLE) this.flush(node);
    return { count: taken.length, committed: isStable ? StableHow.FILE_SYNC : StableHow.UNSTABLE };
  }

  /** All that a file took survives a loss of power from now on. */
  flush(node: NfsNode): void {
    const medium = node.file?.medium;
    if (medium?.flush === undefined) return;
    medium.flush();
    this.#options.observer.flushed(node);
  }

  /** Gives a file another size. */
  resize(node: NfsNode, size: bigint, now: Instant): void {
    if (node.file === undefined) throw new NfsFault(NfsStat3.NFS3ERR_ISDIR);
    if (size > BigInt(node.capacity)) throw new NfsFault(NfsStat3.NFS3ERR_NOSPC);
    const isDurable = node.file.medium.volatile !== true;
    for (const changed of this.#files.resize(node, Number(size), now))
      this.#options.observer.changed(node, changed, isDurable);
  }
}
