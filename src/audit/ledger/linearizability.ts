/**
 * Whether a history of reads and writes of blocks can be explained by one order in which each took
 * effect at a moment between its begin and its end: linearizability, block by block.
 *
 * Every write of a block carries a value of its own, so a read names the write it saw. All that was
 * done with one value of one block forms a zone: from the first end among its operations (`firstEnd`)
 * to the last begin (`lastStart`). The history of the block is linearizable exactly when no two
 * zones u, v have both `u.firstEnd < v.lastStart` and `v.firstEnd < u.lastStart`: then neither can
 * come before the other. Source: Gibbons and Korach, Testing Shared Memories, 1997 (the condition
 * on zones for known read mappings).
 *
 * The check runs along with the history. A value is forgotten once any further read of it would be
 * wrong, so the memory grows with the blocks in use, not with the operations. A write whose outcome
 * is unknown never ends: it may take effect at any later time, or never.
 */
import { BlockState, type BlockValue, before, type HistoryOp, Zone } from './block-zones.ts';

export type { BlockValue, HistoryOp } from './block-zones.ts';

/**
 * What is wrong with a read: `stale`: it saw a value that another one had replaced before it
 * began; `unwritten`: a value that nobody wrote there before, or one that was forgotten long ago;
 * `torn`: one block of an atomic write and an older value of another block of it.
 */
export interface Anomaly {
  readonly kind: 'stale' | 'unwritten' | 'torn';
  readonly block: number;
  /** What was read, and for `stale` and `torn` the newer value that should have been. */
  readonly value: BlockValue;
  readonly newer: BlockValue | undefined;
  /** Tags of the read, of the write that was read, and of the newer write. */
  readonly read: number;
  readonly write: number | undefined;
  readonly newerWrite: number | undefined;
}

/** What is known of the blocks, and how much may be tried. */
export interface HistoryOptions {
  /**
   * What every block holds before the first write. Left out: unknown; then the first value read
   * before any write ended is taken for it, and reads that cannot be explained are not judged.
   */
  readonly initial?: BlockValue;
  /** Reads and writes of up to so many blocks take effect as a whole; 1 when left out. */
  readonly atomicBlocks?: number;
}

/** Room for the blocks of one logical unit in the numbers of blocks. */
const UNIT_BLOCKS = 2 ** 40;

/** The number of a block: of a logical unit (0 to 8191) and an LBA below 2^40. */
export function blockNumber(unit: number, lba: number): number {
  return unit * UNIT_BLOCKS + lba;
}

/** Checks one history. Calls come in the order in which things happened. */
export class HistoryChecker {
  readonly #report: (anomaly: Anomaly) => void;
  readonly #initial: BlockValue | undefined;
  readonly #atomicBlocks: number;
  readonly #blocks = new Map<number, BlockState>();
  #clock = 0;
  /** Blocks read and judged. */
  judged = 0;

  constructor(report: (anomaly: Anomaly) => void, options: HistoryOptions = {}) {
    this.#report = report;
    this.#initial = options.initial;
    this.#atomicBlocks = options.atomicBlocks ?? 1;
  }

  /** Blocks that are remembered, and values of them. */
  get size(): { readonly blocks: number; readonly values: number } {
    let values = 0;
    for (const { zones } of this.#blocks.values()) values += zones.length;
    return { blocks: this.#blocks.size, values };
  }

  /** Tags of the writes whose values a block may hold. */
  writesOf(block: number): number[] {
    const zones = this.#blocks.get(block)?.zones ?? [];
    return zones.flatMap(({ write }) => (write === undefined ? [] : [write.tag]));
  }

  /** A write of one value to `blocks` blocks from number `first` on begins. */
  write(first: number, blocks: number, value: BlockValue, tag = 0): HistoryOp {
    const start = ++this.#clock;
    const op: HistoryOp = { kind: 'write', first, blocks, start, value, tag };
    for (let block = first; block < first + blocks; block++) {
      this.#stateOf(block).add(new Zone(value, start, Infinity, op));
    }
    return op;
  }

  /** A read begins. */
  read(first: number, blocks: number, tag = 0): HistoryOp {
    const start = ++this.#clock;
    for (let block = first; block < first + blocks; block++) {
      this.#stateOf(block).beginRead(start);
    }
    return { kind: 'read', first, blocks, start, value: undefined, tag };
  }

  /** A write ended well: from now on every read sees it, or something newer. */
  acknowledge(op: HistoryOp): void {
    const now = ++this.#clock;
    for (let block = op.first; block < op.first + op.blocks; block++) {
      const state = this.#stateOf(block);
      for (const zone of state.zones) {
        if (zone.write === op) zone.firstEnd = Math.min(zone.firstEnd, now);
      }
      state.retire(now);
    }
  }

  /** A read ended. `values`: what it saw, block by block; `undefined` where that says nothing. */
  returned(op: HistoryOp, values: readonly (BlockValue | undefined)[]): void {
    const now = ++this.#clock;
    for (let i = 0; i < op.blocks; i++) {
      const state = this.#stateOf(op.first + i);
      state.endRead(op.start);
      const value = values[i];
      if (value !== undefined) this.#see(op, op.first + i, state, value, now);
      state.retire(now);
    }
    if (op.blocks > 1 && op.blocks <= this.#atomicBlocks) this.#checkTorn(op, values);
  }

  /** A read ended without a result. A write must not be given up: without an end it may yet happen. */
  giveUp(op: HistoryOp): void {
    if (op.kind === 'write') return;
    for (let block = op.first; block < op.first + op.blocks; block++) {
      this.#stateOf(block).endRead(op.start);
    }
  }

  /** What the blocks of a range of numbers hold is not known any more. */
  forget(first: number, last: number): void {
    for (const [block, state] of this.#blocks) {
      if (block < first || block > last) continue;
      state.forget();
      state.known = false;
    }
  }

  /**
   * A change that carries no value of its own has ended: the blocks hold `value` now. Where others
   * are at work on a block at the same time it is forgotten instead.
   */
  replace(first: number, blocks: number, value: BlockValue): void {
    const now = ++this.#clock;
    for (let block = first; block < first + blocks; block++) {
      const state = this.#stateOf(block);
      state.forget();
      state.known = state.reads === undefined && state.zones.length === 0;
      if (state.known) state.zones = [new Zone(value, now, now, undefined)];
    }
  }

  #stateOf(block: number): BlockState {
    let state = this.#blocks.get(block);
    if (state === undefined) {
      const known = this.#initial !== undefined;
      state = new BlockState(known ? [before(this.#initial!)] : [], known);
      this.#blocks.set(block, state);
    }
    return state;
  }

  #see(op: HistoryOp, block: number, state: BlockState, value: BlockValue, now: number): void {
    const zone = state.zoneOf(value) ?? this.#unknown(op, block, state, value);
    if (zone === undefined) return;
    this.judged++;
    const lastStart = Math.max(zone.lastStart, op.start);
    const firstEnd = Math.min(zone.firstEnd, now);
    for (const other of state.zones) {
      if (other === zone || other.firstEnd >= lastStart || firstEnd >= other.lastStart) continue;
      this.#report({
        kind: 'stale',
        block,
        value,
        newer: other.value,
        read: op.tag,
        write: zone.write?.tag,
        newerWrite: other.write?.tag,
      });
      // Told once; what follows is judged as if this read had not been.
      return;
    }
    zone.lastStart = lastStart;
    zone.firstEnd = firstEnd;
  }

  /** A value that no remembered write left: stale, never written, or, if nothing is known, accepted. */
  #unknown(op: HistoryOp, block: number, state: BlockState, value: BlockValue): Zone | undefined {
    const retired = state.wasRetired(value);
    if (!state.known && !retired) {
      // Somebody who is not part of this history may have written it.
      if (state.zones.some((zone) => zone.firstEnd < op.start)) return undefined;
      const zone = before(value);
      state.zones.unshift(zone);
      return zone;
    }
    this.judged++;
    const newest = state.zones.at(-1);
    this.#report({
      kind: retired ? 'stale' : 'unwritten',
      block,
      value,
      newer: newest?.value,
      read: op.tag,
      write: undefined,
      newerWrite: newest?.write?.tag,
    });
    return undefined;
  }

  /** No read sees one block of an atomic write and, in another block of it, something older. */
  #checkTorn(op: HistoryOp, values: readonly (BlockValue | undefined)[]): void {
    const seen = values.map((value, i) =>
      value === undefined
        ? undefined
        : this.#stateOf(op.first + i).zones.find((zone) => zone.value === value),
    );
    const writes = new Set(seen.map((zone) => zone?.write));
    for (const write of writes) {
      if (write === undefined || write.blocks < 2 || write.blocks > this.#atomicBlocks) continue;
      for (let i = 0; i < op.blocks; i++) {
        const block = op.first + i;
        const zone = seen[i];
        if (zone === undefined || block < write.first || block >= write.first + write.blocks)
          continue;
        if (zone.write === write || zone.firstEnd >= write.start) continue;
        this.#report({
          kind: 'torn',
          block,
          value: zone.value,
          newer: write.value,
          read: op.tag,
          write: zone.write?.tag,
          newerWrite: write.tag,
        });
        return;
      }
    }
  }
}
