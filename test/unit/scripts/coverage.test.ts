/** docs/coverage.md is what the code says, and what it says is so. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  coveragePage,
  encodes,
  families,
  messagesOf,
  missing,
} from '../../../scripts/coverage-table/page.ts';
import { sources } from '../../../scripts/coverage-table/sources.ts';
import { everyCodec } from '../../helpers/every-codec.ts';

const page = readFileSync('docs/coverage.md', 'utf8');

describe('docs/coverage.md', () => {
  it('is up to date (`npm run coverage-table` makes it anew)', () => {
    expect(page).toBe(coveragePage());
  });

  it('links to sections that are there', () => {
    const slug = (title: string) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
    const sections = [...page.matchAll(/^### (.+)$/gm)].map((found) => slug(found[1]!));
    const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map((found) => found[1]!);
    expect(targets.length).toBe(families.length);
    expect(targets.filter((target) => !sections.includes(target))).toEqual([]);
  });

  it('names tests that are there', () => {
    const tests = Object.values(sources).flatMap((source) => [...source.tests]);
    expect(tests.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe.each(families)('$title', (family) => {
  it('has all codes that tshark names, but for those left out for a reason', () => {
    expect(family.tables.map((table) => [table.name, missing(table)])).toEqual(
      family.tables.map((table) => [table.name, []]),
    );
  });

  it('leaves no code out that it has', () => {
    for (const { codes, without = {} } of family.tables) {
      const have = new Set(Object.values(codes));
      expect(Object.keys(without).filter((code) => have.has(Number(code)))).toEqual([]);
    }
  });

  it('encodes all its messages', () => {
    const messages = messagesOf(family);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.filter((one) => !encodes(one)).map(({ name }) => name)).toEqual([]);
  });
});

/** Kinds that are not of the wire, or hold what has no layout of its own. */
const NOT_LISTED = new Set([
  'CSCD descriptor',
  'TransportID',
  'VPD page',
  'designator',
  'mode page',
  'mode subpage',
  'descriptor',
  'segment descriptor',
  'other',
]);

it('lists every message that the codecs tell apart by a code', async () => {
  const listed = new Set<unknown>(families.flatMap(messagesOf));
  const told = (await everyCodec()).filter(({ kind, table }) => kind !== undefined && table);
  const left = told.filter((one) => !listed.has(one) && !NOT_LISTED.has(one.kind ?? ''));
  expect(left.map(({ source, kind }) => `${source}: ${kind}`)).toEqual([]);
});
