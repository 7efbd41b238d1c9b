/** What a run came to, in one line. */
import { expect, test } from 'vitest';
import type { Verdict } from '../../../src/audit/verdict.ts';
import { headlineOf } from '../../../src/run/headline.ts';
import type { RunReport } from '../../../src/run/run.ts';

const io = { submitted: 5, completed: 5, failed: 0, requeued: 0, dropped: 0 };
const moved = { outcome: 'moved' } as const;
const refused = { outcome: 'refused', reason: 'h2 has no port 1' } as const;

const one = (invariant: string, result: Verdict['result'], subject?: string): Verdict => ({
  invariant,
  sentence: `sentence of ${invariant}`,
  result,
  detail: '',
  frames: [],
  ...(subject === undefined ? {} : { subject }),
});

const of = (report: Partial<RunReport>, safeWith?: string) =>
  headlineOf({ io, result: moved, verdict: [one('I1', 'holds')], ...report }, safeWith);

test('a move that went well', () => {
  const text = 'moved: 1 invariants hold, none is violated';
  expect(of({})).toEqual({ kind: 'moved', text });
  expect(of({ io: { ...io, failed: 3 } }).text).toContain('moved: 3 I/Os failed, 1 invariants');
  expect(of({ io: { ...io, dropped: 1 } }).kind).toBe('failed');
});

test('what the guests suffered by the doing of others is said first', () => {
  const excused = { what: '9.950 s without I/O', by: 'the link of h1 that was down' };
  const paused = [{ ...one('I29', 'holds'), excused }, one('I2', 'holds')];
  expect(of({ verdict: paused })).toEqual({
    kind: 'moved',
    text: 'moved; 9.950 s without I/O, excused by the link of h1 that was down; 2 invariants hold, none is violated',
  });
  const failed = { what: '3 I/Os failed', by: 'the zones, which were changed' };
  const verdict = [{ ...one('I1', 'holds'), excused: failed }];
  expect(of({ verdict, io: { ...io, failed: 3 } }).text).toBe(
    'moved; 3 I/Os failed, excused by the zones, which were changed; 1 invariants hold, none is violated',
  );
  expect(of({ verdict, io: { ...io, failed: 5 } }).text).toMatch(/; 5 I\/Os failed, 1 invariants/);
  expect(of({ result: refused, verdict: paused }).text).toBe(
    'refused: h2 has no port 1; 9.950 s without I/O, excused by the link of h1 that was down',
  );
});

test('what makes others break is told first', () => {
  const verdict = [one('I6', 'violated'), one('I11', 'violated'), one('I21', 'violated')];
  expect(of({ verdict }).text).toMatch(/^UNSAFE: I21, .*; I6, .*; also I11$/);
});

test('what is violated is named with what it befell, and what would have been safe', () => {
  const verdict = [
    one('I1', 'holds'),
    one('I7', 'violated', 'data, LBA 276'),
    one('I13', 'violated'),
    one('I16', 'violated'),
    one('I99', 'violated'),
  ];
  expect(of({ verdict: verdict.slice(0, 2) }, '--defences wait-r-a-tov')).toEqual({
    kind: 'unsafe',
    text: 'UNSAFE: I7, a ghost write on data, LBA 276; safe with --defences wait-r-a-tov',
  });
  expect(of({ verdict }).text).toBe(
    'UNSAFE: I7, a ghost write on data, LBA 276; I13, a frame of a login that had ended; also I16 I99',
  );
  // One that nobody has explained yet is told by its sentence.
  expect(of({ verdict: [verdict[4]!] }).text).toBe('UNSAFE: I99, violated: sentence of I99');
});

test('a move that did not come about gives its reason first', () => {
  expect(of({ result: refused })).toEqual({ kind: 'failed', text: 'refused: h2 has no port 1' });
  expect(of({ result: refused, verdict: [one('I14', 'violated')] })).toEqual({
    kind: 'unsafe',
    text: 'refused: h2 has no port 1; UNSAFE: I14, a WWPN that is logged in twice',
  });
});
