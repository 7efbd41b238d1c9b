/**
 * What a virtual machine's guest does with its disks: reads and stamped writes, a number of them
 * outstanding at once, never two that overlap (a file system's block cache sees to that).
 */
import { putStamp, readStamp, STAMP_BYTES, type StampReading } from '../../codecs/stamp/index.ts';
import type { RandomStream } from '../core.ts';
import type { Instant } from '../machine.ts';

export interface WorkloadOptions {
  /** Goes into every stamp; unique among all workloads of a run. */
  readonly writerId: number;
  /** I/Os outstanding at once. */
  readonly queueDepth: number;
  /** Share of reads, 0 to 100. */
  readonly readPercent: number;
  /** Largest I/O in blocks of 512 bytes. */
  readonly blocksMax: number;
  /** Blocks of each disk that are used. */
  readonly rangeBlocks: number;
  /** Pause between an I/O's end and the next one's start. */
  readonly thinkNs: number;
  /** Shares of the I/Os that are not reads, 0 to 100 together; the rest are plain writes. */
  readonly compareAndWritePercent?: number;
  readonly unmapPercent?: number;
  readonly writeSamePercent?: number;
  readonly synchronizePercent?: number;
  /** Share of the plain writes that carry FUA. */
  readonly fuaPercent?: number;
  /**
   * A COMPARE AND WRITE of which nobody knows whether it was carried out is sent again like any
   * write; false: what its block holds is read first, and says how it ended.
   */
  readonly retryNonIdempotent?: boolean;
}

/** One guest I/O. It keeps its identity however often it is sent. */
export interface GuestIo {
  readonly id: number;
  readonly op: 'read' | 'write';
  readonly luId: Uint8Array;
  /** The logical unit's index in the workload's list. */
  readonly disk: number;
  readonly lba: number;
  readonly blocks: number;
  readonly bytes: number;
  /** Version of each block written; 0 for a read. */
  readonly version: number;
  readonly submittedAt: Instant;
  /** Times it was sent. */
  attempts: number;
}

/** Tries to find a free range before the guest waits for another I/O to end. */
const PLACE_TRIES = 16;

export class Workload {
  readonly options: WorkloadOptions;
  readonly #random: RandomStream;
  readonly #luIds: readonly Uint8Array[];
  /** Blocks of an I/O under way, per disk. */
  readonly #busy: Set<number>[];
  #nextId: number;
  outstanding = 0;
  /** I/Os that the guest may still submit. */
  allowance = Infinity;

  constructor(
    options: WorkloadOptions,
    random: RandomStream,
    luIds: readonly Uint8Array[],
    firstId = 1,
  ) {
    this.options = options;
    this.#random = random;
    this.#luIds = luIds;
    this.#busy = luIds.map(() => new Set());
    this.#nextId = firstId;
  }

  /** The next I/O, `undefined` while the queue is full or no free place was found. */
  next(now: Instant): GuestIo | undefined {
    const { queueDepth, readPercent, blocksMax, rangeBlocks } = this.options;
    if (this.outstanding >= queueDepth || this.allowance <= 0 || this.#luIds.length === 0)
      return undefined;
    for (let tries = 0; tries < PLACE_TRIES; tries++) {
      const disk = this.#random.below(this.#luIds.length);
      const blocks = 1 + this.#random.below(blocksMax);
      const lba = this.#random.below(Math.max(1, rangeBlocks - blocks + 1));
      const read = this.#random.below(100) < readPercent;
      if (!this.#take(disk, lba, blocks)) continue;
      const id = this.#nextId++;
      this.outstanding++;
      this.allowance--;
      return {
        id,
        op: read ? 'read' : 'write',
        luId: this.#luIds[disk]!,
        disk,
        lba,
        blocks,
        bytes: blocks * STAMP_BYTES,
        version: read ? 0 : id,
        submittedAt: now,
        attempts: 0,
      };
    }
    return undefined;
  }

  #take(disk: number, lba: number, blocks: number): boolean {
    const busy = this.#busy[disk]!;
    for (let i = lba; i < lba + blocks; i++) if (busy.has(i)) return false;
    for (let i = lba; i < lba + blocks; i++) busy.add(i);
    return true;
  }

  /** The I/O has ended for the guest; its blocks are free again. */
  ended(io: GuestIo): void {
    this.outstanding--;
    const busy = this.#busy[io.disk]!;
    for (let i = io.lba; i < io.lba + io.blocks; i++) busy.delete(i);
  }

  /** The data of a write: every block stamped with its own place and the I/O's version. */
  dataOf(io: GuestIo): Uint8Array {
    const data = new Uint8Array(io.bytes);
    for (let i = 0; i < io.blocks; i++) {
      putStamp(data, i * STAMP_BYTES, {
        writerId: this.options.writerId,
        version: io.version,
        lba: io.lba + i,
        luId: io.luId,
      });
    }
    return data;
  }
}

/** What each block of a read held. */
export function readingsOf(io: GuestIo, data: Uint8Array): StampReading[] {
  const readings: StampReading[] = [];
  for (let i = 0; i < io.blocks; i++) {
    readings.push(
      data.length < (i + 1) * STAMP_BYTES
        ? { found: 'wrong', why: 'not transferred' }
        : readStamp(data, i * STAMP_BYTES, { lba: io.lba + i, luId: io.luId }),
    );
  }
  return readings;
}
