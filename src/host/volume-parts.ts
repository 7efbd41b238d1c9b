/**
 * The parts of a guest's I/Os on the units of its volumes: whose each is, which of them wait to be sent, and the numbers
 * by which the units' I/Os are known. They go with the guest from host to host.
 */
import { parseHex } from '../codecs/layout/index.ts';
import { STAMP_BYTES, type StampReading } from '../codecs/stamp/index.ts';
import type { VolumePart } from '../history/chain.ts';
import type { Instant } from '../machine/machine.ts';
import type { Volume, VolumeExtent } from './volume.ts';
import type { CopiedIo } from './volume-copies.ts';
import type { VolumeCopy } from './volume-copy.ts';
import type { StoreWrite } from './volume-store.ts';
import type { GuestIo } from './workload.ts';

/** An I/O of the guest and the parts of it that are under way. */
export interface WholeIo extends CopiedIo {
  readonly volume: Volume;
  /** Of a write: what its parts have written. */
  version: number;
  /** Parts that may fail before it does. */
  spare: number;
  isEnded: boolean;
  /** A write that has gone to the units while its disk is copied. */
  mover: VolumeCopy | undefined;
  readonly beganAt: Instant;
  readonly readings: StampReading[];
}

/** A part of one, on a unit. */
export interface IoPart {
  readonly whole: WholeIo;
  readonly extent: VolumeExtent;
  readonly luName: string;
  /** It goes to a cache that is a unit, and nobody waits for it. */
  readonly store?: StoreWrite;
}

/** What a part is besides. */
export interface PartOptions {
  /** It goes to this unit, which is the copy of the one in the map. */
  readonly copyTo?: string;
  /** It goes to a cache that is a unit. */
  readonly store?: StoreWrite;
  /** It has there what was read. */
  readonly isFill?: boolean;
}

/** All parts that are under way or wait. */
export class VolumeParts {
  /** What is to be sent, in this order; the copy of a disk has its own I/Os here too. */
  readonly waiting: GuestIo[] = [];
  readonly #open = new Map<number, IoPart>();
  #next: number;

  /** `firstId`: the number of the first I/O. */
  constructor(firstId: number) {
    this.#next = firstId;
  }

  /** The number of the next I/O. */
  nextId(): number {
    return this.#next++;
  }

  /** A part begins: it waits to be sent, and is told as this. */
  begin(
    { extent, luName, whole }: Omit<IoPart, 'store'>,
    now: Instant,
    { copyTo, isFill = false, store }: PartOptions,
  ): VolumePart {
    const { io } = whole;
    const id = this.#next++;
    this.#open.set(id, { whole, extent, luName, ...(store === undefined ? {} : { store }) });
    this.waiting.push({
      ...(copyTo === undefined ? {} : { ofHost: true as const }),
      ...io,
      ...(isFill ? { op: 'write', fua: false } : {}),
      id,
      luName,
      luId: parseHex(luName),
      lba: extent.lba,
      blocks: extent.blocks,
      bytes: extent.blocks * STAMP_BYTES,
      version: io.op === 'write' || isFill ? id : 0,
      submittedAt: now,
    });
    const { blocks, lba, volumeLba } = extent;
    return { io: id, luName, lba, blocks, volumeLba };
  }

  /** The part that has this number. */
  get(id: number): IoPart | undefined {
    return this.#open.get(id);
  }

  /** A part that has ended goes on all the same: it will be sent again. */
  keep(id: number, part: IoPart): void {
    this.#open.set(id, part);
  }

  /** A part is over. */
  delete(id: number): void {
    this.#open.delete(id);
  }

  /** I/Os are numbered as they are sent; what one writes keeps the version that it was told with. */
  renumbered(io: GuestIo): GuestIo {
    const id = this.#next++;
    this.#open.set(id, this.#open.get(io.id)!);
    this.#open.delete(io.id);
    return { ...io, id };
  }

  /** Takes out what is under way or waits on a unit; gives the I/Os that it was of. */
  takeOut(luName: string): WholeIo[] {
    for (let i = this.waiting.length - 1; i >= 0; i--)
      if (this.waiting[i]!.luName === luName) this.waiting.splice(i, 1);
    const taken: WholeIo[] = [];
    for (const [id, part] of this.#open) {
      if (part.luName !== luName) continue;
      this.#open.delete(id);
      taken.push(part.whole);
    }
    return taken;
  }

  /** The I/Os that have a part here, one for each part. */
  *wholes(): Iterable<WholeIo> {
    for (const { whole } of this.#open.values()) yield whole;
  }

  /** Whether something is under way or waits on a unit. */
  isAt(luName: string): boolean {
    for (const part of this.#open.values()) if (part.luName === luName) return true;
    return false;
  }

  /** The blocks on which something is under way. */
  *blocks(): Iterable<readonly [luName: string, lba: number]> {
    for (const { extent, luName } of this.#open.values()) {
      for (let i = 0; i < extent.blocks; i++) yield [luName, extent.lba + i];
    }
  }
}
