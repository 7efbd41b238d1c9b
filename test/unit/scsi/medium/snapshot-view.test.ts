import { describe, expect, it } from 'vitest';
import { MediumError, MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { SnapshotMedium } from '../../../../src/scsi/medium/snapshot.ts';
import { SnapshotView } from '../../../../src/scsi/medium/snapshot-view.ts';
import { filled } from '../../../helpers/scsi-target.ts';

describe('A view of snapshots', () => {
  it('shows what was cut, while that is there, and takes no write', () => {
    const medium = new SnapshotMedium(new MemoryMedium(8));
    const view = new SnapshotView(medium);
    expect(view.blocks).toBe(8);
    expect(() => view.read(0, 1)).toThrow(MediumError);
    medium.write(3, filled(1, 1));
    medium.cut('a');
    medium.write(3, filled(1, 2));
    view.show('a');
    expect(view.read(3, 1)).toEqual(filled(1, 1));
    medium.delete('a');
    expect(() => view.read(3, 1)).toThrow(/no snapshot to show/);
    expect(() => view.write()).toThrow(/read only/);
  });
});
