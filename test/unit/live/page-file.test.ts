/** Where the page is, if anybody has built it, and what it is put together of. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtPage, joinedPage } from '../../../src/live/page-file.ts';

test('is what was built, and nothing where nothing was', () => {
  const page = builtPage();
  if (existsSync('dist/web/index.html')) expect(page).toMatch(/^<!doctype html>/);
  else expect(page).toBeUndefined();
});

test('its parts are texts and places in programs, those of one program one behind the other', () => {
  const programs: Record<string, string> = { 'a.js': 'export const a=1;', 'b/c.js': 'go(a);' };
  const page = joinedPage(
    ['<', ['a.js', 7, 17], ['b/c.js', 0, 3], [3, 6], '>', [0, 2], ['a.js', 0, 6]],
    (path) => programs[path]!,
  );
  expect(page).toBe('<const a=1;go(a);>goexport');
});
