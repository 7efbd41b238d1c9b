/** Text that ends at a byte of zero. */
import type { Cursor } from './cursor.ts';
import { CodecError } from './error.ts';
import { showValue } from './field.ts';
import type { TailField } from './message.ts';
import { fromLatin1, latin1, showText } from './octets.ts';

function take(cursor: Cursor, layer: string, key: string): string {
  const { bytes, at, end } = cursor;
  let stop = at;
  while (stop < end && bytes[stop] !== 0) stop++;
  // Says one byte more than is there, so that a cut text is known for one.
  if (stop === end) cursor.need(end - at + 1, layer, key);
  cursor.at = stop + 1;
  return latin1(bytes.subarray(at, stop));
}

function checked(value: unknown, layer: string, key: string, at: number): Uint8Array {
  const raw = typeof value === 'string' ? fromLatin1(value) : undefined;
  if (raw !== undefined && !raw.includes(0)) return raw;
  const what = `needs text of one-byte characters without a zero, got ${showValue(value)}`;
  throw new CodecError('bad-value', layer, key, at, what);
}

/** Text up to a byte of zero, which belongs to the field and not to the value. Errors: `truncated` without one. */
export const textToZero: TailField<string> = {
  place: 'tail',
  optional: false,
  shape: { kind: 'text-to-zero' },
  read: (cursor, _owner, layer, key) => take(cursor, layer, key),
  size: (value, layer, key, at) => checked(value, layer, key, at).length + 1,
  write(target, at, value, layer, key) {
    const raw = checked(value, layer, key, at);
    target.set(raw, at);
    target[at + raw.length] = 0;
    return at + raw.length + 1;
  },
  trace(cursor, _owner, layer, path, spans) {
    const offset = cursor.at;
    const value = take(cursor, layer, path);
    spans.push({ path, offset, length: cursor.at - offset, value, text: showText(value) });
    return value;
  },
};
