/**
 * A disk that goes along with its guest in a move: it is copied to another unit while the guest works, the guest is put
 * there, and the unit that it has no more of is given back.
 *
 * Ownership: one disk at a time, from the asking until its last I/O has ended. The copy has its I/Os among the guest's
 * parts (`VolumeParts`); the guest's writes ask `copyOf` where they go.
 */
import type { StampReading } from '../codecs/stamp/index.ts';
import type { BlocksCopied, DiskCopied } from '../history/chain.ts';
import type { Instant } from '../machine/machine.ts';
import type { DiskCopyOptions } from './disk-copy.ts';
import { Volume } from './volume.ts';
import { VolumeCopy } from './volume-copy.ts';
import type { VolumeParts, WholeIo } from './volume-parts.ts';

/** What it needs of the guest's work. */
export interface MovedDiskOwner {
  readonly vm: string;
  readonly writerId: number;
  readonly volumes: Volume[];
  /** The host where the guest is. */
  readonly host: MovedDiskHost;
  /** All parts of an I/O have ended. */
  end(whole: WholeIo): void;
  /** A volume on one unit has this one from now on. */
  put(disk: number, luName: string): void;
}

/** What it needs of that host. */
export interface MovedDiskHost {
  readonly now: Instant;
  emit(event: DiskCopied | BlocksCopied): void;
  after(delayNs: number, run: () => void): unknown;
  /** There may be more to send of what is the host's own. */
  pumpOwn(): void;
}

/** A unit that the guest has no more of, until what is under way there has ended. */
interface LeftUnit {
  readonly luName: string;
  readonly copy: VolumeCopy;
  isDropped: boolean;
}

/** The disk of a guest that is copied, and the unit that is left for it. */
export class MovedDisk {
  readonly #parts: VolumeParts;
  readonly #owner: MovedDiskOwner;
  /** Until the guest is put on it or has lost it. */
  #copy: VolumeCopy | undefined;
  #left: LeftUnit | undefined;

  constructor(parts: VolumeParts, owner: MovedDiskOwner) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /** It has, or will have, I/Os of its own. */
  get isAtWork(): boolean {
    return this.#copy !== undefined || this.#left !== undefined;
  }

  /** The copy of the volume at this place, while there is one. */
  copyOf(disk: number): VolumeCopy | undefined {
    return this.#copy?.source.disk === disk ? this.#copy : undefined;
  }

  /** Copies a disk to another unit while the guest works, one at a time; `asked` hears when it is there, or why not. */
  copy(options: DiskCopyOptions, asked: (refusal: string | undefined) => void): void {
    const { vm, volumes } = this.#owner;
    const disk = volumes.findIndex(({ options: { name } }) => name === options.volume);
    const volume = volumes[disk]?.options;
    if (volume === undefined || volume.kind !== 'linear' || volume.members.length > 1) {
      asked(`${options.volume} is no linear volume of ${vm} on one unit`);
      return;
    }
    if (this.isAtWork) {
      asked(`${vm} has a disk that is being copied already`);
      return;
    }
    const source = { disk, from: volume.members[0]!.luName, blocks: volume.blocks };
    const copy = this.#copyFrom(source, options, asked);
    this.#copy = copy;
    for (const whole of this.#parts.wholes()) {
      if (whole.io.op !== 'write' || whole.io.disk !== disk || whole.mover !== undefined) continue;
      whole.mover = copy;
      copy.begin(whole.io);
    }
    copy.copy.go();
  }

  #copyFrom(
    source: VolumeCopy['source'],
    options: DiskCopyOptions,
    asked: (refusal: string | undefined) => void,
  ): VolumeCopy {
    const parts = this.#parts;
    const owner = this.#owner;
    return new VolumeCopy(
      {
        vm: owner.vm,
        writerId: owner.writerId,
        get now() {
          return owner.host.now;
        },
        nextId: () => parts.nextId(),
        renumbered: (io) => parts.renumbered(io),
        push: (ios) => {
          parts.waiting.push(...ios);
          this.#pumpSoon();
        },
        emit: (event) => owner.host.emit(event),
        forget: (luName) => this.#forget(luName),
      },
      source,
      options,
      asked,
    );
  }

  /** The guest stands still, and nothing of it is under way: `asked` hears when the copy has all, or why it never will. */
  finish(asked: (refusal: string | undefined) => void): void {
    if (this.#copy === undefined) asked(`no disk of ${this.#owner.vm} is being copied`);
    else this.#copy.copy.finish(asked);
  }

  /** The copy is given up: the guest keeps what it has. */
  drop(): void {
    this.#copy?.copy.fail('the move was taken back');
  }

  /** From now on the guest has its disk where it was copied to; `found` is what its host has. Gives why not. */
  switch(found: readonly string[]): string | undefined {
    const copy = this.#copy;
    const { volumes } = this.#owner;
    if (copy === undefined) return `no disk of ${this.#owner.vm} is being copied`;
    const { failure, isWhole, options } = copy.copy;
    if (!isWhole) return `the copy of ${options.volume} is not whole: ${failure ?? 'some is left'}`;
    if (!found.includes(copy.to)) return `volume ${options.volume} lacks logical unit ${copy.to}`;
    const { disk, from } = copy.source;
    const before = volumes[disk]!.options;
    const [member] = before.members;
    volumes[disk] = new Volume({ ...before, members: [{ ...member!, luName: copy.to }] });
    this.#owner.put(disk, copy.to);
    this.#copy = undefined;
    copy.tell({ state: 'switched', blocks: 0 });
    this.#enterLeft({ luName: from, copy, isDropped: false });
    return undefined;
  }

  /** An I/O of the host's own has ended; false where it is none of the copy's. */
  ended(
    io: number,
    good: boolean,
    readings: readonly StampReading[] | undefined,
    reason: string | undefined,
  ): boolean {
    const copy = this.#copy ?? this.#left?.copy;
    const isIts = copy?.ended(io, good, readings, reason) === true;
    if (this.#left?.isDropped === true && !this.#left.copy.isDropping) this.#left = undefined;
    return isIts;
  }

  /** A part failed on a unit. True where that is the copy: it is given up, and the part with it. */
  lost(luName: string, reason: string | undefined): boolean {
    if (luName !== this.#copy?.to) return false;
    this.#copy.copy.fail(`a write to the copy failed: ${reason ?? ''}`);
    return true;
  }

  /** A part has ended on a unit. True where the guest has no more of that one. */
  leftBy(luName: string): boolean {
    if (luName !== this.#left?.luName) return false;
    this.#giveBack(this.#left);
    return true;
  }

  /** What goes to the copy is waited for no more. */
  #forget(luName: string): void {
    const copy = this.#copy;
    if (copy === undefined) return;
    this.#copy = undefined;
    for (const whole of this.#parts.takeOut(luName)) if (--whole.open === 0) this.#owner.end(whole);
    this.#enterLeft({ luName, copy, isDropped: false });
    this.#pumpSoon();
  }

  #enterLeft(left: LeftUnit): void {
    this.#left = left;
    this.#giveBack(left);
  }

  /** Gives a unit back on which nothing is under way any more. */
  #giveBack(left: LeftUnit): void {
    if (left.isDropped || this.#parts.isAt(left.luName)) return;
    left.isDropped = true;
    left.copy.drop(left.luName);
  }

  #pumpSoon(): void {
    const { host } = this.#owner;
    host.after(0, () => this.#owner.host.pumpOwn());
  }
}
