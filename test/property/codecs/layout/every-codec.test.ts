/** What holds for the codecs of every protocol, whoever wrote them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyCodec, CodecError, type Span } from '../../../../src/codecs/layout/index.ts';
import { arbitraryOf } from '../../../../src/testing/index.ts';
import { everyCodec } from '../../../helpers/every-codec.ts';

const SEED = 20_261;
const codecs = await everyCodec();

/** Bytes with small numbers among them, so that lengths and counts are often possible ones. */
const someBytes = (codec: AnyCodec): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 255 })), {
      maxLength: codec.minBytes + 48,
    })
    .map((bytes) => Uint8Array.from(bytes));

function orRefused<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function checkTiling(spans: readonly Span[], bytes: number): void {
  let next = 0;
  for (const { path, offset, length, bits } of spans) {
    const first = 8 * offset + (bits?.first ?? 0);
    expect(first, `${path} begins`).toBe(next);
    next = first + (bits?.width ?? 8 * length);
  }
  expect(next, 'end of the last span').toBe(8 * bytes);
}

/** A value or a refusal; a value gives its bytes back, and spans that tile them. */
function checkBytes(codec: AnyCodec, bytes: Uint8Array): boolean {
  const value: unknown = orRefused(() => codec.decode(bytes));
  if (value === undefined) {
    expect(orRefused(() => codec.spans(bytes))).toBeUndefined();
    return false;
  }
  expect(codec.encode(value)).toEqual(bytes);
  const used = new Uint8Array(bytes.length).fill(0xa5);
  codec.write(used, 0, value);
  expect(used).toEqual(bytes);
  checkTiling(codec.spans(bytes), bytes.length);
  return true;
}

const titled = codecs.map((codec) => ({ title: `${codec.source}: ${codec.name}`, codec }));

describe.each(titled)('$title', ({ codec }) => {
  it('makes a value of any bytes, and the bytes of that value, or refuses them', () => {
    fc.assert(
      fc.property(someBytes(codec), (bytes) => {
        checkBytes(codec, bytes);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  it('takes back whatever it encodes, and every cut of it or nothing', () => {
    fc.assert(
      fc.property(arbitraryOf(codec), fc.nat(), (value: unknown, any) => {
        const bytes = orRefused(() => codec.encode(value));
        if (bytes === undefined) return;
        checkBytes(codec, bytes);
        const cut = any % (bytes.length + 1);
        checkBytes(codec, bytes.subarray(0, cut));
      }),
      { seed: SEED, numRuns: 15 },
    );
  });
});
