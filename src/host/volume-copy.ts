/** The copy of a volume's disk as I/Os: those of the host's own, and the parts of the guest's writes that go to the copy too. */
import { parseHex } from '../codecs/layout/index.ts';
import { STAMP_BYTES, type StampReading } from '../codecs/stamp/index.ts';
import type { BlocksCopied, DiskCopied } from '../history/chain.ts';
import type { Instant } from '../machine/machine.ts';
import { type CopyOwner, type CopyRoute, DiskCopy, type DiskCopyOptions } from './disk-copy.ts';
import type { GuestIo } from './workload.ts';

/** Blocks that one UNMAP gives back. */
const DROP_BLOCKS = 2048;

/** Blocks of the disk. */
interface Run {
  readonly lba: number;
  readonly blocks: number;
}

/** What the copy needs of the work of the guest. */
export interface VolumeCopyWork {
  readonly vm: string;
  readonly writerId: number;
  readonly now: Instant;
  /** The number of the next I/O. */
  nextId(): number;
  /** An I/O that waited: I/Os are numbered as they are sent. What it writes keeps its version. */
  renumbered(io: GuestIo): GuestIo;
  /** I/Os that may be sent. */
  push(ios: readonly GuestIo[]): void;
  emit(event: DiskCopied | BlocksCopied): void;
  /** The copy is given up: what goes to this unit is no more waited for. */
  forget(luName: string): void;
}

/** Where a volume's disk lies, and how much of it there is. */
export interface CopySource {
  /** Place of the volume among the guest's. */
  readonly disk: number;
  readonly from: string;
  readonly blocks: number;
}

/** A copy of a volume's disk. */
export class VolumeCopy implements CopyOwner {
  readonly source: CopySource;
  readonly copy: DiskCopy;
  readonly #work: VolumeCopyWork;
  /** Writes that wait until the chunk they are in is copied. */
  #held: { readonly run: Run; readonly ios: readonly GuestIo[]; readonly sent: () => void }[] = [];
  /** Blocks that are given back. */
  readonly #dropping = new Set<number>();
  #dropped = 0;

  constructor(
    work: VolumeCopyWork,
    source: CopySource,
    options: DiskCopyOptions,
    asked: (refusal: string | undefined) => void,
  ) {
    this.#work = work;
    this.source = source;
    this.copy = new DiskCopy(options, source.blocks, this, asked);
    this.tell({ state: 'began', blocks: source.blocks });
  }

  /** The unit that the guest has its disk on, once it is put there. */
  get to(): string {
    return this.copy.options.to;
  }

  /** A write of the guest begins. */
  begin(run: Run): CopyRoute {
    return this.copy.begin(run);
  }

  /** Keeps the I/Os of a write until the copy under way there is done; `sent` is told when they go. */
  hold(run: Run, ios: readonly GuestIo[], sent: () => void): void {
    this.#held.push({ run, ios, sent });
  }

  released(): void {
    const held = this.#held;
    this.#held = [];
    for (const one of held) {
      if (this.copy.isHeld(one.run)) {
        this.#held.push(one);
        continue;
      }
      this.copy.sent(one.run);
      one.sent();
      const isLost = this.copy.failure !== undefined;
      const ios = isLost ? one.ios.filter(({ luName }) => luName !== this.to) : one.ios;
      this.#work.push(ios.map((io) => this.#work.renumbered(io)));
    }
  }

  read(run: Run): number {
    return this.#ask('read', this.source.from, run);
  }

  write(run: Run, readings: readonly StampReading[]): number {
    const io = this.#ask('write', this.to, run);
    const { vm, writerId } = this.#work;
    const part = { io, luName: this.to, ...run, volumeLba: run.lba };
    const { volume } = this.copy.options;
    this.#work.emit({ type: 'blocks-copied', vm, volume, writerId, part, readings });
    return io;
  }

  #ask(op: 'read' | 'write' | 'unmap', luName: string, { blocks, lba }: Run): number {
    const id = this.#work.nextId();
    const io: GuestIo = {
      ...{ id, op, luName, lba, blocks, luId: parseHex(luName), disk: this.source.disk },
      bytes: blocks * STAMP_BYTES,
      version: op === 'write' ? id : 0,
      submittedAt: this.#work.now,
      ...{ fua: false, expected: undefined, attempts: 0, doubt: false, lacksSpace: false },
      ofHost: true,
    };
    this.#work.push([io]);
    return id;
  }

  tell(event: Pick<DiskCopied, 'state' | 'blocks'> & { readonly reason?: string }): void {
    const { by, to, volume } = this.copy.options;
    const { from } = this.source;
    this.#work.emit({ type: 'disk-copy', vm: this.#work.vm, volume, by, from, to, ...event });
    if (event.state === 'failed') this.#work.forget(to);
  }

  /** An I/O has ended; false where it is none of the copy's. */
  ended(io: number, good: boolean, found?: readonly StampReading[], reason?: string): boolean {
    if (this.#dropping.delete(io)) {
      if (this.#dropping.size === 0) this.tell({ state: 'dropped', blocks: this.#dropped });
      return true;
    }
    return this.copy.ended(io, good, found, reason);
  }

  /** Blocks are being given back. */
  get isDropping(): boolean {
    return this.#dropping.size > 0;
  }

  /** Gives the blocks of a unit back: the guest has no more of it. */
  drop(luName: string): void {
    for (let lba = 0; lba < this.source.blocks; lba += DROP_BLOCKS) {
      const blocks = Math.min(DROP_BLOCKS, this.source.blocks - lba);
      this.#dropping.add(this.#ask('unmap', luName, { lba, blocks }));
      this.#dropped += blocks;
    }
  }
}
