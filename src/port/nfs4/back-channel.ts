/**
 * What a server calls its clients for, on the connections that they have opened: one call at a time in a session, in
 * the order in which they are asked for. A call whose connection breaks is made again on the next one that its client
 * binds; nobody waits for its answer.
 *
 * Ownership: it owns the calls that are not answered. Source: RFC 8881, 2.10.3.1, 18.34, 20.9.
 */
import { CodecError } from '../../codecs/layout/index.ts';
import {
  cbCompound4args,
  cbCompound4res,
  type NfsCbArgOp4Input,
  NfsCbProcedure,
  NfsStat4,
} from '../../codecs/nfs4/index.ts';
import {
  AcceptStat,
  type OpaqueAuthInput,
  type RpcReply,
  rpcCall,
} from '../../codecs/rpc/index.ts';
import type { Conn } from '../../machine/stream-machine.ts';
import type { Session4 } from './sessions.ts';

/** Calls of one session that wait. */
const WAITING_MAX = 1024;
/** Version of the program that clients serve. Source: RFC 5662. */
const NFS_CB = 1;

/** How a client wants to be called: its program, and by whom. */
export interface CallsBackAs {
  readonly program: number;
  readonly credential: OpaqueAuthInput;
}

interface Back {
  readonly session: Session4;
  readonly program: number;
  readonly credential: OpaqueAuthInput;
  /** `undefined` between two connections. */
  conn: Conn | undefined;
  sequenceId: number;
  xid: number | undefined;
  /** The first one is under way. */
  readonly calls: {
    readonly operation: NfsCbArgOp4Input;
    readonly answered: (status: number) => void;
  }[];
}

/** The back channels of a server's sessions. */
export class BackChannels {
  readonly #send: (conn: Conn, message: Uint8Array) => void;
  readonly #bySession = new Map<Session4, Back>();
  #xid = 1;

  /** `send`: a message of RPC on a connection. */
  constructor(send: (conn: Conn, message: Uint8Array) => void) {
    this.#send = send;
  }

  get size(): number {
    return this.#bySession.size;
  }

  /** A connection serves a session's calls back. `as`: left out where the session is bound anew. */
  bind(session: Session4, conn: Conn, as?: CallsBackAs): void {
    const known = this.#bySession.get(session);
    if (known === undefined && as === undefined) return;
    const back = known ?? {
      session,
      ...as!,
      conn,
      sequenceId: 0,
      xid: undefined,
      calls: [],
    };
    back.conn = conn;
    this.#bySession.set(session, back);
    if (back.calls.length > 0) this.#call(back, back.xid !== undefined);
  }

  /** True where nobody can be called who asked to be. */
  isDown(session: Session4): boolean {
    const back = this.#bySession.get(session);
    return back !== undefined && back.conn === undefined;
  }

  /** Calls the client of a session, whose status `answered` hears; `false` where it cannot be called at all. */
  call(
    session: Session4,
    operation: NfsCbArgOp4Input,
    answered: (status: number) => void,
  ): boolean {
    const back = this.#bySession.get(session);
    if (back === undefined || back.calls.length >= WAITING_MAX) return false;
    back.calls.push({ operation, answered });
    if (back.calls.length === 1) this.#call(back, false);
    return true;
  }

  #call(back: Back, isAgain: boolean): void {
    const { calls, conn, credential, program, session } = back;
    const [first] = calls;
    if (conn === undefined || first === undefined) return;
    // Under the number that it had: a client that has answered it does not do it twice.
    if (!isAgain) {
      back.sequenceId = (back.sequenceId % 0xffff_ffff) + 1;
      back.xid = this.#xid;
      this.#xid = (this.#xid % 0xffff_ffff) + 1;
    }
    const sequence: NfsCbArgOp4Input = {
      kind: 'CB_SEQUENCE',
      sessionId: session.id,
      sequenceId: back.sequenceId,
      slotId: 0,
      highestSlotId: 0,
      cacheThis: 0,
      referring: [],
    };
    const parameters = cbCompound4args.encode({
      tag: '',
      minorVersion: 1,
      callbackIdent: 0,
      operations: [sequence, first.operation],
    });
    const procedure = NfsCbProcedure.CB_COMPOUND;
    const head = { xid: back.xid!, program, version: NFS_CB, procedure, credential };
    this.#send(conn, rpcCall.encode({ ...head, verifier: {}, parameters }));
  }

  /** An answer came; `false` where it answers nothing. */
  answered(conn: Conn, { acceptStat, results, xid }: RpcReply): boolean {
    const back = [...this.#bySession.values()].find((one) => one.conn === conn && one.xid === xid);
    if (back === undefined) return false;
    back.xid = undefined;
    const status = acceptStat === AcceptStat.SUCCESS ? statusIn(results) : undefined;
    const over = status === NfsStat4.NFS4ERR_DELAY ? undefined : back.calls.shift();
    this.#call(back, false);
    if (status !== undefined) over?.answered(status);
    return true;
  }

  /** A connection is over. */
  lost(conn: Conn): void {
    for (const back of this.#bySession.values()) if (back.conn === conn) back.conn = undefined;
  }

  /** A session is over. */
  forget(session: Session4): void {
    this.#bySession.delete(session);
  }
}

function statusIn(results: Uint8Array): number | undefined {
  try {
    return cbCompound4res.decode(results).status;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
