/** Frames in the making: what each way to read leaves behind. */
import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../../../src/codecs/frame/reader.ts';
import { codec } from '../../../../src/codecs/layout/codec.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { u8, u16 } from '../../../../src/codecs/layout/numbers.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';

const pair = codec('pair', 'this test', { first: u8, second: u16 });
const BYTES = parseHex('01 0203 04 0506 ff');
const reader = (end = BYTES.length, wireEnd = end) =>
  new FrameReader(BYTES, 0, end, wireEnd, undefined, true);

describe('a reader', () => {
  it('takes headers one behind the other', () => {
    const one = reader();
    expect(one.take('fc', pair)).toEqual({ first: 1, second: 0x203 });
    expect(one.take('vft', pair)).toEqual({ first: 4, second: 0x506 });
    expect(one.layers.map(({ layer, offset, length }) => [layer, offset, length])).toEqual([
      ['fc', 0, 3],
      ['vft', 3, 3],
    ]);
    expect(() => one.take('fc', pair)).toThrow(CodecError);
  });

  it('reads a message to the end of its region, or what is there of it and the fault', () => {
    const one = reader(3);
    expect(one.body('els', pair)).toEqual({ first: 1, second: 0x203 });
    const short = reader(2);
    expect(short.body('els', pair)).toBeUndefined();
    expect(short.layers).toMatchObject([{ layer: 'els', length: 2, value: { first: 1 } }]);
    expect(short.malformed).toMatchObject({ layer: 'pair', fault: 'truncated' });
  });

  it('takes what is no message yet for a piece of one', () => {
    const one = reader(2);
    expect(one.piece('els', pair)).toBeUndefined();
    expect(one.layers).toMatchObject([{ layer: 'data', length: 2 }]);
    expect(one.malformed).toBeUndefined();
  });

  it('shows bytes once more', () => {
    const one = reader();
    one.raw('data', 6);
    expect(one.inside('scsi', pair, 3, 6)).toEqual({ first: 4, second: 0x506 });
    expect(one.layers[1]).toMatchObject({ inside: true, offset: 3, length: 3 });
    expect(one.inside('scsi', pair, 5, 6)).toBeUndefined();
    expect(one.malformed).toBeDefined();
  });

  it('keeps to a region, and leaves nothing of it unread', () => {
    const one = reader();
    one.within(
      5,
      (within, a: string, b: number) => {
        expect([within.end, a, b]).toEqual([5, 'a', 7]);
        within.take('fc', pair);
      },
      'a',
      7,
    );
    expect(one.layers.map(({ layer, offset, length }) => [layer, offset, length])).toEqual([
      ['fc', 0, 3],
      ['raw', 3, 2],
    ]);
    expect([one.at, one.end]).toEqual([5, BYTES.length]);
  });

  it('keeps the first fault, and calls nothing malformed that was cut off', () => {
    const one = reader();
    const first = new CodecError('truncated', 'pair', 'first', 0, 'is short');
    one.fail(first);
    one.fail(new CodecError('bad-value', 'pair', 'second', 1, 'is wrong'));
    expect(one.malformed).toBe(first);
    const cut = reader(3, 9);
    expect(cut.cut).toBe(true);
    cut.fail(first);
    expect(cut.malformed).toBeUndefined();
    cut.fail(new CodecError('bad-value', 'pair', 'second', 1, 'is wrong'));
    expect(cut.malformed?.fault).toBe('bad-value');
    expect(() => one.fail(new TypeError('another'))).toThrow('another');
  });
});
