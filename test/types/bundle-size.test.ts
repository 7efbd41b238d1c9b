/** What the library weighs in a page is what the documentation says, and no more than its budget. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage, gzipBytes } from '../helpers/bundle.ts';

const text = readFileSync('docs/codecs.md', 'utf8');
const rows = [...text.matchAll(/^\| (.+) \| `(.+)` \| (\d+) kB \|$/gm)].map((row) => ({
  what: row[1]!,
  module: row[2]!,
  budgetBytes: 1000 * Number(row[3]),
}));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-bundle-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('in a page, minified and compressed', () => {
  it('there are budgets', () => {
    expect(rows.length).toBeGreaterThan(1);
  });

  it.each(rows)('$what keeps to $budgetBytes bytes', async ({ what, module, budgetBytes }) => {
    const script = await bundlePage(
      join(folder, what),
      `${module}\n(globalThis as any).all = all;`,
    );
    const bytes = gzipBytes(script);
    expect(bytes).toBeLessThanOrEqual(budgetBytes);
    expect(bytes, 'a budget far above what is needed guards nothing').toBeGreaterThan(
      0.75 * budgetBytes,
    );
  });
});
