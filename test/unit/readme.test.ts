/** What the papers show is true: their programs run and print what their comments say. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPackage, commandFile, compiled } from '../helpers/command.ts';
import { fileOf, papers as pages, snippets } from '../helpers/readme.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder = '';
// The package may have to be built first.
beforeAll(() => {
  builtPackage();
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-readme-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The program with the package's modules taken from what the sources are built to. */
function withBuilt(source: string): string {
  return source.replace(
    /'sanmotion(?:\/([a-z]+))?'/g,
    (_, name = '.') => `'${pathToFileURL(join(builtPackage(), 'dist', name, 'index.js')).href}'`,
  );
}

/** What a program says it prints: the comments behind `console.log(…);`, in order. */
function promised(source: string): string[] {
  return [...source.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map((found) => found[1]!);
}

describe('the programs of the papers', () => {
  it('are there', () => {
    const named = new Set(snippets().map(({ paper }) => paper));
    expect([...named]).toEqual(expect.arrayContaining(['README.md', 'docs/codecs.md']));
  });

  it.each(snippets())('that of $paper, line $line, prints what it says', (snippet) => {
    const { source } = snippet;
    const expected = promised(source);
    expect(expected).toHaveLength(source.split('console.log(').length - 1);
    const file = join(folder, `${fileOf(snippet)}.mjs`);
    writeFileSync(file, compiled(withBuilt(source)));
    const output = execFileSync(process.execPath, [file], { cwd: root, encoding: 'utf8' });
    expect(output.trimEnd().split('\n')).toEqual(expected);
  });
});

describe('the table of commands', () => {
  const page = readFileSync(join(root, 'docs/command.md'), 'utf8');
  const text = page.slice(0, page.indexOf('Exit status:'));
  const rows = [...text.matchAll(/^\| `([a-z]+) [^|]*`.*$/gm)].map((row) => ({
    command: row[1]!,
    options: [...row[0].matchAll(/`(--[a-z-]+)/g)].map((found) => found[1]!),
  }));

  const help = (...command: string[]): string => {
    const options = [commandFile(), ...command, '--help'];
    return execFileSync(process.execPath, options, { cwd: root, encoding: 'utf8' });
  };
  const entries = (text: string, entry: RegExp): string[] =>
    [...text.matchAll(entry)].map((found) => found[1]!).sort();

  it('are those the program has', () => {
    const commands = entries(help(), /^ {2}([a-z]+) .*$/gm).filter((name) => name !== 'help');
    expect(rows.map(({ command }) => command).sort()).toEqual(commands);
  });

  it.each(rows)('$command has the options that are named', ({ command, options }) => {
    const known = new Set(entries(help(command), /(--[a-z-]+)/g));
    expect(options.filter((option) => !known.has(option))).toEqual([]);
  });
});

describe('the papers', () => {
  const papers = [...pages, 'CONTRIBUTING.md', 'CHANGELOG.md'];

  it.each(papers)('%s says how a clone runs the commands that it prints', (name) => {
    const text = readFileSync(join(root, name), 'utf8');
    if (/^(\$ )?sanmotion /m.test(text)) expect(text).toContain('npm run -s sanmotion --');
  });

  it.each(papers)('%s links to files that are there', (name) => {
    const text = readFileSync(join(root, name), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((found) => found[1]!);
    const missing = targets.filter((target) => !existsSync(join(root, name, '..', target)));
    expect(missing).toEqual([]);
  });
});
