/** What is made from the grammar and from the names of filters is up to date; the page's commands print what it says. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pageWithNames } from '../../../scripts/filter-names.ts';
import { makeParser } from '../../../scripts/filter-parser.ts';
import { decodeCommand } from '../../../src/cli/decode.ts';
import { said } from '../../helpers/said.ts';

const page = readFileSync('docs/filter.md', 'utf8');

it('src/filter/parser.ts is what peggy makes of the grammar', () => {
  expect(readFileSync('src/filter/parser.ts', 'utf8')).toBe(makeParser());
});

it('docs/filter.md has the names', () => {
  expect(page).toBe(pageWithNames());
});

const blocks = [
  ...page.matchAll(/^```console\n\$ sanmotion decode --filter '([^']*)' (\S+)\n(.*?)^```$/gms),
];

describe('the commands of the page', () => {
  it('are there', () => expect(blocks.length).toBeGreaterThan(1));

  it.each(blocks.map(([, filter, file, output]) => [filter!, file!, output!]))(
    '%s prints what it says',
    async (filter, file, output) => {
      const run = said(() => decodeCommand(file, { filter }));
      const text = await run.then(
        ({ stdout }) => stdout,
        (error: Error) => `sanmotion: ${error.message}\n`,
      );
      expect(text).toBe(output);
    },
  );
});
