/** The test with a Linux guest that docs/live.md prints, run as it is printed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { builtPackage } from '../../helpers/command.ts';
import { printedTests, runPrinted } from '../../helpers/printed-tests.ts';

test.skipIf(inject('guestsMissing') !== undefined)(
  'the test of docs/live.md with a Linux guest passes as it is printed',
  { timeout: 480_000 },
  () => {
    builtPackage();
    const folder = mkdtempSync(join(tmpdir(), 'sanmotion-docs-'));
    const printed = printedTests('docs/live.md', 'guest');
    expect(printed).toHaveLength(1);
    const { output, status } = runPrinted(printed[0]!, folder);
    expect(status, output).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  },
);
