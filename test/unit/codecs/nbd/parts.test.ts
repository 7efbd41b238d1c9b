import { describe, expect, it } from 'vitest';
import { codec, rest } from '../../../../src/codecs/layout/index.ts';
import { countedText, hex64, magic32, magic64 } from '../../../../src/codecs/nbd/parts.ts';
import { checkVector } from '../../../helpers/vector.ts';

describe('parts of messages', () => {
  it('a text stands behind its length, bytes above 127 as they come', () => {
    const one = codec('one', 'here', { ...countedText('name'), more: rest });
    checkVector(
      one,
      '00000003 6162c3 a9',
      { nameLengthBytes: 3, name: 'ab\u00c3', more: Uint8Array.of(0xa9) },
      { name: 'ab\u00c3', more: Uint8Array.of(0xa9) },
    );
  });

  it('magic numbers are there by themselves, and others are kept', () => {
    const one = codec('one', 'here', { long: magic64(5n), short: magic32(6) });
    expect([...one.encode({})]).toEqual([0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 6]);
    const other = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 8);
    expect(one.encode(one.decode(other))).toEqual(other);
  });

  it('numbers of 64 bits are told in hex', () => {
    expect(hex64.format(255n)).toBe('0x00000000000000ff');
    expect(magic32(0).format(255)).toBe('0x000000ff');
  });
});
