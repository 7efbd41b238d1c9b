/** Fields of whole bytes that are no numbers: vectors written out by hand. */
import { describe, expect, it } from 'vitest';
import {
  bytes,
  CodecError,
  codec,
  mac,
  paddedBytes,
  parseHex,
  text,
} from '../../../../src/codecs/layout/index.ts';
import { fromLatin1, latin1, showText } from '../../../../src/codecs/layout/octets.ts';
import { describeVectors } from '../../../helpers/field-vectors.ts';

describeVectors([
  ['mac', mac, '0e fc 00 01 0e 01', '0e:fc:00:01:0e:01'],
  ['mac', mac, 'ff ff ff ff ff ff', 'ff:ff:ff:ff:ff:ff'],
  ['mac', mac, '00 00 00 00 00 00', '00:00:00:00:00:00'],
  ['bytes', bytes(3), '01 02 ff', Uint8Array.of(1, 2, 255)],
  ['text', text(6), '61 62 00 20 20 ff', 'ab\0  \u00ff'],
]);

describe('addresses', () => {
  it('are not mixed up, however alike they are', () => {
    const one = codec('one', 'this test', { port: mac });
    const alike = [0x0000, 0x1000, 0x2000, 0xf000].map((high) =>
      Uint8Array.of(high >> 8, high & 0xff, 0, 0, 0, 1),
    );
    for (const bytes of [...alike, ...alike]) {
      const high = bytes[0]!.toString(16).padStart(2, '0');
      expect(one.decode(bytes).port).toBe(`${high}:00:00:00:00:01`);
    }
  });

  it('may be written with dashes and capitals', () => {
    const one = codec('one', 'this test', { port: mac });
    expect(one.encode({ port: '0E-FC-00-aB-Cd-09' })).toEqual(parseHex('0efc00abcd09'));
  });
});

describe('what is shorter than its field', () => {
  it('is padded: text with its pad, bytes with zeros', () => {
    const table = codec('table', 'this test', { a: text(4), b: text(3, '\0'), c: paddedBytes(3) });
    const used = new Uint8Array(10).fill(0xa5);
    table.write(used, 0, { a: 'ab', b: 'c', c: Uint8Array.of(7) });
    expect(used).toEqual(parseHex('61622020 630000 070000'));
    expect(() => table.encode({ a: '', b: '', c: new Uint8Array(4) })).toThrow(CodecError);
  });
});

describe('text', () => {
  it('has a character for each byte, and a byte for each of these characters', () => {
    const raw = Uint8Array.of(0x41, 0, 0xff);
    expect(latin1(raw)).toBe('A\0\u00ff');
    expect(fromLatin1('A\0\u00ff')).toEqual(raw);
    expect(fromLatin1('\u0100')).toBeUndefined();
  });

  it('is shown without its padding, dots for what cannot be seen', () => {
    expect(showText('ab\0  ')).toBe('"ab"');
    expect(showText('a\u0001\u00e9b')).toBe('"a..b"');
  });
});
