/** The report of a whole run as a page. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ladderOf } from '../../../src/report/ladder.ts';
import { renderReport } from '../../../src/report/page.ts';
import { RunRecord } from '../../../src/report/record.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const path = 'scenarios/two-host-move.yaml';

const scenario = loadScenario(readFileSync(path, 'utf8'), path);
const record = new RunRecord();
const report = runMove({ scenario, observer: record });

describe('the report of a run', () => {
  const page = renderReport(scenario, report, record, 'sanmotion move');

  test('is one file that loads nothing', () => {
    expect(page).not.toMatch(/https?:|\bsrc=|@import|url\((?!#)/);
  });

  test('shows every invariant, step and login', () => {
    for (const words of [
      'Every guest I/O ends exactly once',
      'pre-copy',
      'c0:50:76:00:00:00:01:00',
    ])
      expect(page).toContain(words);
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  test('elements are closed in order', () => {
    const open: string[] = [];
    for (const [, close, name, attributes] of page.matchAll(/<(\/?)([a-zA-Z0-9]+)([^>]*)>/g)) {
      if (name === 'meta' || name === 'br' || attributes!.endsWith('/')) continue;
      if (close === '') open.push(name!);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('the frames of a violation are drawn and decoded', () => {
    const { text } = ladderOf(record, [101, 100, 102, 102, 999_999]);
    expect(text).toContain('class="ladder"');
    const numbers = [...text.matchAll(/<summary>frame (\d+): /g)].map(([, number]) => number);
    expect(numbers).toEqual(['100', '101', '102']);
    expect(text).toContain('CT_ACC (0x8002)');
    expect(ladderOf(record, []).text).not.toContain('<svg');
  });
});
