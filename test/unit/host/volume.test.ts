/** Volumes: where each block lies, and that no two of them share a place. */
import { describe, expect, it } from 'vitest';
import { Volume, type VolumeOptions, volumeBlocks } from '../../../src/host/volume.ts';

const members = [
  { luName: 'a', blocks: 40 },
  { luName: 'b', blocks: 50 },
];
const volume = (kind: VolumeOptions['kind'], chunkBlocks = 8, blocks = 64) =>
  new Volume({ name: 'v', kind, members, chunkBlocks, blocks });
const placed = (one: Volume, lba: number, blocks: number, forWrite = true) =>
  one.place(lba, blocks, forWrite)!.map((part) => Object.values(part).join(' '));

describe('a volume', () => {
  it('has the room that its units give it', () => {
    expect(volumeBlocks('linear', members, 8)).toBe(90);
    expect(volumeBlocks('mirror', members, 8)).toBe(40);
    expect(volumeBlocks('stripe', members, 16)).toBe(64);
    expect(volumeBlocks('thin', members, 8)).toBe(90);
  });

  it('lays units one behind the other, in stripes, or each whole', () => {
    expect(placed(volume('linear'), 38, 4)).toEqual(['0 38 2 38', '1 0 2 40']);
    expect(placed(volume('stripe'), 6, 12)).toEqual(['0 6 2 6', '1 0 8 8', '0 8 2 16']);
    expect(placed(volume('mirror'), 3, 5)).toEqual(['0 3 5 3', '1 3 5 3']);
  });

  it('gives a thin one place by the first write, and never the same twice', () => {
    const thin = volume('thin', 8, 1000);
    expect(placed(thin, 100, 4, false)).toEqual([]);
    expect(placed(thin, 100, 8)).toEqual(['0 4 4 100', '0 8 4 104']);
    expect(placed(thin, 0, 1)).toEqual(['0 16 1 0']);
    expect(placed(thin, 100, 4, false)).toEqual(['0 4 4 100']);
    expect(thin.chunksUsed).toBe(3);
    // Eleven chunks have room: all that are asked for come, or none.
    expect(thin.place(200, 100, true)).toBeUndefined();
    expect(thin.chunksUsed).toBe(3);
    // A chunk may lie on two units.
    for (let chunk = 0; chunk < 11; chunk++) thin.place(8 * chunk, 1, true);
    expect(thin.chunksUsed).toBe(11);
  });

  it.each(['linear', 'stripe', 'mirror', 'thin'] as const)('%s: no place is two blocks', (kind) => {
    const one = volume(kind);
    const seen = new Map<string, number>();
    for (let lba = 0; lba < 40; lba++) {
      for (const part of one.place(lba, 1, true)!) {
        expect(part.volumeLba).toBe(lba);
        const place = `${part.member} ${part.lba}`;
        expect(seen.get(place) ?? lba).toBe(lba);
        seen.set(place, lba);
      }
    }
    expect(seen.size).toBe(kind === 'mirror' ? 80 : 40);
  });
});
