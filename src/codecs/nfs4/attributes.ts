/** Values of attributes, as they stand behind their bitmap. Source: RFC 8881, clause 5. */
import { Cursor } from '../layout/cursor.ts';
import {
  type Codec,
  CodecError,
  codec,
  type FixedField,
  octal,
  u32,
  u64,
} from '../layout/index.ts';
import { xdrArray, xdrBool, xdrOpaque, xdrString } from '../rpc/xdr.ts';
import { NfsAttribute4 } from './codes.ts';
import {
  bitmap4,
  type Fattr4,
  type Fattr4Input,
  FILE_HANDLE4_BYTES_MAX,
  nfsTime4,
  OPAQUE4_BYTES_MAX,
} from './parts.ts';

const SOURCE = 'RFC 8881, 5.8';
const WORD_BITS = 32;

/** Seconds since 1970 and nanoseconds. */
export interface NfsTime4 {
  readonly seconds: bigint;
  readonly nseconds: number;
}

/** Attributes that are laid out, by the standard's names in lower case. Units: sizes and space in bytes, `lease_time` in seconds. */
export interface Attributes4 {
  readonly supported_attrs: readonly number[];
  readonly type: number;
  readonly fh_expire_type: number;
  readonly change: bigint;
  readonly size: bigint;
  readonly link_support: number;
  readonly symlink_support: number;
  readonly named_attr: number;
  readonly fsid: { readonly major: bigint; readonly minor: bigint };
  readonly unique_handles: number;
  readonly lease_time: number;
  readonly rdattr_error: number;
  readonly aclsupport: number;
  readonly cansettime: number;
  readonly case_insensitive: number;
  readonly case_preserving: number;
  readonly chown_restricted: number;
  readonly filehandle: Uint8Array;
  readonly fileid: bigint;
  readonly files_avail: bigint;
  readonly files_free: bigint;
  readonly files_total: bigint;
  readonly homogeneous: number;
  readonly maxfilesize: bigint;
  readonly maxlink: number;
  readonly maxname: number;
  readonly maxread: bigint;
  readonly maxwrite: bigint;
  readonly mode: number;
  readonly no_trunc: number;
  readonly numlinks: number;
  readonly owner: string;
  readonly owner_group: string;
  readonly rawdev: { readonly major: number; readonly minor: number };
  readonly space_avail: bigint;
  readonly space_free: bigint;
  readonly space_total: bigint;
  readonly space_used: bigint;
  readonly time_access: NfsTime4;
  readonly time_access_set: SetTime4;
  readonly time_delta: NfsTime4;
  readonly time_metadata: NfsTime4;
  readonly time_modify: NfsTime4;
  readonly time_modify_set: SetTime4;
  readonly mounted_on_fileid: bigint;
  readonly fs_layout_types: readonly number[];
  readonly layout_types: readonly number[];
  readonly layout_blksize: number;
  readonly suppattr_exclcreat: readonly number[];
}
/** The name of an attribute that is laid out. */
export type AttributeName4 = keyof Attributes4;

/** What a time is set to: the client's `time`, or the server's where there is none. */
export interface SetTime4 {
  readonly time?: NfsTime4;
}

/** How one value stands in the list. */
interface Value<T> {
  read(cursor: Cursor): T;
  encode(value: T): Uint8Array;
}

const of = <T, I, V>(
  message: Codec<T, I>,
  get: (message: T) => V,
  put: (value: V) => I,
): Value<V> => ({
  read: (cursor) => get(message.read(cursor)),
  encode: (value) => message.encode(put(value)),
});
const fixed = <T>(field: FixedField<T>): Value<T> => {
  const message = codec('attribute', SOURCE, { value: field }) as unknown as Codec<
    { value: T },
    { value: T }
  >;
  return of(
    message,
    ({ value }) => value,
    (value) => ({ value }),
  );
};
const whole = <T>(message: Codec<T, T>): Value<T> => ({
  read: (cursor) => message.read(cursor),
  encode: (value) => message.encode(value),
});

const bool = fixed(xdrBool);
const number32 = fixed(u32);
const number64 = fixed(u64);
const bits = codec('bitmap4', SOURCE, { ...bitmap4('words') });
const bitmap: Value<readonly number[]> = of(
  bits,
  ({ words }) => words as readonly number[],
  (words) => ({ words }),
);
const handleValue = codec('nfs_fh4', SOURCE, { ...xdrOpaque('handle', FILE_HANDLE4_BYTES_MAX) });
const handle: Value<Uint8Array> = of(
  handleValue,
  ({ handle }) => handle,
  (handle) => ({ handle }),
);
const textValue = codec('utf8str_mixed', SOURCE, { ...xdrString('text', OPAQUE4_BYTES_MAX) });
const text: Value<string> = of(
  textValue,
  ({ text }) => text,
  (text) => ({ text }),
);
const time = whole(nfsTime4 as unknown as Codec<NfsTime4, NfsTime4>);
const fsid = whole(
  codec('fsid4', SOURCE, { major: u64, minor: u64 }) as unknown as Codec<
    Attributes4['fsid'],
    Attributes4['fsid']
  >,
);
const device = whole(
  codec('specdata4', SOURCE, { major: u32, minor: u32 }) as unknown as Codec<
    Attributes4['rawdev'],
    Attributes4['rawdev']
  >,
);
const typesValue = codec('layouttypes', SOURCE, { ...xdrArray('types', u32, 64) });
const types: Value<readonly number[]> = of(
  typesValue,
  ({ types }) => types as readonly number[],
  (types) => ({ types }),
);
/** SET_TO_SERVER_TIME4 and SET_TO_CLIENT_TIME4. */
const setTime: Value<SetTime4> = {
  read: (cursor) => (number32.read(cursor) === 0 ? {} : { time: time.read(cursor) }),
  encode: ({ time: to }) => {
    const how = number32.encode(to === undefined ? 0 : 1);
    return to === undefined ? how : joined([how, time.encode(to)]);
  },
};

const values: { readonly [N in AttributeName4]: Value<Attributes4[N]> } = {
  supported_attrs: bitmap,
  type: number32,
  fh_expire_type: number32,
  change: number64,
  size: number64,
  link_support: bool,
  symlink_support: bool,
  named_attr: bool,
  fsid,
  unique_handles: bool,
  lease_time: number32,
  rdattr_error: number32,
  aclsupport: number32,
  cansettime: bool,
  case_insensitive: bool,
  case_preserving: bool,
  chown_restricted: bool,
  filehandle: handle,
  fileid: number64,
  files_avail: number64,
  files_free: number64,
  files_total: number64,
  homogeneous: bool,
  maxfilesize: number64,
  maxlink: number32,
  maxname: number32,
  maxread: number64,
  maxwrite: number64,
  mode: fixed(octal(u32)),
  no_trunc: bool,
  numlinks: number32,
  owner: text,
  owner_group: text,
  rawdev: device,
  space_avail: number64,
  space_free: number64,
  space_total: number64,
  space_used: number64,
  time_access: time,
  time_access_set: setTime,
  time_delta: time,
  time_metadata: time,
  time_modify: time,
  time_modify_set: setTime,
  mounted_on_fileid: number64,
  fs_layout_types: types,
  layout_types: types,
  layout_blksize: number32,
  suppattr_exclcreat: bitmap,
};

const bitOf = (name: AttributeName4): number =>
  NfsAttribute4[name.toUpperCase() as keyof typeof NfsAttribute4];
/** Attributes that are laid out, in the order of their bits. */
const NAMES = (Object.keys(values) as AttributeName4[]).sort((a, b) => bitOf(a) - bitOf(b));
const nameByBit = new Map(NAMES.map((name) => [bitOf(name), name]));

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A bitmap of attributes. */
export function maskOf(names: Iterable<AttributeName4>): number[] {
  const mask: number[] = [];
  for (const name of names) {
    const bit = bitOf(name);
    const word = Math.floor(bit / WORD_BITS);
    while (mask.length <= word) mask.push(0);
    mask[word] = (mask[word]! | (1 << (bit % WORD_BITS))) >>> 0;
  }
  return mask;
}

/** True where a bitmap has the bit. */
const has = (mask: readonly number[], bit: number): boolean =>
  (((mask[Math.floor(bit / WORD_BITS)] ?? 0) >>> (bit % WORD_BITS)) & 1) === 1;

/** Attributes of a bitmap that are laid out; others of it are left out. */
export function namesIn(mask: readonly number[]): AttributeName4[] {
  return NAMES.filter((name) => has(mask, bitOf(name)));
}

/** Attributes as a bitmap and what stands behind it. Errors: `CodecError` for a value that does not fit. */
export function encodeAttributes(attributes: Partial<Attributes4>): Fattr4Input {
  const names = NAMES.filter((name) => attributes[name] !== undefined);
  const parts = names.map((name) => (values[name] as Value<unknown>).encode(attributes[name]));
  return { mask: maskOf(names), values: joined(parts) };
}

/** Attributes that were read; `unread`: one that is not laid out, and all behind it, stand in bytes of no known form. */
export interface DecodedAttributes4 {
  readonly attributes: Partial<Attributes4>;
  readonly unread: boolean;
}

/** The values behind a bitmap. Errors: `CodecError` where they do not fit their forms, or are more or fewer bytes. */
export function decodeAttributes({ mask, values: bytes }: Fattr4): DecodedAttributes4 {
  const attributes: Partial<Record<AttributeName4, unknown>> = {};
  const cursor = new Cursor(bytes, 0, bytes.length);
  for (let bit = 0; bit < mask.length * WORD_BITS; bit++) {
    if (!has(mask, bit)) continue;
    const name = nameByBit.get(bit);
    if (name === undefined) return { attributes: attributes as Partial<Attributes4>, unread: true };
    attributes[name] = values[name].read(cursor);
  }
  if (cursor.remaining > 0) {
    const what = `${cursor.remaining} bytes are behind the last attribute`;
    throw new CodecError('bad-length', 'fattr4', 'values', cursor.at, what);
  }
  return { attributes: attributes as Partial<Attributes4>, unread: false };
}
