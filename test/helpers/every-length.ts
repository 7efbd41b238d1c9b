/** What every codec must do with every beginning of a message. */
import { expect } from 'vitest';
import { type AnyCodec, CodecError, formatHex } from '../../src/codecs/layout/index.ts';

/**
 * Each length from nothing to the whole gives a value that encodes to the same bytes, or a
 * `CodecError`; the whole gives a value. Returns how many lengths gave values.
 */
export function checkEveryLength(codec: AnyCodec, whole: Uint8Array): number {
  let values = 0;
  for (let length = 0; length <= whole.length; length++) {
    const cut = whole.slice(0, length);
    try {
      const value: unknown = codec.decode(cut);
      expect(formatHex(codec.encode(value)), `${codec.name}, ${length} bytes`).toBe(formatHex(cut));
      values++;
    } catch (error) {
      expect(error, `${codec.name}, ${length} bytes`).toBeInstanceOf(CodecError);
      expect(length, `${codec.name}: the whole message is refused: ${String(error)}`).toBeLessThan(
        whole.length,
      );
    }
  }
  return values;
}

/** Spans of a message lie in order, do not overlap, and reach from its first byte to its last. */
export function checkTiled(codec: AnyCodec, whole: Uint8Array): void {
  let bit = 0;
  for (const span of codec.spans(whole)) {
    if (span.length === 0) continue;
    const first = span.offset * 8 + (span.bits?.first ?? 0);
    expect(first, `${codec.name}: ${span.path}`).toBe(bit);
    bit = first + (span.bits?.width ?? span.length * 8);
  }
  expect(bit, codec.name).toBe(whole.length * 8);
}
