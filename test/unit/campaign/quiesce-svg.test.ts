/** A quiesce curve as a drawing. */
import { expect, test } from 'vitest';
import type { QuiescePoint } from '../../../src/campaign/quiesce.ts';
import { quiesceSvg } from '../../../src/campaign/quiesce-svg.ts';

const point = (lifetimeMs: number, waitMs: number | undefined): QuiescePoint => ({
  lifetimeMs,
  waitMs,
  blackoutMs: waitMs,
  breaks: [],
  runs: 1,
});

test('a line for each set of defences, through the waits that are safe', () => {
  const svg = quiesceSvg('a < b', [
    { name: 'one', points: [point(0, 0), point(500, undefined), point(1000, 1000)] },
    { name: 'two', points: [point(1000, 500)] },
  ]);
  expect(svg.match(/<circle/g)).toHaveLength(3);
  const lines = [...svg.matchAll(/<polyline points="([^"]*)" .*? stroke="([^"]*)"/g)];
  expect(lines.map(([, points]) => points)).toEqual(['80.0,360.0 520.0,40.0', '520.0,200.0']);
  expect(new Set(lines.map(([, , colour]) => colour)).size).toBe(2);
  expect(svg).toContain('1 s needs 1 s');
  expect(svg).toContain('a &lt; b');
});

test('without any safe wait there are the axes alone', () => {
  const svg = quiesceSvg('x', [{ name: 'none', points: [point(400, undefined)] }]);
  expect(svg).not.toContain('<circle');
  expect(svg).toContain('>400 ms<');
  expect(svg).not.toMatch(/NaN|undefined/);
});
