/** Tables and sentences in the width of a terminal. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  Columns,
  hasRoom,
  plain,
  stacked,
  table,
  terminalColumns,
  wrap,
} from '../../../src/cli/columns.ts';

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;

describe('a table', () => {
  test('has columns of equal width, the last one without blanks behind it', () => {
    expect(table([['a', 'long'], ['abc', 'd'], ['e']])).toBe('a    long\nabc  d\ne');
  });

  test('aligns to the right where it is told to', () => {
    const rows = [
      ['n', 'x'],
      ['100', 'y'],
    ];
    expect(table(rows, [0])).toBe('  n  x\n100  y');
  });

  test('does not count colours', () => {
    const rows = [
      [red('ab'), 'x'],
      ['abcd', 'y'],
    ];
    expect(table(rows)).toBe(`${red('ab')}    x\nabcd  y`);
  });

  test('goes on below where the terminal is narrower; numbers stay whole', () => {
    const rows = [
      ['12,345', 'name', 'one two three four five six'],
      ['7', 'other', red('short words and more')],
    ];
    const text = table(rows, [0], 28);
    expect(plain(text).split('\n')).toEqual([
      '12,345  name   one two three',
      '               four five six',
      '     7  other  short words',
      '               and more',
    ]);
    expect(text).toContain(`${red('short words')}\n`);
    expect(text).toContain(red('and more'));
  });

  test.each([20, 33, 60, 80])('is not wider than %i columns, and loses nothing', (columns) => {
    const words = Array.from({ length: 30 }, (_, i) => `w${i}`);
    const rows = [[words.join(' '), '5', 'x'.repeat(50)]];
    const lines = table(rows, [1], columns).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(columns, 27));
    const whole = lines.join(' ');
    for (const word of words) expect(whole.split(/\s+/)).toContain(word);
    expect(whole.match(/x/g)).toHaveLength(50);
  });

  test('cuts a name behind its hyphen, and gives the last column the room that is left', () => {
    const columns = new Columns([8, 4], [], 30);
    expect(columns.row(['logo-acknowledged', 'as long as there is room'])).toBe(
      'logo-     as long as there is\nacknowle  room\ndged',
    );
    expect(new Columns([2, 2], [], Number.POSITIVE_INFINITY).row(['a', 'b'.repeat(200)])).toBe(
      `a   ${'b'.repeat(200)}`,
    );
  });

  test('with fixed columns gives rows as they come', () => {
    const columns = new Columns([5, 3], [1], 80);
    expect(columns.row(['a', '1'])).toBe('a        1');
    expect(columns.row(['abcdefg hij', '22'])).toBe('abcde   22\nfg\nhij');
  });
});

describe('a sentence', () => {
  test('is broken at blanks, and goes on behind its indent', () => {
    expect(wrap('one two three four', 10, 2)).toBe('one two\n  three\n  four');
    expect(wrap('short', 10)).toBe('short');
    expect(wrap('a-word-that-is-too-long b', 10)).toBe('a-word-that-is-too-long\nb');
  });

  test('does not count colours', () => {
    expect(wrap(`${red('one')} two`, 7)).toBe(`${red('one')} two`);
  });
});

describe('the width', () => {
  const { columns, isTTY } = process.stdout;
  afterEach(() => {
    Object.assign(process.stdout, { columns, isTTY });
    vi.restoreAllMocks();
  });

  test('is that of the terminal, and has no bound in a pipe, unless COLUMNS says one', () => {
    Object.assign(process.stdout, { isTTY: true, columns: 72 });
    expect(terminalColumns()).toBe(72);
    Object.assign(process.stdout, { isTTY: false });
    expect(terminalColumns()).toBe(Number.POSITIVE_INFINITY);
    vi.stubEnv('COLUMNS', '60');
    expect(terminalColumns()).toBe(60);
    vi.stubEnv('COLUMNS', 'wide');
    expect(terminalColumns()).toBe(Number.POSITIVE_INFINITY);
    vi.unstubAllEnvs();
  });
});

describe('rows that have no room side by side', () => {
  const head = ['latency', 'initiator', 'count', 'median'];
  const rows = [['reads', '20:01:52:54:00:aa:00:01', '68', '819.2 us']];
  const right = [2, 3];

  test('are known by the words that would be cut', () => {
    expect(hasRoom([head, ...rows], right, 80)).toBe(true);
    expect(hasRoom([head, ...rows], right, 48)).toBe(false);
    expect(hasRoom([['a b c d e f g', 'x']], [], 12)).toBe(true);
  });

  test('stand one below the other, numbers behind their names', () => {
    expect(stacked(head, rows, right, 40)).toBe(
      ['latency  initiator', 'reads  20:01:52:54:00:aa:00:01', '  count 68, median 819.2 us'].join(
        '\n',
      ),
    );
  });
});
