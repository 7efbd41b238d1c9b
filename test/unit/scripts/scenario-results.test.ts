/** The lines that results of scenarios are compared by. */
import { expect, test } from 'vitest';
import {
  differences,
  linesOf,
  type MoveDocument,
  refusalLines,
} from '../../../scripts/scenario-results/lines.mjs';

const RUN = { scenario: 'zoo', seed: 2, status: 1 };
const REPORT: MoveDocument = {
  strategy: 'cold',
  digest: 'd47e3ec16bfb3917',
  virtualTimeNs: 1_000_000_123,
  frames: 90,
  blackoutNs: 17,
  result: { outcome: 'failed', reason: 'no path' },
  io: { submitted: 5, dropped: 1 },
  timeline: [
    { phase: 'stun', detail: 'a | b', atNs: 10, durationNs: 4, frames: 3, completed: 2 },
    { phase: 'moved', detail: '', atNs: 14, durationNs: 1, frames: 0, completed: 0 },
  ],
  verdict: [
    { invariant: 'I1', sentence: 'Ends once', result: 'violated', detail: 'one', frames: [7, 9] },
  ],
};
const text = (report: MoveDocument): string => linesOf(RUN, report).join('\n');

test('a run is told in lines, without its digest', () => {
  expect(linesOf(RUN, REPORT)).toEqual([
    'zoo | seed 2 | outcome | failed: no path',
    'zoo | seed 2 | exit status | 1',
    'zoo | seed 2 | strategy | cold',
    'zoo | seed 2 | virtual time | 1000000123 ns',
    'zoo | seed 2 | frames | 90',
    'zoo | seed 2 | blackout | 17 ns',
    'zoo | seed 2 | I/O submitted | 5',
    'zoo | seed 2 | I/O dropped | 1',
    'zoo | seed 2 | step 1 stun | at 10 ns, took 4 ns, 3 frames, 2 I/Os: a | b',
    'zoo | seed 2 | step 2 moved | at 14 ns, took 1 ns, 0 frames, 0 I/Os',
    'zoo | seed 2 | I1 | violated: Ends once: one (frames 7, 9)',
  ]);
  expect(linesOf(RUN, REPORT, { digests: true })).toContain(
    'zoo | seed 2 | digest | d47e3ec16bfb3917',
  );
});

test('a run that was refused says why', () => {
  expect(refusalLines({ ...RUN, status: 2 }, 'zoo.yaml:3: no such host\n  at …\n')).toEqual([
    'zoo | seed 2 | exit status | 2',
    'zoo | seed 2 | complaint | zoo.yaml:3: no such host',
  ]);
});

test('what differs is found by scenario, seed and what is told', () => {
  const [step, moved] = REPORT.timeline;
  const after = {
    ...REPORT,
    digest: 'other',
    io: { submitted: 5 },
    timeline: [{ ...step!, atNs: 11 }, moved!],
  };
  expect(differences(text(REPORT), text(REPORT)).size).toBe(0);
  expect([...differences(text(REPORT), text(after))]).toEqual([
    [
      'zoo',
      [
        { seed: 'seed 2', what: 'I/O dropped', before: '1', after: undefined },
        {
          seed: 'seed 2',
          what: 'step 1 stun',
          before: 'at 10 ns, took 4 ns, 3 frames, 2 I/Os: a | b',
          after: 'at 11 ns, took 4 ns, 3 frames, 2 I/Os: a | b',
        },
      ],
    ],
  ]);
});

test('a run that only one side has differs', () => {
  const [, found] = [...differences('', text(REPORT))][0]!;
  expect(found).toHaveLength(linesOf(RUN, REPORT).length);
  expect(found.every(({ before }) => before === undefined)).toBe(true);
});

test('what is no output is refused', () => {
  expect(() => differences('hello\n', '')).toThrow('not a line of results: hello');
  expect(() => differences('', 'a | b | c | d\na | b | c | e\n')).toThrow('told twice: a | b | c');
});
