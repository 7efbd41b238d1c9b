/** Parts of byte arrays, beside `subarray` and `set`. */
import { describe, expect, it } from 'vitest';
import { partOf, putBytes } from '../../../../src/codecs/layout/index.ts';

const whole = Uint8Array.from({ length: 200 }, (_, i) => i);

describe('partOf', () => {
  it('lies in the same memory as the array, where subarray would', () => {
    const inner = whole.subarray(10, 150);
    const part = partOf(inner, 5, 25);
    expect(part).toEqual(inner.subarray(5, 25));
    expect(part.buffer).toBe(whole.buffer);
    expect(part.byteOffset).toBe(15);
    expect(partOf(inner, 7, 7)).toHaveLength(0);
  });

  it('is a plain array also of a Buffer', () => {
    const part = partOf(Buffer.from([1, 2, 3]), 1, 3);
    expect(Object.getPrototypeOf(part)).toBe(Uint8Array.prototype);
    expect([...part]).toEqual([2, 3]);
  });
});

describe('putBytes', () => {
  it.each([0, 1, 63, 64, 65, 150])('writes %i bytes and no other', (length) => {
    const bytes = whole.subarray(0, length);
    const target = new Uint8Array(200).fill(0xa5);
    const expected = target.slice();
    expected.set(bytes, 20);
    putBytes(target, 20, bytes);
    expect(target).toEqual(expected);
  });

  it('refuses what has no room, as set does', () => {
    const target = new Uint8Array(10).fill(0xa5);
    expect(() => putBytes(target, 5, whole.subarray(0, 6))).toThrow(RangeError);
    expect(target).toEqual(new Uint8Array(10).fill(0xa5));
  });
});
