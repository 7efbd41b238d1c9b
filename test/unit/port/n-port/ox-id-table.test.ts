/** Exchanges by their OX_ID, beside a map that does the same. */
import { describe, expect, it } from 'vitest';
import { streams } from '../../../../src/machine/random.ts';
import { OxIdTable } from '../../../../src/port/n-port/ox-id-table.ts';

const one = (oxId: number) => ({ oxId });

describe('OxIdTable', () => {
  it('does what a map does, whatever comes and goes', () => {
    const random = streams(7).stream('ox-ids');
    const table = new OxIdTable<{ oxId: number }>();
    const map = new Map<number, { oxId: number }>();
    const different: string[] = [];
    const same = (what: string, is: unknown, ought: unknown) => {
      if (is !== ought) different.push(what);
    };
    for (let step = 0; step < 20_000; step++) {
      // Few OX_IDs, far apart: many of them fall on one place until the table has grown.
      const oxId = random.below(64) * 1024 + random.below(3);
      const open = map.get(oxId);
      same(`step ${step}: get ${oxId}`, table.get(oxId), open);
      if (open === undefined) {
        const fresh = one(oxId);
        table.add(fresh);
        map.set(oxId, fresh);
      } else if (random.below(3) > 0) {
        same(`step ${step}: remove ${oxId}`, table.remove(open), true);
        map.delete(oxId);
      }
      same(`step ${step}: size`, table.size, map.size);
    }
    expect(different).toEqual([]);
    expect(new Set(table.all())).toEqual(new Set(map.values()));
  });

  it('holds every OX_ID at once', () => {
    const table = new OxIdTable<{ oxId: number }>();
    for (let oxId = 0; oxId <= 0xffff; oxId++) table.add(one(oxId));
    expect(table.size).toBe(0x1_0000);
    expect(table.get(0xffff)?.oxId).toBe(0xffff);
  });

  it('refuses an OX_ID in use, and what is none', () => {
    const table = new OxIdTable<{ oxId: number }>();
    table.add(one(5));
    expect(() => table.add(one(5))).toThrow(RangeError);
    expect(() => table.add(one(0x1_0000))).toThrow(RangeError);
    expect(() => table.add(one(-1))).toThrow(RangeError);
    expect(table.size).toBe(1);
  });

  it('takes out nothing but what is there', () => {
    const table = new OxIdTable<{ oxId: number }>();
    table.add(one(5));
    expect(table.remove(one(5))).toBe(false);
    expect(table.remove(one(21))).toBe(false);
    expect(table.all()).toHaveLength(1);
  });
});
