/** The move over time as a drawing. */
import { expect, test } from 'vitest';
import { RunRecord } from '../../../src/report/record.ts';
import { timelineOf } from '../../../src/report/timeline.ts';
import { entry, moved, PLACES, seen, step } from '../../helpers/run-record.ts';

function drawn(phases: readonly (readonly [number, string])[], endNs: number): string {
  const record = new RunRecord();
  record.begin(PLACES);
  for (const [at, phase] of phases) record.observe(entry(at, 'mover', step(phase, 'why & how')));
  record.observe(entry(endNs, 'mover', moved));
  record.see(seen(1, { at: endNs + 1000, tap: '<left>' }));
  return timelineOf(record).text;
}

test('a band for each step with its length, and a curve for each cable', () => {
  const text = drawn(
    [
      [0, 'preflight'],
      [4_000_000, 'stun'],
    ],
    10_000_000,
  );
  expect(text).toContain('<title>preflight: 4.000 ms, why &amp; how</title>');
  expect(text).toContain('<title>stun: 6.000 ms, why &amp; how</title>');
  expect(text.match(/class="curve frames"/g)).toHaveLength(1);
  expect(text).toContain('&lt;left&gt;');
  expect(text).toMatch(/frames, at most [\d,]+\/s/);
  expect(text).not.toMatch(/NaN|undefined/);
});

test('time counts from the begin of the move, in round steps', () => {
  const text = drawn([[50_000_000, 'preflight']], 60_000_000);
  const ticks = [...text.matchAll(/text-anchor="middle" x="[^"]+" y="[^"]+">([^<]+)</g)];
  expect(ticks.map(([, tick]) => tick)).toEqual([
    '-2 ms',
    '0',
    '+2 ms',
    '+4 ms',
    '+6 ms',
    '+8 ms',
    '+10 ms',
  ]);
});

test('names of steps that are too short go into a second row, and not over one another', () => {
  const text = drawn(
    [
      [0, 'preflight'],
      [10_000_000, 'stun'],
      [10_001_000, 'drain'],
    ],
    20_000_000,
  );
  const rows = [...text.matchAll(/y="(\d+)" class="small">(preflight|stun|drain)</g)];
  expect(rows.map(([, y, name]) => [name, y])).toEqual([
    ['preflight', '12'],
    ['stun', '24'],
    ['drain', '12'],
  ]);
});

test('a run without a move is drawn too', () => {
  expect(timelineOf(new RunRecord()).text).not.toMatch(/NaN|Infinity/);
});
