/** Bytes whose source is named, held against a codec in all its ways. */
import { expect } from 'vitest';
import type { AnyCodec, Infer, InferInput } from '../../src/codecs/layout/codec.ts';
import { formatHex, parseHex } from '../../src/codecs/layout/text.ts';
import { checkEveryLength, checkTiled } from '../unit/codecs/every-length.ts';

/**
 * The bytes decode to these fields and encode again to themselves, their spans tile them, and each
 * shorter beginning is a value of its own or a `CodecError`. Returns the value.
 *
 * `lengths`: how many beginnings, the whole one included, are messages; 1 where nothing may be cut.
 */
export function expectVector<C extends AnyCodec>(
  codec: C,
  hex: string,
  fields: object,
  lengths = 1,
): Infer<C> {
  const bytes = parseHex(hex);
  const value: Infer<C> = codec.decode(bytes);
  expect(value).toMatchObject(fields);
  expect((value as { trailing?: unknown }).trailing, `${codec.name}: trailing`).toBeUndefined();
  expect(formatHex(codec.encode(value))).toBe(formatHex(bytes));
  checkTiled(codec, bytes);
  expect(checkEveryLength(codec, bytes), `${codec.name}: lengths that decode`).toBe(lengths);
  return value;
}

/** The message of these fields is these bytes, also where memory was used before. */
export function expectEncoded<C extends AnyCodec>(
  codec: C,
  input: InferInput<C>,
  hex: string,
): void {
  const wanted = formatHex(parseHex(hex));
  expect(formatHex(codec.encode(input))).toBe(wanted);
  const target = new Uint8Array(wanted.length / 2 + 2).fill(0xa5);
  const next = codec.write(target, 1, input);
  expect(formatHex(target)).toBe(`a5${wanted}a5`);
  expect(next).toBe(target.length - 1);
}
