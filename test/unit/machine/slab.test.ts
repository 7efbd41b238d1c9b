import { describe, expect, it } from 'vitest';
import { plainRoomFor, roomFor } from '../../../src/machine/slab.ts';

/** Sizes of frames, of data that fits a slab, and of data that does not. */
const SIZES = [1, 60, 98, 2172, 4096, 4097, 65_536];

describe('room', () => {
  it.each([
    ['of either kind', roomFor],
    ['that is plain', plainRoomFor],
  ])('%s is zeros, begins at a word and overlaps nothing', (_kind, roomOf) => {
    const taken = new Map<ArrayBufferLike, { from: number; end: number }[]>();
    for (let i = 0; i < 700; i++) {
      const bytes = SIZES[i % SIZES.length]!;
      const room = roomOf(bytes);
      expect(room).toHaveLength(bytes);
      expect(room.every((byte) => byte === 0)).toBe(true);
      expect(room.byteOffset % 8).toBe(0);
      room.fill(0xff);
      const places = taken.get(room.buffer) ?? [];
      const [from, end] = [room.byteOffset, room.byteOffset + bytes];
      expect(places.every((one) => one.end <= from || end <= one.from)).toBe(true);
      taken.set(room.buffer, [...places, { from, end }]);
    }
  });

  it('that is plain is in ArrayBuffers, several frames in one', () => {
    const rooms = Array.from({ length: 20 }, () => plainRoomFor(98));
    expect(rooms.every(({ buffer }) => buffer instanceof ArrayBuffer)).toBe(true);
    expect(new Set(rooms.map(({ buffer }) => buffer)).size).toBeLessThan(3);
  });

  it('is counted by the engine for one half', () => {
    let counted = 0;
    let all = 0;
    const seen = new Set<ArrayBufferLike>();
    for (let i = 0; i < 30_000; i++) {
      const { buffer } = roomFor(SIZES[i % SIZES.length]!);
      if (seen.has(buffer)) continue;
      seen.add(buffer);
      all += buffer.byteLength;
      if (buffer instanceof ArrayBuffer) counted += buffer.byteLength;
    }
    expect(counted / all).toBeCloseTo(0.5, 1);
  });
});
