/**
 * The calling side of RPC over TCP, with retransmission as Linux does it: a call keeps its xid; it is sent
 * again on the same connection when no answer came in time, and on each new connection at once.
 *
 * Ownership: it owns its connection and the calls that are not answered. Who made a call is told of its end once.
 * Source of times: nfs(5) of nfs-utils 2.6.2, timeo and retrans; Linux 6.1, net/sunrpc/xprtsock.c, XS_TCP_INIT_REEST_TO.
 */
import { CodecError } from '../../codecs/layout/index.ts';
import {
  AcceptStat,
  encodeRecord,
  type OpaqueAuthInput,
  RecordReader,
  ReplyStat,
  type RpcCall,
  type RpcReply,
  rpcCall,
  rpcMessage,
} from '../../codecs/rpc/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import type { StreamCore } from '../../machine/stream-core.ts';
import type { Conn, StreamEnd } from '../../machine/stream-machine.ts';
import type { Timer } from '../../machine/timers.ts';

/** What a client tells. */
export type NfsClientEvent =
  /** So many calls wait for a server that does not answer; `answers`: it does again. */
  | { readonly type: 'server'; readonly state: 'silent' | 'answers'; readonly calls: number }
  /** Something came that is no answer to any call. */
  | { readonly type: 'refused'; readonly what: string };

/** How long a client waits, and for how much. */
export interface RpcClientTimes {
  /** Until a call is sent again; each time so much longer. Infinity: on another connection only. */
  readonly timeoNs: number;
  readonly timeoNsMax: number;
  /** Times that a call is sent again before the server counts as silent. */
  readonly retransMax: number;
  /** Ends calls then; otherwise they go on for ever, as a hard mount's do. */
  readonly soft: boolean;
  /** Between two attempts to connect, at first and at most. */
  readonly reconnectNs: number;
  readonly reconnectNsMax: number;
}

/** What Linux does where nobody says otherwise. */
export const LINUX_TIMES: RpcClientTimes = {
  timeoNs: 60 * SECOND,
  timeoNsMax: 600 * SECOND,
  retransMax: 2,
  soft: false,
  reconnectNs: 3 * SECOND,
  reconnectNsMax: 300 * SECOND,
};

/** Where a server is reached. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/** How a call ended. */
export type RpcOutcome =
  | { readonly state: 'answered'; readonly results: Uint8Array }
  /** `why` in words: refused by RPC, or not answered. */
  | { readonly state: 'failed'; readonly why: string };

/** A call under way. */
export interface OpenCall {
  readonly xid: number;
  /** It is not sent again, and nobody is told of its end: the server may still carry it out. */
  forget(): void;
}

/** A call to be made. */
export interface RpcRequest {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly parameters: Uint8Array;
  /** A number that `nextXid` gave before; left out: the next one. */
  readonly xid?: number;
}

/** What the owner of a client hears of its connections beside answers. */
export interface RpcClientHooks {
  /** A connection stands; what was not answered is sent again behind what is called now. */
  readonly opened?: () => void;
  /** The server calls, on the same connection: the message that answers, if there is one. */
  readonly serve?: (call: RpcCall) => Uint8Array | undefined;
}

interface Pending {
  readonly xid: number;
  readonly record: Uint8Array;
  readonly done: (outcome: RpcOutcome) => void;
  timer: Timer | undefined;
  /** Times it was sent again because nothing came. */
  retries: number;
}

const RECORD_BYTES_MAX = 4 << 20;
const FRAGMENTS_MAX = 64;
const XIDS = 2 ** 32;

/** Calls on one connection after the other. */
export class RpcClient {
  readonly #core: StreamCore<NfsClientEvent>;
  readonly #times: RpcClientTimes;
  readonly #credential: OpaqueAuthInput;
  readonly #server: ServerAddress;
  readonly #hooks: RpcClientHooks;
  readonly #pending = new Map<number, Pending>();
  #xid: number;
  #conn: Conn | undefined;
  #records = newReader();
  #connecting = false;
  /** Connections that were asked for. */
  #asked = 0;
  #connectedAt: Instant = Number.NEGATIVE_INFINITY;
  #reconnectNs = 0;
  #isSilent = false;

  constructor(
    core: StreamCore<NfsClientEvent>,
    server: ServerAddress,
    credential: OpaqueAuthInput,
    xid: number,
    times: RpcClientTimes,
    hooks: RpcClientHooks = {},
  ) {
    this.#core = core;
    this.#hooks = hooks;
    this.#server = server;
    this.#credential = credential;
    this.#xid = xid;
    this.#times = times;
  }

  /** Calls that are not answered. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** The number of a call that is still to be made. */
  nextXid(): number {
    const xid = this.#xid;
    this.#xid = (xid + 1) % XIDS;
    return xid;
  }

  /** Makes a call; `done` is told how it ended, in a later change of the machine. */
  call(request: RpcRequest, done: (outcome: RpcOutcome) => void): OpenCall {
    const { xid = this.nextXid(), ...wanted } = request;
    const message = rpcCall.encode({ xid, credential: this.#credential, verifier: {}, ...wanted });
    const call: Pending = {
      xid,
      record: encodeRecord(message),
      done,
      timer: undefined,
      retries: 0,
    };
    this.#pending.set(xid, call);
    if (this.#conn === undefined) this.#wantConnection();
    else this.#send(call);
    return { xid, forget: () => this.#forget(call) };
  }

  #forget(call: Pending): void {
    call.timer?.cancel();
    if (this.#pending.get(call.xid) === call) this.#pending.delete(call.xid);
  }

  // Connections.

  opened(conn: Conn): void {
    if (this.#conn !== undefined) {
      this.#core.close(conn, 'reset');
      return;
    }
    this.#connecting = false;
    this.#conn = conn;
    this.#records = newReader();
    const unanswered = [...this.#pending.values()];
    this.#hooks.opened?.();
    for (const call of unanswered) this.#send(call);
  }

  /** No connection could be had. */
  connectFailed(): void {
    this.#connecting = false;
    if (this.#pending.size > 0) this.#wantConnection();
  }

  received(conn: Conn, bytes: Uint8Array): void {
    if (conn !== this.#conn) return;
    try {
      this.#records.take(bytes, (record) => {
        if (conn === this.#conn) this.#reply(record);
      });
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      if (conn === this.#conn) this.#drop(conn, error.message);
    }
  }

  closed(conn: Conn, how: StreamEnd): void {
    if (conn !== this.#conn) return;
    if (how === 'end') this.#core.close(conn, 'end');
    this.#lost();
  }

  /** A connection that says what cannot be read is of no use. */
  #drop(conn: Conn, what: string): void {
    this.#core.emit({ type: 'refused', what });
    this.#core.close(conn, 'reset');
    this.#lost();
  }

  #lost(): void {
    this.#conn = undefined;
    for (const call of this.#pending.values()) call.timer?.cancel();
    if (this.#pending.size > 0) this.#wantConnection();
  }

  /** Asks for a connection, at once or so long after the last time that a server can come to itself. */
  #wantConnection(): void {
    if (this.#connecting || this.#conn !== undefined) return;
    this.#connecting = true;
    const { reconnectNs, reconnectNsMax } = this.#times;
    const delayNs = this.#connectedAt + this.#reconnectNs - this.#core.now;
    this.#reconnectNs = Math.min(Math.max(2 * this.#reconnectNs, reconnectNs), reconnectNsMax);
    const connect = (): void => {
      this.#connectedAt = this.#core.now;
      this.#core.connect({ id: ++this.#asked, ...this.#server });
    };
    if (delayNs > 0) this.#core.after(delayNs, connect);
    else connect();
  }

  // Calls.

  #send(call: Pending): void {
    call.timer?.cancel();
    this.#core.send(this.#conn!, call.record);
    const { timeoNs, timeoNsMax } = this.#times;
    if (timeoNs === Number.POSITIVE_INFINITY) return;
    const waitNs = Math.min(timeoNs * (1 + call.retries), timeoNsMax);
    call.timer = this.#core.after(waitNs, () => this.#again(call));
  }

  #again(call: Pending): void {
    call.retries += 1;
    const { retransMax, soft } = this.#times;
    if (call.retries > retransMax && soft) {
      this.#pending.delete(call.xid);
      call.done({ state: 'failed', why: 'the server does not answer' });
      return;
    }
    if (call.retries > retransMax && !this.#isSilent) {
      this.#isSilent = true;
      this.#core.emit({ type: 'server', state: 'silent', calls: this.#pending.size });
    }
    this.#send(call);
  }

  #reply(record: Uint8Array): void {
    // A server that talks is one to come back to at once. Source: Linux 6.1, xprtsock.c, xs_tcp_data_ready.
    this.#reconnectNs = 0;
    const message = rpcMessage.decode(record);
    if (message.kind === 'call' && this.#hooks.serve !== undefined) {
      const answer = this.#hooks.serve(message);
      if (answer !== undefined && this.#conn !== undefined)
        this.#core.send(this.#conn, encodeRecord(answer));
      return;
    }
    const call = message.kind === 'reply' ? this.#pending.get(message.xid) : undefined;
    if (message.kind !== 'reply' || call === undefined) {
      this.#core.emit({ type: 'refused', what: 'a message that answers no call' });
      return;
    }
    call.timer?.cancel();
    this.#pending.delete(call.xid);
    if (this.#isSilent) {
      this.#isSilent = false;
      this.#core.emit({ type: 'server', state: 'answers', calls: this.#pending.size });
    }
    call.done(outcomeOf(message));
  }
}

const newReader = (): RecordReader =>
  new RecordReader({ recordBytesMax: RECORD_BYTES_MAX, fragmentsMax: FRAGMENTS_MAX });

/** What a reply says of its call. */
function outcomeOf({ replyStat, acceptStat, rejectStat, authStat, results }: RpcReply): RpcOutcome {
  if (replyStat === ReplyStat.MSG_ACCEPTED && acceptStat === AcceptStat.SUCCESS)
    return { state: 'answered', results };
  const why =
    replyStat === ReplyStat.MSG_ACCEPTED
      ? `refused by RPC, accept_stat ${acceptStat}`
      : `denied by RPC, reject_stat ${rejectStat}, auth_stat ${authStat}`;
  return { state: 'failed', why };
}
