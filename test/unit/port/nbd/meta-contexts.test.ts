import { describe, expect, it } from 'vitest';
import {
  contextsFor,
  contextsOf,
  extentsOf,
  UnknownReference,
} from '../../../../src/port/nbd/meta-contexts.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { SnapshotMedium } from '../../../../src/scsi/medium/snapshot.ts';
import { exportsOf } from '../../../helpers/nbd.ts';

const block = new Uint8Array(512).fill(1);

function snapshotted() {
  const medium = new SnapshotMedium(new MemoryMedium(64), { granularityBlocks: 1 });
  medium.write(2, block);
  medium.write(3, block);
  medium.cut('s1');
  medium.changed!.begin('s1');
  medium.write(3, block);
  medium.write(10, block);
  medium.unmap(2, 1);
  return medium;
}

describe('meta contexts', () => {
  const range = { offset: 0, lengthBytes: 64 * 512, extentsMax: 100 };
  const told = (name: string, context: number, more = {}) =>
    extentsOf(
      exportsOf([snapshotted()]).find(name)!,
      contextsOf(exportsOf([snapshotted()]).find(name)!)[context]!,
      {
        ...range,
        ...more,
      },
    ).map(({ lengthBytes, flags }) => [lengthBytes / 512, flags]);

  it('a snapshot is allocated as it was', () => {
    expect(told('lun0', 0)).toEqual([
      [3, 3],
      [1, 0],
      [6, 3],
      [1, 0],
      [53, 3],
    ]);
    expect(told('lun0@s1', 0)).toEqual([
      [2, 3],
      [2, 0],
      [60, 3],
    ]);
  });

  it('changed blocks are dirty; neighbours that say the same are one; a range is never left', () => {
    expect(told('lun0', 1)).toEqual([
      [2, 0],
      [2, 1],
      [6, 0],
      [1, 1],
      [53, 0],
    ]);
    expect(told('lun0', 1, { offset: 512, lengthBytes: 1024 })).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(told('lun0', 1, { offset: 3 * 512, lengthBytes: 3 * 512, extentsMax: 1 })).toEqual([
      [1, 1],
    ]);
    expect(told('lun0', 1, { offset: 1100, lengthBytes: 100 })).toEqual([[100 / 512, 1]]);
  });

  it('a reference that is not known is an error, never an empty map', () => {
    const exported = exportsOf([snapshotted()]).find('lun0')!;
    const context = { name: 'qemu:dirty-bitmap:s9', reference: 's9' };
    expect(() => extentsOf(exported, context, range)).toThrow(UnknownReference);
    expect(contextsFor(exported, ['qemu:dirty-bitmap:s9'], false)).toEqual([]);
  });
});
