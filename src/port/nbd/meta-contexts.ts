/**
 * Meta contexts: what clients may ask of the blocks of an export. `base:allocation` tells of holes,
 * `qemu:dirty-bitmap:REFERENCE` of what has changed since a snapshot.
 */
import {
  NBD_BASE_ALLOCATION,
  NBD_DIRTY_BITMAP,
  NbdAllocation,
  NbdDirty,
} from '../../codecs/nbd/index.ts';
import type { NbdExport } from './exports.ts';

/** A meta context that a client has chosen; its number in replies is its place in the list of those. */
export type MetaContext = { readonly reference: string | undefined; readonly name: string };

/** What a meta context says of some bytes. */
export interface NbdExtentOf {
  readonly lengthBytes: number;
  readonly flags: number;
}

/** Nobody knows what has changed since a reference: that is an answer, and no map is empty instead. */
export class UnknownReference extends Error {
  override readonly name = 'UnknownReference';
}

/** Every meta context of an export. */
export function contextsOf(exported: NbdExport): MetaContext[] {
  return [
    { name: NBD_BASE_ALLOCATION, reference: undefined },
    ...exported.references().map((reference) => ({
      name: NBD_DIRTY_BITMAP + reference,
      reference,
    })),
  ];
}

/**
 * Those that queries name. A list is asked for by the beginning of names up to a colon, and by nothing at all for
 * all of them; a choice by whole names. Of what is not there, none is given.
 */
export function contextsFor(
  exported: NbdExport,
  queries: readonly string[],
  listing: boolean,
): MetaContext[] {
  const all = contextsOf(exported);
  if (listing && queries.length === 0) return all;
  const wanted = (name: string) =>
    queries.some(
      (query) => query === name || (listing && query.endsWith(':') && name.startsWith(query)),
    );
  return all.filter(({ name }) => wanted(name));
}

/** What a range of bytes is cut into, at most so many extents, never beyond its end. */
export interface StatusRange {
  readonly offset: number;
  readonly lengthBytes: number;
  readonly extentsMax: number;
}

/** What a context says of a range, from its beginning on. Errors: `UnknownReference`. */
export function extentsOf(
  exported: NbdExport,
  { reference }: MetaContext,
  range: StatusRange,
): NbdExtentOf[] {
  const extents = new Extents(range);
  if (reference === undefined) allocation(exported, extents);
  else changes(exported, reference, extents);
  return extents.all;
}

/** Gathers extents in the order of addresses; neighbours that say the same are one. */
class Extents {
  readonly all: { lengthBytes: number; flags: number }[] = [];
  readonly end: number;
  readonly #max: number;
  /** The first byte of which nothing was said yet. */
  at: number;

  constructor({ offset, lengthBytes, extentsMax }: StatusRange) {
    this.at = offset;
    this.end = offset + lengthBytes;
    this.#max = extentsMax;
  }

  /** All up to this byte are so. False where nothing more is wanted. */
  upTo(byte: number, flags: number): boolean {
    const lengthBytes = Math.min(byte, this.end) - this.at;
    if (lengthBytes > 0) {
      const last = this.all.at(-1);
      if (last?.flags === flags) last.lengthBytes += lengthBytes;
      else if (this.all.length === this.#max) return false;
      else this.all.push({ lengthBytes, flags });
      this.at += lengthBytes;
    }
    return this.at < this.end;
  }
}

function allocation({ medium }: NbdExport, extents: Extents): void {
  const { blockBytes, blocks } = medium;
  for (let more = true; more; ) {
    const lba = Math.floor(extents.at / blockBytes);
    const run = medium.mappedRun?.(lba) ?? { mapped: true, blocks: blocks - lba };
    const flags = run.mapped ? 0 : NbdAllocation.HOLE | NbdAllocation.ZERO;
    more = extents.upTo((lba + run.blocks) * blockBytes, flags);
  }
}

function changes({ changedSince, medium }: NbdExport, reference: string, extents: Extents): void {
  const runs = changedSince(reference);
  if (runs === undefined)
    throw new UnknownReference(`what has changed since ${reference} is not known`);
  for (const { lba, blocks } of runs) {
    if (!extents.upTo(lba * medium.blockBytes, 0)) return;
    if (!extents.upTo((lba + blocks) * medium.blockBytes, NbdDirty.DIRTY)) return;
  }
  extents.upTo(extents.end, 0);
}
