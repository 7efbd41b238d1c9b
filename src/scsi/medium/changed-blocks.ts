/**
 * A map of changed blocks: what was written since each of some moments, its references.
 *
 * A bit stands for a run of blocks (`granularityBlocks`), so that an answer may name more than was
 * changed, and never less. A bit is set before its blocks change. Of a reference that the map does not
 * know, or knows no more, it says so: nothing known is not the same as nothing changed.
 */
import type { BlockRun } from '../../history/backup.ts';

/** Blocks of one bit where nobody says otherwise: 64 KiB, as QEMU's bitmaps have it. */
export const GRANULARITY_DEFAULT = 128;
/** References that a map keeps: of more the oldest is forgotten. */
const REFERENCES_MAX = 64;

/** What was changed from one reference to the next. */
interface Era {
  readonly reference: string;
  readonly bits: Set<number>;
}

/** What was changed on one medium, since each reference that it keeps. */
export class ChangedBlocks {
  readonly blocks: number;
  readonly granularityBlocks: number;
  /** In the order of their beginning: what was changed since one are its own bits and all behind. */
  readonly #eras: Era[] = [];

  /** Errors: `RangeError` for a granularity that is no whole number of blocks. */
  constructor(blocks: number, granularityBlocks: number = GRANULARITY_DEFAULT) {
    if (!Number.isInteger(granularityBlocks) || granularityBlocks < 1) {
      throw new RangeError(`a bit stands for 1 or more blocks, not ${granularityBlocks}`);
    }
    this.blocks = blocks;
    this.granularityBlocks = granularityBlocks;
  }

  /** The references it knows, the oldest first. */
  get references(): string[] {
    return this.#eras.map(({ reference }) => reference);
  }

  /** From now on it says what was changed since this moment. A reference of that name is another from now on. */
  begin(reference: string): void {
    this.forget(reference);
    this.#eras.push({ reference, bits: new Set() });
    if (this.#eras.length > REFERENCES_MAX) this.#eras.shift();
  }

  /** These blocks are about to change. */
  mark(lba: number, count: number): void {
    const era = this.#eras.at(-1);
    if (era === undefined) return;
    const last = Math.floor((lba + count - 1) / this.granularityBlocks);
    for (let bit = Math.floor(lba / this.granularityBlocks); bit <= last; bit++) era.bits.add(bit);
  }

  /**
   * What was changed since a reference, in the order of addresses, up to another one where that is given and
   * known; `undefined` for one that is not known, and for one that is no older than the other.
   */
  since(reference: string, until?: string): BlockRun[] | undefined {
    const placeOf = (name: string) => this.#eras.findIndex((one) => one.reference === name);
    const from = placeOf(reference);
    if (from < 0) return undefined;
    const to = until === undefined ? -1 : placeOf(until);
    if (to >= 0 && to < from) return undefined;
    const eras = this.#eras.slice(from, to < 0 ? undefined : to);
    const bits = new Set(eras.flatMap((era) => [...era.bits]));
    const runs: { lba: number; blocks: number }[] = [];
    for (const bit of [...bits].sort((a, b) => a - b)) {
      const lba = bit * this.granularityBlocks;
      const blocks = Math.min(this.granularityBlocks, this.blocks - lba);
      const before = runs.at(-1);
      if (before !== undefined && before.lba + before.blocks === lba) before.blocks += blocks;
      else runs.push({ lba, blocks });
    }
    return runs;
  }

  /** A reference is not asked for any more. What was changed in its time stays known to those before it. */
  forget(reference: string): void {
    const at = this.#eras.findIndex((one) => one.reference === reference);
    if (at < 0) return;
    const [gone] = this.#eras.splice(at, 1);
    const before = this.#eras[at - 1];
    if (before !== undefined) for (const bit of gone!.bits) before.bits.add(bit);
  }

  /** Everything is lost, and that is known: no reference is. */
  lose(): void {
    this.#eras.length = 0;
  }

  /** Everything is lost and nobody knows it: the references stand there as if nothing had been changed. */
  loseBits(): void {
    for (const { bits } of this.#eras) bits.clear();
  }
}

/**
 * What becomes of a map where its medium, or whoever keeps it, goes elsewhere: it goes along; it is
 * lost without a word, so that it says that nothing was changed; or it is lost and says that it does not know.
 */
export const MAP_POLICIES = ['carried', 'lost', 'said-lost'] as const;
/** One of `MAP_POLICIES`. */
export type MapPolicy = (typeof MAP_POLICIES)[number];

/** Does to a map what its policy says. */
export function applyMapPolicy(map: ChangedBlocks, policy: MapPolicy): void {
  if (policy === 'lost') map.loseBits();
  else if (policy === 'said-lost') map.lose();
}
