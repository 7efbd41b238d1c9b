/** Fragments of RPC records in a stream, for readers of captures. */
import { nameOf } from '../layout/index.ts';
import type { Framer } from '../stream/framer.ts';
import { AcceptStat, MsgType, RPC_VERSION, RpcProgram } from './codes.ts';
import { RECORD_MARK_BYTES } from './record.ts';

/** TCP ports on which RPC is expected: the port mapper's and NFS's. */
export const RPC_TCP_PORTS: readonly number[] = [111, 2049];

/** No fragment of the programs here is longer: what says so begins none. */
const FRAGMENT_BYTES_MAX = 1 << 24;
/** The last fragment, as the first byte of its mark says it. */
const LAST = 0x80;
/** Mark, xid, type and the next three numbers: of a call its versions and program, of a reply its state. */
const TOLD_BYTES = 20;
const REPLY_BYTES_MIN = 24;

const u32At = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

/** Bytes of a fragment with its mark; `undefined` where none begins. */
function fragmentBytesAt(bytes: Uint8Array, at: number): number | undefined {
  const length = u32At(bytes, at) & 0x7fff_ffff;
  return length > FRAGMENT_BYTES_MAX ? undefined : RECORD_MARK_BYTES + length;
}

/** Whether the first fragment of a call to a program that is known begins here. */
export function looksLikeCall(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < TOLD_BYTES || fragmentBytesAt(bytes, at) === undefined) return false;
  const isCall = u32At(bytes, at + 8) === MsgType.CALL && u32At(bytes, at + 12) === RPC_VERSION;
  return isCall && nameOf(RpcProgram, u32At(bytes, at + 16)) !== undefined;
}

/** Whether a reply that was accepted begins here, its verifier being of no kind. */
function looksLikeReply(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < RECORD_MARK_BYTES + REPLY_BYTES_MIN || (bytes[at]! & LAST) === 0) return false;
  const length = fragmentBytesAt(bytes, at) ?? 0;
  const [type, state, flavor, verifierBytes, accepted] = [8, 12, 16, 20, 24].map((place) =>
    u32At(bytes, at + place),
  ) as [number, number, number, number, number];
  const isPlain = type === MsgType.REPLY && state === 0 && flavor === 0 && verifierBytes === 0;
  return isPlain && nameOf(AcceptStat, accepted) !== undefined && length >= REPLY_BYTES_MIN;
}

/** The fragments of a connection; of most records there is one. */
export const rpcFramer: Framer = {
  headBytes: RECORD_MARK_BYTES,
  lengthAt: fragmentBytesAt,
  begins: (bytes, at, end) => looksLikeCall(bytes, at, end) || looksLikeReply(bytes, at, end),
};
