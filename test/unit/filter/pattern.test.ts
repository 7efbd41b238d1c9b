/** Patterns of `matches`: as regular expressions have them, in bounded time. */
import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src/filter/parse.ts';
import { patternTest } from '../../../src/filter/pattern.ts';

const test = (source: string) => patternTest(parsePattern(source, 0), 0);

describe('a pattern', () => {
  it.each([
    'abc',
    'a.c',
    '^abc$',
    'a|b',
    'ab|cd',
    'a*',
    'a+b',
    'a?b',
    'a{2}',
    'a{2,}',
    'a{1,2}b',
    '(ab)+',
    '(?:ab|c){2}',
    '[abc]',
    '[^abc]',
    '[a-c]x',
    '\\d+',
    '\\w\\s\\w',
    '\\x41',
    '\\.',
    'a\\|b',
    '^$',
    '',
    'x^a',
    '(a|b)*c',
    '[\\d-]',
    'a]',
    '\\{a\\}',
    'fl?ogi',
    '^(a+)+$',
    '(a*)*b',
    'b$|^a',
  ])('%s finds what a regular expression finds', (source) => {
    const ours = test(source);
    const theirs = new RegExp(source, 'is');
    const texts = [
      '',
      'a',
      'b',
      'abc',
      'ABC',
      'aab',
      'ababab',
      'xaby',
      'cc',
      '12',
      'a b',
      'a.c',
      'a|b',
      '{a}',
      'FLOGI',
      'a]',
      '-',
      'aaa',
      'x\ny',
      'bcd',
      'aXc',
    ];
    for (const text of texts) {
      if (source.includes('.') && text.includes('\n')) continue;
      expect([text, ours(text)]).toEqual([text, theirs.test(text)]);
    }
  });

  it('is followed in time that a text cannot make long', () => {
    const text = 'a'.repeat(20_000);
    expect(test('(a+)+$b')(text)).toBe(false);
    expect(test('(a|a|aa)*b')(text)).toBe(false);
    expect(test('a*a*a*a*a*a*a*a*b')(text)).toBe(false);
  });

  it('has a bounded number of places', () => {
    expect(() => test('((((a{99}){99}){99}){99})')).toThrow('more than 2000 places');
    expect(() => test('a{3,2}')).toThrow('{3,2} repeats less than it does');
  });
});
