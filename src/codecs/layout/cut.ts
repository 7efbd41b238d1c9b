/**
 * Messages that end before their layout does: a snap length or an allocation length cut them.
 *
 * Every field before the cut is read as it stands; the bytes of the field that the cut goes
 * through, if any, are `cut`. These run interpreted: cut messages are few.
 */

import { Cursor, checkRegion, joinPath, readCut, type Span } from './cursor.ts';
import { CodecError } from './error.ts';
import type { Layout, Slot, TailSlot, Value } from './layout.ts';
import type { AnyCodec, Codec, TailShape } from './message.ts';
import { partOf } from './part.ts';
import { traceSlot } from './trace.ts';

/** What is there of a message; `cut` holds the bytes behind the last field that is whole. */
export type CutValue<T = Record<string, unknown>> = Partial<T> & { cut: Uint8Array };

const makers = new WeakMap<AnyCodec, () => AnyCodec>();
const made = new WeakMap<AnyCodec, AnyCodec>();
const wholes = new WeakMap<AnyCodec, AnyCodec>();

/** For the makers of codecs: how the codec for cut messages is made, when it is first asked for. */
export function registerCut(whole: unknown, make: () => unknown): void {
  makers.set(whole as AnyCodec, make as () => AnyCodec);
}

/** Reads messages of a codec that were cut. Its values are lossless too. Errors of `decode`: none. */
export function cutOf<T, I>(whole: Codec<T, I>): Codec<CutValue<T>> {
  const key = whole as AnyCodec;
  let cut = made.get(key);
  if (cut === undefined) {
    cut = makers.get(key)?.() ?? cutBytes(key);
    made.set(key, cut);
    wholes.set(cut, key);
  }
  return cut;
}

/** The codec whose cut messages this one reads; `undefined` for every other codec. */
export function wholeOf(cut: AnyCodec): AnyCodec | undefined {
  return wholes.get(cut);
}

/** True when the bytes end within what was read: it may have been whole once. */
export function isCutFault(fault: unknown): fault is CodecError {
  return (
    fault instanceof CodecError && (fault.fault === 'truncated' || fault.neededBytes !== undefined)
  );
}

type Parts = Pick<AnyCodec, 'decode' | 'encode' | 'spans'>;

function codecOf(whole: AnyCodec, { decode, encode, spans }: Parts): AnyCodec {
  return {
    name: `${whole.name} (cut)`,
    source: whole.source,
    kind: whole.kind,
    minBytes: 0,
    table: undefined,
    decode,
    encode,
    spans,
    sizeOf: (value) => encode(value).length,
    write(target, at, value) {
      const bytes = encode(value);
      target.set(bytes, at);
      return at + bytes.length;
    },
    read(cursor) {
      const value = decode(cursor.bytes, cursor.at, cursor.end);
      cursor.at = cursor.end;
      return value;
    },
    trace(cursor, path, all) {
      for (const span of spans(cursor.bytes, cursor.at, cursor.end))
        all.push({ ...span, path: joinPath(path, span.path) });
      return this.read(cursor);
    },
  };
}

function cutSpan(bytes: Uint8Array, offset: number, end: number): Span[] {
  if (offset >= end) return [];
  const value = bytes.subarray(offset, end);
  return [{ path: 'cut', offset, length: value.length, value, text: `${value.length} bytes` }];
}

/** A codec of which nothing is known: all its bytes are behind the cut. */
function cutBytes(whole: AnyCodec): AnyCodec {
  return codecOf(whole, {
    decode(bytes, at = 0, end = bytes.length) {
      checkRegion(bytes, at, end);
      return { cut: partOf(bytes, at, end) };
    },
    encode: ({ cut }: CutValue) => cut.slice(),
    spans: (bytes, at = 0, end = bytes.length) => cutSpan(bytes, at, end),
  });
}

/** For families: the member by its code, where that is there. */
export function cutFamily(
  whole: Codec<never, never> | unknown,
  memberAt: (bytes: Uint8Array, at: number, end: number) => AnyCodec | undefined,
): AnyCodec {
  const { members } = whole as { members: Readonly<Record<string, AnyCodec>> };
  const raw = cutBytes(whole as AnyCodec);
  const at = (bytes: Uint8Array, from: number, end: number): AnyCodec => {
    const member = memberAt(bytes, from, end);
    return member === undefined ? raw : cutOf(member);
  };
  return codecOf(whole as AnyCodec, {
    decode(bytes, from = 0, end = bytes.length) {
      checkRegion(bytes, from, end);
      return at(bytes, from, end).decode(bytes, from, end);
    },
    encode(value: { kind?: string }) {
      const member = Object.values(members).find((one) => one.kind === value.kind);
      return (member === undefined || value.kind === undefined ? raw : cutOf(member)).encode(value);
    },
    spans: (bytes, from = 0, end = bytes.length) => at(bytes, from, end).spans(bytes, from, end),
  });
}

/** True for what `cutOf` reads. */
export const isCutValue = (value: unknown): value is CutValue =>
  typeof value === 'object' && value !== null && (value as CutValue).cut instanceof Uint8Array;

/** The message that fills a field, where one does. */
function messageIn(shape: TailShape): AnyCodec | undefined {
  if (shape.kind === 'codec') return shape.codec;
  return shape.kind === 'sized' || shape.kind === 'optional' ? messageIn(shape.inner) : undefined;
}

function structIn({ field }: Slot): AnyCodec | undefined {
  return field.shape.kind === 'struct' ? (field.shape.codec as AnyCodec) : undefined;
}

/** Walks the fields that are there; `spans` takes their places. */
function walk(layout: Layout, bytes: Uint8Array, at: number, end: number, spans: Span[]): Value {
  const { name, kind, head, headBytes, tails } = layout;
  const value: Value = kind === undefined ? {} : { kind };
  for (const slot of head) {
    const from = at + slot.byte;
    if (from * 8 + slot.bit + slot.field.bits > end * 8) {
      const inner = structIn(slot);
      if (inner === undefined || from >= end) return endAt(value, bytes, from, end, spans);
      value[slot.key] = cutOf(inner).trace(new Cursor(bytes, from, end), slot.key, spans);
      return endAt(value, bytes, end, end, spans);
    }
    value[slot.key] = slot.field.read(bytes, from, slot.bit);
    traceSlot(slot, new Cursor(bytes, at, end), slot.key, value[slot.key], spans);
  }
  const cursor = new Cursor(bytes, at + headBytes, end);
  for (const tail of tails) if (!walkTail(tail, cursor, value, name, spans)) break;
  return endAt(value, bytes, cursor.at, end, spans);
}

/** Reads one more field; false where the cut was met in it. */
function walkTail(
  { key, field }: TailSlot,
  cursor: Cursor,
  value: Value,
  name: string,
  spans: Span[],
): boolean {
  const { at } = cursor;
  const kept = spans.length;
  try {
    const met = readCut(cursor.end, () => {
      value[key] = field.trace(cursor, value as never, name, key, spans);
    });
    return !met;
  } catch (fault) {
    if (!(fault instanceof CodecError)) throw fault;
    spans.length = kept;
    cursor.at = at;
    const inner = messageIn(field.shape);
    if (inner !== undefined && at < cursor.end && isCutFault(fault))
      value[key] = cutOf(inner).trace(cursor, key, spans);
    else delete value[key];
    return false;
  }
}

function endAt(value: Value, bytes: Uint8Array, at: number, end: number, spans: Span[]): Value {
  value.cut = partOf(bytes, Math.min(at, end), end);
  spans.push(...cutSpan(bytes, at, end));
  return value;
}

function encodeFields(layout: Layout, value: CutValue): Uint8Array {
  const { name, head, headBytes, tails } = layout;
  const pieces: Uint8Array[] = [];
  const fixed = new Uint8Array(headBytes);
  let fixedEnd = headBytes;
  for (const slot of head) {
    const { key, field, byte, bit } = slot;
    const given = value[key];
    if (given === undefined) {
      fixedEnd = byte;
      break;
    }
    if (isCutValue(given)) {
      fixedEnd = byte;
      pieces.push(cutOf(structIn(slot)!).encode(given));
      break;
    }
    const complaint = field.write(fixed, byte, bit, given);
    if (complaint !== undefined) throw new CodecError('out-of-range', name, key, byte, complaint);
  }
  pieces.unshift(fixed.subarray(0, fixedEnd));
  for (const { key, field } of fixedEnd < headBytes ? [] : tails) {
    const given = value[key];
    if (given === undefined) continue;
    const inner = messageIn(field.shape);
    if (isCutValue(given) && inner !== undefined) pieces.push(cutOf(inner).encode(given));
    else {
      const piece = new Uint8Array(field.size(given, name, key, 0));
      field.write(piece, 0, given, name, key);
      pieces.push(piece);
    }
  }
  pieces.push(value.cut);
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let next = 0;
  for (const piece of pieces) {
    all.set(piece, next);
    next += piece.length;
  }
  return all;
}

/** For messages made from a table. */
export function cutTable(whole: unknown, layout: Layout): AnyCodec {
  return codecOf(whole as AnyCodec, {
    decode(bytes, at = 0, end = bytes.length) {
      checkRegion(bytes, at, end);
      return walk(layout, bytes, at, end, []);
    },
    encode: (value: CutValue) => encodeFields(layout, value),
    spans(bytes, at = 0, end = bytes.length) {
      checkRegion(bytes, at, end);
      const spans: Span[] = [];
      walk(layout, bytes, at, end, spans);
      return spans;
    },
  });
}
