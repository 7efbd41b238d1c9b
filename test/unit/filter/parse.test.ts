/** Texts of filters to trees, and mistakes to one line with their place. */
import { describe, expect, it } from 'vitest';
import { FilterError } from '../../../src/filter/error.ts';
import { FILTER_CHARACTERS_MAX, parseFilter, parsePattern } from '../../../src/filter/parse.ts';

/** A tree as words, with every operator's operands in parentheses. */
function words(tree: ReturnType<typeof parseFilter>): string {
  switch (tree.kind) {
    case 'or':
    case 'and':
    case 'xor':
      return `(${tree.tests.map(words).join(` ${tree.kind} `)})`;
    case 'not':
      return `not ${words(tree.test)}`;
    case 'compare':
      return `${JSON.stringify(tree.left.kind)}${tree.operator}${tree.right.kind}:${tree.right.written}`;
    case 'in':
      return `in ${tree.set.map(({ from, to }) => `${from.written}..${to.written}`).join(' ')}`;
    case 'contains':
      return `contains ${tree.right.written}`;
    case 'matches':
      return `matches ${tree.source}`;
    case 'present':
      return tree.left.kind === 'field' ? tree.left.name : tree.left.kind;
    default:
      return tree.kind;
  }
}

describe('a filter', () => {
  it.each([
    ['a || b && c', '(a or (b and c))'],
    ['a or b xor c', '(a or (b xor c))'],
    ['a ^^ b && c', '(a xor (b and c))'],
    ['!a && b', '(not a and b)'],
    ['not (a or b)', 'not (a or b)'],
    ['!!a', 'not not a'],
    ['  ', 'all'],
    ['android', 'android'],
    ['a.x == 0x10', '"field"==number:0x10'],
    ['a eq 1', '"field"==number:1'],
    ['a bitwise_and 8', '"field"&number:8'],
    ['a all_eq 1', '"field"===number:1'],
    ['a any_ne 1', '"field"!==number:1'],
    ['a==01.00.05', '"field"==octets:01.00.05'],
    ['a == 0e:fc:00:01:00:05', '"field"==octets:0e:fc:00:01:00:05'],
    ['a == 0e-fc-00', '"field"==octets:0e-fc-00'],
    ['a == fe80::1', '"field"==octets:fe80::1'],
    ['a == 0e', '"field"==octets:0e'],
    ['a == 192.168.0.1', '"field"==octets:192.168.0.1'],
    ['a == 1.5', '"field"==fraction:1.5'],
    ['a == -3', '"field"==number:-3'],
    ['a == FLOGI', '"field"==word:FLOGI'],
    ['a[0:3] == 1', '"slice"==number:1'],
    ['len(a) > 2', '"call">number:2'],
    ['a in {1, 3..5 0x10}', 'in 1..1 3..5 0x10..0x10'],
    ['a not in {1}', 'not in 1..1'],
    ['a contains "x\\x41\\n"', 'contains "x\\x41\\n"'],
    ['a matches "^x\\\\.y"', 'matches ^x\\\\.y'],
    ['a ~ r"\\d"', 'matches \\d'],
  ])('%s', (text, tree) => {
    expect(words(parseFilter(text))).toBe(tree);
  });

  it('has escapes in its texts, and none in raw ones', () => {
    const text = (filter: string) =>
      (parseFilter(filter) as { right: { text: string } }).right.text;
    expect(text('a == "x\\x41\\101\\n\\"\\\\"')).toBe('xAA\n"\\');
    expect(text('a == r"\\x41"')).toBe('\\x41');
  });

  it.each([
    ['a = 5', 2, 'found “=”, expected a comparison, the end, && or ||; did you mean ==?'],
    ['a <> 5', 3, 'found “>”, expected a value'],
    ['a ==', 4, 'found nothing more, expected a value'],
    ['(a', 2, 'found nothing more, expected a comparison, ), && or ||'],
    ['a && && b', 5, 'found “&&”, expected a function or a field'],
    ['a in {}', 5, 'found “{}”, expected a set such as {1, 3..5}'],
    ['a == "x', 5, 'found “"x”, expected a value'],
  ])('that is wrong says where: %s', (text, at, what) => {
    const error = (() => {
      try {
        return parseFilter(text);
      } catch (thrown) {
        return thrown as FilterError;
      }
    })() as FilterError;
    expect(error).toBeInstanceOf(FilterError);
    expect([error.at, error.message]).toEqual([at, `at character ${at + 1}: ${what}`]);
  });

  it('is read in bounded depth and time', () => {
    const longest = FILTER_CHARACTERS_MAX;
    expect(words(parseFilter(`${'!'.repeat(longest - 1)}a`)).length).toBeGreaterThan(longest);
    const half = (longest >> 1) - 1;
    expect(words(parseFilter(`${'('.repeat(half)}a${')'.repeat(half)}`))).toBe('a');
    expect(() => parseFilter('('.repeat(longest))).toThrow(FilterError);
    expect(() => parseFilter('len('.repeat(longest / 4))).toThrow(FilterError);
    expect(() => parseFilter('a'.repeat(longest + 1))).toThrow('at most 2000 characters');
  });
});

describe('a pattern', () => {
  it.each([
    ['(?=a)', 'groups with ? are not taken'],
    ['(a)\\1', 'back references are not taken'],
    ['(a', 'expected'],
    ['[', 'expected'],
    ['*', 'expected'],
    ['a'.repeat(300), 'at most 256 characters'],
  ])('that is not taken says why: %s', (source, why) => {
    expect(() => parsePattern(source, 0)).toThrow(why);
  });
});
