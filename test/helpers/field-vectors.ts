/** Fields of fixed size by vectors: bytes on one side, a value on the other. */
import { describe, expect, it } from 'vitest';
import { CodecError, codec, type FixedField, parseHex, u8 } from '../../src/codecs/layout/index.ts';

/** What a field is called, the field, its bytes in hex, and what they stand for. */
export type Vector = readonly [title: string, field: unknown, wire: string, value: unknown];

/** Reads, writes, cuts and views each vector between two other bytes. */
export function describeVectors(vectors: readonly Vector[]): void {
  describe.each(vectors)('%s, as %o in %s', (_title, given, wire, value) => {
    const field = given as FixedField<unknown, boolean>;
    const raw = parseHex(wire);
    const one = codec('one', 'this test', { before: u8, field, after: u8 });
    const message = Uint8Array.of(0x5a, ...raw, 0xc3);
    const decoded = { before: 0x5a, field: value, after: 0xc3 };

    it('decodes and is seen through a view', () => {
      expect(one.decode(message)).toEqual(decoded);
      expect(one.view(message).field).toEqual(value);
      expect(field.read(raw, 0, 0)).toEqual(value);
    });

    it('encodes, also over memory that was used before', () => {
      expect(one.encode(decoded)).toEqual(message);
      const used = new Uint8Array(message.length).fill(0xa5);
      one.write(used, 0, decoded);
      expect(used).toEqual(message);
      const alone = new Uint8Array(raw.length + 2).fill(0xa5);
      expect(field.write(alone, 1, 0, value)).toBeUndefined();
      expect(alone).toEqual(Uint8Array.of(0xa5, ...raw, 0xa5));
    });

    it('is refused at every length that cuts it', () => {
      for (let length = 0; length < message.length; length++) {
        const cut = message.subarray(0, length);
        expect(() => one.decode(cut)).toThrow(CodecError);
        expect(() => one.view(cut)).toThrow(CodecError);
        expect(() => one.spans(cut)).toThrow(CodecError);
      }
    });
  });
}
