/** One message beside its bytes: what every codec must make of the two. */
import { expect } from 'vitest';
import { type AnyCodec, CodecError, formatHex, parseHex } from '../../src/codecs/layout/index.ts';
import { checkEveryLength, checkTiled } from '../unit/codecs/every-length.ts';

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
