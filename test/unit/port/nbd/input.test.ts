import { describe, expect, it } from 'vitest';
import { ByteInput } from '../../../../src/port/nbd/input.ts';

describe('bytes that have come', () => {
  it('are there in order, however they came and are taken', () => {
    const input = new ByteInput();
    let pushed = 0;
    let taken = 0;
    for (const [more, fewer] of [
      [3, 0],
      [5000, 4000],
      [1, 1000],
      [70_000, 70_003],
      [2, 0],
      [0, 1],
    ]) {
      input.push(Uint8Array.from({ length: more! }, () => pushed++ & 0xff));
      expect(input.peek(input.length + 1)).toBeUndefined();
      const bytes = input.peek(fewer!)!;
      for (const byte of bytes) expect(byte).toBe(taken++ & 0xff);
      input.drop(fewer!);
      expect(input.length).toBe(pushed - taken);
    }
  });
});
