import { describe, expect, it } from 'vitest';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { SnapshotMedium } from '../../../../src/scsi/medium/snapshot.ts';
import { exportsOf } from '../../../helpers/nbd.ts';

const block = (value: number) => new Uint8Array(512).fill(value);

function cut(medium: SnapshotMedium, name: string): void {
  medium.cut(name);
  medium.changed!.begin(name);
}

describe('exports', () => {
  it('a unit, its snapshots as they come and go, and nothing of a medium that keeps none', () => {
    const medium = new SnapshotMedium(new MemoryMedium(8), {});
    const all = exportsOf([medium, new MemoryMedium(8)]);
    const names = () => all.list().map(({ name }) => name);
    expect(names()).toEqual(['lun0', 'lun1']);
    cut(medium, 's1');
    expect(names()).toEqual(['lun0', 'lun0@s1', 'lun1']);
    expect(all.find('')!.name).toBe('lun0');
    expect(all.find('lun1@s1')).toBeUndefined();
    medium.delete('s1');
    expect(all.find('lun0@s1')).toBeUndefined();
    expect(exportsOf([]).find('')).toBeUndefined();
  });

  it('what has changed in a snapshot ends where it was cut', () => {
    const medium = new SnapshotMedium(new MemoryMedium(1024), { granularityBlocks: 8 });
    const all = exportsOf([medium]);
    cut(medium, 's1');
    medium.write(0, block(1));
    cut(medium, 's2');
    medium.write(800, block(2));
    const first = { lba: 0, blocks: 8 };
    expect(all.find('lun0')!.changedSince('s1')).toEqual([first, { lba: 800, blocks: 8 }]);
    expect(all.find('lun0@s2')!.changedSince('s1')).toEqual([first]);
    expect(all.find('lun0@s2')!.changedSince('s2')).toEqual([]);
    // What came later says nothing of what was before: that is not known.
    expect(all.find('lun0@s1')!.changedSince('s2')).toBeUndefined();
    expect(all.find('lun0')!.changedSince('s3')).toBeUndefined();
  });
});
