/** One message beside its bytes: what every codec must make of the two. */
import { expect } from 'vitest';
import { CodecError } from '../../src/codecs/layout/error.ts';
import type { AnyCodec, Infer, InferInput } from '../../src/codecs/layout/message.ts';
import { formatHex, parseHex } from '../../src/codecs/layout/text.ts';
import { checkEveryLength, checkTiled } from './every-length.ts';

/** Hex digits without what divides them for the eye. */
export const bareHex = (hex: string): string => hex.replaceAll(/\s/g, '');

/**
 * `hex` decodes to a value that has what `value` says, and that encodes to `hex` again. Each
 * beginning does the same or is refused, and is refused below the message's fewest bytes; the spans
 * tile the whole.
 */
export function checkRead(codec: AnyCodec, hex: string, value: object): void {
  const bytes = parseHex(bareHex(hex));
  const decoded: unknown = codec.decode(bytes);
  expect(decoded, codec.name).toMatchObject(value);
  expect(decoded, codec.name).not.toHaveProperty('trailing');
  checkEveryLength(codec, bytes);
  checkTiled(codec, bytes);
  for (let length = 0; length < codec.minBytes; length++) {
    expect(() => codec.decode(bytes.subarray(0, length)), `${codec.name}, ${length}`).toThrow(
      CodecError,
    );
  }
}

/** As `checkRead`, and `input` (`value` itself, unless told) encodes to `hex`. */
export function checkVector(
  codec: AnyCodec,
  hex: string,
  value: object,
  input: object = value,
): void {
  checkRead(codec, hex, value);
  expect(formatHex(codec.encode(input)), codec.name).toBe(bareHex(hex));
}

/** A message of one size: as `checkVector`, and no beginning of it decodes. */
export function checkFixedVector(
  codec: AnyCodec,
  hex: string,
  value: object,
  input: object = value,
): void {
  expect(codec.minBytes, codec.name).toBe(bareHex(hex).length / 2);
  checkVector(codec, hex, value, input);
}

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
