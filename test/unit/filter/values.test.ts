/** Values and literals: in which form they are compared, and how. */
import { describe, expect, it } from 'vitest';
import type { Literal } from '../../../src/filter/ast.ts';
import type { FieldKind } from '../../../src/filter/field.ts';
import { compared, holds, literalFor, normalized, stands } from '../../../src/filter/values.ts';

const bytes = (...octets: number[]) => Uint8Array.of(...octets);
const octets = (written: string): Literal => ({ kind: 'octets', written, at: 0 });
const number = (value: bigint): Literal => ({
  kind: 'number',
  number: value,
  written: `${value}`,
  at: 0,
});
const word = (text: string): Literal => ({ kind: 'word', text, written: text, at: 0 });

describe('a literal', () => {
  it.each<[Literal, FieldKind, number | undefined, unknown]>([
    [octets('01.00.05'), 'octets', 3, bytes(1, 0, 5)],
    [octets('0e:fc:00:01:00:05'), 'octets', 6, bytes(0x0e, 0xfc, 0, 1, 0, 5)],
    [octets('0efc.0001.0005'), 'octets', 6, bytes(0x0e, 0xfc, 0, 1, 0, 5)],
    [octets('192.168.10.1'), 'octets', 4, bytes(192, 168, 10, 1)],
    [
      octets('fe80::1:2'),
      'octets',
      16,
      bytes(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2),
    ],
    [number(0x010005n), 'octets', 3, bytes(1, 0, 5)],
    [number(0x1234n), 'octets', undefined, bytes(0x12, 0x34)],
    [octets('01.00.05'), 'number', undefined, 0x010005n],
    [word('true'), 'flag', undefined, 1],
    [number(0n), 'flag', undefined, 0n],
    [word('eth0'), 'text', undefined, 'eth0'],
    [number(5n), 'text', undefined, '5'],
    [{ kind: 'text', text: 'ab', written: '"ab"', at: 0 }, 'octets', undefined, bytes(0x61, 0x62)],
  ])('%o as %s', (literal, kind, widthBytes, value) => {
    expect(literalFor(literal, kind, widthBytes)).toEqual(value);
  });

  it.each<[Literal, FieldKind, string]>([
    [word('yes'), 'flag', '“yes” is no number'],
    [word('abc'), 'octets', '“abc” is no octets, such as 01:00:05'],
    [octets('1.123.4'), 'octets', '“1.123.4” is no octets, such as 01:00:05'],
  ])('%o is no %s', (literal, kind, message) => {
    expect(() => literalFor(literal, kind)).toThrow(message);
  });
});

describe('values', () => {
  it('are put into the form in which they are compared', () => {
    expect(normalized(0x010005, 'octets', 3)).toEqual(bytes(1, 0, 5));
    expect(normalized(0x2000000000000001n, 'octets', 8)).toEqual(bytes(0x20, 0, 0, 0, 0, 0, 0, 1));
    expect(normalized('0e:fc:00:01:00:05', 'octets', 6)).toEqual(bytes(0x0e, 0xfc, 0, 1, 0, 5));
    expect(normalized(true, 'flag')).toBe(1);
    expect(normalized({}, 'number')).toBeUndefined();
  });

  it('are in order: numbers by size, octets and texts from the left', () => {
    expect(compared(5, 6n)).toBeLessThan(0);
    expect(compared(2n ** 60n, 1.5)).toBeGreaterThan(0);
    expect(compared(bytes(1, 2), bytes(1, 2, 0))).toBeLessThan(0);
    expect(compared(bytes(2), bytes(1, 2))).toBeGreaterThan(0);
    expect(compared('a', 'b')).toBeLessThan(0);
    expect(compared('a', 1)).toBeUndefined();
  });

  it('stand in relations', () => {
    expect(stands(5, '==', 5n)).toBe(true);
    expect(stands(5, '!=', 5n)).toBe(false);
    expect(stands(12, '&', 4n)).toBe(true);
    expect(stands(12, '&', 3n)).toBe(false);
    expect(stands(1.5, '&', 1n)).toBe(false);
    expect(stands(bytes(0x80, 1), '&', bytes(0x80))).toBe(true);
    expect(stands('a', '&', 1)).toBe(false);
    expect(stands('a', '!=', 1)).toBe(false);
  });

  it('hold parts', () => {
    expect(holds(bytes(1, 2, 3), bytes(2, 3))).toBe(true);
    expect(holds(bytes(1, 2, 3), bytes(3, 4))).toBe(false);
    expect(holds('abc', 'bc')).toBe(true);
    expect(holds(5, 5)).toBe(false);
  });
});
