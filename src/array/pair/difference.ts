/** Where the legs of a unit may differ: a bit for each region, kept through a loss of power. */
import type { BlockRun } from '../../history/backup.ts';

/** A map is at most this long, so that it can be asked for in one command. */
const MAP_BYTES_MAX = 64 * 1024;
const REGION_BLOCKS_MIN = 8;

/** The regions of one unit. */
export class Difference {
  readonly blocks: number;
  /** Blocks of a region. */
  readonly regionBlocks: number;
  readonly #regions = new Set<number>();

  /** `blocks`: of the unit. */
  constructor(blocks: number) {
    this.blocks = blocks;
    const least = Math.ceil(blocks / (MAP_BYTES_MAX * 8));
    this.regionBlocks = Math.max(REGION_BLOCKS_MIN, 2 ** Math.ceil(Math.log2(least)));
  }

  /** How many regions may differ. */
  get size(): number {
    return this.#regions.size;
  }

  /** The lowest of them; `undefined` where there is none. */
  get first(): number | undefined {
    return this.#regions.size === 0 ? undefined : Math.min(...this.#regions);
  }

  /** The blocks of a region. */
  runOf(region: number): BlockRun {
    const lba = region * this.regionBlocks;
    return { lba, blocks: Math.min(this.regionBlocks, this.blocks - lba) };
  }

  /** Blocks may differ from now on. */
  set(lba: number, blocks: number): void {
    for (const region of this.#regionsOf(lba, blocks)) this.#regions.add(region);
  }

  /** A region is equal again. */
  clear(region: number): void {
    this.#regions.delete(region);
  }

  /** Nothing differs. */
  clearAll(): void {
    this.#regions.clear();
  }

  /** True where one of these blocks may differ. */
  meets(lba: number, blocks: number): boolean {
    for (const region of this.#regionsOf(lba, blocks)) if (this.#regions.has(region)) return true;
    return false;
  }

  /** All of them, region by region. */
  runs(): BlockRun[] {
    return [...this.#regions].sort((a, b) => a - b).map((region) => this.runOf(region));
  }

  /** The map as bytes: a bit a region, the lowest first, low bits first. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(this.bytes);
    for (const region of this.#regions) bytes[region >> 3]! |= 1 << (region & 7);
    return bytes;
  }

  /** Bytes of the map. */
  get bytes(): number {
    return Math.ceil(Math.ceil(this.blocks / this.regionBlocks) / 8);
  }

  /** Takes over what another map has set; bits behind the last region mean nothing. */
  join(bytes: Uint8Array): void {
    const regions = Math.ceil(this.blocks / this.regionBlocks);
    for (let region = 0; region < Math.min(regions, bytes.length * 8); region++)
      if (((bytes[region >> 3]! >> (region & 7)) & 1) === 1) this.#regions.add(region);
  }

  *#regionsOf(lba: number, blocks: number): Iterable<number> {
    const last = Math.floor((lba + blocks - 1) / this.regionBlocks);
    for (let region = Math.floor(lba / this.regionBlocks); region <= last; region++) yield region;
  }
}
