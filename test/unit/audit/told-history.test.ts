/** Lines of a history: what is written is read again, and what no server writes is refused with its place. */
import { describe, expect, test } from 'vitest';
import {
  formatHistoryLine,
  HistoryError,
  HistoryJudge,
  type HistoryLine,
  historyStart,
  parseHistoryLine,
  withoutData,
} from '../../../src/audit/told-history.ts';
import type { HistoryEntry } from '../../../src/history/index.ts';
import { fcTargetPort } from '../../../src/history/port-name.ts';

const START = historyStart({ nodes: [{ name: 'fcf', kind: 'switch', fabric: 'A' }], units: [] });
const ZONES: HistoryEntry = {
  at: 7,
  node: 'fcf',
  event: {
    type: 'zone-change',
    enforced: 'hard',
    defaultZone: 'deny',
    zones: [{ name: 'z', members: [0xc050_7600_0000_0100n] }],
    affected: 1,
  },
};

test.each<[string, HistoryLine]>([
  ['a port', { port: { node: 'fcf', port: 1, link: 'A.1', fabric: 'A' } }],
  [
    'a target port',
    { port: { node: 'array', port: 0, link: 'A.0', fabric: 'A', target: fcTargetPort(1n) } },
  ],
  ['a happening', { ways: 'iooi', firstAt: 12, entry: ZONES }],
  ['the end', { ways: '', end: true }],
])('%s is read as it was written', (_what, line) => {
  const text = formatHistoryLine(line);
  expect(text).not.toContain('\n');
  expect(parseHistoryLine(text, 'x')).toEqual(line);
});

test('the first line too', () => {
  expect(parseHistoryLine(formatHistoryLine(START), 'x')).toEqual(START);
});

test('a clock that others have too, and numbers for what blocks hold', () => {
  const clock = { machine: 'one', zeroNs: 7n, withinNs: 3 };
  const start = historyStart({ nodes: [], units: [] }, clock);
  expect(parseHistoryLine(formatHistoryLine(start), 'x')).toEqual(start);
  for (const bad of ['{"machine":1,"zeroNs":{"$bigint":"7"},"withinNs":3}', '7'])
    expect(() =>
      parseHistoryLine(`{"history":1,"clock":${bad},"places":{"nodes":[],"units":[]}}`, 'x'),
    ).toThrow('the clock is none');
  const blocks = [1, 2, 0, 1].map((byte) => new Uint8Array(512).fill(byte));
  const data = new Uint8Array(Buffer.concat(blocks));
  const entry = { at: 1, node: 'a', event: { type: 'apply', data } } as unknown as HistoryEntry;
  const line = formatHistoryLine({ ways: '', entry }, 'as contents');
  const read = (how?: 'as contents') =>
    (parseHistoryLine(line, 'x', how) as unknown as { entry: { event: { data: Uint8Array } } })
      .entry.event.data;
  expect(read()).toHaveLength(0);
  const again = read('as contents');
  const of = (i: number) => Buffer.from(again.subarray(i * 512, i * 512 + 512)).toString('hex');
  expect(again).toHaveLength(4 * 512);
  expect([of(0) === of(3), of(0) === of(1), /^0+$/.test(of(2))]).toEqual([true, false, true]);
});

test('what was written to blocks is left out', () => {
  const apply = {
    at: 1,
    node: 'array',
    event: { type: 'apply', data: new Uint8Array(512) },
  } as unknown as HistoryEntry;
  const kept = withoutData(apply);
  expect(kept.event).toMatchObject({ data: new Uint8Array(0) });
  expect(parseHistoryLine(formatHistoryLine({ ways: '', entry: kept }), 'x')).toEqual({
    ways: '',
    entry: kept,
  });
  expect(withoutData(ZONES)).toBe(ZONES);
});

describe('what is no line', () => {
  test.each([
    ['', 'no JSON'],
    ['7', 'no JSON object'],
    ['[]', 'no JSON object'],
    ['{}', 'ways are missing'],
    ['{"history":2}', 'version 2 of the format; known is 1'],
    ['{"history":1}', 'places are missing'],
    ['{"port":{"node":"x"}}', 'the port is none'],
    ['{"ways":"iox","end":true}', 'ways are missing'],
    ['{"ways":"","firstAt":0.5,"end":true}', 'firstAt is no time'],
    ['{"ways":""}', 'neither a happening nor the end'],
    ['{"ways":"","entry":{"at":1,"node":"x","event":{}}}', 'neither'],
  ])('%s is refused with its place', (text, message) => {
    expect(() => parseHistoryLine(text, 'run.jsonl:3')).toThrow(HistoryError);
    expect(() => parseHistoryLine(text, 'run.jsonl:3')).toThrow(
      new RegExp(`^run\\.jsonl:3: .*${message}`),
    );
  });
});

test('nothing seen and nothing told shows nothing', () => {
  const verdict = new HistoryJudge(START).conclude();
  expect(verdict.length).toBeGreaterThan(30);
  expect(verdict.filter(({ result }) => result !== 'not-observable')).toEqual([]);
});
