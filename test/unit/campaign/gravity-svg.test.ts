/** The drawing of a comparison. */
import { expect, it } from 'vitest';
import type { GravityResult, GravityRow } from '../../../src/campaign/gravity.ts';
import { gravitySvg } from '../../../src/campaign/gravity-svg.ts';

const row = (rttMs: number, writeMs: number) =>
  ({
    policy: 'leave',
    rttMs,
    formula: { readMs: 1, writeMs },
    run: { readMs: 1, writeMs },
  }) as GravityRow;
const result = (rows: GravityRow[]) =>
  ({ scenario: '<x>', protocol: 'nfs', rows }) as Partial<GravityResult> as GravityResult;

it('has a line for each policy and a dot for each run, and escapes what files are called', () => {
  const svg = gravitySvg(result([row(1, 2.5), row(50, 100)]));
  expect(svg.match(/<circle /g)).toHaveLength(2);
  expect(svg.match(/<polyline /g)).toHaveLength(1);
  expect(svg).toContain('&lt;x&gt; over nfs');
  expect(svg).toContain('>10 ms</text>');
  expect(svg).not.toMatch(/NaN|Infinity/);
});

it('draws one distance in the middle', () => {
  expect(gravitySvg(result([row(5, 5)]))).not.toMatch(/NaN|Infinity/);
});
