/** Where the page is, if anybody has built it. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtPage } from '../../../src/live/page-file.ts';

test('is what was built, and nothing where nothing was', () => {
  const page = builtPage();
  if (existsSync('dist/web/index.html.br')) expect(page).toMatch(/^<!doctype html>/);
  else expect(page).toBeUndefined();
});
