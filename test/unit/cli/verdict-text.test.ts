/** Verdicts for a person: what is violated first, the rest at length or folded. */
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../src/audit/verdict.ts';
import { verdictLines } from '../../../src/cli/verdict-text.ts';

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

  test('tells what was judged, then what could not be', () => {
    const verdict = [
      one('I4', 'not-observable', 'nothing to see'),
      one('I1', 'holds', 'all 5'),
      one('I7', 'violated', 'a late write'),
    ];
    expect(plain(verdictLines(verdict))).toEqual([
      'I7    violated  sentence of I7',
      '                a late write',
      '                frames 3 7',
      'I1    holds     sentence of I1',
      '                all 5',
      '',
      'I4    not observable  nothing to see',
    ]);
  });

  test('says so where no frame at a tap shows a violation', () => {
    const [, , frames] = plain(verdictLines([{ ...one('I7', 'violated', 'x'), frames: [] }]));
    expect(frames!.trim()).toBe('frames none at a tap');
    const captures = new Map([['I7', 'out/move-I7.pcapng']]);
    const verdict = [{ ...one('I7', 'violated', 'x'), frames: [] }];
    expect(plain(verdictLines(verdict, { captures }))[2]!.trim()).toBe(
      'frames those of out/move-I7.pcapng',
    );
  });

  test("what was somebody else's doing is told, folded too", () => {
    const excused = { what: '9.950 s without I/O', by: 'the link of h1 that was down' };
    const verdict = [one('I1', 'holds', 'all 5'), { ...one('I29', 'holds', 'a pause'), excused }];
    expect(plain(verdictLines(verdict, { folded: true })).slice(0, 5)).toEqual([
      'I29   holds     sentence of I29',
      '                a pause',
      '                9.950 s without I/O, excused by the link of h1 that was down',
      '',
      'holds           I1 I29',
    ]);
  });

  test('folded, only what is violated is told at length', () => {
    const verdict = [
      one('I1', 'holds', 'all 5'),
      one('I4', 'not-observable', 'nothing to see'),
      one('I7', 'violated', 'a late write'),
      one('I8', 'holds', 'all 6'),
    ];
    expect(plain(verdictLines(verdict, { folded: true }))).toEqual([
      'I7    violated  sentence of I7',
      '                a late write',
      '                frames 3 7',
      '',
      'holds           I1 I8',
      'not observable  I4',
      '--all shows what each found, sanmotion explain I1 what it means',
    ]);
  });
});
