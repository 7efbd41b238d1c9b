/**
 * A guest's volumes whose blocks its host keeps copies of, equal to what other hosts write: what those know of the guest's
 * I/Os, from host to host.
 *
 * Ownership: a host owns its copies; a guest at work owns this, and takes it along.
 */
import type { StampReading } from '../codecs/stamp/index.ts';
import type { CoherentCache, CoherentIo } from './coherent-cache.ts';
import type { Volume } from './volume.ts';
import type { GuestIo } from './workload.ts';

/** An I/O of the guest on a volume. */
export interface CopiedIo {
  readonly io: GuestIo;
  /** Parts that it waits for; that other hosts have let go is one. */
  open: number;
  /** Other hosts may have copies still. */
  isHeld: boolean;
  /** What the host's copies know of it. */
  copied: { readonly copies: CoherentCache; readonly io: CoherentIo } | undefined;
}

/** The copies of one guest's volumes. */
export class VolumeCopies<Whole extends CopiedIo> {
  readonly #volumes: readonly Volume[];
  readonly #letGo: (whole: Whole) => void;
  #copies: readonly (CoherentCache | undefined)[] = [];
  readonly #under = new Set<Whole>();

  /** `letGo`: a write has waited for other hosts last. */
  constructor(volumes: readonly Volume[], letGo: (whole: Whole) => void) {
    this.#volumes = volumes;
    this.#letGo = letGo;
  }

  /** The copies of a volume; `undefined` where it has none of this kind. */
  of(disk: number): CoherentCache | undefined {
    return this.#copies[disk];
  }

  /** The guest finds a host's own copies, and what it does goes on there. Gives a volume that has none and should. */
  arrive(copiesOf: (disk: number) => CoherentCache | undefined): string | undefined {
    const isCopied = ({ options }: Volume): boolean => options.cache?.atMove === 'coherent';
    const before = this.#copies;
    this.#copies = this.#volumes.map((one, i) => (isCopied(one) ? copiesOf(i) : undefined));
    for (const copies of this.#copies) copies?.use(true);
    for (const whole of [...this.#under])
      if (this.of(whole.io.disk) !== before[whole.io.disk]) this.enter(whole);
    const without = this.#volumes.find((one, i) => isCopied(one) && this.of(i) === undefined);
    return without?.options.name;
  }

  /** The host's copies know of an I/O from now on. */
  enter(whole: Whole): void {
    const { blocks, disk, lba, op } = whole.io;
    const copies = this.of(disk);
    whole.copied = undefined;
    if (copies === undefined) return;
    this.#under.add(whole);
    if (op === 'read') {
      whole.copied = { copies, io: copies.beginRead(lba, blocks) };
      return;
    }
    if (!whole.isHeld) {
      whole.isHeld = true;
      whole.open++;
    }
    let isIn = false;
    const letGo = (): void => {
      whole.isHeld = false;
      whole.open--;
      if (isIn && whole.open === 0) this.#letGo(whole);
    };
    whole.copied = { copies, io: copies.beginWrite(lba, blocks, letGo) };
    isIn = true;
    if (whole.open === 0) this.#letGo(whole);
  }

  /** An I/O has ended, and this is what it found or left; `undefined` where it failed. */
  end(whole: Whole, readings: readonly StampReading[] | undefined): void {
    const { copied } = whole;
    this.#under.delete(whole);
    copied?.copies.end(copied.io, readings);
  }

  /** The guest goes to another host: what it was kept here stays here. */
  leave(): void {
    for (const { copied } of this.#under) copied?.copies.leave(copied.io);
    for (const copies of this.#copies) copies?.use(false);
    this.#copies = [];
  }
}
