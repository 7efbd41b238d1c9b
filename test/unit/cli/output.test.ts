/** What the commands share in talking to people and pipes. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Verdict } from '../../../src/audit/verdict.ts';
import { count, duration, Progress, toJson, verdictLines } from '../../../src/cli/output.ts';

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

describe('a verdict', () => {
  const plain = (lines: readonly string[]): string[] =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with ESC
    lines.map((line) => line.replace(/\u001b\[[0-9;]*m/g, ''));
  const one = (invariant: string, result: Verdict['result'], detail: string): Verdict => ({
    invariant,
    sentence: `sentence of ${invariant}`,
    result,
    detail,
    frames: result === 'violated' ? [3, 7] : [],
  });

  test('tells what was judged, then what could not be, then what nothing could show', () => {
    const verdict = [
      one('I4', 'not-observable', 'nothing to see'),
      one('I1', 'holds', 'all 5'),
      one('I26', 'not-observable', 'not built: later'),
      one('I7', 'violated', 'a late write'),
      one('I27', 'not-observable', 'not built: later'),
    ];
    expect(plain(verdictLines(verdict))).toEqual([
      'I1    holds     sentence of I1',
      '                all 5',
      'I7    violated  sentence of I7',
      '                a late write',
      '                frames 3 7',
      '',
      'I4    not observable  nothing to see',
      'not built yet: I26 I27',
    ]);
  });

  test('says so where no frame at a tap shows a violation', () => {
    const [, , frames] = plain(verdictLines([{ ...one('I7', 'violated', 'x'), frames: [] }]));
    expect(frames!.trim()).toBe('frames none at a tap');
  });
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

  test('is not there in a pipe, nor for what is short', () => {
    process.stderr.isTTY = false;
    expect(shownAt(5000)).toEqual([]);
    process.stderr.isTTY = true;
    expect(shownAt(10)).toEqual([]);
  });
});
