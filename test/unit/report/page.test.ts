/** The report of a whole run as a page. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explanationOf } from '../../../src/audit/explanations.ts';
import { ladderOf } from '../../../src/report/ladder.ts';
import { renderReport } from '../../../src/report/page.ts';
import { RunRecord } from '../../../src/report/record.ts';
import { headlineOf } from '../../../src/run/headline.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const path = 'scenarios/two-host-move.yaml';

const scenario = loadScenario(readFileSync(path, 'utf8'), path);
const record = new RunRecord();
const report = runMove({ scenario, observer: record });

describe('the report of a run', () => {
  const page = renderReport(scenario, report, record, {
    command: 'sanmotion move',
    headline: headlineOf(report),
  });

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

  test('says what it came to, and folds what holds', () => {
    expect(page).toContain(`<p class="headline holds">${headlineOf(report).text}</p>`);
    expect(page).toMatch(/<details><summary><span class="holds">holds<\/span> I1 I2 /);
  });

  test('a pause that has no end is none of 0 ns', () => {
    const open = renderReport(scenario, { ...report, blackoutNs: 0 }, record, {
      command: 'sanmotion move',
      headline: headlineOf(report),
    });
    expect(open).toMatch(/<b class="">not over<\/b><span>blackout<\/span>/);
  });

  test('a violation comes first, with what to do; failed I/Os have their reason', () => {
    const i7 = report.verdict.find(({ invariant }) => invariant === 'I7')!;
    const violated = { ...i7, result: 'violated' as const, detail: 'too late', frames: [100] };
    const verdict = report.verdict.map((one) => (one === i7 ? violated : one));
    const { luName } = report.units[0]!;
    const times = { firstAtNs: 1, lastAtNs: 2 };
    const failures = [
      {
        vm: 'vm1',
        luName,
        op: 'write' as const,
        reason: 'RESERVATION CONFLICT',
        count: 39,
        ...times,
      },
    ];
    const unsafe = { ...report, verdict, failures };
    const headline = headlineOf(unsafe);
    const text = renderReport(scenario, unsafe, record, { command: '', headline });
    expect(text).toContain('<p class="headline violated">UNSAFE: I7, a ghost write</p>');
    const order = ['<h3>I7', 'I/Os that failed', '<h2>Verdict'].map((words) => text.indexOf(words));
    expect(text).toContain(explanationOf('I7')!.remedy.split("'")[0]!);
    expect(order[0]).toBeGreaterThan(0);
    expect(order[0]).toBeLessThan(order[1]!);
    expect(order[1]).toBeLessThan(order[2]!);
    expect(text).toMatch(
      /<td>write of vm1<\/td><td>system \(LUN 0, 60[0-9a-f]{30}\)<\/td><td>RESERVATION CONFLICT/,
    );
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
