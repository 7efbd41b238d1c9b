import { expect, it } from 'vitest';
import { SendBuffer } from '../../../../src/net/tcp/send-buffer.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

it('gives any part of what was written, whatever the pieces were', () => {
  const buffer = new SendBuffer();
  for (const piece of [bytes(1, 2, 3), bytes(), bytes(4), bytes(5, 6, 7, 8)]) buffer.push(piece);
  expect(buffer.length).toBe(8);
  for (let from = 0; from <= 8; from++)
    for (let to = from; to <= 8; to++)
      expect([...buffer.slice(from, to)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8].slice(from, to));
});

it('forgets what is acknowledged, in the middle of a piece too', () => {
  const buffer = new SendBuffer();
  buffer.push(bytes(1, 2, 3));
  buffer.push(bytes(4, 5));
  buffer.drop(2);
  expect([buffer.length, ...buffer.slice(0, 3)]).toEqual([3, 3, 4, 5]);
  buffer.drop(2);
  buffer.push(bytes(6));
  expect([...buffer.slice(0, 2)]).toEqual([5, 6]);
  buffer.clear();
  expect(buffer.length).toBe(0);
});
