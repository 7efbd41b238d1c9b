/** Frames as a ladder: who stands where, and which way an arrow goes. */
import { describe, expect, test } from 'vitest';
import { ladderOf } from '../../../src/report/ladder.ts';
import { RunRecord } from '../../../src/report/record.ts';
import { PLACES, seen } from '../../helpers/run-record.ts';

function recordOf(frames: Parameters<typeof seen>[]): RunRecord {
  const record = new RunRecord();
  record.begin(PLACES);
  for (const frame of frames) record.see(seen(...frame));
  return record;
}

const lanes = (text: string): string[] =>
  [...text.matchAll(/class="title">([^<]+)</g)].map(([, name]) => name!);
/** From and to, as places on the page. */
const arrows = (text: string): [number, number][] =>
  [...text.matchAll(/<line x1="(\d+)" y1="[^"]+" x2="(\d+)"/g)].map(([, a, b]) => [+a!, +b!]);

test('nodes are known by what they are: hosts, the switch, arrays from left to right', () => {
  const record = recordOf([[1], [2, { tap: 'right', direction: 'out' }]]);
  const { text } = ladderOf(record, [1, 2]);
  expect(lanes(text)).toEqual(['alpha', 'beta', 'gamma']);
  const [[host, into], [from, array]] = arrows(text) as [[number, number], [number, number]];
  expect(host).toBeLessThan(into);
  expect(from).toBe(into);
  expect(array).toBeGreaterThan(from);
});

test('a frame that leaves the switch goes the other way', () => {
  const { text } = ladderOf(recordOf([[1, { direction: 'out' }]]), [1]);
  const [[from, to]] = arrows(text) as [[number, number]];
  expect(from).toBeGreaterThan(to);
  expect(lanes(text)).toEqual(['alpha', 'beta']);
});

test('frames are shown once, in order, and unknown ones not at all', () => {
  const { text } = ladderOf(recordOf([[1], [2], [3]]), [3, 1, 1, 99]);
  expect([...text.matchAll(/<summary>frame (\d+): /g)].map(([, number]) => number)).toEqual([
    '1',
    '3',
  ]);
  expect(ladderOf(recordOf([]), [1]).text).toBe('<p>None of its frames passed a tap.</p>');
  expect(ladderOf(recordOf([[5]]), [2, 1]).text).toContain('from number 1, came before');
});

test('of many frames the first and the last are drawn', () => {
  const numbers = Array.from({ length: 70 }, (_, i) => i + 1);
  const { text } = ladderOf(recordOf(numbers.map((number) => [number])), numbers);
  expect(text).toContain('10 more frames are left out');
  const shown = [...text.matchAll(/<summary>frame (\d+): /g)].map(([, number]) => Number(number));
  expect(shown).toHaveLength(60);
  expect([shown[0], shown[29], shown[30], shown.at(-1)]).toEqual([1, 30, 41, 70]);
});

describe('a frame that was held', () => {
  const marked = (held: { fromNs: number; untilNs: number }, marks: string[]) =>
    new Map([
      [
        2,
        {
          around: [],
          texts: ['it was late'],
          marks: marks.map((text, atNs) => ({ text, atNs })),
          held,
        },
      ],
    ]);
  /** Heights of the arrows' ends. */
  const heights = (text: string): [number, number][] =>
    [...text.matchAll(/<line x1="\d+" y1="([\d.]+)" x2="\d+" y2="([\d.]+)"/g)].map(
      ([, from, to]) => [Number(from), Number(to)],
    );

  test('is slanted down to where it came, with what became of it', () => {
    const record = recordOf([[1], [2, { direction: 'out' }], [3], [4]]);
    const held = { fromNs: 2000, untilNs: 3500 };
    const { text } = ladderOf(record, [1, 2, 3, 4], marked(held, ['held until +4 us', 'applied']));
    const [first, late, third, fourth] = heights(text);
    expect(first![0]).toBe(first![1]);
    expect(late![1]).toBeGreaterThan(third![0]);
    expect(late![1]).toBeLessThan(fourth![0]);
    expect(text).toContain('class="arrow held"');
    expect(text).toContain('class="mark">held until +4 us, applied</text>');
    expect(text).toContain('<p class="violated">it was late</p>');
  });

  test('that was sent before it was seen is slanted from there', () => {
    const record = recordOf([[1], [2]]);
    const { text } = ladderOf(record, [1, 2], marked({ fromNs: 500, untilNs: 2000 }, ['held']));
    const [first, late] = heights(text);
    expect(late![0]).toBe(first![0]);
    expect(late![1]).toBeGreaterThan(late![0]);
  });

  test('behind the last frame still has a slant', () => {
    const record = recordOf([[2, { direction: 'out' }]]);
    const { text } = ladderOf(record, [2], marked({ fromNs: 2000, untilNs: 9000 }, []));
    const [[from, to]] = heights(text) as [[number, number]];
    expect(to).toBeGreaterThan(from);
    expect(text).not.toContain('class="mark"');
  });
});
