/** Every exported name says what it is, every message how long it is. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AnyCodec } from '../../src/codecs/layout/index.ts';
import {
  exportsOf,
  HELD,
  isHeld,
  MESSAGE_MAKERS,
  makersIn,
  missingIn,
  saysSize,
  sizeSaid,
} from '../helpers/docstrings.ts';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

const texts = new Map(
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => [path, readFileSync(join(SRC, path), 'utf8')]),
);
const held = [...texts.keys()].filter((path) => isHeld(path));

const IMPORTS = /^import\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'(\.[^']+)'/gm;

/** Makers of messages that a file may call: the layout's own, and functions it imports. */
function makersFor(path: string): string[] {
  const imported: string[] = [];
  for (const [, names, specifier] of texts.get(path)!.matchAll(IMPORTS)) {
    const from = relative(SRC, resolve(SRC, dirname(path), specifier!))
      .split(sep)
      .join('/');
    const makers = makersIn(texts.get(from) ?? '');
    for (const name of names!.split(',').map((one) => one.trim()))
      if (makers.has(name)) imported.push(name);
  }
  return [...MESSAGE_MAKERS, ...imported];
}

/** A message of one size, whose table has no field that the bytes decide. */
function fixedBytes(value: unknown): number | undefined {
  const { table, minBytes } = value as AnyCodec;
  if (table === undefined) return undefined;
  return Object.values(table).every(({ place }) => place === 'fixed') ? minBytes : undefined;
}

describe('docstrings', () => {
  it('every folder of the list is there', () => {
    for (const one of HELD)
      expect(
        held.some((path) => isHeld(path, [one])),
        one,
      ).toBe(true);
  });

  // It reads every source; machines with other work take long for that.
  it('no exported name is without one, no message without its bytes', { timeout: 120_000 }, () => {
    const missing = held.flatMap((path) => missingIn(path, texts.get(path)!, makersFor(path)));
    expect(missing).toEqual([]);
  });

  it('the bytes that they say are those of the table', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const path of held) {
      const messages = exportsOf(texts.get(path)!, makersFor(path)).filter((one) => one.isMessage);
      if (messages.length === 0) continue;
      const module: Record<string, unknown> = await import(pathToFileURL(join(SRC, path)).href);
      for (const { name, doc } of messages) {
        const bytes = fixedBytes(module[name]);
        const said = sizeSaid(doc ?? '');
        if (bytes === undefined || said === undefined) continue;
        compared++;
        if (bytes !== said) wrong.push(`${path}: ${name} has ${bytes} bytes, not ${said}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(100);
  });

  it('messages are found where a function of another file makes them', () => {
    const path = 'codecs/scsi/cdb-xor.ts';
    const found = exportsOf(texts.get(path)!, makersFor(path));
    expect(found.filter((one) => one.isMessage).map(({ name }) => name)).toContain('rebuild16');
  });
});

describe('what the check catches', () => {
  const missing = (text: string) => missingIn('a.ts', text).map((one) => one.slice('a.ts:'.length));

  it.each([
    ['class Port {}', 'class Port'],
    ['function run(): void {}', 'function run'],
    ['const LIMIT = 3;', 'const LIMIT'],
    ['interface Options { a: number }', 'interface Options'],
    ['type Kind = string;', 'type Kind'],
    ['abstract class Port {}', 'class Port'],
    ['async function run() {}', 'function run'],
  ])('export %s', (text, name) => {
    expect(missing(`export ${text}`)).toEqual([`1: ${name} has no docstring`]);
    expect(missing(`/** What it is. */\nexport ${text}`)).toEqual([]);
    expect(missing(`// What it is.\nexport ${text}`)).toHaveLength(1);
    expect(missing(text)).toEqual([]);
  });

  it('a comment about the file is none about its first name', () => {
    expect(missing('/** This file. */\n\nexport const A = 1;')).toHaveLength(1);
    expect(missing("/** This file. */\nimport './b.ts';\nexport const A = 1;")).toHaveLength(1);
  });

  it('only the first signature of an overloaded function needs one', () => {
    const signatures = 'export function f(a: 1): 1;\nexport function f(a: 2): 2;';
    expect(missing(`/** F. */\n${signatures}`)).toEqual([]);
    expect(missing(signatures)).toHaveLength(1);
  });

  it('a type that only names what a message decodes to needs none', () => {
    expect(
      missing('export type A = Infer<typeof a>;\nexport type B = InferInput<typeof a>;'),
    ).toEqual([]);
    expect(missing('export type A = Infer<typeof a> | undefined;')).toHaveLength(1);
    expect(missing('export type A = Infer<B>;')).toHaveLength(1);
  });

  it.each([
    ['the layout', "const a = codec('A', 'S', {});"],
    ['a family', "const a = family('A', 'S', {});"],
    [
      'a function of the file',
      "const a = make(1);\nfunction make(n: number) { return codec('A', 'S', {}); }",
    ],
    ['an arrow function', "const a = make(1);\nconst make = (n: number) => codec('A', 'S', {});"],
    [
      'one function through another',
      "const a = outer();\nconst outer = () => inner();\nfunction inner() { if (1) { return codec('A', 'S', {}); } return codec('B', 'S', {}); }",
    ],
    ['a cast', "const a = codec('A', 'S', {}) as unknown as B;"],
  ])('a message without its bytes, made by %s', (_by, text) => {
    const said = '1: the docstring of a does not say its bytes';
    expect(missing(`/** A message. */ export ${text}`)).toEqual([said]);
    expect(missing(`/** A message. Shape: 4 bytes. */ export ${text}`)).toEqual([]);
  });

  it('a constant that no message maker makes needs no bytes', () => {
    expect(missing('/** A table. */\nexport const a = other({});')).toEqual([]);
    expect(missing('/** A table. */\nexport const a = { b: codec() };')).toEqual([]);
  });

  it.each([
    ['12 bytes', true],
    ['Shape: 1 byte.', true],
    ['Shape: 1,024 bytes and more.', true],
    ['Shape: some bytes.', false],
    ['Shape: 12 words.', false],
    ['as the standard has it', false],
  ])('"%s": %s', (doc, says) => expect(saysSize(doc)).toBe(says));

  it('one size is told from a size and more', () => {
    expect(sizeSaid('/** A. Shape: 12 bytes. */')).toBe(12);
    expect(sizeSaid('/** A. Shape: 1,024 bytes. Source: X. */')).toBe(1024);
    expect(sizeSaid('/**\n * A.\n *\n * Shape: 6 bytes.\n */')).toBe(6);
    expect(sizeSaid('/** A. Shape: 12 bytes and 4 for each. */')).toBeUndefined();
    expect(sizeSaid('/** A. Of 12 bytes. */')).toBeUndefined();
  });

  it('a list of folders holds what lies in them and nothing beside', () => {
    expect(isHeld('codecs/fc/a.ts', ['codecs/fc'])).toBe(true);
    expect(isHeld('codecs/fcp/a.ts', ['codecs/fc'])).toBe(false);
    expect(isHeld('codecs/fc.ts', ['codecs/fc.ts'])).toBe(true);
    expect(isHeld('sim/a.ts', [''])).toBe(true);
  });
});
