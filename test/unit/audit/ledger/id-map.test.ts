/** A map by ids beside the maps of the language. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdMap } from '../../../../src/audit/ledger/id-map.ts';

const id = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0xff_fffe, 0x01_0203));
const step = fc.record({
  what: fc.constantFrom('set', 'set', 'set', 'delete', 'forget'),
  ids: fc.tuple(id, id, id, id),
});

describe('IdMap', () => {
  it('does what a map does whose keys are texts and which forgets what was set longest ago', () => {
    const same = fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.array(step, { maxLength: 300 }),
      (most, steps) => {
        const map = new IdMap<number>(most);
        const model = new Map<string, number>();
        for (const [value, { what, ids }] of steps.entries()) {
          const key = ids.join(' ');
          if (what === 'set') {
            model.delete(key);
            const isFull = model.size === most && map.get(...ids) === undefined;
            const [oldest, itsValue] = model.entries().next().value ?? ['', undefined];
            if (isFull) model.delete(oldest);
            model.set(key, value);
            expect(map.set(...ids, value)).toBe(isFull ? itsValue : undefined);
          } else if (what === 'delete') {
            expect(map.delete(...ids)).toBe(model.get(key));
            model.delete(key);
          } else {
            const [oldest, itsValue] = model.entries().next().value ?? ['', undefined];
            expect(map.oldest).toBe(itsValue);
            expect(map.forgetOldest()).toBe(itsValue);
            model.delete(oldest);
          }
          expect(map.get(...ids)).toBe(model.get(key));
          expect(map.size).toBe(model.size);
        }
        expect([...map.values()]).toEqual([...model.values()]);
      },
    );
    fc.assert(same, { seed: 12, numRuns: 200 });
  });

  it('keeps many values apart, and none when it was cleared', () => {
    const map = new IdMap<number>(10_000);
    for (let i = 0; i < 20_000; i++) map.set(1, 0x01_0000 + (i % 7), i, 0, i);
    expect(map.size).toBe(10_000);
    expect(map.get(1, 0x01_0000 + (9_999 % 7), 9_999)).toBeUndefined();
    for (let i = 10_000; i < 20_000; i++) expect(map.get(1, 0x01_0000 + (i % 7), i)).toBe(i);
    map.clear();
    expect([map.size, map.oldest, map.get(1, 0x01_0000, 14_000)]).toEqual([
      0,
      undefined,
      undefined,
    ]);
  });

  it('refuses to keep nothing', () => {
    expect(() => new IdMap(0)).toThrow(RangeError);
  });
});
