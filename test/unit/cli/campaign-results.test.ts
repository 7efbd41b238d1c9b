/** The result file of a campaign: begun, gone on with, refused. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunLine } from '../../../src/campaign/job.ts';
import { headerOf, ResultsError } from '../../../src/campaign/results.ts';
import { worldOf } from '../../../src/cli/campaign-options.ts';
import { openResults } from '../../../src/cli/campaign-results.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { testFolder } from '../../helpers/folder.ts';

const folder = testFolder('results');
const HEADER = headerOf('1.2.3', { file: null, overrides: {} }, worldOf(undefined, {}, {}), {
  mode: { mode: 'exhaustive' },
  seeds: [1, 1],
});
const line = (run: number): RunLine => ({ run, seed: 1, faults: [], error: 'it fell' });

test('is begun with its header, and a line for each run; its folder is made', () => {
  const path = folder.path('deep/new.jsonl');
  const results = openResults(path, HEADER, {});
  expect(results.done).toEqual([]);
  results.write(line(1));
  results.write(line(2));
  results.close();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((one) => JSON.parse(one))).toEqual([HEADER, line(1), line(2)]);
});

test('is gone on with behind its last whole line, or begun where there is none', () => {
  const whole = `${JSON.stringify(HEADER)}\n${JSON.stringify(line(1))}\n`;
  const path = folder.file('half.jsonl', `${whole}{"run":2,"se`);
  const results = openResults(path, HEADER, { resume: true });
  expect(results.done).toEqual([line(1)]);
  results.write(line(2));
  results.close();
  expect(readFileSync(path, 'utf8')).toBe(`${whole}${JSON.stringify(line(2))}\n`);

  const fresh = openResults(folder.path('fresh.jsonl'), HEADER, { resume: true });
  fresh.close();
  expect(readFileSync(folder.path('fresh.jsonl'), 'utf8')).toBe(`${JSON.stringify(HEADER)}\n`);
});

test('without --resume the one by default begins anew, and what was there is kept', () => {
  const path = folder.file('old.jsonl', 'whatever was here');
  openResults(path, HEADER, {}).close();
  expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(HEADER)}\n`);
  expect(readFileSync(`${path}.before`, 'utf8')).toBe('whatever was here');
  // The campaign after the next finds that name taken.
  const third = openResults(path, HEADER, {});
  third.close();
  expect(third.kept).toBe(`${path}.before-2`);
  expect(readFileSync(third.kept!, 'utf8')).toBe(`${JSON.stringify(HEADER)}\n`);
  expect(readFileSync(`${path}.before`, 'utf8')).toBe('whatever was here');
  const next = openResults(path, HEADER, {});
  next.close();
  expect(next.kept).toBe(`${path}.before-3`);
});

test('without --resume one that --out names is not written over', () => {
  const path = folder.file('mine.jsonl', 'whatever was here');
  expect(() => openResults(path, HEADER, { out: path })).toThrow(
    /mine\.jsonl: it holds something already; go on with it by --resume, or give another file/,
  );
  expect(readFileSync(path, 'utf8')).toBe('whatever was here');
  const empty = folder.file('empty.jsonl', '');
  openResults(empty, HEADER, { out: empty }).close();
  expect(readFileSync(empty, 'utf8')).toBe(`${JSON.stringify(HEADER)}\n`);
});

test('of another campaign, or none, it is left alone', () => {
  const other = `${JSON.stringify({ ...HEADER, sanmotion: '1.2.4' })}\n`;
  const path = folder.file('other.jsonl', other);
  const open = () => openResults(path, HEADER, { resume: true });
  expect(open).toThrow('they are of another campaign');
  expect(open).toThrow(UsageError);
  expect(readFileSync(path, 'utf8')).toBe(other);
  const letter = folder.file('letter.jsonl', 'Dear reader\n');
  expect(() => openResults(letter, HEADER, { resume: true })).toThrow(ResultsError);
});

test('where it cannot be written, the option to give another is named', () => {
  const open = () => openResults('/dev/null/r.jsonl', HEADER, {});
  expect(open).toThrow(/results \/dev\/null\/r\.jsonl: .* by --out/);
  expect(open).toThrow(UsageError);
});
