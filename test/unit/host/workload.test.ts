/** What a guest does with its disks. */
import { describe, expect, it } from 'vitest';
import {
  type GuestIo,
  readingsOf,
  Workload,
  type WorkloadOptions,
} from '../../../src/host/workload.ts';
import { streams } from '../../../src/machine/random.ts';

const LU = new Uint8Array(16).fill(0x60);
const OPTIONS: WorkloadOptions = {
  writerId: 7,
  queueDepth: 4,
  readPercent: 50,
  blocksMax: 4,
  rangeBlocks: 64,
  thinkNs: 0,
  compareAndWritePercent: 0,
  unmapPercent: 0,
  writeSamePercent: 0,
  synchronizePercent: 0,
  fuaPercent: 0,
  retryNonIdempotent: false,
};
const workload = (changes: Partial<WorkloadOptions> = {}, firstId = 1) =>
  new Workload({ ...OPTIONS, ...changes }, streams(1).stream('w'), [LU], firstId);

function take(one: Workload, count: number): GuestIo[] {
  return Array.from({ length: count }, () => one.next(0)).filter((io) => io !== undefined);
}

describe('a workload', () => {
  it('has as many I/Os outstanding as its queue is deep, and never two that overlap', () => {
    const one = workload({ queueDepth: 12 });
    const ios = take(one, 40);
    expect(ios).toHaveLength(12);
    const blocks = ios.flatMap(({ lba, blocks: n }) =>
      Array.from({ length: n }, (_, i) => lba + i),
    );
    expect(new Set(blocks).size).toBe(blocks.length);
    one.ended(ios[0]!, true);
    expect(one.next(0)?.id).toBe(13);
  });

  it('rests once its allowance is used up, and counts on from its first number', () => {
    const one = workload({}, 100);
    one.allowance = 2;
    expect(take(one, 4).map(({ id }) => id)).toEqual([100, 101]);
  });

  it('stamps what it writes with place, writer and version, and reads that back', () => {
    const one = workload({ readPercent: 0 });
    const io = one.next(0)!;
    expect([io.op, io.version]).toEqual(['write', io.id]);
    const readings = readingsOf(io, one.dataOf(io));
    expect(readings).toHaveLength(io.blocks);
    for (const reading of readings)
      expect(reading).toMatchObject({ found: 'stamp', writerId: 7, version: io.id });
    expect(readingsOf(io, one.dataOf(io).subarray(0, 100))[0]).toMatchObject({ found: 'wrong' });
  });

  it('compares with what it knows of a block: blank at first, then its own stamp', () => {
    const one = workload({
      readPercent: 0,
      compareAndWritePercent: 100,
      rangeBlocks: 1,
      blocksMax: 1,
      queueDepth: 1,
    });
    const first = one.next(0)!;
    expect([first.op, first.expected]).toEqual(['compare-and-write', 'blank']);
    expect(one.expectedOf(first)).toEqual(new Uint8Array(512));
    one.ended(first, true);
    const second = one.next(0)!;
    expect(second.expected).toEqual({ writerId: 7, version: first.id });
    one.ended(second, false);
    expect(one.next(0)?.op).toBe('write');
  });

  it('of a guest that was started again knows nothing of blocks that it has not touched', () => {
    const one = workload({ readPercent: 0, compareAndWritePercent: 100 }, 50);
    expect(one.next(0)?.op).toBe('write');
  });
});
