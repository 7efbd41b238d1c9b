import { describe, expect, test } from 'vitest';
import {
  CodecError,
  decodeAttributes,
  encodeAttributes,
  fattr4,
  maskOf,
  namesIn,
  parseHex,
} from '../../../../src/codecs/index.ts';

describe('attributes of NFS version 4', () => {
  test('stand behind their bitmap in the order of their bits', () => {
    const made = encodeAttributes({ size: 4096n, type: 1, mode: 0o644 });
    // TYPE is bit 1, SIZE bit 4, MODE bit 33: RFC 8881, 5.8.
    expect(made.mask).toEqual([0x12, 0x2]);
    expect(made.values).toEqual(parseHex('00000001 0000000000001000 000001a4'.replaceAll(' ', '')));
  });

  test('are what they were when read back', () => {
    const attributes = {
      supported_attrs: [1, 2],
      owner: '0',
      filehandle: Uint8Array.of(1, 2, 3),
      time_modify: { seconds: 5n, nseconds: 6 },
      time_modify_set: { time: { seconds: 7n, nseconds: 8 } },
      fsid: { major: 1n, minor: 2n },
    };
    const read = decodeAttributes(fattr4.decode(fattr4.encode(encodeAttributes(attributes))));
    expect(read.unread).toBe(false);
    expect(read.attributes).toMatchObject(attributes);
  });

  test('one that is not laid out ends what is read', () => {
    const mask = [0x2 | (1 << 12), 0];
    const values = parseHex('0000000100000000');
    const read = decodeAttributes(fattr4.decode(fattr4.encode({ mask, values })));
    expect(read).toEqual({ attributes: { type: 1 }, unread: true });
  });

  test.each([
    ['bytes behind the last', '0000000100000000'],
    ['fewer bytes', '0000'],
  ])('%s are refused', (_, hex) => {
    const bytes = fattr4.encode({ mask: [0x2], values: parseHex(hex) });
    expect(() => decodeAttributes(fattr4.decode(bytes))).toThrow(CodecError);
  });

  test('a mask names its attributes, and leaves out what is not laid out', () => {
    expect(namesIn(maskOf(['size', 'mode', 'suppattr_exclcreat']))).toEqual([
      'size',
      'mode',
      'suppattr_exclcreat',
    ]);
    expect(namesIn([1 << 12])).toEqual([]);
  });
});
