/**
 * Messages that share a place and are told apart by a code: ELS commands, FIP descriptors, CDBs.
 *
 * A family is itself a codec. What no member claims is a value too, `{kind: 'unknown', raw}`.
 */
import { Cursor, checkRegion, isCutEnd, joinPath, type Span, toleratesFault } from './cursor.ts';
import { cutFamily, registerCut } from './cut.ts';
import { CodecError } from './error.ts';
import { showValue } from './field.ts';
import type { AnyCodec, Codec, Infer, InferInput } from './message.ts';
import { partOf } from './part.ts';
import { checkBytes } from './tail.ts';
import { formatHex } from './text.ts';

/**
 * Bytes whose code no member of the family claims, from the first byte of the message on; or
 * those of a member that does not fit its layout, its `fault` beside it.
 */
export type Unknown = { kind: 'unknown'; raw: Uint8Array; fault?: CodecError };

/** The members of a family, and how one is told by its first bytes. */
export interface FamilyOptions<C extends Readonly<Record<string, AnyCodec>>> {
  /** Members by the key that `select` returns. */
  readonly members: C;
  /** Names the member for the bytes in `[at, end)`, `undefined` for unknown; may not throw. */
  select(bytes: Uint8Array, at: number, end: number): keyof C | undefined;
  /** Bytes that must be there before `select` and `extent` are asked. */
  readonly peekBytes: number;
  /** Bytes this message takes, where it says so itself; without it, the whole region. */
  extent?(bytes: Uint8Array, at: number, end: number): number;
  /**
   * For families whose messages stand in lists: to a tolerant reader, one that does not fit its layout is its
   * bytes and its fault, up to where it says it ends, or to the end of the list.
   */
  readonly spoilsItself?: true;
  /** In a list, a message ends where its member's last field does; `extent` is not asked. */
  readonly endsByItself?: true;
}

/** What a family decodes, of any of its members. */
export type MemberValue<C extends Readonly<Record<string, AnyCodec>>> = {
  [K in keyof C]: Infer<C[K]>;
}[keyof C];
/** What a family encodes: as its members, each with its `kind`. */
export type MemberInput<C extends Readonly<Record<string, AnyCodec>>> = {
  [K in keyof C]: InferInput<C[K]> & { kind: C[K]['kind'] };
}[keyof C];

/** A family's codec: its members can be reached by key. */
export interface FamilyCodec<C extends Readonly<Record<string, AnyCodec>>>
  extends Codec<MemberValue<C> | Unknown, MemberInput<C> | Unknown> {
  readonly members: C;
}

/** What the members read: told apart by `kind`, bytes behind the last field in `trailing`. */
type Value = { kind: string; raw?: Uint8Array; trailing?: Uint8Array; fault?: CodecError };

/** Members by kind. Errors: `TypeError` unless each has one of its own. */
function membersByKind(name: string, members: Readonly<Record<string, AnyCodec>>) {
  const byKind = new Map<unknown, AnyCodec>();
  for (const member of Object.values(members)) {
    if (member.kind === undefined) throw new TypeError(`${name}: ${member.name} needs a kind`);
    const other = byKind.get(member.kind);
    if (member.kind === 'unknown' || (other !== undefined && other !== member))
      throw new TypeError(`${name}: two members are called ${member.kind}`);
    byKind.set(member.kind, member);
  }
  return byKind;
}

function spansOfRaw({ raw, fault }: Value, offset: number): Span[] {
  const value = raw!;
  const text = `${formatHex(value)} (${fault!.message})`;
  return [{ path: 'raw', offset, length: value.length, value, text }];
}

/** Declares a family. Each member must have a `kind` of its own. Errors: `TypeError`. */
export function family<C extends Readonly<Record<string, AnyCodec>>>(
  name: string,
  source: string,
  options: FamilyOptions<C>,
): FamilyCodec<C> {
  const { members, select, peekBytes, extent, spoilsItself, endsByItself } = options;
  const byKind = membersByKind(name, members);
  // Without a prototype: a code that `select` takes from the bytes finds members and nothing else.
  const byKey = Object.assign(Object.create(null), members) as Partial<Record<keyof C, AnyCodec>>;

  /** First byte behind the message that begins at `at`. */
  function endOf(bytes: Uint8Array, at: number, end: number): number {
    const have = end > at ? end - at : 0;
    if (have < peekBytes) {
      const what = `needs ${peekBytes} bytes, ${have} remain`;
      throw new CodecError('truncated', name, 'code', at, what, peekBytes);
    }
    if (extent === undefined) return end;
    const length = extent(bytes, at, end);
    if (Number.isInteger(length) && length >= 1 && length <= have) return at + length;
    const what = `says it has ${length} bytes, ${have} remain`;
    const needed = length > have ? length : undefined;
    throw new CodecError('bad-length', name, 'length', at, what, needed);
  }

  function memberAt(bytes: Uint8Array, at: number, end: number): AnyCodec | undefined {
    const key = select(bytes, at, end);
    return key === undefined ? undefined : byKey[key];
  }

  const extentOr = (bytes: Uint8Array, at: number, end: number): number =>
    extent === undefined ? end - at : extent(bytes, at, end);

  function codecFor(value: Value, at: number): AnyCodec | undefined {
    const kind: unknown = value?.kind;
    if (kind === 'unknown') return undefined;
    const member = byKind.get(kind);
    if (member !== undefined) return member;
    const what = `${showValue(kind)} is none of ${[...byKind.keys()].join(' ')}`;
    throw new CodecError('bad-value', name, 'kind', at, what);
  }

  function rawOf(value: Value, at: number): Uint8Array {
    checkBytes(value.raw, name, 'raw', at);
    return value.raw;
  }

  /** The message of `[at, own)`; what `end` is further on belongs to it as well, unread. */
  function decodeOwn(bytes: Uint8Array, at: number, own: number, end: number): Value {
    const member = memberAt(bytes, at, own);
    if (member === undefined) return { kind: 'unknown', raw: partOf(bytes, at, end) };
    const value = member.decode(bytes, at, own) as Value;
    if (own < end) value.trailing = partOf(bytes, own - (value.trailing?.length ?? 0), end);
    return value;
  }

  function spansOwn(bytes: Uint8Array, at: number, own: number, end: number): Span[] {
    const member = memberAt(bytes, at, own);
    if (member === undefined) {
      const raw = bytes.subarray(at, end);
      return [{ path: 'raw', offset: at, length: raw.length, value: raw, text: formatHex(raw) }];
    }
    const spans = member.spans(bytes, at, own);
    if (own === end) return spans;
    const last = spans.at(-1);
    const offset = last?.path === 'trailing' ? spans.pop()!.offset : own;
    const raw = bytes.subarray(offset, end);
    const text = `${raw.length} bytes`;
    return [...spans, { path: 'trailing', offset, length: raw.length, value: raw, text }];
  }

  /** The message that a list holds at `at`; where it does not fit, its bytes and what is wrong. */
  function readOwn(bytes: Uint8Array, at: number, end: number): { value: Value; own: number } {
    let own = end;
    try {
      own = endOf(bytes, at, end);
      const member = endsByItself === true ? memberAt(bytes, at, end) : undefined;
      if (member !== undefined) {
        const cursor = new Cursor(bytes, at, end);
        const value = member.read(cursor) as Value;
        return { value, own: cursor.at };
      }
      return { value: decodeOwn(bytes, at, own, own), own };
    } catch (fault) {
      if (spoilsItself !== true || !(fault instanceof CodecError) || at >= end || isCutEnd(end))
        throw fault;
      if (!toleratesFault(fault)) throw fault;
      return { value: { kind: 'unknown', raw: partOf(bytes, at, own), fault }, own };
    }
  }

  const self: Codec<Value, Value> & { members: C } = {
    name,
    source,
    kind: undefined,
    table: undefined,
    minBytes: peekBytes,
    members,

    decode(bytes, at = 0, end = bytes.length) {
      checkRegion(bytes, at, end);
      return decodeOwn(bytes, at, endOf(bytes, at, end), end);
    },

    read(cursor) {
      const { value, own } = readOwn(cursor.bytes, cursor.at, cursor.end);
      cursor.at = own;
      return value;
    },

    encode(value) {
      const member = codecFor(value, 0);
      return member === undefined ? rawOf(value, 0).slice() : member.encode(value);
    },

    sizeOf(value, at = 0) {
      const member = codecFor(value, at);
      return member === undefined ? rawOf(value, at).length : member.sizeOf(value, at);
    },

    write(target, at, value) {
      const member = codecFor(value, at);
      if (member !== undefined) return member.write(target, at, value);
      const raw = rawOf(value, at);
      target.set(raw, at);
      return at + raw.length;
    },

    spans(bytes, at = 0, end = bytes.length) {
      checkRegion(bytes, at, end);
      return spansOwn(bytes, at, endOf(bytes, at, end), end);
    },

    trace(cursor, path, spans) {
      const { bytes, at } = cursor;
      const { value, own } = readOwn(bytes, at, cursor.end);
      const { fault } = value;
      const parts = fault === undefined ? spansOwn(bytes, at, own, own) : spansOfRaw(value, at);
      for (const span of parts) spans.push({ ...span, path: joinPath(path, span.path) });
      cursor.at = own;
      return value;
    },
  };
  registerCut(self, () =>
    cutFamily(self, (bytes, at, end) =>
      end - at < peekBytes
        ? undefined
        : memberAt(bytes, at, Math.min(end, at + extentOr(bytes, at, end))),
    ),
  );
  return self as unknown as FamilyCodec<C>;
}
