/** From bytes to values: the fixed head through binary-parser, the rest field by field. */
import { canCompile, compileReader, compileRecord, type Reader } from './compile.ts';
import { Cursor, checkRegion } from './cursor.ts';
import { CodecError } from './error.ts';
import type { Layout, Value } from './layout.ts';
import { type FixedParser, newParser, type ParserInput } from './parser.ts';
import { partOf } from './part.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What binary-parser reads from: a window on the input, reused so that decoding allocates no subarray. */
const window: Mutable<ParserInput> & { source: Uint8Array; origin: number } = {
  buffer: new ArrayBuffer(0) as ArrayBufferLike,
  byteOffset: 0,
  length: 0,
  source: new Uint8Array(0),
  origin: 0,
  subarray(from: number, to: number): Uint8Array {
    return this.source.subarray(this.origin + from, this.origin + to);
  },
};

function parseWindow(parser: FixedParser, bytes: Uint8Array, at: number, length: number): object {
  // A struct is read while the message around it is: give that one its window back.
  const { source, origin } = window;
  window.buffer = bytes.buffer;
  window.byteOffset = bytes.byteOffset + at;
  window.length = length;
  window.source = bytes;
  window.origin = at;
  const value = parser.parse(window);
  window.source = source;
  window.origin = origin;
  return value;
}

/** Reads a message's fixed head; its length is checked before. */
type ReadHead = (bytes: Uint8Array, at: number) => Value;

/** Reads a head field by field, without binary-parser. */
export function interpretHead({ kind, head }: Layout): ReadHead {
  return (bytes, at) => {
    const value: Value = kind === undefined ? {} : { kind };
    for (const { key, field, byte, bit } of head) value[key] = field.read(bytes, at + byte, bit);
    return value;
  };
}

/** Reads a head by calling binary-parser as it is. */
function parseHead(layout: Layout, parser: FixedParser): ReadHead {
  const { kind, head, headBytes, tails } = layout;
  const keys = [...head, ...tails].map((slot) => slot.key);
  const zeros = [...head.map((slot) => slot.field.zero), ...tails.map(() => undefined)];
  parser.create(compileRecord(kind, keys, zeros));
  return (bytes, at) => parseWindow(parser, bytes, at, headBytes) as Value;
}

/** Throws `truncated`, naming the first field that is cut, unless the head lies in `[at, end)`. */
export function checkHead({ name, head, headBytes }: Layout, at: number, end: number): void {
  if (end - at >= headBytes) return;
  const have = Math.max(0, end - at);
  const cut = head.find((slot) => slot.byte * 8 + slot.bit + slot.field.bits > have * 8)!;
  throw new CodecError(
    'truncated',
    name,
    cut.key,
    at + cut.byte,
    `the message needs ${headBytes} bytes, ${have} remain`,
    headBytes,
  );
}

function interpretReader(layout: Layout, readHead: ReadHead): Reader {
  const { name, headBytes, tails } = layout;

  function readTails(cursor: Cursor, value: Value): void {
    for (let i = 0; i < tails.length; i++) {
      const { key, field } = tails[i]!;
      value[key] = field.read(cursor, value as never, name, key);
    }
  }

  return {
    decode(bytes, at = 0, end = bytes.length) {
      checkRegion(bytes, at, end);
      checkHead(layout, at, end);
      const value = readHead(bytes, at);
      const cursor = new Cursor(bytes, at + headBytes, end);
      readTails(cursor, value);
      if (cursor.at < end) value.trailing = partOf(bytes, cursor.at, end);
      return value;
    },

    read(cursor) {
      checkHead(layout, cursor.at, cursor.end);
      const value = readHead(cursor.bytes, cursor.at);
      cursor.at += headBytes;
      readTails(cursor, value);
      return value;
    },
  };
}

function makeReader(layout: Layout): Reader {
  if (!canCompile()) return interpretReader(layout, interpretHead(layout));
  const parser = newParser();
  for (const { key, field } of layout.head) field.plan(parser, key);
  const help = {
    checkRegion,
    checkHead: (at: number, end: number) => checkHead(layout, at, end),
  };
  return compileReader(layout, parser, help) ?? interpretReader(layout, parseHead(layout, parser));
}

/**
 * Readers that are made at their first use, and then given to `made`: importing the library must
 * not cost the tables nobody decodes.
 */
export function lazyReader(layout: Layout, made: (reader: Reader) => void): Reader {
  let reader: Reader | undefined;
  const make = (): Reader => {
    if (reader === undefined) {
      reader = makeReader(layout);
      made(reader);
    }
    return reader;
  };
  return {
    decode: (bytes, at, end) => make().decode(bytes, at, end),
    read: (cursor) => make().read(cursor),
  };
}
