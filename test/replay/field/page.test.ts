/** docs/field.md: every capture has its row, and its words are what sanmotion prints. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plain } from '../../../src/cli/columns.ts';
import { decodeCommand } from '../../../src/cli/decode.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { said } from '../../helpers/said.ts';

const PAGE = readFileSync('docs/field.md', 'utf8');
const section = /\n## Captures\n([\s\S]*?)(?=\n## |$)/.exec(PAGE)![1]!;

/** Rows of the table: the file, and the words that must be said of it. */
const rows = section
  .split('\n')
  .filter((line) => /^\| \S+\.pcap/.test(line))
  .map((line) => {
    const [file = '', , now = ''] = line.slice(2).split(' | ');
    return { file, words: [...now.matchAll(/`([^`]+)`/g)].map(([, words]) => words!) };
  });

const pathOf = (file: string): string =>
  existsSync(`fixtures/field/${file}`) ? `fixtures/field/${file}` : `fixtures/${file}`;

/** All that is printed of a capture; runs of blanks in front of words do not count. */
async function printedOf(path: string): Promise<string> {
  const { stdout: verdict } = await said(() => replayCommand([path], { all: true }));
  const { stdout: events } = await said(() => replayCommand([path], { events: true }));
  const { stdout: frames } = await said(() => decodeCommand(path, {}));
  const { stdout: exchanges } = await said(() => decodeCommand(path, { exchanges: true }));
  return plain([verdict, events, frames, exchanges].join('\n'));
}

const squeezed = (text: string): string => text.replace(/ +/g, ' ');

describe('docs/field.md, captures', () => {
  it('has a row for every capture of the field', () => {
    const captures = readdirSync('fixtures/field').filter((name) => /\.pcap/.test(name));
    const inTable = rows.map(({ file }) => file);
    expect(captures.filter((name) => !inTable.includes(name))).toEqual([]);
    expect(captures.length).toBeGreaterThanOrEqual(26);
  });

  it.each(rows)('$file: the words are those that are printed', async ({ file, words }) => {
    expect(words.length).toBeGreaterThan(0);
    const printed = squeezed(await printedOf(pathOf(file)));
    for (const one of words) expect(printed).toContain(squeezed(one));
  });

  it.each(rows)('$file: nobody is accused', async ({ file }) => {
    const { stdout } = await said(() => replayCommand([pathOf(file)], { json: true }));
    const { verdict } = JSON.parse(stdout) as { verdict: { result: string }[] };
    expect(verdict.filter(({ result }) => result === 'violated')).toEqual([]);
  });
});
