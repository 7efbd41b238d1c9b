import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codec,
  derived,
  embed,
  family,
  fixedTail,
  list,
  mac,
  named,
  of,
  optional,
  rest,
  restText,
  sized,
  text,
  u8,
  u16,
  u64,
  when,
  withDefault,
} from '../../../src/codecs/layout/index.ts';
import { type ArbitraryOptions, arbitraryOf } from '../../../src/testing/index.ts';

type Any = Parameters<typeof arbitraryOf>[0];
const samples = (one: unknown, options: ArbitraryOptions = {}): Record<string, unknown>[] =>
  fc.sample(arbitraryOf(one as Any, options), { seed: 3, numRuns: 200 }) as never;

describe('generated values', () => {
  it('hold every field that has no default, and use the codes of a table often', () => {
    const one = codec('one', 'this test', {
      code: named(u16, { FIRST: 7, SECOND: 9 }),
      name: text(4),
      port: mac,
      wide: u64,
      reserved: withDefault(u8, 0),
    });
    const values = samples(one);
    for (const value of values) {
      expect(Object.keys(value)).toEqual(['code', 'name', 'port', 'wide']);
      expect(one.decode(one.encode(value as never))).toMatchObject(value);
    }
    const known = values.filter(({ code }) => code === 7 || code === 9);
    expect(known.length).toBeGreaterThan(40);
    expect(known.length).toBeLessThan(values.length);
  });

  it('fit plain lengths and counts to what they measure, also in words', () => {
    const one = codec('one', 'this test', {
      words: u8,
      count: u8,
      data: sized(
        of<{ words: number }>((v) => v.words * 4),
        rest,
      ),
      items: list(u16, { count: of<{ count: number }>((v) => v.count) }),
      more: restText,
    });
    const values = samples(one);
    for (const value of values) {
      expect(one.decode(one.encode(value as never))).toEqual(value);
      expect(value.words).toBe((value.data as Uint8Array).length / 4);
      expect(value.count).toBe((value.items as number[]).length);
    }
    expect(new Set(values.map(({ count }) => count)).size).toBe(5);
  });

  it('hold parts where their conditions say, whoever sets the condition', () => {
    const present = when<{ flags: number }>((v) => (v.flags & 1) === 1);
    const plain = codec('plain', 'this test', {
      flags: u8,
      part: optional(present, fixedTail(u16)),
    });
    for (const value of samples(plain))
      expect(value.part !== undefined).toBe(((value.flags as number) & 1) === 1);
    const computed = codec('computed', 'this test', {
      flags: derived(u8, (_v, sizeOf) => (sizeOf('part') > 0 ? 1 : 0)),
      part: optional(present, fixedTail(u16)),
    });
    const there = samples(computed).filter(({ part }) => part !== undefined);
    expect(there.length).toBeGreaterThan(50);
    expect(there.length).toBeLessThan(150);
  });

  it('use all members of a family, and the generators they are given instead', () => {
    const a = codec('a', 'this test', { code: withDefault(u8, 1), x: u8 }, 'A');
    const b = codec('b', 'this test', { code: u8, raw: rest }, 'other');
    const both = family('both', 'this test', {
      members: { a, b },
      select: (bytes, at) => (bytes[at] === 1 ? 'a' : 'b'),
      peekBytes: 1,
    });
    const outer = codec('outer', 'this test', { inner: embed(both) });
    const other = fc.constant({ kind: 'other', code: 5, raw: Uint8Array.of(1) });
    const kinds = new Set<unknown>();
    for (const value of samples(outer, { instead: new Map([[b as never, other]]) })) {
      const decoded = outer.decode(outer.encode(value as never));
      expect(decoded.inner).toMatchObject(value.inner as object);
      kinds.add(decoded.inner.kind);
    }
    expect(kinds).toEqual(new Set(['A', 'other']));
    const fives = samples(a, { overrides: { x: fc.constant(5) } });
    expect(new Set(fives.map(({ x }) => x))).toEqual(new Set([5]));
  });

  it('are refused for a codec that has neither table nor members', () => {
    const { table: _table, ...bare } = codec('bare', 'this test', { a: u8 });
    expect(() => arbitraryOf({ ...bare, table: undefined } as never)).toThrow(TypeError);
  });
});
