/**
 * Messages that share a place and are told apart by a code: ELS commands, FIP descriptors, CDBs.
 *
 * A family is itself a codec. What no member claims is a value too, `{kind: 'unknown', raw}`.
 */
import type { AnyCodec, Codec, Infer, InferInput } from './codec.ts';
import { type Cursor, joinPath, type Span } from './cursor.ts';
import { CodecError } from './error.ts';
import { formatHex } from './text.ts';

/** Bytes whose code no member of the family claims, from the first byte of the message on. */
export type Unknown = { kind: 'unknown'; raw: Uint8Array };

export interface FamilyOptions<C extends Readonly<Record<string, AnyCodec>>> {
  /** Members by the key that `select` returns. */
  readonly members: C;
  /** Names the member for the bytes in `[at, end)`, `undefined` for unknown; may not throw. */
  select(bytes: Uint8Array, at: number, end: number): keyof C | undefined;
  /** Bytes that must be there before `select` and `extent` are asked. */
  readonly peekBytes: number;
  /** Bytes this message takes, where it says so itself; without it, the whole region. */
  extent?(bytes: Uint8Array, at: number, end: number): number;
}

export type MemberValue<C extends Readonly<Record<string, AnyCodec>>> = {
  [K in keyof C]: Infer<C[K]>;
}[keyof C];
export type MemberInput<C extends Readonly<Record<string, AnyCodec>>> = {
  [K in keyof C]: InferInput<C[K]> & { kind: C[K]['kind'] };
}[keyof C];

/** A family's codec: its members can be reached by key. */
export interface FamilyCodec<C extends Readonly<Record<string, AnyCodec>>>
  extends Codec<MemberValue<C> | Unknown, MemberInput<C> | Unknown> {
  readonly members: C;
}

/** Declares a family. Each member must have a `kind` of its own. Errors: `TypeError`. */
export function family<C extends Readonly<Record<string, AnyCodec>>>(
  name: string,
  source: string,
  options: FamilyOptions<C>,
): FamilyCodec<C> {
  const { members, select, peekBytes, extent } = options;
  const byKind = new Map<string, AnyCodec>();
  for (const member of Object.values(members)) {
    if (member.kind === undefined) throw new TypeError(`${name}: ${member.name} needs a kind`);
    if (byKind.has(member.kind) && byKind.get(member.kind) !== member) {
      throw new TypeError(`${name}: two members are called ${member.kind}`);
    }
    byKind.set(member.kind, member);
  }

  function region(cursor: Cursor): number {
    cursor.need(peekBytes, name, 'code');
    const length =
      extent === undefined ? cursor.remaining : extent(cursor.bytes, cursor.at, cursor.end);
    if (!Number.isInteger(length) || length < 1 || length > cursor.remaining) {
      throw new CodecError(
        'bad-length',
        name,
        'length',
        cursor.at,
        `says it has ${length} bytes, ${cursor.remaining} remain`,
      );
    }
    return length;
  }

  function memberOf(bytes: Uint8Array, at: number, end: number): AnyCodec | undefined {
    const key = select(bytes, at, end);
    return key === undefined ? undefined : members[key];
  }

  function codecFor(value: { kind?: unknown }): AnyCodec {
    const member = byKind.get(String(value.kind));
    if (member === undefined) {
      throw new CodecError(
        'bad-value',
        name,
        'kind',
        0,
        `${String(value.kind)} is none of ${[...byKind.keys()].join(' ')}`,
      );
    }
    return member;
  }

  const self: Codec<Unknown, Unknown> & { members: C } = {
    name,
    source,
    kind: undefined,
    table: undefined,
    minBytes: peekBytes,
    members,

    decode(bytes, at = 0, end = bytes.length) {
      if (end - at < peekBytes) {
        throw new CodecError(
          'truncated',
          name,
          'code',
          at,
          `needs ${peekBytes} bytes, ${Math.max(0, end - at)} remain`,
        );
      }
      const member = memberOf(bytes, at, end);
      if (member === undefined) return { kind: 'unknown', raw: bytes.subarray(at, end) };
      return member.decode(bytes, at, end);
    },

    read(cursor) {
      const end = cursor.at + region(cursor);
      const value = self.decode(cursor.bytes, cursor.at, end);
      cursor.at = end;
      return value;
    },

    encode(value) {
      return value.kind === 'unknown' ? value.raw.slice() : codecFor(value).encode(value);
    },

    sizeOf(value) {
      return value.kind === 'unknown' ? value.raw.length : codecFor(value).sizeOf(value);
    },

    write(target, at, value) {
      if (value.kind !== 'unknown') return codecFor(value).write(target, at, value);
      target.set(value.raw, at);
      return at + value.raw.length;
    },

    spans(bytes, at = 0, end = bytes.length) {
      const member = end - at < peekBytes ? undefined : memberOf(bytes, at, end);
      if (member !== undefined) return member.spans(bytes, at, end);
      const raw = bytes.subarray(at, end);
      return [{ path: 'raw', offset: at, length: raw.length, value: raw, text: formatHex(raw) }];
    },

    trace(cursor, path, spans: Span[]) {
      const end = cursor.at + region(cursor);
      for (const span of self.spans(cursor.bytes, cursor.at, end)) {
        spans.push({ ...span, path: joinPath(path, span.path) });
      }
      const value = self.decode(cursor.bytes, cursor.at, end);
      cursor.at = end;
      return value;
    },
  };
  return self as unknown as FamilyCodec<C>;
}
