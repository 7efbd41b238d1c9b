/**
 * What a virtual machine's guest does with its disks: reads and stamped writes, a number of them
 * outstanding at once, never two that overlap (a file system's block cache sees to that).
 */
import { formatHex } from '../codecs/layout/index.ts';
import { putStamp, readStamp, STAMP_BYTES, type StampReading } from '../codecs/stamp/index.ts';
import type { GuestOp } from '../history/io.ts';
import type { Instant } from '../machine/machine.ts';
import type { RandomStream } from '../machine/random.ts';
import { roomFor } from '../machine/slab.ts';

/** What a guest does with its disks. Sizes are in blocks. */
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
  readonly compareAndWritePercent: number;
  readonly unmapPercent: number;
  readonly writeSamePercent: number;
  readonly synchronizePercent: number;
  /** Share of the plain writes that carry FUA. */
  readonly fuaPercent: number;
  /**
   * A COMPARE AND WRITE of which nobody knows whether it was carried out is sent again like any
   * write; false: what its block holds is read first, and says how it ended.
   */
  readonly retryNonIdempotent: boolean;
}

/** What a guest knows of a block: never written or unmapped, or whose stamp it last saw there. */
type Known = { readonly writerId: number; readonly version: number } | 'blank';

/** One guest I/O. It keeps its identity however often it is sent. */
export interface GuestIo {
  readonly id: number;
  readonly op: GuestOp;
  readonly luId: Uint8Array;
  /** The same in hex. */
  readonly luName: string;
  /** The logical unit's index in the workload's list. */
  readonly disk: number;
  readonly lba: number;
  readonly blocks: number;
  readonly bytes: number;
  /** Version of each block written; 0 where nothing is, or zeros are. */
  readonly version: number;
  readonly fua: boolean;
  /** What a COMPARE AND WRITE expects its block to hold. */
  readonly expected: Known | undefined;
  /** By the guest's clock: later, where its host stopped it. */
  submittedAt: Instant;
  /** Times it was sent. */
  attempts: number;
  /** A COMPARE AND WRITE of which nobody knows whether it was carried out: its block tells. */
  doubt: boolean;
  /** A write that the unit had no space for. */
  lacksSpace: boolean;
  /** Its host's own, on the copy of a disk or for its sake: the guest does not wait for it alone. */
  readonly ofHost?: true;
}

/** What a host's I/O comes from: a guest at work, on logical units or on volumes that its host makes of them. */
export interface GuestWork {
  readonly options: WorkloadOptions;
  /** Its logical units. */
  readonly luNames: readonly string[];
  outstanding: number;
  /** I/Os that the guest may still submit. */
  allowance: number;
  /** The blocks of I/Os under way. */
  busy(): Iterable<readonly [luName: string, lba: number]>;
  /** The next I/O, `undefined` while there is none. */
  next(now: Instant): GuestIo | undefined;
  /** The next I/O that the host has of its own, also while the guest rests; left out: it has none. */
  nextOfHost?(): GuestIo | undefined;
  /** The I/O has ended for the guest; `reason`: why it failed. */
  ended(io: GuestIo, good: boolean, readings?: readonly StampReading[], reason?: string): void;
  /** The data of a write: every block stamped with its own place and the I/O's version. */
  dataOf(io: GuestIo): Uint8Array;
  /** What a COMPARE AND WRITE expects to find. */
  expectedOf(io: GuestIo): Uint8Array;
}

/** Operations that write the guest's stamp. */
const STAMPING_OPS: ReadonlySet<GuestOp> = new Set(['write', 'compare-and-write', 'write-same']);
/** WRITE SAME writes one stamp, which names one place. */
const ONE_BLOCK_OPS: ReadonlySet<GuestOp> = new Set(['compare-and-write', 'write-same']);

/** Tries to find a free range before the guest waits for another I/O to end. */
const PLACE_TRIES = 16;

/** A guest at work: draws its next I/Os, stamps what it writes and checks what it reads. */
export class Workload implements GuestWork {
  readonly options: WorkloadOptions;
  readonly #random: RandomStream;
  readonly #luIds: readonly Uint8Array[];
  readonly #luNames: readonly string[];
  /** Blocks of an I/O under way, per disk. */
  readonly #busy: Set<number>[];
  /** What blocks hold, per disk, as far as this guest knows: blocks that are not here are unknown. */
  readonly #known: Map<number, Known>[];
  /** Blocks that the guest once knew and knows no more, per disk. */
  readonly #lost: Set<number>[];
  /** Blocks that the guest has not touched are blank: false once it was started again. */
  readonly #freshDisks: boolean;
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
    this.#luNames = luIds.map((luId) => formatHex(luId));
    this.#busy = luIds.map(() => new Set());
    this.#known = luIds.map(() => new Map());
    this.#lost = luIds.map(() => new Set());
    this.#freshDisks = firstId === 1;
    this.#nextId = firstId;
  }

  /** Its logical units. */
  get luNames(): readonly string[] {
    return this.#luNames;
  }

  /** The blocks of I/Os under way. */
  *busy(): Iterable<readonly [luName: string, lba: number]> {
    for (const [disk, lbas] of this.#busy.entries()) {
      for (const lba of lbas) yield [this.#luNames[disk]!, lba];
    }
  }

  /** The next I/O, `undefined` while the queue is full or no free place was found. */
  next(now: Instant): GuestIo | undefined {
    const { queueDepth, blocksMax, rangeBlocks } = this.options;
    if (this.outstanding >= queueDepth || this.allowance <= 0 || this.#luIds.length === 0)
      return undefined;
    for (let tries = 0; tries < PLACE_TRIES; tries++) {
      const disk = this.#random.below(this.#luIds.length);
      const length = 1 + this.#random.below(blocksMax);
      const place = this.#random.below(Math.max(1, rangeBlocks - length + 1));
      const op = this.#chooseOp(disk, place);
      const lba = op === 'synchronize' ? 0 : place;
      const blocks = op === 'synchronize' ? 0 : ONE_BLOCK_OPS.has(op) ? 1 : length;
      if (!this.#take(disk, lba, blocks)) continue;
      const id = this.#nextId++;
      this.outstanding++;
      this.allowance--;
      return {
        id,
        op,
        luId: this.#luIds[disk]!,
        luName: this.#luNames[disk]!,
        disk,
        lba,
        blocks,
        bytes: blocks * STAMP_BYTES,
        version: STAMPING_OPS.has(op) ? id : 0,
        fua: op === 'write' && this.#chance(this.options.fuaPercent),
        expected: op === 'compare-and-write' ? this.#knownAt(disk, lba) : undefined,
        submittedAt: now,
        lacksSpace: false,
        attempts: 0,
        doubt: false,
      };
    }
    return undefined;
  }

  #chance(percent: number): boolean {
    return percent > 0 && this.#random.below(100) < percent;
  }

  /** A COMPARE AND WRITE needs to know what it is to find; where it does not, it is a write. */
  #chooseOp(disk: number, lba: number): GuestOp {
    const { options } = this;
    if (this.#random.below(100) < options.readPercent) return 'read';
    const { compareAndWritePercent, synchronizePercent, unmapPercent, writeSamePercent } = options;
    const others = compareAndWritePercent + unmapPercent + writeSamePercent;
    if (others + synchronizePercent === 0) return 'write';
    let point = this.#random.below(100);
    if (point < compareAndWritePercent) {
      return this.#knownAt(disk, lba) === undefined ? 'write' : 'compare-and-write';
    }
    point -= compareAndWritePercent;
    if (point < unmapPercent) return 'unmap';
    point -= unmapPercent;
    if (point < writeSamePercent) return 'write-same';
    point -= writeSamePercent;
    return point < synchronizePercent ? 'synchronize' : 'write';
  }

  /** What a block holds; `undefined` where the guest cannot know. */
  #knownAt(disk: number, lba: number): Known | undefined {
    const known = this.#known[disk]!;
    if (known.has(lba)) return known.get(lba);
    return this.#freshDisks && !this.#lost[disk]!.has(lba) ? 'blank' : undefined;
  }

  #take(disk: number, lba: number, blocks: number): boolean {
    const busy = this.#busy[disk]!;
    for (let i = lba; i < lba + blocks; i++) if (busy.has(i)) return false;
    for (let i = lba; i < lba + blocks; i++) busy.add(i);
    return true;
  }

  /** The I/O has ended for the guest: its blocks are free again, and known or not. */
  ended(io: GuestIo, good: boolean, readings?: readonly StampReading[]): void {
    this.outstanding--;
    const busy = this.#busy[io.disk]!;
    for (let i = 0; i < io.blocks; i++) {
      const lba = io.lba + i;
      busy.delete(lba);
      if (this.#remembers) this.#learn(io, lba, good, readings?.[i]);
    }
  }

  /** Only COMPARE AND WRITE asks what blocks hold. */
  get #remembers(): boolean {
    return this.options.compareAndWritePercent > 0;
  }

  #learn(io: GuestIo, lba: number, good: boolean, reading: StampReading | undefined): void {
    const known = this.#known[io.disk]!;
    const forget = (): void => {
      known.delete(lba);
      this.#lost[io.disk]!.add(lba);
    };
    if (io.op === 'read') {
      if (!good) return;
      if (reading?.found === 'stamp') {
        known.set(lba, { writerId: reading.writerId, version: reading.version });
      } else if (reading?.found === 'blank') known.set(lba, 'blank');
      else forget();
    } else if (!good) forget();
    else if (io.op === 'unmap') known.set(lba, 'blank');
    else known.set(lba, { writerId: this.options.writerId, version: io.version });
  }

  /** The data of a write: every block stamped with its own place and the I/O's version. */
  dataOf(io: GuestIo): Uint8Array {
    return stampedFor(io, this.options.writerId);
  }

  /** What a COMPARE AND WRITE expects to find: its block's stamp, or zeros. */
  expectedOf({ expected, lba, luId }: GuestIo): Uint8Array {
    const data = new Uint8Array(STAMP_BYTES);
    if (expected !== undefined && expected !== 'blank')
      putStamp(data, 0, { ...expected, lba, luId });
    return data;
  }
}

/** Blocks of a write, each stamped with its own place and the I/O's version. */
export function stampedFor(io: GuestIo, writerId: number): Uint8Array {
  const data = roomFor(io.bytes);
  for (let i = 0; i < io.blocks; i++) {
    putStamp(data, i * STAMP_BYTES, {
      writerId,
      version: io.version,
      lba: io.lba + i,
      luId: io.luId,
    });
  }
  return data;
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
