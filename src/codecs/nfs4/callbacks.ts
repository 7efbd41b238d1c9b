/** CB_COMPOUND: what a server of NFS version 4.1 calls its clients for. Source: RFC 8881, 20; RFC 5662. */
import {
  bytes,
  codec,
  derived,
  embed,
  type FamilyCodec,
  family,
  fixedTail,
  type Infer,
  type InferInput,
  list,
  named,
  nameOf,
  optional,
  type TailField,
  u32,
  u64,
  when,
  withDefault,
} from '../layout/index.ts';
import { xdrArray, xdrBool, xdrOpaque, xdrString } from '../rpc/xdr.ts';
import { LayoutIomode4, LayoutReturnType4, LayoutType4, NfsStat4 } from './codes.ts';
import { COMPOUND_OPERATIONS_MAX } from './compound.ts';
import {
  bitmap4,
  FILE_HANDLE4_BYTES_MAX,
  SESSION_ID_BYTES,
  stateid4Part,
  whenOk,
} from './parts.ts';

/** Operations of a CB_COMPOUND. Source: RFC 8881, 20; RFC 5662, nfs_cb_opnum4. */
export const NfsCbOp4 = {
  CB_GETATTR: 3,
  CB_RECALL: 4,
  CB_LAYOUTRECALL: 5,
  CB_NOTIFY: 6,
  CB_PUSH_DELEG: 7,
  CB_RECALL_ANY: 8,
  CB_RECALLABLE_OBJ_AVAIL: 9,
  CB_RECALL_SLOT: 10,
  CB_SEQUENCE: 11,
  CB_WANTS_CANCELLED: 12,
  CB_NOTIFY_LOCK: 13,
  CB_NOTIFY_DEVICEID: 14,
  CB_ILLEGAL: 10_044,
} as const;

/** Procedures of the program that a client serves. Source: RFC 8881, 20. */
export const NfsCbProcedure = { CB_NULL: 0, CB_COMPOUND: 1 } as const;

type CbOp = keyof typeof NfsCbOp4;
const op = (name: CbOp) => withDefault(named(u32, NfsCbOp4), NfsCbOp4[name]);
const status = named(u32, NfsStat4);

const OP_BYTES = 4;
const SEQUENCE_SOURCE = 'RFC 8881, 20.9';
const LAYOUT_SOURCE = 'RFC 8881, 20.3';

const referringCall = codec('referring_call4', SEQUENCE_SOURCE, { sequenceId: u32, slotId: u32 });
const referringCalls = codec('referring_call_list4', SEQUENCE_SOURCE, {
  sessionId: bytes(SESSION_ID_BYTES),
  ...xdrArray('calls', referringCall, 64),
});

const recalledFile = codec('layoutrecall_file4', LAYOUT_SOURCE, {
  ...xdrOpaque('object', FILE_HANDLE4_BYTES_MAX),
  offset: fixedTail(u64),
  length: fixedTail(u64),
  stateid: fixedTail(stateid4Part),
});
const fsid = codec('fsid4', LAYOUT_SOURCE, { major: u64, minor: u64 });
const recalls = (type: number) => when<{ recallType: number }>((v) => v.recallType === type);

const operations = {
  CB_SEQUENCE: codec(
    'CB_SEQUENCE4args',
    SEQUENCE_SOURCE,
    {
      op: op('CB_SEQUENCE'),
      sessionId: bytes(SESSION_ID_BYTES),
      sequenceId: u32,
      slotId: u32,
      highestSlotId: u32,
      cacheThis: xdrBool,
      ...xdrArray('referring', referringCalls, 64),
    },
    'CB_SEQUENCE',
  ),
  CB_LAYOUTRECALL: codec(
    'CB_LAYOUTRECALL4args',
    LAYOUT_SOURCE,
    {
      op: op('CB_LAYOUTRECALL'),
      type: named(u32, LayoutType4),
      iomode: named(u32, LayoutIomode4),
      changed: xdrBool,
      recallType: named(u32, LayoutReturnType4),
      file: optional(recalls(LayoutReturnType4.LAYOUTRETURN4_FILE), embed(recalledFile)),
      fsid: optional(recalls(LayoutReturnType4.LAYOUTRETURN4_FSID), embed(fsid)),
    },
    'CB_LAYOUTRECALL',
  ),
  CB_RECALL: codec(
    'CB_RECALL4args',
    'RFC 8881, 20.2',
    {
      op: op('CB_RECALL'),
      stateid: stateid4Part,
      truncate: xdrBool,
      ...xdrOpaque('object', FILE_HANDLE4_BYTES_MAX),
    },
    'CB_RECALL',
  ),
  CB_RECALL_ANY: codec(
    'CB_RECALL_ANY4args',
    'RFC 8881, 20.6',
    { op: op('CB_RECALL_ANY'), objectsToKeep: u32, ...bitmap4('typeMask') },
    'CB_RECALL_ANY',
  ),
  CB_RECALL_SLOT: codec(
    'CB_RECALL_SLOT4args',
    'RFC 8881, 20.8',
    { op: op('CB_RECALL_SLOT'), targetHighestSlotId: u32 },
    'CB_RECALL_SLOT',
  ),
} as const;

const plain = <const K extends CbOp>(name: K, source: string) =>
  codec(`${name}4res`, source, { op: op(name), status }, name);
const results = {
  CB_SEQUENCE: codec(
    'CB_SEQUENCE4res',
    SEQUENCE_SOURCE,
    {
      op: op('CB_SEQUENCE'),
      status,
      resok: whenOk(
        codec('CB_SEQUENCE4resok', SEQUENCE_SOURCE, {
          sessionId: bytes(SESSION_ID_BYTES),
          sequenceId: u32,
          slotId: u32,
          highestSlotId: u32,
          targetHighestSlotId: u32,
        }),
      ),
    },
    'CB_SEQUENCE',
  ),
  CB_LAYOUTRECALL: plain('CB_LAYOUTRECALL', LAYOUT_SOURCE),
  CB_RECALL: plain('CB_RECALL', 'RFC 8881, 20.2'),
  CB_RECALL_ANY: plain('CB_RECALL_ANY', 'RFC 8881, 20.6'),
  CB_RECALL_SLOT: plain('CB_RECALL_SLOT', 'RFC 8881, 20.8'),
  CB_ILLEGAL: plain('CB_ILLEGAL', 'RFC 8881, 20.13'),
} as const;

const memberIn =
  <M extends object>(members: M) =>
  (of: Uint8Array, at: number): keyof M | undefined => {
    const name = nameOf(NfsCbOp4, u32.read(of, at, 0));
    return name !== undefined && Object.hasOwn(members, name) ? (name as keyof M) : undefined;
  };

/** Written once, as those of COMPOUND are. */
type Operations = typeof operations;
type Results = typeof results;

/** Any operation of a CB_COMPOUND; what is none of these takes the rest of the call with it. Shape: 4 bytes and more. */
export const nfsCbArgOp4: FamilyCodec<Operations> = family('nfs_cb_argop4', 'RFC 8881, 20', {
  members: operations,
  select: memberIn(operations),
  peekBytes: OP_BYTES,
  spoilsItself: true,
  endsByItself: true,
});
/** What `nfsCbArgOp4` decodes. */
export type NfsCbArgOp4 = Infer<typeof nfsCbArgOp4>;
/** What `nfsCbArgOp4` encodes. */
export type NfsCbArgOp4Input = InferInput<typeof nfsCbArgOp4>;

/** What an operation of a CB_COMPOUND answered. Shape: 8 bytes and more. */
export const nfsCbResOp4: FamilyCodec<Results> = family('nfs_cb_resop4', 'RFC 8881, 20', {
  members: results,
  select: memberIn(results),
  peekBytes: OP_BYTES,
  spoilsItself: true,
  endsByItself: true,
});
/** What `nfsCbResOp4` decodes. */
export type NfsCbResOp4 = Infer<typeof nfsCbResOp4>;
/** What `nfsCbResOp4` encodes. */
export type NfsCbResOp4Input = InferInput<typeof nfsCbResOp4>;

/** The operations of a call. */
export interface NfsCbArgOps4Field
  extends TailField<NfsCbArgOp4[], false, readonly NfsCbArgOp4Input[]> {}
/** The answers to them. */
export interface NfsCbResOps4Field
  extends TailField<NfsCbResOp4[], false, readonly NfsCbResOp4Input[]> {}

/** Those behind one that is unknown are bytes of it. */
const counted = <F>(key: string, one: unknown): F =>
  list(one as never, {
    count: ((v: Readonly<Record<string, number>>) => v[`${key}Count`]!) as never,
    max: COMPOUND_OPERATIONS_MAX,
    last: (operation: { readonly kind?: string }) => operation.kind === 'unknown',
  }) as F;

/** A CB_COMPOUND. Shape: 16 bytes, a tag in units of 4, and its operations. */
export const cbCompound4args = codec('CB_COMPOUND4args', 'RFC 8881, 20.12', {
  ...xdrString('tag', 1024),
  minorVersion: u32,
  callbackIdent: u32,
  operationsCount: derived(u32, (value) => (value.operations as unknown[]).length),
  operations: counted<NfsCbArgOps4Field>('operations', nfsCbArgOp4),
});
/** What `cbCompound4args` decodes. */
export interface CbCompound4Args extends Infer<typeof cbCompound4args> {}

/** What it answers: up to the first operation that failed. Shape: 12 bytes and more. */
export const cbCompound4res = codec('CB_COMPOUND4res', 'RFC 8881, 20.12', {
  status,
  ...xdrString('tag', 1024),
  resultsCount: derived(u32, (value) => (value.results as unknown[]).length),
  results: counted<NfsCbResOps4Field>('results', nfsCbResOp4),
});
/** What `cbCompound4res` decodes. */
export interface CbCompound4Res extends Infer<typeof cbCompound4res> {}
