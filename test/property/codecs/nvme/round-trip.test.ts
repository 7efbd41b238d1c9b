import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnyCodec, CodecError, formatHex } from '../../../../src/codecs/layout/index.ts';
import * as nvme from '../../../../src/codecs/nvme/index.ts';
import { arbitraryOf } from '../../../../src/testing/index.ts';

const RUNS = { seed: 20_263, numRuns: 80 };
/** A tag that no table has, for the descriptor that takes what is unknown. */
const UNKNOWN_TAG = 0xf0;

const codecs: [string, AnyCodec][] = Object.entries(nvme).flatMap(
  ([name, one]): [string, AnyCodec][] =>
    typeof one === 'object' && 'decode' in one ? [[name, one as AnyCodec]] : [],
);

const instead = new Map<AnyCodec, fc.Arbitrary<unknown>>([
  [
    nvme.nvmeLsDescriptor.members.other,
    fc.record({
      kind: fc.constant('descriptor'),
      descriptorTag: fc.constant(UNKNOWN_TAG),
      parameters: fc.uint8Array({ maxLength: 24 }),
    }),
  ],
]);

describe.each(codecs)('%s', (_name, codec) => {
  test('values become bytes and the same values again', () => {
    fc.assert(
      fc.property(arbitraryOf(codec, { instead }), (value) => {
        const bytes = codec.encode(value);
        expect(codec.decode(bytes)).toMatchObject(value as object);
        expect(formatHex(codec.encode(codec.decode(bytes)))).toBe(formatHex(bytes));
      }),
      RUNS,
    );
  });

  test('any bytes are refused or kept whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => {
        let value: unknown;
        try {
          value = codec.decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
          return;
        }
        expect(formatHex(codec.encode(value))).toBe(formatHex(bytes));
      }),
      RUNS,
    );
  });
});
