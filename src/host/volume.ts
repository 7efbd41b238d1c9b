/**
 * What a host's volume manager makes of logical units: one disk of several, laid out linearly, in stripes or as
 * mirror, or thin, with chunks that come with the first write to them.
 *
 * The map of a thin volume lies on its units, beside its data: whoever assembles the volume has it.
 */
import type { VolumeKind, VolumeOrder } from '../history/chain.ts';

/** A logical unit of a volume. */
export interface VolumeMember {
  /** Identity in hex. */
  readonly luName: string;
  /** Blocks of it that the volume uses. */
  readonly blocks: number;
}

/** What a cache of a host does with writes: it passes them on before they are answered, or some time behind that. */
export const CACHE_WRITES = ['write-through', 'write-back'] as const;
/**
 * What becomes of what a cache holds where its guest goes to another host. `coherent`: each host keeps its own, equal to
 * what others write; `shared`: it is a logical unit that both hosts reach. What is not written yet goes along in any case.
 */
export const CACHE_MOVES = ['carried', 'dropped', 'coherent', 'shared'] as const;

/** A cache of a host in front of a logical unit. */
export interface VolumeCacheOptions {
  readonly writes: (typeof CACHE_WRITES)[number];
  readonly atMove: (typeof CACHE_MOVES)[number];
  /** How long it takes to read or write there. */
  readonly hitNs: number;
  /** Blocks that it holds. */
  readonly blocks: number;
  /** Of a coherent one: for how long copies may be believed without asking other hosts. */
  readonly leaseNs?: number;
}

/** How a volume is made. */
export interface VolumeOptions {
  readonly name: string;
  readonly kind: VolumeKind;
  /** In the order of the map. */
  readonly members: readonly VolumeMember[];
  /** By what its units are found; by their identities when left out. */
  readonly by?: VolumeOrder;
  /** Blocks that go to one unit before the next one's turn (stripe), or that come together (thin). */
  readonly chunkBlocks: number;
  /** Of one behind a cache. */
  readonly cache?: VolumeCacheOptions;
  /** Blocks of the volume: of a thin one as many as it is said to have, of others as many as there is room for. */
  readonly blocks: number;
}

/** A run of blocks on one logical unit. */
export interface VolumeExtent {
  /** Place of the unit among the members. */
  readonly member: number;
  readonly lba: number;
  readonly blocks: number;
  /** Its first block in the volume. */
  readonly volumeLba: number;
}

/** Blocks that a volume has room for. */
export function volumeBlocks(
  kind: VolumeKind,
  members: readonly VolumeMember[],
  chunkBlocks: number,
): number {
  const sizes = members.map(({ blocks }) => blocks);
  const least = Math.min(...sizes);
  if (kind === 'mirror' || kind === 'quorum' || kind === 'cached') return least;
  if (kind === 'stripe') return Math.floor(least / chunkBlocks) * chunkBlocks * sizes.length;
  return sizes.reduce((sum, one) => sum + one, 0);
}

/** A volume: where each of its blocks lies. */
export class Volume {
  readonly options: VolumeOptions;
  /** Of a thin volume: the place of each chunk that has come, in chunks from the first unit's first block on. */
  readonly #chunks = new Map<number, number>();
  #chunksUsed = 0;

  constructor(options: VolumeOptions) {
    this.options = options;
  }

  /** Chunks of a thin volume that have come. */
  get chunksUsed(): number {
    return this.#chunksUsed;
  }

  /**
   * Where blocks lie: once, in runs that follow each other, or, of a mirror, once a leg. A thin volume has no place for
   * blocks that were never written. `forWrite`: what has no place yet gets one; `undefined` where there is no room.
   */
  place(lba: number, blocks: number, forWrite: boolean): readonly VolumeExtent[] | undefined {
    switch (this.options.kind) {
      case 'mirror':
      case 'quorum':
        return this.options.members.map((_, member) => ({ member, lba, blocks, volumeLba: lba }));
      case 'linear':
        return [...this.#linear(lba, blocks, lba)];
      case 'cached':
        // A second unit is the cache.
        return [{ member: 0, lba, blocks, volumeLba: lba }];
      case 'stripe':
        return [...this.#striped(lba, blocks)];
      case 'thin':
        return this.#thin(lba, blocks, forWrite);
    }
  }

  *#linear(lba: number, blocks: number, volumeLba: number): Iterable<VolumeExtent> {
    let first = 0;
    for (const [member, { blocks: size }] of this.options.members.entries()) {
      const from = Math.max(lba, first);
      const to = Math.min(lba + blocks, first + size);
      if (from < to) {
        yield { member, lba: from - first, blocks: to - from, volumeLba: volumeLba + from - lba };
      }
      first += size;
    }
  }

  *#striped(lba: number, blocks: number): Iterable<VolumeExtent> {
    const { chunkBlocks, members } = this.options;
    for (const { chunk, first, count } of chunksIn(lba, blocks, chunkBlocks)) {
      const row = Math.floor(chunk / members.length);
      yield {
        member: chunk % members.length,
        lba: row * chunkBlocks + first,
        blocks: count,
        volumeLba: chunk * chunkBlocks + first,
      };
    }
  }

  #thin(lba: number, blocks: number, forWrite: boolean): VolumeExtent[] | undefined {
    const { chunkBlocks } = this.options;
    const parts = [...chunksIn(lba, blocks, chunkBlocks)];
    if (forWrite && !this.#bring(parts.map(({ chunk }) => chunk))) return undefined;
    return parts.flatMap(({ chunk, first, count }) => {
      const at = this.#chunks.get(chunk);
      if (at === undefined) return [];
      return [...this.#linear(at * chunkBlocks + first, count, chunk * chunkBlocks + first)];
    });
  }

  /** All chunks that are missing come, or none does. */
  #bring(chunks: readonly number[]): boolean {
    const missing = chunks.filter((one) => !this.#chunks.has(one));
    const { chunkBlocks, members } = this.options;
    const room = Math.floor(volumeBlocks('linear', members, chunkBlocks) / chunkBlocks);
    if (this.#chunksUsed + missing.length > room) return false;
    for (const chunk of missing) this.#chunks.set(chunk, this.#chunksUsed++);
    return true;
  }
}

/** The chunks that blocks touch: number, first block in it, how many. */
function* chunksIn(
  lba: number,
  blocks: number,
  chunkBlocks: number,
): Iterable<{ readonly chunk: number; readonly first: number; readonly count: number }> {
  for (let at = lba; at < lba + blocks; ) {
    const chunk = Math.floor(at / chunkBlocks);
    const first = at - chunk * chunkBlocks;
    const count = Math.min(chunkBlocks - first, lba + blocks - at);
    yield { chunk, first, count };
    at += count;
  }
}
