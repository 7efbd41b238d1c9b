/** What observers are shown, and what goes into the digest whether they look or not. */
import { expect, it } from 'vitest';
import { Trace } from '../../../src/sim/trace.ts';
import { pair } from '../../helpers/sim-machines.ts';

const frame = Uint8Array.of(1, 2, 3);
const { link } = pair();
const [lane] = link.lanes;
const place = { timeNs: 5, link: 'wire', direction: 'a-to-b', ordinal: 7, frame };

const tellings: readonly [what: string, tell: (trace: Trace<string>) => void, record: object][] = [
  ['sent', (trace) => trace.sent(lane, 7, frame, 5), place],
  [
    'faulted',
    (trace) => trace.faulted(lane, 7, frame, 5, { name: 'n', kind: 'drop' }),
    { ...place, fault: { name: 'n', kind: 'drop' } },
  ],
  ['copied', (trace) => trace.copied(lane, 7, frame, 5), place],
  ['delivered', (trace) => trace.delivered(lane, 7, frame, 5), place],
  ['dropped', (trace) => trace.dropped(lane, 7, frame, 5, 'tail'), { ...place, reason: 'tail' }],
];

it.each(tellings)('a frame that was %s is shown with its place', (what, tell, record) => {
  const trace = new Trace<string>();
  const seen: unknown[] = [];
  const end = trace.observe({ frame: (one) => seen.push(one) });
  tell(trace);
  expect(seen).toEqual([{ what, ...record }]);
  end();
  tell(trace);
  expect(seen).toHaveLength(1);
});

it('each is something else in the digest, seen or not', () => {
  const losses = (['tail', 'fault', 'link', 'node'] as const).map(
    (reason) => (trace: Trace<string>) => trace.dropped(lane, 7, frame, 5, reason),
  );
  const tells = [...tellings.slice(0, -1).map(([, tell]) => tell), ...losses];
  const digestOf = (tell: (trace: Trace<string>) => void, isWatched: boolean) => {
    const trace = new Trace<string>();
    if (isWatched) trace.observe({ frame: () => {} });
    tell(trace);
    return trace.digest.hex();
  };
  expect(new Set(tells.map((tell) => digestOf(tell, false))).size).toBe(tells.length);
  for (const tell of tells) expect(digestOf(tell, true)).toBe(digestOf(tell, false));
});

it('events, nodes and links are shown as they happen', () => {
  const trace = new Trace<string>();
  const seen: unknown[] = [];
  const keep = (record: unknown) => seen.push(record);
  trace.observe({ event: keep, node: keep, link: keep });
  trace.event(0, 'left', 'ready', 1);
  trace.node({ what: 'paused', timeNs: 2, node: 'left' });
  trace.link('down', link, 3);
  trace.link('clogged', link, 4, 'b-to-a');
  expect(seen).toEqual([
    { timeNs: 1, node: 'left', event: 'ready' },
    { what: 'paused', timeNs: 2, node: 'left' },
    { what: 'down', timeNs: 3, link: 'wire' },
    { what: 'clogged', timeNs: 4, link: 'wire', direction: 'b-to-a' },
  ]);
});

it('a frame is kept once somebody was shown one, also when he has gone', () => {
  const trace = new Trace<string>();
  trace.observe({ event: () => {} });
  expect(trace.isKept).toBe(false);
  trace.observe({ frame: () => {} })();
  expect(trace.isKept).toBe(true);
});
