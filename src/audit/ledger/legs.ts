/** What both legs of stretched units hold, block by block, by what the arrays say that they wrote. */
import type { BlocksApplied } from '../../history/index.ts';

const BLOCK_BYTES = 512;

/** A number for what a block holds; 0 for one of zeros, as those that nobody wrote. */
export function contentOf(data: Uint8Array, from: number): number {
  let low = 0x811c_9dc5;
  let high = 0x9e37_79b9;
  let any = 0;
  for (let i = from; i < from + BLOCK_BYTES; i++) {
    const byte = data[i]!;
    any |= byte;
    low = Math.imul(low ^ byte, 0x0100_0193);
    high = Math.imul(high ^ byte, 0x85eb_ca6b) + 1;
  }
  return any === 0 ? 0 : (high >>> 11) * 2 ** 32 + (low >>> 0) + 1;
}

/** A number for what each block holds. */
export function contentsOf(data: Uint8Array): number[] {
  const blocks = Math.floor(data.length / BLOCK_BYTES);
  return Array.from({ length: blocks }, (_, i) => contentOf(data, i * BLOCK_BYTES));
}

/** No command changes more blocks. */
const CONTENTS_MAX = 65_536;

/** Blocks that differ where those did that had these numbers; `undefined` for what are none. */
export function bytesOfContents(contents: readonly unknown[]): Uint8Array | undefined {
  if (contents.length > CONTENTS_MAX) return undefined;
  const data = new Uint8Array(contents.length * BLOCK_BYTES);
  const view = new DataView(data.buffer);
  for (const [i, content] of contents.entries()) {
    if (!Number.isSafeInteger(content) || (content as number) < 0) return undefined;
    view.setBigUint64(i * BLOCK_BYTES, BigInt(content as number));
  }
  return data;
}

/** The legs of all stretched units. */
export class Legs {
  /** By unit, then by the array's node. */
  readonly #units = new Map<string, Map<string, Map<number, number>>>();

  /** An array has changed blocks of its leg. */
  apply(luName: string, node: string, { blocks, change, data, lba }: BlocksApplied): void {
    const leg = this.#legOf(luName, node);
    const repeated = change === 'write-same' ? contentOf(data, 0) : undefined;
    for (let i = 0; i < blocks; i++) {
      const content = change === 'unmap' ? 0 : (repeated ?? contentOf(data, i * BLOCK_BYTES));
      leg.set(lba + i, content);
    }
  }

  /** True where both legs hold the same, as far as is known. */
  areEqual(luName: string, lba: number, nodes: readonly string[]): boolean {
    const [first, ...others] = nodes.map((node) => this.at(luName, node, lba));
    return others.every((one) => one === first);
  }

  /** An array has lost what its legs held. */
  forget(node: string): void {
    for (const unit of this.#units.values()) unit.delete(node);
  }

  /** What a leg's block holds. */
  at(luName: string, node: string, lba: number): number {
    return this.#legOf(luName, node).get(lba) ?? 0;
  }

  #legOf(luName: string, node: string): Map<number, number> {
    let unit = this.#units.get(luName);
    if (unit === undefined) {
      unit = new Map();
      this.#units.set(luName, unit);
    }
    let leg = unit.get(node);
    if (leg === undefined) {
      leg = new Map();
      unit.set(node, leg);
    }
    return leg;
  }
}
