/** The tables of recordings in docs/iscsi.md and docs/nfs.md: their words are what `replay` prints. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plain } from '../../src/cli/columns.ts';
import { replayCommand } from '../../src/cli/replay.ts';
import { said } from '../helpers/said.ts';

const squeezed = (text: string): string => text.replace(/\s+/g, ' ');

describe.each(['iscsi', 'nfs'])('docs/%s.md, recordings', (name) => {
  const rows = readFileSync(`docs/${name}.md`, 'utf8')
    .split('\n')
    .filter((line) => /^\| \S+\.pcap/.test(line))
    .map((line) => {
      const [file = '', , now = ''] = line.slice(2).split(' | ');
      return { file, words: [...now.matchAll(/`([^`]+)`/g)].map(([, words]) => words!) };
    });

  it('has a row and a page for every capture', () => {
    const captures = readdirSync(`fixtures/${name}`).filter((file) => file.endsWith('.pcap'));
    expect(rows.map(({ file }) => file).sort()).toEqual(captures.sort());
    for (const file of captures)
      expect(existsSync(`fixtures/${name}/${file.replace('.pcap', '.md')}`), file).toBe(true);
  });

  it.each(rows)('$file: the words are those that are printed', async ({ file, words }) => {
    expect(words.length).toBeGreaterThan(0);
    const path = `fixtures/${name}/${file}`;
    const { stdout } = await said(() => replayCommand([path], { all: true }));
    const printed = squeezed(plain(stdout));
    for (const one of words) expect(printed).toContain(squeezed(one));
  });
});
