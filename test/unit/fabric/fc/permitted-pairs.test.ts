/** Pairs that may pass: forgotten perhaps, never invented. */
import { describe, expect, it } from 'vitest';
import { PermittedPairs } from '../../../../src/fabric/fc/permitted-pairs.ts';

describe('permitted pairs', () => {
  it('are known either way round, and no others', () => {
    const pairs = new PermittedPairs();
    expect(pairs.has(0x01_0001, 0x01_0002)).toBe(false);
    pairs.add(0x01_0001, 0x01_0002);
    expect(pairs.has(0x01_0001, 0x01_0002)).toBe(true);
    expect(pairs.has(0x01_0002, 0x01_0001)).toBe(true);
    expect(pairs.has(0x01_0001, 0x01_0003)).toBe(false);
    expect(pairs.has(0x01_0002, 0x01_0002)).toBe(false);
  });

  it('are forgotten when a zone or a login changes', () => {
    const pairs = new PermittedPairs();
    pairs.add(0x01_0001, 0x01_0002);
    pairs.clear();
    expect(pairs.has(0x01_0001, 0x01_0002)).toBe(false);
    pairs.add(0x01_0001, 0x01_0002);
    expect(pairs.has(0x01_0001, 0x01_0002)).toBe(true);
  });

  it('do not come back when the count of changes begins anew', () => {
    const pairs = new PermittedPairs();
    pairs.add(0x01_0001, 0x01_0002);
    for (let i = 0; i < 2 ** 20; i++) pairs.clear();
    expect(pairs.has(0x01_0001, 0x01_0002)).toBe(false);
  });

  it('that share a place push each other out', () => {
    const pairs = new PermittedPairs();
    const known: [number, number][] = [];
    for (let a = 1; a <= 400; a++)
      for (let b = a + 1; b <= 400; b += 2) {
        pairs.add(a, b);
        known.push([a, b]);
      }
    let invented = 0;
    for (let a = 1; a <= 400; a++)
      for (let b = a + 2; b <= 400; b += 2) if (pairs.has(a, b)) invented++;
    expect(invented).toBe(0);
    const kept = known.filter(([a, b]) => pairs.has(a, b)).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThanOrEqual(0x1_0000);
    expect(pairs.has(...known.at(-1)!)).toBe(true);
  });
});
