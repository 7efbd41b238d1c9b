/** One run from power on to its verdict; and that a page could make one. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

const scenario = loadScenario(TEXT, 'x.yaml');

test('a report has what its scenario asked for, and the same every time', () => {
  const report = runMove({ scenario, iosPerStep: 2 });
  expect(report).toMatchObject({
    scenario: scenario.name,
    seed: scenario.seed,
    strategy: scenario.move.strategy,
    result: { outcome: 'moved' },
    hits: [],
  });
  expect(report.io).toMatchObject({ failed: 0, dropped: 0 });
  expect(report.io.completed).toBe(report.io.submitted);
  expect(report.verdict.filter(({ result }) => result === 'violated')).toEqual([]);
  expect(report.timeline.at(-1)!.phase).toBe('moved');
  expect(report.digest).toMatch(/^[0-9a-f]{16}$/);
  expect(runMove({ scenario, iosPerStep: 2 })).toEqual(report);
});

test('who follows it is told of places first, then sees every frame in order', () => {
  const order: string[] = [];
  const numbers: number[] = [];
  const report = runMove({
    scenario,
    iosPerStep: 1,
    observer: {
      begin: () => order.push('begin'),
      observe: () => order.push('observe'),
      see: ({ number }) => numbers.push(number),
    },
  });
  expect(order[0]).toBe('begin');
  expect(order.filter((one) => one === 'begin')).toHaveLength(1);
  expect(numbers).toEqual(Array.from({ length: report.frames }, (_, i) => i + 1));
});

/** An import or a re-export of values; types are not loaded. */
const LOADS = /^(?:import|export)\s(?!type\b)[^;]*?\sfrom\s'([^']+)'|^import\s'([^']+)'/gm;

/** Files that a file loads, by their URLs, and packages by their names. */
function loadedBy(file: URL, found = new Set<string>()): Set<string> {
  if (found.has(file.href)) return found;
  found.add(file.href);
  for (const [, from, alone] of readFileSync(file, 'utf8').matchAll(LOADS)) {
    const name = from ?? alone!;
    if (name.startsWith('.')) loadedBy(new URL(name, file), found);
    else found.add(name);
  }
  return found;
}

test.each(['run/run.ts', 'run/evidence.ts', 'report/page.ts'])(
  '%s loads nothing of Node, so that a page can',
  (path) => {
    const loaded = [...loadedBy(new URL(`../../../src/${path}`, import.meta.url))];
    expect(loaded.length).toBeGreaterThan(100);
    const packages = loaded.filter((one) => !one.startsWith('file:'));
    expect(packages.filter((one) => one.startsWith('node:'))).toEqual([]);
  },
);

test('the same look finds what files of logical units need of Node', () => {
  const loaded = loadedBy(new URL('../../../src/live/file-medium.ts', import.meta.url));
  expect([...loaded]).toContain('node:fs');
});
