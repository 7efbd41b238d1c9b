import { expect, it } from 'vitest';
import type { LogRecord } from '../../../src/live/log.ts';
import { Report } from '../../../src/live/report.ts';
import { login, nexus } from '../../helpers/audit-rig.ts';

function report() {
  const lines: LogRecord[] = [];
  const names = { who: () => undefined, targetPort: () => 0 };
  return { lines, report: new Report((line) => lines.push(line), names) };
}

it('what happens at a switch and at the array becomes lines', () => {
  const { lines, report: all } = report();
  all.event('A', { at: 1, node: 'fcf-A', event: login() });
  all.event(undefined, { at: 2, node: 'array', event: nexus('began') as never });
  expect(lines.map(({ event }) => event)).toEqual(['login', 'nexus-began']);
});

it('a line of which many come says how many were left out', () => {
  const { lines, report: all } = report();
  const dropped = { type: 'dropped', reason: 'zoning', port: 1 } as const;
  for (const at of [0, 5e8, 9e8, 11e8]) all.event('A', { at, node: 'fcf-A', event: dropped });
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatchObject({
    text: expect.stringContaining('(and 2 more like it)'),
    fields: { more: 2 },
  });
});

it('defects and failing media are errors, and defects are counted', () => {
  const { lines, report: all } = report();
  all.defect('fcf-A', new Error('boom'), 0);
  all.mediumFailed('disk', 'no space');
  expect([all.defects, ...lines.map(({ level, event }) => `${level} ${event}`)]).toEqual([
    1,
    'error defect',
    'error lun-failed',
  ]);
});
