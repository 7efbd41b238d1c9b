/** Pieces that several ELS payloads share. */
import {
  type AnyCodec,
  type Codec,
  CodecError,
  type Cursor,
  codec,
  type FixedField,
  type FromOwner,
  named,
  reserved24,
  type TailField,
  u8,
  withDefault,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';

/** The first byte of a request: its own command code unless told otherwise. */
export function commandCode(code: number): FixedField<number, true> {
  return withDefault(named(u8, ElsCommand), code);
}

/** First word of most payloads: the command and three reserved bytes. */
export function head(code: number): {
  command: FixedField<number, true>;
  reserved1: FixedField<number, true>;
} {
  return { command: commandCode(code), reserved1: reserved24 };
}

/** First word of most accepts. */
export const acceptHead: ReturnType<typeof head> = head(ElsCommand.LS_ACC);

/** An LS_ACC that says nothing but yes: 4 bytes. */
export function plainAccept<const K extends string>(name: K, standard = 'FC-LS-3') {
  return codec(`LS_ACC to ${name}`, `${standard}, ${name} accept`, acceptHead, `LS_ACC ${name}`);
}

/** A request that is its command and nothing else: 4 bytes. */
export function plainRequest<const K extends keyof typeof ElsCommand>(
  name: K,
  standard = 'FC-LS-3',
) {
  return codec(name, `${standard}, ${name}`, head(ElsCommand[name]), name);
}

/** The value that `codec` decodes from what it encodes: input with its defaults filled in. */
export function complete<T, I>(codec: Codec<T, I>, input: I): T {
  return codec.decode(codec.encode(input));
}

/**
 * Pages of one size, which a field before them gives in bytes. What a page holds beyond its
 * known fields is its `trailing`. Bytes that fill no whole page are left unread.
 */
export function pages<T, I>(
  element: Codec<T, I>,
  pageLengthBytes: FromOwner<number>,
): TailField<T[], false, readonly I[]> {
  const each = (
    cursor: Cursor,
    owner: never,
    layer: string,
    key: string,
    one: (end: number) => T,
  ): T[] => {
    const length = pageLengthBytes(owner);
    if (length < 1) {
      throw new CodecError('bad-length', layer, key, cursor.at, `pages of ${length} bytes`);
    }
    const values: T[] = [];
    while (cursor.remaining >= length) {
      const end = cursor.at + length;
      values.push(one(end));
      cursor.at = end;
    }
    return values;
  };
  return {
    place: 'tail',
    optional: false,
    shape: { kind: 'list', element: element as AnyCodec },
    read: (cursor, owner, layer, key) =>
      each(cursor, owner, layer, key, (end) => element.decode(cursor.bytes, cursor.at, end)),
    size(values, layer, key) {
      if (!Array.isArray(values)) throw new CodecError('bad-value', layer, key, 0, 'needs a list');
      let size = 0;
      for (const value of values) size += element.sizeOf(value);
      return size;
    },
    write(target, at, values) {
      let next = at;
      for (const value of values) next = element.write(target, next, value);
      return next;
    },
    trace: (cursor, owner, layer, path, spans) => {
      let index = 0;
      return each(cursor, owner, layer, path, (end) => {
        const inner = `${path}[${index++}]`;
        for (const span of element.spans(cursor.bytes, cursor.at, end)) {
          spans.push({ ...span, path: `${inner}.${span.path}` });
        }
        return element.decode(cursor.bytes, cursor.at, end);
      });
    },
  };
}

/** A field of at least `leastBytes` that is there when that many bytes remain. */
export function whereBytesRemain<T, O extends boolean, I>(
  leastBytes: number,
  inner: TailField<T, O, I>,
): TailField<T | undefined, true, I | undefined> {
  return {
    place: 'tail',
    optional: true,
    shape: { kind: 'optional', inner: inner.shape },
    read: (cursor, owner, layer, key) =>
      cursor.remaining >= leastBytes ? inner.read(cursor, owner, layer, key) : undefined,
    size: (value, layer, key, at) => (value === undefined ? 0 : inner.size(value, layer, key, at)),
    write: (target, at, value, layer, key) =>
      value === undefined ? at : inner.write(target, at, value, layer, key),
    trace: (cursor, owner, layer, path, spans) =>
      cursor.remaining >= leastBytes ? inner.trace(cursor, owner, layer, path, spans) : undefined,
  };
}
