import { describe, expect, it } from 'vitest';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { filled } from '../../../helpers/scsi-target.ts';

describe('a memory medium', () => {
  it('holds memory only for extents that have mapped blocks', () => {
    const medium = new MemoryMedium(2 ** 40);
    expect(medium.allocatedBytes).toBe(0);
    medium.write(2 ** 40 - 1, filled(1, 1));
    medium.write(126, filled(4, 1));
    expect(medium.allocatedBytes).toBe(3 * 65_536);
    medium.unmap(126, 2);
    expect(medium.allocatedBytes).toBe(2 * 65_536);
    expect(medium.read(128, 2)).toEqual(filled(2, 1));
  });

  it('keeps no reference to what it was given or gave out', () => {
    const medium = new MemoryMedium(10);
    const block = filled(1, 1);
    medium.write(0, block);
    block.fill(2);
    medium.read(0, 1).fill(3);
    expect(medium.read(0, 1)).toEqual(filled(1, 1));
  });

  it('refuses what is not on it', () => {
    const medium = new MemoryMedium(10);
    expect(() => medium.read(9, 2)).toThrow(RangeError);
    expect(() => medium.write(0, new Uint8Array(100))).toThrow(RangeError);
    expect(() => new MemoryMedium(0)).toThrow(RangeError);
  });
});
