/** XDR: the example that RFC 4506 prints, and what it says of padding, booleans and lists. */
import { describe, expect, it } from 'vitest';
import {
  CodecError,
  codec,
  formatHex,
  parseHex,
  u32,
} from '../../../../src/codecs/layout/index.ts';
import {
  linksOf,
  optionalData,
  optionalField,
  valuesOf,
  xdrArray,
  xdrBool,
  xdrList,
  xdrOpaque,
  xdrString,
} from '../../../../src/codecs/rpc/index.ts';
import { checkVector } from '../../../helpers/vector.ts';

describe('the file of RFC 4506, 7', () => {
  const file = codec('file', 'RFC 4506, 7', {
    ...xdrString('filename', 255),
    type: u32,
    ...xdrString('interpreter', 255),
    ...xdrString('owner', 255),
    ...xdrOpaque('data', 65_535),
  });
  const hex = `00000009 73696c6c7970726f67000000 00000002 00000004 6c697370 00000004 6a6f686e
    00000006 2871756974290000`;

  it('is as printed', () => {
    checkVector(file, hex, {
      filename: 'sillyprog',
      type: 2,
      interpreter: 'lisp',
      owner: 'john',
      data: new TextEncoder().encode('(quit)'),
    });
  });
});

describe('what fills a unit', () => {
  const one = codec('one', 'this test', { ...xdrOpaque('data', 5), behind: u32 });

  it('is kept where it is not zero', () => {
    const bytes = parseHex('00000001 01aabbcc 00000007');
    expect(one.decode(bytes)).toMatchObject({
      dataPad: Uint8Array.of(0xaa, 0xbb, 0xcc),
      behind: 7,
    });
    expect(formatHex(one.encode(one.decode(bytes)))).toBe(formatHex(bytes));
  });

  it('must be there', () => {
    expect(() => one.decode(parseHex('00000001 01'))).toThrow(CodecError);
  });

  it('is of no use behind a length that is too long', () => {
    expect(() => one.decode(parseHex('00000006 010203040506 0000 00000007'))).toThrow(
      '6 bytes, 5 at most',
    );
  });
});

describe('data that may be missing', () => {
  const one = codec('one', 'this test', {
    ...optionalData('inner', codec('inner', 'this test', { a: u32 })),
    ...optionalField('number', u32),
    truth: xdrBool,
  });

  it('stands behind a boolean', () => {
    checkVector(one, '00000001 00000005 00000000 00000001', { inner: { a: 5 }, truth: 1 });
    checkVector(one, '00000000 00000001 00000009 00000000', { number: 9, truth: 0 });
  });
});

describe('arrays and lists', () => {
  it('an array has a count, which has a limit', () => {
    const one = codec('one', 'this test', { ...xdrArray('numbers', u32, 2) });
    checkVector(one, '00000002 00000005 00000006', { numbers: [5, 6] });
    expect(() => one.decode(parseHex('ffffffff'))).toThrow('more than 2 elements');
  });

  it('a list says before each element that it follows', () => {
    const element = codec('element', 'this test', { a: u32 });
    const one = codec('one', 'this test', {
      items: xdrList('items', 'this test', element),
      z: u32,
    });
    const hex = '00000001 00000005 00000001 00000006 00000000 00000009';
    checkVector(one, hex, { z: 9 }, { items: linksOf([{ a: 5 }, { a: 6 }]), z: 9 });
    expect(valuesOf(one.decode(parseHex(hex)).items)).toEqual([{ a: 5 }, { a: 6 }]);
    expect(() => one.encode({ items: [{}, { value: { a: 1 } }], z: 1 })).toThrow('1 more follow');
    expect(() => one.decode(parseHex('00000001 00000005'))).toThrow(CodecError);
  });
});
