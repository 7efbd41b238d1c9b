/** A client of NFS version 4.1 and its server past a tap, call by call: sessions, slots and sequences as a test says. */
import {
  AuthFlavor,
  authSys,
  blockDeviceAddr4,
  compound4args,
  compound4res,
  encodeRecord,
  Nfs4Procedure,
  type NfsArgOp4Input,
  type NfsCbArgOp4Input,
  NfsCbProcedure,
  type NfsResOp4Input,
  NfsStat4,
  RpcProgram,
  rpcCall,
  rpcReply,
  statusOf4,
} from '../../src/codecs/index.ts';
import { cbCompound4args } from '../../src/codecs/nfs4/index.ts';
import type { SessionTap, TapConnection } from './session-tap.ts';

export const FILE4 = Uint8Array.of(9, 9, 9, 9);
const CHANNEL = {
  headerPadBytes: 0,
  maxRequestBytes: 65_536,
  maxResponseBytes: 65_536,
  maxResponseCachedBytes: 1024,
  maxOperations: 16,
  maxRequests: 8,
  rdmaIrd: [],
};
const ok = NfsStat4.NFS4_OK;
const PUTFH_OK = { kind: 'PUTFH', status: ok } as const;

/** The stateid of a number. */
export const stateidOf = (number: number) => ({ seqid: 1, other: new Uint8Array(12).fill(number) });

/** Where a call stands. */
export interface At {
  readonly slot?: number;
  readonly sequence: number;
}

/** Who the client is; sessions of one `session` number are the same. */
export interface Nfs4ScriptOptions {
  readonly owner?: string;
  readonly clientId?: bigint;
  readonly session?: number;
  /** The last octet of its address. */
  readonly host?: number;
}

/** Says what a test has client and server say. */
export class Nfs4Script {
  connection: TapConnection;
  readonly #tap: SessionTap;
  readonly #owner: string;
  readonly #clientId: bigint;
  readonly #sessionId: Uint8Array;
  readonly #host: number;
  #xid = 100;

  constructor(tap: SessionTap, options: Nfs4ScriptOptions = {}) {
    const { owner = 'host', clientId = 1n, session = 1, host = 2 } = options;
    this.#tap = tap;
    this.#owner = owner;
    this.#clientId = clientId;
    this.#sessionId = new Uint8Array(16).fill(session);
    this.#host = host;
    this.connection = tap.connect(2049, host);
  }

  /** Goes on, on another connection. */
  reconnect(): this {
    this.connection = this.#tap.connect(2049, this.#host);
    return this;
  }

  /** The record of a call; each has another xid unless told. */
  record(operations: readonly NfsArgOp4Input[], xid = ++this.#xid): Uint8Array {
    const body = authSys.encode({ machineName: 'host', uid: 0, gid: 0, gids: [] });
    const parameters = compound4args.encode({ tag: '', minorVersion: 1, operations });
    return encodeRecord(
      rpcCall.encode({
        xid,
        program: RpcProgram.NFS,
        version: 4,
        procedure: Nfs4Procedure.COMPOUND,
        credential: { flavor: AuthFlavor.AUTH_SYS, body },
        verifier: {},
        parameters,
      }),
    );
  }

  #answer(xid: number, results: readonly NfsResOp4Input[]): void {
    const status = statusOf4(results.at(-1)!);
    const body = compound4res.encode({ status, tag: '', results });
    const reply = rpcReply.encode({ xid, verifier: {}, acceptStat: 0, results: body });
    this.connection.bytes(false, encodeRecord(reply));
  }

  /** A call outside of sessions, and its answer. */
  alone(operation: NfsArgOp4Input, result: NfsResOp4Input): void {
    this.connection.bytes(true, this.record([operation]));
    this.#answer(this.#xid, [result]);
  }

  login(): this {
    const verifier = new Uint8Array(8).fill(Number(this.#clientId));
    const ownerId = Uint8Array.from(this.#owner, (one) => one.charCodeAt(0));
    this.alone(
      { kind: 'EXCHANGE_ID', verifier, ownerId, flags: 0, protect: 0, implId: [] },
      {
        kind: 'EXCHANGE_ID',
        status: ok,
        resok: {
          clientId: this.#clientId,
          sequence: 1,
          flags: 0,
          protect: 0,
          serverMinorId: 0n,
          serverMajorId: Uint8Array.of(1),
          serverScope: Uint8Array.of(1),
          implId: [],
        },
      },
    );
    const channels = { sequence: 1, flags: 0, fore: CHANNEL, back: CHANNEL };
    this.alone(
      {
        kind: 'CREATE_SESSION',
        clientId: this.#clientId,
        ...channels,
        callbackProgram: RpcProgram.NFS_CB,
        security: [],
      },
      {
        kind: 'CREATE_SESSION',
        status: ok,
        resok: { sessionId: this.#sessionId, ...channels },
      },
    );
    return this;
  }

  destroy(): void {
    this.alone(
      { kind: 'DESTROY_SESSION', sessionId: this.#sessionId },
      { kind: 'DESTROY_SESSION', status: ok },
    );
  }

  /** The operations of a call in its slot, to a file. */
  operations(
    { slot = 0, sequence }: At,
    operations: readonly NfsArgOp4Input[],
  ): readonly NfsArgOp4Input[] {
    return [
      {
        kind: 'SEQUENCE',
        sessionId: this.#sessionId,
        sequenceId: sequence,
        slotId: slot,
        highestSlotId: 7,
        cacheThis: 1,
      },
      { kind: 'PUTFH', object: FILE4 },
      ...operations,
    ];
  }

  /** A call; the number to answer it by. */
  ask(at: At, operations: readonly NfsArgOp4Input[], xid = ++this.#xid): number {
    this.connection.bytes(true, this.record(this.operations(at, operations), xid));
    return xid;
  }

  /** Its answer. */
  answer(xid: number, { slot = 0, sequence }: At, results: readonly NfsResOp4Input[]): void {
    const places = { sequenceId: sequence, slotId: slot, highestSlotId: 7, targetHighestSlotId: 7 };
    const resok = { sessionId: this.#sessionId, ...places, statusFlags: 0 };
    this.#answer(xid, [{ kind: 'SEQUENCE', status: ok, resok }, PUTFH_OK, ...results]);
  }

  /** A server that refuses a call for its place. */
  refuse(xid: number, status: number): void {
    this.#answer(xid, [{ kind: 'SEQUENCE', status }]);
  }

  /** A call and its answer. */
  call(at: At, operation: NfsArgOp4Input, result: NfsResOp4Input): void {
    this.answer(this.ask(at, [operation]), at, [result]);
  }

  writeOf(offset: number, data: Uint8Array, stateid = stateidOf(0)): NfsArgOp4Input {
    return { kind: 'WRITE', stateid, offset: BigInt(offset), stable: 2, data };
  }

  writtenOf(data: Uint8Array, committed = 2, verifier = 1): NfsResOp4Input {
    const writeVerifier = new Uint8Array(8).fill(verifier);
    return { kind: 'WRITE', status: ok, resok: { count: data.length, committed, writeVerifier } };
  }

  write(at: At, offset: number, data: Uint8Array, stateid = stateidOf(0)): void {
    this.call(at, this.writeOf(offset, data, stateid), this.writtenOf(data));
  }

  read(at: At, offset: number, data: Uint8Array): void {
    const stateid = stateidOf(0);
    this.call(
      at,
      { kind: 'READ', stateid, offset: BigInt(offset), count: data.length },
      { kind: 'READ', status: ok, resok: { eof: 0, data } },
    );
  }

  open(at: At, number: number): void {
    this.call(
      at,
      {
        kind: 'OPEN',
        seqid: 0,
        shareAccess: 3,
        shareDeny: 0,
        owner: { clientId: this.#clientId, owner: Uint8Array.of(1) },
        openType: 0,
        claim: { claim: 4 },
      },
      {
        kind: 'OPEN',
        status: ok,
        resok: {
          stateid: stateidOf(number),
          cinfo: { atomic: 1, before: 0n, after: 0n },
          resultFlags: 0,
          attributesSet: [],
          delegation: { delegationType: 0 },
        },
      },
    );
  }

  close(at: At, number: number): void {
    const stateid = stateidOf(number);
    this.call(
      at,
      { kind: 'CLOSE', seqid: 0, stateid },
      { kind: 'CLOSE', status: ok, resok: { stateid } },
    );
  }

  /** By what bytes a device is known. */
  deviceInfo(at: At, deviceId: Uint8Array, contents: Uint8Array): void {
    const simple = { signature: [{ offset: 0n, contents }] };
    const body = blockDeviceAddr4.encode({ volumes: [{ type: 0, simple }] });
    this.call(
      at,
      { kind: 'GETDEVICEINFO', deviceId, type: 3, maxCount: 4096, notify: [] },
      { kind: 'GETDEVICEINFO', status: ok, resok: { type: 3, body, notification: [] } },
    );
  }

  layoutGet(at: At, number: number, body: Uint8Array = new Uint8Array(4)): void {
    const [stateid, range] = [stateidOf(number), { offset: 0n, length: 4096n }];
    const about = { type: 3, iomode: 2, ...range };
    this.call(
      at,
      { kind: 'LAYOUTGET', signalAvailable: 0, ...about, minLength: 0n, stateid, maxCount: 4096 },
      {
        kind: 'LAYOUTGET',
        status: ok,
        resok: { returnOnClose: 0, stateid, layouts: [{ ...about, body }] },
      },
    );
  }

  layoutReturn(at: At, number: number): void {
    const file = { offset: 0n, length: 4096n, stateid: stateidOf(number), body: new Uint8Array(0) };
    this.call(
      at,
      { kind: 'LAYOUTRETURN', reclaim: 0, type: 3, iomode: 2, returnType: 1, file },
      { kind: 'LAYOUTRETURN', status: ok, resok: { hasStateid: 0 } },
    );
  }

  layoutCommit(at: At, number: number): void {
    this.call(
      at,
      {
        kind: 'LAYOUTCOMMIT',
        offset: 0n,
        length: 4096n,
        reclaim: 0,
        stateid: stateidOf(number),
        hasLastWriteOffset: 0,
        hasTimeModify: 0,
        type: 3,
        body: new Uint8Array(0),
      },
      { kind: 'LAYOUTCOMMIT', status: ok, resok: { hasNewSize: 0 } },
    );
  }

  /** The server wants a layout back. */
  recall(): void {
    const sequence: NfsCbArgOp4Input = {
      kind: 'CB_SEQUENCE',
      sessionId: this.#sessionId,
      sequenceId: 1,
      slotId: 0,
      highestSlotId: 0,
      cacheThis: 0,
      referring: [],
    };
    const file = { object: FILE4, offset: 0n, length: 4096n, stateid: stateidOf(1) };
    const about = { type: 3, iomode: 3, changed: 0, recallType: 1, file };
    const parameters = cbCompound4args.encode({
      tag: '',
      minorVersion: 1,
      callbackIdent: 0,
      operations: [sequence, { kind: 'CB_LAYOUTRECALL', ...about }],
    });
    const call = rpcCall.encode({
      xid: 7000 + ++this.#xid,
      program: RpcProgram.NFS_CB,
      version: 1,
      procedure: NfsCbProcedure.CB_COMPOUND,
      credential: {},
      verifier: {},
      parameters,
    });
    this.connection.bytes(false, encodeRecord(call));
  }
}
