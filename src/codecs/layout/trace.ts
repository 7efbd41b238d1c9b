/** Where each field of a message lies. */

import type { Reader } from './compile.ts';
import { Cursor, joinPath, type Span } from './cursor.ts';
import type { Layout, Slot, Value } from './layout.ts';
import type { AnyCodec } from './message.ts';
import { checkHead, interpretHead } from './read.ts';

/** What finds the spans of one message; see `Codec`. */
export interface Tracer {
  spans(bytes: Uint8Array, at?: number, end?: number): Span[];
  trace(cursor: Cursor, path: string, spans: Span[]): Value;
}

function traceSlot(slot: Slot, cursor: Cursor, path: string, value: unknown, spans: Span[]): void {
  const { field, byte, bit } = slot;
  const offset = cursor.at + byte;
  if (field.shape.kind === 'struct') {
    const inner = new Cursor(cursor.bytes, offset, offset + field.bits / 8);
    (field.shape.codec as AnyCodec).trace(inner, path, spans);
    return;
  }
  const fillsBytes = field.bits % 8 === 0 && bit === 0;
  spans.push({
    path,
    offset,
    length: (bit + field.bits + 7) >> 3,
    ...(fillsBytes ? {} : { bits: { first: bit, width: field.bits } }),
    value,
    text: field.format(value),
  });
}

/** `decode` says what is wrong with bytes that do not decode. */
export function makeTracer(layout: Layout, decode: Reader['decode']): Tracer {
  const { name, head, headBytes, tails } = layout;
  const readHead = interpretHead(layout);

  function trace(cursor: Cursor, path: string, spans: Span[]): Value {
    checkHead(layout, cursor.at, cursor.end);
    const value = readHead(cursor.bytes, cursor.at);
    for (const slot of head)
      traceSlot(slot, cursor, joinPath(path, slot.key), value[slot.key], spans);
    cursor.at += headBytes;
    for (const { key, field } of tails)
      value[key] = field.trace(cursor, value as never, name, joinPath(path, key), spans);
    return value;
  }

  return {
    trace,
    spans(bytes, at = 0, end = bytes.length) {
      // Whatever is wrong is said in the very words of `decode`.
      decode(bytes, at, end);
      const spans: Span[] = [];
      const cursor = new Cursor(bytes, at, end);
      trace(cursor, '', spans);
      if (cursor.at < end) {
        const raw = bytes.subarray(cursor.at, end);
        const text = `${raw.length} bytes`;
        spans.push({ path: 'trailing', offset: cursor.at, length: raw.length, value: raw, text });
      }
      return spans;
    },
  };
}
