/** A COMPOUND of NFS version 4.1 as a capture has it: its slot, its operations with their files, and how they ended. */
import { crc32 } from '../../../codecs/crc32.ts';
import {
  type Frame,
  layerOf,
  type NfsArgOp4,
  type NfsResOp4,
  NfsStat4,
  SESSION_ID_BYTES,
  statusOf4,
} from '../../../codecs/index.ts';
import { formatHex, isCutValue } from '../../../codecs/layout/index.ts';

/** An operation of one kind. */
export type SeenOp<K extends NfsArgOp4['kind']> = Extract<NfsArgOp4, { kind: K }>;
/** The answer to an operation of one kind. */
export type SeenResult<K extends NfsResOp4['kind']> = Extract<NfsResOp4, { kind: K }>;

/** An operation, and the file that it is about: a handle in hex, empty where the call does not tell. */
export interface PlacedOp {
  readonly op: NfsArgOp4;
  readonly file: string;
}

/** A call. */
export interface SeenCompound {
  readonly minorVersion: number;
  /** Where it stands in its session; `undefined` outside of one. */
  readonly sequence: SeenOp<'SEQUENCE'> | undefined;
  readonly operations: readonly PlacedOp[];
  /** A number for what is behind SEQUENCE: the same for the same call; `undefined` where that is not all there. */
  readonly print: number | undefined;
}

/** An answer. */
export interface SeenResults {
  readonly status: number;
  readonly results: readonly NfsResOp4[];
  readonly print: number | undefined;
}

const WORD_BYTES = 4;
/** The length of the tag, and two more: minor version and count, or status and count. */
const HEAD_BYTES = 3 * WORD_BYTES;
/** SEQUENCE in a call: its number, the session, sequence, slot, highest slot, whether to keep the answer. */
const SEQUENCE_BYTES = WORD_BYTES + SESSION_ID_BYTES + 4 * WORD_BYTES;
/** And answered well: its number, a status, the session, sequence, slot, two highest slots, flags. */
const SEQUENCE_ANSWER_BYTES = 2 * WORD_BYTES + SESSION_ID_BYTES + 5 * WORD_BYTES;

interface Body {
  readonly tag?: unknown;
  readonly tagLengthBytes?: unknown;
  readonly minorVersion?: unknown;
  readonly status?: unknown;
  readonly operations?: unknown;
  readonly results?: unknown;
}

/** The call in a record; `undefined` where its operations are not there. */
export function compoundIn(frame: Frame): SeenCompound | undefined {
  const { minorVersion, operations } = bodyOf(frame);
  if (typeof minorVersion !== 'number' || !Array.isArray(operations)) return undefined;
  const all = wholeOnes(operations) as NfsArgOp4[];
  const first = all[0];
  const sequence = first?.kind === 'SEQUENCE' ? first : undefined;
  return {
    minorVersion,
    sequence,
    operations: placed(all),
    print: sequence === undefined ? undefined : printOf(frame, HEAD_BYTES + SEQUENCE_BYTES),
  };
}

/** The answer in a record; `undefined` where its results are not there. */
export function resultsIn(frame: Frame): SeenResults | undefined {
  const { status, results } = bodyOf(frame);
  if (typeof status !== 'number' || !Array.isArray(results)) return undefined;
  const all = wholeOnes(results) as NfsResOp4[];
  const isSequenced = all[0]?.kind === 'SEQUENCE' && all[0].status === NfsStat4.NFS4_OK;
  const before = HEAD_BYTES + SEQUENCE_ANSWER_BYTES;
  return { status, results: all, print: isSequenced ? printOf(frame, before) : undefined };
}

const bodyOf = (frame: Frame): Body => (layerOf(frame, 'rpc-body')?.value ?? {}) as Body;

/** Those in front of the first of which a part is missing. */
function wholeOnes(all: readonly unknown[]): readonly unknown[] {
  const cut = all.findIndex(hasCut);
  return cut < 0 ? all : all.slice(0, cut);
}

function hasCut(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return isCutValue(value) || Object.values(value).some(hasCut);
}

/** A number for the bytes of a body behind its tag and so many others. */
function printOf(frame: Frame, before: number): number | undefined {
  const layer = layerOf(frame, 'rpc-body');
  if (layer === undefined || frame.cut || frame.malformed !== undefined) return undefined;
  const { tagLengthBytes } = layer.value as Body;
  if (typeof tagLengthBytes !== 'number') return undefined;
  const from = layer.offset + before + WORD_BYTES * Math.ceil(tagLengthBytes / WORD_BYTES);
  const end = layer.offset + layer.length;
  return from > end ? undefined : crc32(frame.bytes, from, end) * 2 ** 20 + (end - from);
}

/** Operations with the current file handle of each. Source: RFC 8881, 16.2.3.1. */
function placed(operations: readonly NfsArgOp4[]): PlacedOp[] {
  let file = '';
  let saved = '';
  return operations.map((op) => {
    if (op.kind === 'PUTFH') file = op.object instanceof Uint8Array ? formatHex(op.object) : '';
    else if (op.kind === 'SAVEFH') saved = file;
    else if (op.kind === 'RESTOREFH') file = saved;
    else if (GOES.has(op.kind)) file = '';
    return { op, file };
  });
}

/** Operations of whose bytes the answer reminds: the call's own are lent, and others by then. */
const REMEMBERED: ReadonlySet<string> = new Set([
  ...[
    'SEQUENCE',
    'EXCHANGE_ID',
    'DESTROY_SESSION',
    'CLOSE',
    'DELEGRETURN',
    'LAYOUTCOMMIT',
    'WRITE',
  ],
]);

/** The same call with bytes of its own, without its data. */
export function keptOf(call: SeenCompound): SeenCompound {
  const operations = call.operations.map(({ op, file }) => ({
    op: REMEMBERED.has(op.kind) ? (ownBytes(op) as NfsArgOp4) : op,
    file,
  }));
  const first = operations[0]?.op;
  const sequence = call.sequence === undefined ? undefined : (first as SeenOp<'SEQUENCE'>);
  return { ...call, operations, sequence };
}

function ownBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isCutValue(value))
    return value;
  const own = Object.entries(value).filter(([key]) => key !== 'data');
  return Object.fromEntries(own.map(([key, inner]) => [key, ownBytes(inner)]));
}

/** What moves the current file handle to where only the answer tells. */
const GOES: ReadonlySet<string> = new Set([
  ...['PUTROOTFH', 'PUTPUBFH', 'LOOKUP', 'LOOKUPP', 'OPEN', 'OPENATTR', 'CREATE'],
  ...['SECINFO', 'SECINFO_NO_NAME'],
]);

/** The answer to the operation at a place, where it is of that kind and went well. */
export function goodAt<K extends NfsResOp4['kind']>(
  { results }: SeenResults,
  place: number,
  kind: K,
): SeenResult<K> | undefined {
  const result = results[place];
  if (result?.kind !== kind || statusOf4(result) !== NfsStat4.NFS4_OK) return undefined;
  return result as SeenResult<K>;
}

/** What the operation at a place came to; of one that was not reached, what the call did. */
export function statusAt({ status, results }: SeenResults, place: number): number {
  const result = results[place];
  return result === undefined ? status : statusOf4(result);
}
