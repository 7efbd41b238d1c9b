/**
 * A logical unit's blocks in a regular file.
 *
 * What survives what: a write that was answered is in the system's page cache, so it survives
 * the end of this process, however it ends. A loss of power survives what SYNCHRONIZE CACHE, FUA,
 * UNMAP with the write cache off, or a clean shutdown has flushed (`fdatasync`). A block is never half
 * old and half new after this process was killed: blocks lie within pages, and the kernel looks
 * for signals only between pages. A write of several blocks that was not answered may have
 * reached some of them.
 */
import { spawnSync } from 'node:child_process';
import {
  type BigIntStats,
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { fileFault } from '../capture/file-fault.ts';
import { BLOCK_BYTES, type Medium, MediumError, type MediumFault } from '../scsi/medium/medium.ts';
import { type FileLock, lockFile } from './file-lock.ts';
import { LunError, type LunSource, sizeFault } from './lun-source.ts';

/** Zeros written at a time where no hole can be made. */
const ZEROS_BYTES = 1024 * 1024;
/** From this size on a hole is worth starting `fallocate` for; below, zeros are written. */
const HOLE_BYTES_MIN = 1024 * 1024;
const HOLE_TIMEOUT_MS = 30_000;

/** A logical unit that a file backs. */
export type FileSource = LunSource & { readonly kind: 'file' };

/**
 * Blocks in a regular file that no other server has open. Errors: `MediumError` for what the system refuses,
 * `RangeError` for blocks that are not there.
 */
export class FileMedium implements Medium {
  readonly blocks: number;
  readonly blockBytes = BLOCK_BYTES;
  readonly path: string;
  readonly #handle: number;
  readonly #lock: FileLock;
  readonly #failed: (what: string) => void;
  #zeros: Uint8Array | undefined;
  #canPunch = true;
  #open = true;

  private constructor(
    path: string,
    handle: number,
    blocks: number,
    lock: FileLock,
    failed: (what: string) => void,
  ) {
    this.#failed = failed;
    this.path = path;
    this.#handle = handle;
    this.blocks = blocks;
    this.#lock = lock;
  }

  /**
   * Opens the file, or makes it. `failed` hears of what cannot be read or written later, each time.
   * Errors: `LunError`.
   */
  static async open(
    source: FileSource,
    failed: (what: string) => void = () => {},
  ): Promise<FileMedium> {
    const { path } = source;
    const handle = openFile(source);
    try {
      const stat = fstatSync(handle, { bigint: true });
      if (!stat.isFile()) throw new LunError(`--lun ${path}: is no regular file`);
      const lock = await lockFile(stat.dev, stat.ino);
      if (lock === undefined)
        throw new LunError(`--lun ${path}: another serve has it open; stop that one first`);
      try {
        const blocks = sizeTheFile(source, handle, stat) / BLOCK_BYTES;
        return new FileMedium(path, handle, blocks, lock, failed);
      } catch (error) {
        await lock.release();
        throw error;
      }
    } catch (error) {
      closeSync(handle);
      throw error;
    }
  }

  read(lba: number, count: number): Uint8Array {
    const data = new Uint8Array(count * BLOCK_BYTES);
    const from = this.#place(lba, count);
    for (let done = 0; done < data.length; ) {
      const bytes = this.#try('unreadable', () =>
        readSync(this.#handle, data, done, data.length - done, from + done),
      );
      if (bytes === 0) throw this.#fault('unreadable', 'ends too early');
      done += bytes;
    }
    return data;
  }

  write(lba: number, data: Uint8Array): void {
    if (data.length % BLOCK_BYTES !== 0)
      throw new RangeError(`${data.length} bytes are no whole number of blocks`);
    this.#write(this.#place(lba, data.length / BLOCK_BYTES), data);
  }

  unmap(lba: number, count: number): void {
    const from = this.#place(lba, count);
    const bytes = count * BLOCK_BYTES;
    if (bytes >= HOLE_BYTES_MIN && this.#punch(from, bytes)) return;
    this.#zeros ??= new Uint8Array(ZEROS_BYTES);
    for (let done = 0; done < bytes; done += ZEROS_BYTES)
      this.#write(from + done, this.#zeros.subarray(0, Math.min(ZEROS_BYTES, bytes - done)));
  }

  flush(): void {
    this.#try('unwritable', () => fdatasyncSync(this.#handle));
  }

  /** Flushes and closes; a second call does nothing. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    try {
      this.flush();
    } finally {
      closeSync(this.#handle);
      await this.#lock.release();
    }
  }

  #place(lba: number, count: number): number {
    if (lba < 0 || count < 0 || lba + count > this.blocks)
      throw new RangeError(`blocks ${lba} to ${lba + count - 1} are not on this medium`);
    return lba * BLOCK_BYTES;
  }

  #write(at: number, data: Uint8Array): void {
    for (let done = 0; done < data.length; ) {
      done += this.#try('unwritable', () =>
        writeSync(this.#handle, data, done, data.length - done, at + done),
      );
    }
  }

  /** Gives the blocks' space back to the file system. False where that cannot be had. */
  #punch(from: number, bytes: number): boolean {
    if (!this.#canPunch) return false;
    // Node has no call for it. The file is handed over open, whatever its name is by now.
    const { status } = spawnSync(
      'fallocate',
      ['--punch-hole', '--offset', `${from}`, '--length', `${bytes}`, '/proc/self/fd/3'],
      { stdio: ['ignore', 'ignore', 'ignore', this.#handle], timeout: HOLE_TIMEOUT_MS },
    );
    this.#canPunch = status === 0;
    return this.#canPunch;
  }

  #try<T>(fault: 'unreadable' | 'unwritable', work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const full = code === 'ENOSPC' || code === 'EDQUOT';
      throw this.#fault(full ? 'no-space' : fault, full ? 'its disk is full' : `${code}`);
    }
  }

  #fault(fault: MediumFault, what: string): MediumError {
    const text = `${this.path}: ${what}`;
    this.#failed(text);
    return new MediumError(fault, text);
  }
}

function openFile({ path, bytes }: FileSource): number {
  try {
    return openSync(path, 'r+');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || bytes === undefined) throw cannotOpen(path, cause, false);
  }
  try {
    return openSync(path, 'wx+', 0o600);
  } catch (cause) {
    throw cannotOpen(path, cause, true);
  }
}

/** `isMade`: the file was to be made, not found. */
function cannotOpen(path: string, cause: unknown, isMade: boolean): LunError {
  if (!isMade && (cause as NodeJS.ErrnoException).code === 'ENOENT')
    return new LunError(`--lun ${path}: there is no such file; name FILE:SIZE to make it`);
  const { advice, what } = fileFault(path, cause, 'write');
  return new LunError(`--lun ${path}: ${what}; ${advice}`);
}

/** Bytes of the file, which is made as long as asked for where it is empty. Errors: `LunError`. */
function sizeTheFile({ path, bytes }: FileSource, handle: number, stat: BigIntStats): number {
  const there = Number(stat.size);
  if (there === 0 && bytes !== undefined) {
    try {
      ftruncateSync(handle, bytes);
    } catch (cause) {
      throw cannotOpen(path, cause, true);
    }
    return bytes;
  }
  const fault = sizeFault(there);
  if (fault !== undefined) throw new LunError(`--lun ${path}: ${fault}`);
  if (bytes !== undefined && bytes !== there)
    throw new LunError(`--lun ${path}: has ${there} bytes, not ${bytes}; name the file alone`);
  return there;
}
