/** Things by their tag, beside a map that does the same. */
import { describe, expect, it } from 'vitest';
import { streams } from '../../../src/machine/random.ts';
import { TagTable } from '../../../src/machine/tag-table.ts';

const one = (tag: number) => ({ tag });

describe('TagTable', () => {
  it('does what a map does, whatever comes and goes', () => {
    const random = streams(7).stream('tags');
    const table = new TagTable<{ tag: number }>();
    const map = new Map<number, { tag: number }>();
    const different: string[] = [];
    const same = (what: string, is: unknown, ought: unknown) => {
      if (is !== ought) different.push(what);
    };
    for (let step = 0; step < 20_000; step++) {
      // Few tags, far apart: many of them fall on one place until the table has grown.
      const tag = random.below(64) * 1024 + random.below(3);
      const open = map.get(tag);
      same(`step ${step}: get ${tag}`, table.get(tag), open);
      if (open === undefined) {
        const fresh = one(tag);
        table.add(fresh);
        map.set(tag, fresh);
      } else if (random.below(3) > 0) {
        same(`step ${step}: remove ${tag}`, table.remove(open), true);
        map.delete(tag);
      }
      same(`step ${step}: size`, table.size, map.size);
    }
    expect(different).toEqual([]);
    expect(new Set(table.all())).toEqual(new Set(map.values()));
  });

  it('holds ever so many at once', () => {
    const table = new TagTable<{ tag: number }>();
    for (let tag = 0; tag <= 0xffff; tag++) table.add(one(tag));
    expect(table.size).toBe(0x1_0000);
    expect(table.get(0xffff)?.tag).toBe(0xffff);
  });

  it('keeps tags apart that all fall on one place', () => {
    const table = new TagTable<{ tag: number }>();
    const all = Array.from({ length: 100 }, (_, i) => one(i * 2 ** 24));
    for (const each of all) table.add(each);
    expect(table.all()).toHaveLength(100);
    expect(all.every((each) => table.get(each.tag) === each)).toBe(true);
    expect(() => table.add(one(2 ** 24))).toThrow(RangeError);
    for (const each of all) expect(table.remove(each)).toBe(true);
    expect(table.size).toBe(0);
    expect(table.get(2 ** 24)).toBeUndefined();
  });

  it('refuses a tag in use, and what is none', () => {
    const table = new TagTable<{ tag: number }>();
    table.add(one(5));
    expect(() => table.add(one(5))).toThrow(RangeError);
    expect(() => table.add(one(2 ** 32))).toThrow(RangeError);
    expect(() => table.add(one(-1))).toThrow(RangeError);
    expect(table.size).toBe(1);
  });

  it('takes out nothing but what is there', () => {
    const table = new TagTable<{ tag: number }>();
    table.add(one(5));
    expect(table.remove(one(5))).toBe(false);
    expect(table.remove(one(21))).toBe(false);
    expect(table.all()).toHaveLength(1);
  });
});
