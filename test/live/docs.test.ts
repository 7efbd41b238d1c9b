/** The tests that docs/live.md prints, run as they are printed, with the package as it is built. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPackage } from '../helpers/command.ts';
import { printedTests, runPrinted } from '../helpers/printed-tests.ts';

const PAPER = 'docs/live.md';
let folder = '';
beforeAll(() => {
  builtPackage();
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-docs-'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(`the tests of ${PAPER}`, () => {
  const printed = printedTests(PAPER, 'vitest');

  it('are there', () => expect(printed).toHaveLength(2));

  it.each(printed)('that of line $line passes as it is printed', (one) => {
    const { status, output } = runPrinted(one, folder);
    expect(status, output).toBe(0);
    expect(output).toMatch(/Tests +\d+ passed/);
  });

  it('would fail if what it says were not so', () => {
    const one = printed[0]!;
    const broken = one.source.replace("by: 'FLOGI', enodeMac", "by: 'FDISC', enodeMac");
    expect(broken).not.toBe(one.source);
    expect(runPrinted({ ...one, source: broken }, folder).status).not.toBe(0);
  });
});
