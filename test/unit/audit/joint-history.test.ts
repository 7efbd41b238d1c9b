/** Histories of two servers, made by hand: which are of one pair, what their clocks say, and what is asked of them. */
import { describe, expect, it } from 'vitest';
import {
  isAskedOfPair,
  judgePairHistories,
  type PairHistory,
} from '../../../src/audit/joint-history.ts';
import { type HistoryClock, historyStart } from '../../../src/audit/told-history.ts';
import type { Happening, HistoryEntry, PairState } from '../../../src/history/index.ts';
import { apply, LU_NAME } from '../../helpers/audit-rig.ts';

const CLOCK: HistoryClock = { machine: 'one', zeroNs: 5n, withinNs: 500 };

const pair = (state: PairState, generation: string, leads = true): Happening => ({
  ...{ type: 'pair', state, leads, generation, luNames: [LU_NAME], detail: '' },
});
const { lun, nexus, tag } = apply(1);
const NAME = { lun, nexus, tag, luName: LU_NAME };
const WRITE: readonly Happening[] = [
  apply(1),
  { type: 'command-done', command: 'WRITE(16)', ...NAME, status: 0, sense: undefined },
  { type: 'change-settled', ...NAME, answers: true },
];

/** One happening each nanosecond, the first at `from`. */
function told(
  array: string,
  events: readonly Happening[],
  { clock = CLOCK, from = 0, isStretched = true, isWhole = true } = {},
): PairHistory {
  const entries = events.map((event, i): HistoryEntry => ({ at: from + i, node: array, event }));
  const units = [{ luName: LU_NAME, name: 'data', luns: [0], isStretched }];
  const start = historyStart({ nodes: [{ name: array, kind: 'array' }], units }, clock);
  const file = `${array}.${from}`;
  return { file, start, entries, lastAt: from + events.length, isWhole };
}

const alone = (site: string): Happening[] => [
  pair('in-sync', '1-east'),
  pair('suspended', '1-east'),
  pair('detached', `2-${site}`),
  ...WRITE,
];

const resultsOf = (...histories: PairHistory[]): string[] =>
  judgePairHistories(histories).verdict.map(({ result }) => result);
const detailOf = (...histories: PairHistory[]): string =>
  judgePairHistories(histories).verdict[1]!.detail;

describe('two histories', () => {
  it('with one clock are put in order', () => {
    const split = judgePairHistories([told('east', alone('east')), told('west', alone('west'))]);
    expect(split).toMatchObject({
      oneClock: true,
      histories: [
        { array: 'east', happenings: 6, state: 'detached', generation: '2-east' },
        { array: 'west', generation: '2-west' },
      ],
    });
    expect(split.verdict[1]).toMatchObject({ result: 'violated', breach: 'a split brain' });
    // West comes long after, and never had the write.
    const west = [pair('in-sync', '1-east'), pair('in-sync', '2-east')];
    const later = { clock: { ...CLOCK, zeroNs: 1005n } };
    const east = [...alone('east'), pair('source', '2-east'), pair('in-sync', '2-east')];
    expect(detailOf(told('east', east), told('west', west, later))).toMatch(
      /^LBA 0 of data .* is not the same at east and west, although both say that they are in sync/,
    );
  });

  it.each([
    ['of two machines', { ...CLOCK, machine: 'two' }],
    ['read too far apart', { ...CLOCK, withinNs: 50_000 }],
  ])('with clocks %s show what names of data show, and nothing else', (_, clock) => {
    const both = [told('east', alone('east')), told('west', alone('west'), { clock })];
    expect(resultsOf(...both)).toEqual(['not-observable', 'violated']);
    expect(detailOf(...both)).toMatch(
      /from generation 1-east east went on alone with 2-east and west with 2-west/,
    );
    const one = [told('east', alone('east')), told('west', [pair('in-sync', '2-east')], { clock })];
    expect(resultsOf(...one)).toEqual(['not-observable', 'not-observable']);
    expect(detailOf(...one)).toMatch(/which of two happenings came first is not known/);
  });

  it('say which has no end', () => {
    const east = [pair('in-sync', '1'), pair('detached', '2'), ...WRITE];
    const cut = { isWhole: false };
    const [lost] = judgePairHistories([
      told('east', east, { from: 10 }),
      told('west', [pair('in-sync', '1', false)], cut),
    ]).verdict;
    expect(lost!.detail).toMatch(/west\.0 has no end: its last second is missing/);
  });

  it('of one array follow each other', () => {
    const [first, second] = [
      told('west', [pair('in-sync', '1', false)], { isWhole: false }),
      told('west', [pair('target', '2', false)], { from: 50 }),
    ];
    const east = told('east', [pair('in-sync', '1'), pair('detached', '2'), ...WRITE]);
    expect(resultsOf(east, second, first)[1]).not.toBe('violated');
    expect(() => judgePairHistories([east, first, first])).toThrow(/at the same time/);
  });

  it.each<[string, PairHistory[], RegExp]>([
    ['one array', [told('east', []), told('east', [], { from: 9 })], /of east alone/],
    ['three arrays', [told('a', []), told('b', []), told('c', [])], /of 3 arrays/],
    [
      'no pair',
      [told('a', [], { isStretched: false }), told('b', [])],
      /not of one of two servers/,
    ],
  ])('of %s are refused', (_, histories, what) => {
    expect(() => judgePairHistories(histories)).toThrow(what);
  });
});

describe('what is asked of a history', () => {
  const asked = (event: unknown) =>
    isAskedOfPair({ at: 0, node: 'east', event } as unknown as HistoryEntry);

  it('is of the pair', () => {
    expect(asked(pair('in-sync', '1'))).toBe(true);
    expect(asked(apply(1))).toBe(true);
    expect(asked({ ...apply(1), data: new Uint8Array(0) })).toBe(false);
    expect(asked({ ...apply(1), change: 'unmap', data: new Uint8Array(0) })).toBe(true);
    expect(asked({ type: 'nexus' })).toBe(false);
  });

  it.each([
    ['blocks without end', { ...apply(1), blocks: 2 ** 40 }],
    ['a negative place', { ...apply(1), lba: -1 }],
    ['contents of other blocks', { ...apply(1), blocks: 3 }],
    ['no contents', { ...apply(1), data: {} }],
    ['a command of nobody', { ...apply(1), nexus: null }],
    ['no generation', { ...pair('in-sync', '1'), generation: 1 }],
    ['no registrations', { type: 'reservation' }],
  ])('%s are refused', (_, event) => {
    expect(() => asked(event)).toThrow(RangeError);
  });
});
