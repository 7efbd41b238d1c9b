/** Places in byte arrays, and how deep messages may nest. */
import { describe, expect, it } from 'vitest';
import {
  Cursor,
  checkRegion,
  joinPath,
  LIST_ELEMENTS_MAX,
  NESTING_MAX,
  nest,
} from '../../../../src/codecs/layout/cursor.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { complaintOf } from '../../../helpers/complaint.ts';

describe('a cursor', () => {
  it('stands in a region of an array', () => {
    const cursor = new Cursor(new Uint8Array(8), 2, 6);
    expect([cursor.at, cursor.end, cursor.remaining]).toEqual([2, 6, 4]);
    cursor.at = 5;
    expect(cursor.remaining).toBe(1);
  });

  it.each([
    [-1, 2],
    [0, 9],
    [Number.NaN, 2],
  ])('does not stand outside of it: %d to %d', (at, end) => {
    const wanted = new RangeError(`bytes ${at} to ${end} lie outside an array of 8 bytes`);
    expect(() => new Cursor(new Uint8Array(8), at, end)).toThrow(wanted);
    expect(() => checkRegion(new Uint8Array(8), at, end)).toThrow(wanted);
  });

  it('refuses what is longer than its region', () => {
    const cursor = new Cursor(new Uint8Array(8), 2, 6);
    expect(() => cursor.need(4, 'layer', 'field')).not.toThrow();
    expect(complaintOf(() => cursor.need(5, 'layer', 'field'), 'layer')).toEqual({
      fault: 'truncated',
      field: 'field',
      offset: 2,
      what: 'needs 5 bytes, 4 remain',
      neededBytes: 5,
    });
    for (const length of [-1, 0.5, Number.NaN]) {
      expect(complaintOf(() => cursor.need(length, 'layer', 'field'), 'layer')).toEqual({
        fault: 'bad-length',
        field: 'field',
        offset: 2,
        what: `a length of ${length} bytes is impossible`,
      });
    }
  });
});

describe('messages in messages', () => {
  const deep = (depth: number): number =>
    depth === 0 ? 7 : nest('layer', 'field', depth, () => deep(depth - 1));

  it('nest so deep and no deeper', () => {
    expect(deep(NESTING_MAX)).toBe(7);
    expect(complaintOf(() => deep(NESTING_MAX + 1), 'layer')).toMatchObject({
      fault: 'bad-length',
      offset: 1,
      what: `nested deeper than ${NESTING_MAX}`,
    });
  });

  it('are not counted any more when one of them was wrong', () => {
    const wrong = (): never => {
      throw new CodecError('bad-value', 'layer', 'field', 0, 'is wrong');
    };
    expect(() => nest('layer', 'field', 0, wrong)).toThrow('is wrong');
    expect(deep(NESTING_MAX)).toBe(7);
  });

  it('are few, and lists longer than any frame holds', () => {
    expect([NESTING_MAX, LIST_ELEMENTS_MAX]).toEqual([16, 65_536]);
  });
});

describe('paths', () => {
  it('have points between their steps', () => {
    expect(joinPath('', 'key')).toBe('key');
    expect(joinPath('outer[2]', 'key')).toBe('outer[2].key');
  });
});
