/** Calls and replies. Source: RFC 5531, clause 9. */
import {
  codec,
  embed,
  family,
  fixedTail,
  hex,
  type Infer,
  type InferInput,
  named,
  optional,
  rest,
  u32,
  when,
  withDefault,
} from '../layout/index.ts';
import { opaqueAuth } from './auth.ts';
import {
  AcceptStat,
  AuthStat,
  MsgType,
  RejectStat,
  ReplyStat,
  RPC_VERSION,
  RpcProgram,
} from './codes.ts';

const SOURCE = 'RFC 5531, 9';

/**
 * RPC call: which procedure of which program, by whom, and its parameters.
 *
 * Shape: 40 bytes with a credential and a verifier of none; then the parameters of the procedure.
 * Errors: `bad-length` for a credential or verifier of more than 400 bytes.
 */
export const rpcCall = codec(
  'RPC call',
  SOURCE,
  {
    xid: hex(u32),
    msgType: withDefault(named(u32, MsgType), MsgType.CALL),
    rpcVersion: withDefault(u32, RPC_VERSION),
    program: named(u32, RpcProgram),
    version: u32,
    procedure: u32,
    credential: embed(opaqueAuth),
    verifier: embed(opaqueAuth),
    parameters: rest,
  },
  'call',
);
/** What `rpcCall` decodes. */
export type RpcCall = Infer<typeof rpcCall>;
/** What `rpcCall` encodes. */
export type RpcCallInput = InferInput<typeof rpcCall>;

/** The lowest and the highest version that are there. Shape: 8 bytes. */
export const versionRange = codec('mismatch_info', SOURCE, { low: u32, high: u32 });

type Said = {
  readonly replyStat: number;
  readonly acceptStat?: number | undefined;
  readonly rejectStat?: number | undefined;
};
const isAccepted = when<Said>((v) => v.replyStat === ReplyStat.MSG_ACCEPTED);
const isDenied = when<Said>((v) => v.replyStat === ReplyStat.MSG_DENIED);

/**
 * RPC reply: accepted (`acceptStat`) with the results of the procedure, or denied (`rejectStat`).
 *
 * Shape: 24 bytes where it was accepted and succeeded, then the results; 8 more for versions that are there;
 * 20 where the caller's credential was refused.
 * Errors: `bad-length` for a verifier of more than 400 bytes.
 */
export const rpcReply = codec(
  'RPC reply',
  SOURCE,
  {
    xid: hex(u32),
    msgType: withDefault(named(u32, MsgType), MsgType.REPLY),
    replyStat: withDefault(named(u32, ReplyStat), ReplyStat.MSG_ACCEPTED),
    verifier: optional(isAccepted, embed(opaqueAuth)),
    acceptStat: optional(isAccepted, fixedTail(named(u32, AcceptStat))),
    rejectStat: optional(isDenied, fixedTail(named(u32, RejectStat))),
    versions: optional(
      when<Said>(
        (v) =>
          v.acceptStat === AcceptStat.PROG_MISMATCH || v.rejectStat === RejectStat.RPC_MISMATCH,
      ),
      embed(versionRange),
    ),
    authStat: optional(
      when<Said>((v) => v.rejectStat === RejectStat.AUTH_ERROR),
      fixedTail(named(u32, AuthStat)),
    ),
    results: rest,
  },
  'reply',
);
/** What `rpcReply` decodes. */
export type RpcReply = Infer<typeof rpcReply>;
/** What `rpcReply` encodes. */
export type RpcReplyInput = InferInput<typeof rpcReply>;

const TYPE_BYTE = 7;
const PEEK_BYTES = 8;

/** An RPC message of either direction. Shape: 8 bytes at least. Other types are `unknown`. */
export const rpcMessage = family('RPC message', SOURCE, {
  members: { [MsgType.CALL]: rpcCall, [MsgType.REPLY]: rpcReply },
  peekBytes: PEEK_BYTES,
  select(bytes, at) {
    const zeros = bytes[at + 4]! | bytes[at + 5]! | bytes[at + 6]!;
    const type = bytes[at + TYPE_BYTE]!;
    return zeros === 0 && (type === MsgType.CALL || type === MsgType.REPLY) ? type : undefined;
  },
});
/** What `rpcMessage` decodes. */
export type RpcMessage = Infer<typeof rpcMessage>;
