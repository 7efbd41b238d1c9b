/** What the commands share in talking to people and pipes. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { count, duration, Progress, toJson } from '../../../src/cli/output.ts';

test.each([
  [0, '0 ns'],
  [999, '999 ns'],
  [1000, '1.0 us'],
  [1_234_000, '1.234 ms'],
  [2_500_000_000, '2.500 s'],
])('%i ns is %s', (ns, text) => expect(duration(ns)).toBe(text));

test('thousands are set apart', () => expect(count(1_234_567)).toBe('1,234,567'));

test('JSON has no bigint: decimal text stands for it', () => {
  expect(toJson({ a: 2n ** 64n, b: [1n] })).toBe('{"a":"18446744073709551616","b":["1"]}');
  expect(toJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
});

describe('the progress line', () => {
  const written: string[] = [];
  const { isTTY } = process.stderr;
  beforeEach(() => {
    written.length = 0;
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
  });
  afterEach(() => {
    process.stderr.isTTY = isTTY;
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  /** Shows a text at each of the times, then ends. */
  function shownAt(...times: number[]): string[] {
    vi.setSystemTime(0);
    const progress = new Progress();
    for (const ms of times) {
      vi.setSystemTime(ms);
      progress.show(() => `at ${ms}`);
    }
    progress.end();
    return written;
  }

  test('comes after a second, at most ten times a second, and is wiped away', () => {
    process.stderr.isTTY = true;
    expect(shownAt(500, 1000, 1050, 1100)).toEqual([
      '\r\u001b[Kat 1000',
      '\r\u001b[Kat 1100',
      '\r\u001b[K',
    ]);
  });

  test('is a line each half minute in a pipe', () => {
    process.stderr.isTTY = false;
    expect(shownAt(5000, 30_000, 50_000, 61_000)).toEqual(['at 30000\n', 'at 61000\n']);
  });

  test('is not there for what is short', () => {
    process.stderr.isTTY = false;
    expect(shownAt(5000)).toEqual([]);
    process.stderr.isTTY = true;
    expect(shownAt(10)).toEqual([]);
  });
});
