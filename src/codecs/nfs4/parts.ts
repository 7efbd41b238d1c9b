/** What operations of NFS version 4.1 share. Source: RFC 8881, 3.2 and 3.3; RFC 5662. */
import {
  bytes,
  type Codec,
  codec,
  embed,
  type FixedField,
  hex,
  type Infer,
  type InferInput,
  named,
  optional,
  struct,
  type Table,
  type TableCodec,
  type TailField,
  u32,
  u64,
  when,
  withDefault,
} from '../layout/index.ts';
import { xdrArray, xdrBool, xdrOpaque } from '../rpc/xdr.ts';
import { NfsOp4, NfsStat4 } from './codes.ts';

/** Bytes of a file handle, at most. Source: RFC 8881, 3.1: NFS4_FHSIZE. */
export const FILE_HANDLE4_BYTES_MAX = 128;
/** Bytes of names that clients, servers and owners give themselves, at most: NFS4_OPAQUE_LIMIT. */
export const OPAQUE4_BYTES_MAX = 1024;
/** Bytes of a session's identifier. */
export const SESSION_ID_BYTES = 16;
/** Bytes of a verifier. */
export const VERIFIER4_BYTES = 8;
/** Words of a bitmap, at most: far more than there are attributes and operations. */
const BITMAP_WORDS_MAX = 16;

/** A bitmap: bit n is bit n mod 32 of word n / 32. Source: RFC 8881, 3.3. */
export const bitmap4 = <const K extends string>(key: K) =>
  xdrArray(key, hex(u32), BITMAP_WORDS_MAX);

/** Seconds since 1970, two's complement, and nanoseconds. Shape: 12 bytes. */
export const nfsTime4 = codec('nfstime4', 'RFC 8881, 3.3.1', { seconds: u64, nseconds: u32 });

/** Who holds what: a state and how often it has changed. Shape: 16 bytes. */
export const stateid4 = codec('stateid4', 'RFC 8881, 3.3.12', { seqid: u32, other: bytes(12) });
/** What `stateid4` decodes. */
export interface Stateid4 extends Infer<typeof stateid4> {}
/** `stateid4` as a field. Shape: 16 bytes. */
export const stateid4Part: FixedField<Stateid4, false, InferInput<typeof stateid4>> = struct(
  stateid4,
);

/** A directory before and behind a change. Shape: 20 bytes. */
export const changeInfo4 = codec('change_info4', 'RFC 8881, 3.3.3', {
  atomic: xdrBool,
  before: u64,
  after: u64,
});

/** Attributes, by a bitmap, and their values one behind the other. Shape: 8 bytes at least. */
export const fattr4 = codec('fattr4', 'RFC 8881, 3.3.10', {
  ...bitmap4('mask'),
  ...xdrOpaque('values'),
});
/** What `fattr4` decodes. */
export interface Fattr4 extends Infer<typeof fattr4> {}
/** What `fattr4` encodes. */
export interface Fattr4Input extends InferInput<typeof fattr4> {}
/** `fattr4` as a field. */
export const fattr4Part: TailField<Fattr4, false, Fattr4Input> = embed(fattr4);

/** Who opens or locks, of a client. Shape: 12 bytes and a name in units of 4. */
export const stateOwner4 = codec('state_owner4', 'RFC 8881, 3.3.9', {
  clientId: hex64(),
  ...xdrOpaque('owner', OPAQUE4_BYTES_MAX),
});

/** A number of 64 bits that is a name. */
function hex64(): FixedField<bigint> {
  return { ...u64, format: (value) => `0x${value.toString(16).padStart(16, '0')}` };
}
/** A client's identifier, as a field. Source: RFC 8881, 3.1: clientid4. */
export const clientId4: FixedField<bigint> = hex64();

type Head = { op: FixedField<number, true> };
type Resok<T, I> = TailField<T | undefined, true, I | undefined>;

const code = (op: keyof typeof NfsOp4): Head => ({
  op: withDefault(named(u32, NfsOp4), NfsOp4[op]),
});

/** An operation: its number, and what it takes. */
export const operation = <const K extends keyof typeof NfsOp4, F extends Table>(
  name: K,
  source: string,
  fields: F,
): TableCodec<K, Head & F> => codec(`${name}4args`, source, { ...code(name), ...fields }, name);

/** What an operation answers: its number and a status. */
export const plainResult = <const K extends keyof typeof NfsOp4, F extends Table>(
  name: K,
  source: string,
  fields: F,
): TableCodec<K, Head & { status: FixedField<number> } & F> =>
  codec(
    `${name}4res`,
    source,
    { ...code(name), status: named(u32, NfsStat4), ...fields },
    name,
  ) as never;

/** Is there where the operation went well. */
export const whenOk = <T, I>(inner: Codec<T, I>): Resok<T, I> =>
  optional(
    when<{ status: number }>((v) => v.status === NfsStat4.NFS4_OK),
    embed(inner),
  );

/** What an operation answers: `resok` where it went well. */
export const okResult = <const K extends keyof typeof NfsOp4, F extends Table>(
  name: K,
  source: string,
  fields: F,
): TableCodec<
  K,
  Head & {
    status: FixedField<number>;
    resok: Resok<Infer<TableCodec<undefined, F>>, InferInput<TableCodec<undefined, F>>>;
  }
> => plainResult(name, source, { resok: whenOk(codec(`${name}4resok`, source, fields)) }) as never;
