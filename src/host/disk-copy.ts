/**
 * The data mover of a hypervisor: it copies a guest's disk from one logical unit to another while the guest works on it.
 *
 * A mirror copies the disk once, from its first block to its last. What the guest writes behind the pass goes to both units,
 * what it writes ahead of it to the source alone, and a write where a copy is under way waits for that. An iterative copy
 * goes over the disk in rounds: each takes what was written during the one before, and the last is made while the
 * guest stands still.
 *
 * Ownership: it is part of the guest's work and goes with it. The source has everything until the guest is put on the copy.
 */
import type { StampReading } from '../codecs/stamp/index.ts';
import type { CopyBy, DiskCopied } from '../history/chain.ts';

/** When an iterative copy puts a write into its map: `asked` forgets one that is under way when a round begins. */
export const COPY_MARKS = ['ended', 'asked'] as const;

/** How a disk is copied. */
export interface DiskCopyOptions {
  /** A volume of the guest, on one logical unit. */
  readonly volume: string;
  /** The unit it goes to: identity in hex. */
  readonly to: string;
  readonly by: CopyBy;
  /** Blocks that are copied at once, and that the map of an iterative copy has a bit for. */
  readonly chunkBlocks: number;
  /** Blocks that may be under way. */
  readonly windowBlocks: number;
  /** Iterative: after so many rounds without an end it is given up. */
  readonly roundsMax: number;
  /** Iterative: so many blocks are left for the time when the guest stands still. */
  readonly restBlocks: number;
  /** Left out: `ended`. */
  readonly marks?: (typeof COPY_MARKS)[number];
}

/** Where a write goes while its disk is copied: to the source alone, to both units, or to both once a copy under way is done. */
export type CopyRoute = 'source' | 'both' | 'both-later';

/** Blocks of the disk. */
interface Run {
  readonly lba: number;
  readonly blocks: number;
}

/** What the copy needs of the work that it is part of. */
export interface CopyOwner {
  /** Reads blocks of the source, or writes to the copy what was read there: gives the I/O's number. */
  read(run: Run): number;
  write(run: Run, found: readonly StampReading[]): number;
  /** Writes that waited may go on. */
  released(): void;
  tell(event: Pick<DiskCopied, 'state' | 'blocks'> & { readonly reason?: string }): void;
}

type Asked = (refusal: string | undefined) => void;

/** A chunk that the pass of a mirror is at, and one that is behind it; others are ahead. */
const UNDER_WAY = 1;
const BEHIND = 2;

/** A copy of one disk. */
export class DiskCopy {
  readonly options: DiskCopyOptions;
  readonly #owner: CopyOwner;
  readonly #blocks: number;
  readonly #chunks: Uint8Array;
  /** Writes under way in each chunk. */
  readonly #writes: Uint32Array;
  /** All of them. */
  #writesOpen = 0;
  /** Chunks of this round that are still to be begun, the next one last. */
  #todo: number[];
  /** Chunks that wait until no write is under way in them. */
  readonly #waiting = new Set<number>();
  readonly #reading = new Map<number, number>();
  readonly #writing = new Map<number, number>();
  /** Chunks that were written since this round began. */
  #dirty = new Set<number>();
  #asked: Asked | undefined;
  /** The guest stands still. */
  #isRest = false;
  /** Rounds are over until it does. */
  #isIdle = false;
  /** Why it was given up. */
  failure: string | undefined;
  rounds = 1;
  /** The copy has all that the source has, as soon as no write of the guest is under way. */
  isWhole = false;

  constructor(options: DiskCopyOptions, blocks: number, owner: CopyOwner, asked: Asked) {
    this.options = options;
    this.#blocks = blocks;
    this.#owner = owner;
    this.#asked = asked;
    const count = Math.ceil(blocks / options.chunkBlocks);
    this.#chunks = new Uint8Array(count);
    this.#writes = new Uint32Array(count);
    this.#todo = Array.from({ length: count }, (_, i) => count - 1 - i);
  }

  /** Chunks that a round of an iterative copy would take now. */
  get dirtyBlocks(): number {
    return this.#dirty.size * this.options.chunkBlocks;
  }

  /** A write of the guest begins: where it goes. One that has to wait does not count as under way yet. */
  begin(run: Run): CopyRoute {
    const isMirror = this.options.by === 'mirror' && this.failure === undefined;
    if (isMirror && this.isHeld(run)) return 'both-later';
    const chunks = this.#chunksOf(run);
    if (!isMirror) for (const one of chunks) this.#dirty.add(one);
    this.sent(run);
    return isMirror && chunks.some((one) => this.#chunks[one] === BEHIND) ? 'both' : 'source';
  }

  /** Whether a write has to wait. */
  isHeld(run: Run): boolean {
    if (this.failure !== undefined) return false;
    return this.#chunksOf(run).some((one) => this.#chunks[one] === UNDER_WAY);
  }

  /** A write that waited goes to the units. */
  sent(run: Run): void {
    this.#writesOpen++;
    for (const one of this.#chunksOf(run)) this.#writes[one]!++;
  }

  /** A write that went to the units has ended; one that failed may be on either of them. */
  end(run: Run, good: boolean): void {
    this.#writesOpen--;
    for (const one of this.#chunksOf(run)) {
      this.#writes[one]!--;
      if (this.options.by === 'iterative' && this.options.marks !== 'asked') this.#dirty.add(one);
    }
    if (!good && this.options.by === 'mirror') this.fail('a write of the guest failed');
    this.go();
  }

  /** Begins what the window has room for. */
  go(): void {
    if (this.failure !== undefined || this.isWhole || this.#isIdle) return;
    for (const one of this.#waiting) if (this.#writes[one] === 0) this.#begin(one);
    while (this.#underWay < this.#windowChunks) {
      const one = this.#todo.pop();
      if (one === undefined) break;
      const isMirror = this.options.by === 'mirror';
      if (isMirror) this.#chunks[one] = UNDER_WAY;
      if (isMirror && this.#writes[one]! > 0) this.#waiting.add(one);
      else this.#begin(one);
    }
    if (this.#todo.length === 0 && this.#underWay === 0) this.#roundEnded();
  }

  #begin(chunk: number): void {
    this.#waiting.delete(chunk);
    this.#reading.set(this.#owner.read(this.#runOf(chunk)), chunk);
  }

  /** A read or a write of the copy has ended; false for an I/O that is neither. */
  ended(io: number, good: boolean, found: readonly StampReading[] = [], reason = ''): boolean {
    const read = this.#reading.get(io);
    const chunk = read ?? this.#writing.get(io);
    if (chunk === undefined) return false;
    this.#reading.delete(io);
    this.#writing.delete(io);
    if (this.failure !== undefined) return true;
    if (!good)
      this.fail(
        `${read === undefined ? 'a write to the copy' : 'a read of the source'} failed: ${reason}`,
      );
    else if (read !== undefined)
      this.#writing.set(this.#owner.write(this.#runOf(read), found), read);
    else this.#copied(chunk);
    return true;
  }

  #copied(chunk: number): void {
    this.#chunks[chunk] = BEHIND;
    if (this.options.by === 'mirror') this.#owner.released();
    this.go();
  }

  #roundEnded(): void {
    const { by, restBlocks, roundsMax } = this.options;
    const left = this.dirtyBlocks;
    if (this.#isRest && left === 0 && this.#writesOpen > 0) return;
    if (by === 'mirror' || (this.#isRest && left === 0)) {
      this.isWhole = true;
      this.#owner.tell({ state: 'whole', blocks: 0 });
      this.#answer(undefined);
    } else if (!this.#isRest && left <= restBlocks) {
      this.#isIdle = true;
      this.#owner.tell({ state: 'copied', blocks: left });
      this.#answer(undefined);
    } else if (!this.#isRest && this.rounds >= roundsMax)
      this.fail(
        `it comes to no end: in round ${this.rounds} ${left} of ${this.#blocks} blocks were written`,
      );
    else {
      this.rounds++;
      if (!this.#isRest) this.#owner.tell({ state: 'round', blocks: left });
      this.#todo = [...this.#dirty].sort((a, b) => b - a);
      this.#dirty = new Set();
      this.go();
    }
  }

  /** The guest stands still and nothing of it is under way: what is left is copied, then `asked` hears of it. */
  finish(asked: Asked): void {
    this.#asked = asked;
    if (this.failure !== undefined) this.#answer(this.failure);
    else if (this.isWhole) this.#answer(undefined);
    else {
      this.#isRest = true;
      this.#isIdle = false;
      this.#owner.tell({ state: 'rest', blocks: this.dirtyBlocks });
      this.go();
    }
  }

  /** It is given up: the source has everything. */
  fail(reason: string): void {
    if (this.failure !== undefined) return;
    this.failure = reason;
    this.isWhole = false;
    this.#todo = [];
    this.#waiting.clear();
    this.#owner.tell({ state: 'failed', blocks: 0, reason });
    this.#owner.released();
    this.#answer(reason);
  }

  #answer(refusal: string | undefined): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.(refusal);
  }

  get #underWay(): number {
    return this.#reading.size + this.#writing.size + this.#waiting.size;
  }

  get #windowChunks(): number {
    return Math.max(1, Math.floor(this.options.windowBlocks / this.options.chunkBlocks));
  }

  #runOf(chunk: number): Run {
    const lba = chunk * this.options.chunkBlocks;
    return { lba, blocks: Math.min(this.options.chunkBlocks, this.#blocks - lba) };
  }

  #chunksOf({ blocks, lba }: Run): number[] {
    const { chunkBlocks } = this.options;
    const first = Math.floor(lba / chunkBlocks);
    const last = Math.min(Math.floor((lba + blocks - 1) / chunkBlocks), this.#chunks.length - 1);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  }
}
