/** The copy of a volume's disk as I/Os of its host, and what becomes of the guest's own. */
import { expect, it } from 'vitest';
import { formatHex } from '../../../src/codecs/layout/index.ts';
import type { DiskCopyOptions } from '../../../src/host/disk-copy.ts';
import { VolumeCopy, type VolumeCopyWork } from '../../../src/host/volume-copy.ts';
import type { GuestIo } from '../../../src/host/workload.ts';
import { luIdOf } from '../../../src/scsi/target/logical-unit.ts';

const [from, to] = [0, 1].map((unit) => formatHex(luIdOf('array', unit))) as [string, string];
const OPTIONS: DiskCopyOptions = {
  ...{ volume: 'disk', to, by: 'mirror', chunkBlocks: 2048, windowBlocks: 2048 },
  ...{ roundsMax: 3, restBlocks: 0 },
};

function copyOf() {
  const pushed: GuestIo[] = [];
  const told: { type: string; state?: string; blocks?: number }[] = [];
  const forgotten: string[] = [];
  let next = 100;
  const work: VolumeCopyWork = {
    ...{ vm: 'vm1', writerId: 7, now: 5 },
    nextId: () => next++,
    renumbered: (io) => ({ ...io, id: next++ }),
    push: (ios) => void pushed.push(...ios),
    emit: (event) => void told.push(event),
    forget: (luName) => void forgotten.push(luName),
  };
  const copy = new VolumeCopy(work, { disk: 0, from, blocks: 3000 }, OPTIONS, () => {});
  copy.copy.go();
  return { copy, forgotten, pushed, told };
}

it('reads the source and writes what was found there, and tells of both', () => {
  const { copy, pushed, told } = copyOf();
  expect(pushed[0]).toMatchObject({
    id: 100,
    op: 'read',
    luName: from,
    blocks: 2048,
    ofHost: true,
  });
  const found = [{ found: 'blank' } as const];
  expect(copy.ended(100, true, found)).toBe(true);
  expect(pushed[1]).toMatchObject({ op: 'write', luName: to, version: 101, disk: 0 });
  expect(told).toMatchObject([
    { type: 'disk-copy', state: 'began', blocks: 3000 },
    { type: 'blocks-copied', writerId: 7, part: { io: 101, volumeLba: 0 }, readings: found },
  ]);
  expect(copy.ended(55, true)).toBe(false);
});

it('keeps writes until the chunk is copied, numbered anew then; those to a copy that is given up go nowhere', () => {
  const { copy, forgotten, pushed } = copyOf();
  const run = { lba: 0, blocks: 1 };
  expect(copy.begin(run)).toBe('both-later');
  const io = { ...pushed[0]!, id: 7, version: 7, op: 'write' as const };
  const sent: string[] = [];
  copy.hold(run, [io, { ...io, luName: to }], () => void sent.push('first'));
  copy.ended(100, true);
  expect(sent).toEqual([]);
  copy.ended(101, true);
  expect(sent).toEqual(['first']);
  expect(pushed.slice(2, 4)).toMatchObject([
    { id: 102, version: 7, luName: from },
    { id: 103, version: 7, luName: to },
  ]);
  const later = { lba: 2048, blocks: 1 };
  copy.hold(later, [io, { ...io, luName: to }], () => void sent.push('second'));
  copy.copy.fail('the move was taken back');
  expect(forgotten).toEqual([to]);
  expect(sent).toEqual(['first', 'second']);
  expect(pushed.at(-1)).toMatchObject({ luName: from, version: 7 });
});

it('gives a unit back by UNMAP, piece by piece, and says when it has', () => {
  const { copy, pushed, told } = copyOf();
  copy.drop(from);
  const unmaps = pushed.filter(({ op }) => op === 'unmap');
  expect(unmaps.map(({ lba, blocks }) => [lba, blocks])).toEqual([
    [0, 2048],
    [2048, 952],
  ]);
  for (const { id } of unmaps) copy.ended(id, false);
  expect(copy.isDropping).toBe(false);
  expect(told.at(-1)).toMatchObject({ state: 'dropped', blocks: 3000 });
});
