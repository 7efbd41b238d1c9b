import { expect, it } from 'vitest';
import { ReceiveBuffer } from '../../../../src/net/tcp/receive-buffer.ts';
import { distance, isBefore, later, plus } from '../../../../src/net/tcp/sequence-number.ts';

const FIRST = 0xffff_fffd;
const text = (value: string) => Buffer.from(value, 'latin1');
const drained = (buffer: ReceiveBuffer) => Buffer.concat(buffer.drain()).toString('latin1');

it('joins what comes in any order, around the end of the numbers', () => {
  const buffer = new ReceiveBuffer(FIRST);
  expect(buffer.take(plus(FIRST, 4), text('ef'))).toBe(false);
  expect(buffer.take(plus(FIRST, 2), text('cdef'))).toBe(false);
  expect(buffer.runs).toBe(2);
  expect(buffer.take(FIRST, text('ab'))).toBe(true);
  expect([drained(buffer), buffer.runs, buffer.next]).toEqual(['abcdef', 0, plus(FIRST, 6)]);
});

it('takes of what it knows in part only the rest, and nothing twice', () => {
  const buffer = new ReceiveBuffer(FIRST);
  buffer.take(FIRST, text('abcd'));
  expect(buffer.take(FIRST, text('abc'))).toBe(false);
  expect(buffer.take(plus(FIRST, 2), text('cdef'))).toBe(true);
  expect(buffer.readyBytes).toBe(6);
  expect(drained(buffer)).toBe('abcdef');
});

it('keeps no more segments before their turn than it has room for', () => {
  const buffer = new ReceiveBuffer(0);
  for (let i = 0; i < 1000; i++) buffer.take(2 + 2 * i, text('x'));
  expect(buffer.runs).toBe(256);
});

it('numbers are compared around the circle', () => {
  expect(distance(0xffff_ffff, 1)).toBe(2);
  expect([isBefore(0xffff_ffff, 0), isBefore(0, 0xffff_ffff)]).toEqual([true, false]);
  expect(later(0xffff_ffff, 3)).toBe(3);
});
