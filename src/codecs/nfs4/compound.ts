/** COMPOUND: operations one behind the other in one call. Source: RFC 8881, 16.2. */
import {
  codec,
  derived,
  type FamilyCodec,
  type FixedField,
  family,
  type Infer,
  type InferInput,
  list,
  named,
  nameOf,
  type TailField,
  u32,
} from '../layout/index.ts';
import { xdrString } from '../rpc/xdr.ts';
import { NfsOp4, NfsStat4 } from './codes.ts';
import { fileOperations, fileResults } from './files.ts';
import { layoutOperations, layoutResults } from './layouts.ts';
import { openOperations, openResults } from './opens.ts';
import { plainResult } from './parts.ts';
import { sessionOperations, sessionResults } from './sessions.ts';

const SOURCE = 'RFC 8881, 16.2';
/** Operations of a COMPOUND that are read, at most. */
export const COMPOUND_OPERATIONS_MAX = 256;

const OP_BYTES = 4;

/** Written once: what is made of these would be written out with every type that names them. */
type Operations = typeof fileOperations &
  typeof openOperations &
  typeof sessionOperations &
  typeof layoutOperations;
const illegal = plainResult('ILLEGAL', SOURCE, {});
type Results = typeof fileResults &
  typeof openResults &
  typeof sessionResults &
  typeof layoutResults & { readonly ILLEGAL: typeof illegal };

const operations: Operations = {
  ...fileOperations,
  ...openOperations,
  ...sessionOperations,
  ...layoutOperations,
};
const results: Results = {
  ...fileResults,
  ...openResults,
  ...sessionResults,
  ...layoutResults,
  ILLEGAL: illegal,
};

type Named = Readonly<Record<string, unknown>>;

/** The member's key for an operation's number. */
const memberIn =
  <M extends Named>(members: M) =>
  (bytes: Uint8Array, at: number): keyof M | undefined => {
    const op = u32.read(bytes, at, 0);
    const name = nameOf(NfsOp4, op);
    return name !== undefined && Object.hasOwn(members, name) ? name : undefined;
  };

/** Any operation of a COMPOUND; what is none of these takes the rest of the call with it. Shape: 4 bytes and more. */
export const nfsArgOp4: FamilyCodec<Operations> = family('nfs_argop4', SOURCE, {
  members: operations,
  select: memberIn(operations),
  peekBytes: OP_BYTES,
  spoilsItself: true,
  endsByItself: true,
});
/** What `nfsArgOp4` decodes. */
export type NfsArgOp4 = Infer<typeof nfsArgOp4>;
/** What `nfsArgOp4` encodes. */
export type NfsArgOp4Input = InferInput<typeof nfsArgOp4>;

/** What an operation of a COMPOUND answered. Shape: 8 bytes and more. */
export const nfsResOp4: FamilyCodec<Results> = family('nfs_resop4', SOURCE, {
  members: results,
  select: memberIn(results),
  peekBytes: OP_BYTES,
  spoilsItself: true,
  endsByItself: true,
});
/** What `nfsResOp4` decodes. */
export type NfsResOp4 = Infer<typeof nfsResOp4>;
/** What `nfsResOp4` encodes. */
export type NfsResOp4Input = InferInput<typeof nfsResOp4>;

/** How an operation ended. */
export const statusOf4 = (result: NfsResOp4Input): number =>
  result.kind === 'unknown' ? u32.read(result.raw, OP_BYTES, 0) : result.status;

/**
 * Operations behind their count. Those behind one that is unknown are bytes of it, so that fewer may be there than are
 * counted.
 */
const counted = <const K extends string, F>(
  key: K,
  one: unknown,
): {
  [P in `${K}Count`]: FixedField<number, true>;
} & { [P in K]: F } =>
  ({
    [`${key}Count`]: derived(u32, (value) => (value[key] as unknown[]).length),
    [key]: list(one as never, {
      count: ((v: Readonly<Record<string, number>>) => v[`${key}Count`]!) as never,
      max: COMPOUND_OPERATIONS_MAX,
      last: (operation: { readonly kind?: string }) => operation.kind === 'unknown',
    }),
  }) as never;

/** The operations of a call. */
export interface NfsArgOps4Field extends TailField<NfsArgOp4[], false, readonly NfsArgOp4Input[]> {}

/** A COMPOUND. Shape: 12 bytes, a tag in units of 4, and its operations.  */
export const compound4args = codec('COMPOUND4args', SOURCE, {
  ...xdrString('tag', 1024),
  minorVersion: u32,
  ...counted<'operations', NfsArgOps4Field>('operations', nfsArgOp4),
});
/** What `compound4args` decodes. */
export type Compound4Args = Infer<typeof compound4args>;
/** What `compound4args` encodes. */
export type Compound4ArgsInput = InferInput<typeof compound4args>;

/** The answers to them. */
export interface NfsResOps4Field extends TailField<NfsResOp4[], false, readonly NfsResOp4Input[]> {}

/** What it answers: up to the first operation that failed. Shape: 12 bytes and more. */
export const compound4res = codec('COMPOUND4res', SOURCE, {
  status: named(u32, NfsStat4),
  ...xdrString('tag', 1024),
  ...counted<'results', NfsResOps4Field>('results', nfsResOp4),
});
/** What `compound4res` decodes. */
export type Compound4Res = Infer<typeof compound4res>;
/** What `compound4res` encodes. */
export type Compound4ResInput = InferInput<typeof compound4res>;
