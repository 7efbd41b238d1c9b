/**
 * RPC records as frames of their own: the mark, the message, and inside it the credential and the parameters or
 * results of its procedure.
 *
 * Memory is bounded: of calls that are not answered the oldest is forgotten first.
 */
import { escapeText, nameOf } from '../layout/index.ts';
import { MountStat3, NfsStat3, procedureOf, rpcServices } from '../nfs/index.ts';
import {
  AcceptStat,
  AuthFlavor,
  authSys,
  MsgType,
  type RpcCall,
  RpcProgram,
  type RpcReply,
  recordMark,
  rpcMessage,
} from '../rpc/index.ts';
import { type Frame, isRaw, type Layer } from './layer.ts';
import { FrameReader } from './reader.ts';
import { line } from './summary-words.ts';

/** Calls that are remembered until they are answered. */
const CALLS_MAX = 4096;
/** Where the body of a call's credential lies in its message. */
const CREDENTIAL_BODY_AT = 32;

/** The procedure of a call, by numbers. */
interface Called {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
}

/** Who opened a connection, and who took it. */
type Side = 'client' | 'server';

/** What was said on a connection so far: the procedure that each xid stands for. */
export class RpcConversation {
  /** Of each side the calls that it has made: a server of NFS version 4.1 calls back on the same connection. */
  readonly #calls = {
    client: new Map<number, Called>(),
    server: new Map<number, Called>(),
  } as const;
  /** Of each side: a record goes on. */
  readonly #midRecord = new Set<Side>();

  /** Remembers a call. */
  called(xid: number, by: Side, { program, version, procedure }: Called): void {
    const calls = this.#calls[by];
    calls.delete(xid);
    calls.set(xid, { program, version, procedure });
    if (calls.size > CALLS_MAX) calls.delete(calls.keys().next().value!);
  }

  /** The call of an xid that a side has made. It is kept: who was called may answer twice. */
  of(xid: number, by: Side): Called | undefined {
    return this.#calls[by].get(xid);
  }

  /** Notes a fragment; true where it goes on with the record of the one before. */
  fragment(side: Side, isLast: boolean): boolean {
    const goesOn = this.#midRecord.has(side);
    if (isLast) this.#midRecord.delete(side);
    else this.#midRecord.add(side);
    return goesOn;
  }
}

/** How a fragment is to be read. */
export interface RpcOptions {
  /** Bytes that it had on the wire, where fewer are there. */
  readonly lengthBytes?: number;
  /** The connection's calls so far; what this one says is added. */
  readonly conversation?: RpcConversation;
  /** Sent by who opened the connection. */
  readonly fromClient?: boolean;
}

/**
 * Decodes a fragment into layers, as `decodeFrame` does a frame; its first byte is the array's. A record of several
 * fragments is not put together: its bytes are `data`. Never throws for what the bytes are.
 */
export function decodeRpc(bytes: Uint8Array, options: RpcOptions = {}): Frame {
  const { conversation = new RpcConversation(), lengthBytes = bytes.length } = options;
  const reader = new FrameReader(bytes, 0, bytes.length, lengthBytes, undefined, false);
  reader.protocol = 'rpc';
  try {
    const { lastFragment } = reader.take('rpc-record', recordMark);
    const side = options.fromClient === false ? 'server' : 'client';
    const goesOn = conversation.fragment(side, lastFragment === 1);
    if (goesOn || lastFragment === 0) reader.raw('data');
    else readMessage(reader, conversation, side);
  } catch (fault) {
    reader.fail(fault);
  }
  reader.raw('raw');
  return reader;
}

function readMessage(reader: FrameReader, conversation: RpcConversation, side: Side): void {
  const { at } = reader;
  const message = reader.body('rpc', rpcMessage);
  if (message?.kind === 'call') {
    conversation.called(message.xid, side, message);
    reader.procedure = calledText(message);
    reader.programVersion = message.version;
    const { flavor, body } = message.credential;
    const from = at + CREDENTIAL_BODY_AT;
    if (flavor === AuthFlavor.AUTH_SYS) reader.inside('authsys', authSys, from, from + body.length);
    readBody(reader, procedureOf(message)?.args, message.parameters);
  } else if (message?.kind === 'reply') {
    const call = conversation.of(message.xid, side === 'client' ? 'server' : 'client');
    if (call === undefined) return;
    reader.procedure = calledText(call);
    reader.programVersion = call.version;
    if (message.acceptStat === AcceptStat.SUCCESS)
      readBody(reader, procedureOf(call)?.res, message.results);
  }
}

type ProcedureCodec = NonNullable<ReturnType<typeof procedureOf>>['args'];

/** Parameters or results fill the message up to its end. */
function readBody(reader: FrameReader, codec: ProcedureCodec | undefined, body: Uint8Array): void {
  const { bytes } = reader;
  if (codec !== undefined && body.length > 0)
    reader.inside('rpc-body', codec, bytes.length - body.length, bytes.length);
}

type Part<T> = Partial<T> & { readonly kind?: string };

const layerIn = (frame: Frame, name: string): Layer | undefined =>
  frame.layers.find((one) => one.layer === name && !isRaw(one));

/** What is called: `NFS READ`, or the numbers of what is not known. */
function calledText({ program, version, procedure }: Partial<Called>): string {
  const service = rpcServices.find((one) => one.program === program && one.version === version);
  if (service !== undefined)
    return `${service.name} ${service.procedures.get(procedure ?? -1)?.name ?? `procedure ${procedure}`}`;
  const name = nameOf(RpcProgram, program ?? 0) ?? `program ${program}`;
  return `${name} version ${version} procedure ${procedure}`;
}

/** What a message is called: `NFS READ call`, `NFS READ reply`. */
export function rpcNameOf(frame: Frame): string {
  const layer = layerIn(frame, 'rpc');
  if (layer === undefined) return 'RPC fragment';
  const message = layer.value as Part<RpcCall> & Part<RpcReply>;
  const kind = nameOf(MsgType, message.msgType ?? -1)?.toLowerCase() ?? 'message';
  return `${frame.procedure ?? 'RPC'} ${kind}`;
}

/** A message of `decodeRpc` in one line, without what is wrong with it; `where`: who sent it to whom. */
export function summarizeRpc(frame: Frame, where = ''): string {
  const message = layerIn(frame, 'rpc')?.value as Part<RpcCall> | undefined;
  const xid =
    message?.xid === undefined ? false : `xid ${message.xid.toString(16).padStart(8, '0')}`;
  return line(rpcNameOf(frame), where, xid, rpcWordsOf(frame));
}

/** The fields of a call or reply that a line tells, in this order. */
const TOLD = ['offset', 'count', 'stable', 'committed', 'access', 'path', 'name'] as const;

/** A few words on what a message says beside its name. */
function rpcWordsOf(frame: Frame): string {
  const message = layerIn(frame, 'rpc')?.value as (Part<RpcCall> & Part<RpcReply>) | undefined;
  const value = layerIn(frame, 'rpc-body')?.value as Record<string, unknown> | undefined;
  const words: string[] = [];
  if (message?.acceptStat !== undefined && message.acceptStat !== AcceptStat.SUCCESS)
    words.push(nameOf(AcceptStat, message.acceptStat) ?? `accept_stat ${message.acceptStat}`);
  if (message?.rejectStat !== undefined) words.push('denied');
  if (value === undefined) return words.join(' ');
  const { status, resok, what, where, object } = value as {
    status?: number;
    resok?: Record<string, unknown>;
    what?: Record<string, unknown>;
    where?: Record<string, unknown>;
    object?: Record<string, unknown>;
  };
  if (status !== undefined) words.push(statusText(frame, status));
  const all = { ...value, ...resok, ...what, ...where, ...(isName(object) ? object : {}) };
  for (const key of TOLD) {
    const told = (all as Record<string, unknown>)[key];
    if (typeof told === 'string') words.push(`${key} ${JSON.stringify(escapeText(told))}`);
    else if (typeof told === 'number' || typeof told === 'bigint') words.push(`${key} ${told}`);
  }
  return words.join(' ');
}

/** MOUNT has the same codes under names of its own. */
function statusText({ procedure }: Frame, status: number): string {
  const names = procedure?.startsWith('MOUNT') ? MountStat3 : NfsStat3;
  return nameOf(names, status) ?? `status ${status}`;
}

const isName = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'name' in value;
