/**
 * A client's side of a session of NFS version 4.1: it says who it is, makes a session, and carries each COMPOUND
 * in a slot, so that a call that is sent again runs once.
 *
 * Ownership: it owns its slots and the calls that wait for one. A call that is given up keeps its slot until it is
 * answered: the server may still carry it out, and the slot's next number would be out of order.
 * A session that the server does not know any more is made again, and with it a client that is not known; calls that
 * were not answered are made again then, in the order in which they were asked for.
 * Source: RFC 8881, 2.10 and 8.4; 18.35, 18.36, 18.46, 18.51.
 */
import { CodecError } from '../../codecs/layout/index.ts';
import {
  ChannelDirFromClient4,
  type Compound4Res,
  CreateSessionFlags4,
  compound4args,
  compound4res,
  ExchangeIdFlags4,
  Nfs4Procedure,
  type NfsArgOp4Input,
  type NfsResOp4,
  NfsStat4,
  StateProtect4,
  statusOf4,
} from '../../codecs/nfs4/index.ts';
import { AuthFlavor, RpcProgram } from '../../codecs/rpc/index.ts';
import type { NfsDone } from '../nfs/client-result.ts';
import type { OpenCall, RpcClient } from '../nfs/rpc-client.ts';

/** What a session is made of. */
export interface ClientSessionOptions {
  /** Its name: who comes under the name of another with another verifier takes that one's place. */
  readonly owner: Uint8Array;
  /** Eight bytes that are others at each start. */
  readonly verifier: Uint8Array;
  /** Calls under way at once. */
  readonly slots: number;
  /** It is called back on its connections, and uses layouts. */
  readonly layouts: boolean;
}

/** What its owner does when a session has been made. */
export interface ClientSessionOwner {
  readonly rpc: RpcClient;
  /** A client that the server did not know before: what it had open is to be opened again, before other calls. */
  began(isNewClient: boolean): void;
  /** There will be no session; calls that wait have failed. */
  failed(why: string): void;
}

/** Results of a COMPOUND behind its SEQUENCE, which went well as a whole. */
export type CompoundDone = NfsDone<readonly NfsResOp4[]>;

interface Job {
  readonly xid: number;
  readonly order: number;
  /** Called when it is sent: what files are open as may have changed since. */
  readonly operations: () => readonly NfsArgOp4Input[];
  readonly done: CompoundDone;
  readonly isUrgent: boolean;
  isGivenUp: boolean;
}

interface Slot {
  readonly number: number;
  sequenceId: number;
  job: Job | undefined;
}

/** Program number under which a client is called back: any of the transient ones. Source: RFC 5531, 8.2. */
export const CALLBACK_PROGRAM = 0x4000_0000;
const REQUEST_BYTES = 1_049_620;
const CACHED_BYTES = 4096;
const OPERATIONS_MAX = 16;
const BACK_REQUESTS = 1;
const BACK_BYTES = 4096;

const failed = (why: string): { readonly state: 'failed'; readonly why: string } => ({
  state: 'failed',
  why,
});

/** One session after the other, on one connection after the other. */
export class ClientSession {
  readonly #options: ClientSessionOptions;
  readonly #owner: ClientSessionOwner;
  #state: 'none' | 'being-made' | 'restoring' | 'ready' | 'over' = 'none';
  #clientId: bigint | undefined;
  #sequence = 0;
  #id: Uint8Array = new Uint8Array(0);
  #slots: Slot[] = [];
  #waiting: Job[] = [];
  #orders = 0;

  constructor(options: ClientSessionOptions, owner: ClientSessionOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  /** The session's identifier, which calls of the server name; empty where there is none. */
  get id(): Uint8Array {
    return this.#state === 'ready' || this.#state === 'restoring' ? this.#id : new Uint8Array(0);
  }

  /** Calls that are not answered, or not sent yet. */
  get waiting(): number {
    return this.#waiting.length + this.#slots.filter(({ job }) => job !== undefined).length;
  }

  /** True where nothing is under way. */
  get isIdle(): boolean {
    return this.#state === 'ready' && this.waiting === 0;
  }

  /** Makes a call. `isUrgent`: it is part of what makes a session ready, and waits for none to be. */
  compound(
    operations: () => readonly NfsArgOp4Input[],
    done: CompoundDone,
    isUrgent = false,
  ): OpenCall {
    const job: Job = {
      xid: this.#owner.rpc.nextXid(),
      order: this.#orders++,
      operations,
      done,
      isUrgent,
      isGivenUp: false,
    };
    this.#waiting.push(job);
    if (this.#state === 'none') this.#identify();
    this.#fill();
    return {
      xid: job.xid,
      forget: () => {
        job.isGivenUp = true;
        this.#waiting = this.#waiting.filter((one) => one !== job);
      },
    };
  }

  /** Another connection stands, on which the server may call back: it belongs to no session until that is said. */
  connected(): void {
    if (!this.#options.layouts || this.id.length === 0) return;
    const operation: NfsArgOp4Input = {
      kind: 'BIND_CONN_TO_SESSION',
      sessionId: this.#id,
      direction: ChannelDirFromClient4.CDFC4_FORE_OR_BOTH,
      useRdma: 0,
    };
    this.#call([operation], this.#owner.rpc.nextXid(), () => {});
  }

  /** All that a new session needs is done: other calls go on. */
  ready(): void {
    if (this.#state !== 'restoring') return;
    this.#state = 'ready';
    this.#fill();
  }

  // Clients and sessions.

  #alone(operation: NfsArgOp4Input, done: (result: NfsResOp4) => void): void {
    this.#state = 'being-made';
    this.#call([operation], this.#owner.rpc.nextXid(), (reply) => {
      const result = typeof reply === 'string' ? undefined : reply.results[0];
      if (result === undefined) this.#over(typeof reply === 'string' ? reply : 'no result');
      else done(result);
    });
  }

  #identify(): void {
    const { layouts, owner, verifier } = this.#options;
    const operation: NfsArgOp4Input = {
      kind: 'EXCHANGE_ID',
      verifier,
      ownerId: owner,
      flags: layouts ? ExchangeIdFlags4.USE_PNFS_MDS : 0,
      protect: StateProtect4.SP4_NONE,
      implId: [],
    };
    this.#alone(operation, (result) => {
      if (result.kind !== 'EXCHANGE_ID' || result.resok === undefined)
        return this.#over(`EXCHANGE_ID: ${statusText(result)}`);
      const isNew = this.#clientId !== result.resok.clientId;
      this.#clientId = result.resok.clientId;
      this.#sequence = result.resok.sequence;
      return this.#create(isNew);
    });
  }

  #create(isNewClient: boolean): void {
    const channel = { headerPadBytes: 0, rdmaIrd: [] };
    const operation: NfsArgOp4Input = {
      kind: 'CREATE_SESSION',
      clientId: this.#clientId!,
      sequence: this.#sequence,
      flags: this.#options.layouts ? CreateSessionFlags4.CONN_BACK_CHAN : 0,
      fore: {
        ...channel,
        maxRequestBytes: REQUEST_BYTES,
        maxResponseBytes: REQUEST_BYTES,
        maxResponseCachedBytes: CACHED_BYTES,
        maxOperations: OPERATIONS_MAX,
        maxRequests: this.#options.slots,
      },
      back: {
        ...channel,
        maxRequestBytes: BACK_BYTES,
        maxResponseBytes: BACK_BYTES,
        maxResponseCachedBytes: 0,
        maxOperations: 2,
        maxRequests: BACK_REQUESTS,
      },
      callbackProgram: CALLBACK_PROGRAM,
      security: [{ flavor: AuthFlavor.AUTH_NONE }],
    };
    this.#alone(operation, (result) => {
      if (statusOf4(result) === NfsStat4.NFS4ERR_STALE_CLIENTID) return this.#identify();
      if (result.kind !== 'CREATE_SESSION' || result.resok === undefined)
        return this.#over(`CREATE_SESSION: ${statusText(result)}`);
      this.#sequence = (this.#sequence + 1) % 2 ** 32;
      this.#id = result.resok.sessionId;
      const count = Math.max(1, Math.min(result.resok.fore.maxRequests, this.#options.slots));
      this.#slots = Array.from({ length: count }, (_, number) => ({
        number,
        sequenceId: 0,
        job: undefined,
      }));
      this.#state = 'restoring';
      return this.#owner.began(isNewClient);
    });
  }

  #over(why: string): void {
    this.#state = 'over';
    const waiting = this.#waiting.splice(0);
    for (const { done } of waiting) done(failed(why));
    this.#owner.failed(why);
  }

  /** The server does not know the session: its calls were not carried out, or nobody can tell. */
  #lost(slot: Slot, job: Job): void {
    slot.job = undefined;
    if (!job.isGivenUp && !job.isUrgent)
      this.#waiting = [...this.#waiting, job].sort((a, b) => a.order - b.order);
    if (this.#state !== 'ready' && this.#state !== 'restoring') return;
    this.#waiting = this.#waiting.filter(({ isUrgent }) => !isUrgent);
    this.#create(false);
  }

  // Calls.

  #fill(): void {
    for (const slot of this.#slots) {
      if (slot.job !== undefined) continue;
      const at = this.#waiting.findIndex(({ isUrgent }) => isUrgent || this.#state === 'ready');
      if (at < 0 || (this.#state !== 'ready' && this.#state !== 'restoring')) return;
      const [job] = this.#waiting.splice(at, 1);
      this.#send(slot, job!);
    }
  }

  #send(slot: Slot, job: Job): void {
    slot.job = job;
    slot.sequenceId = (slot.sequenceId + 1) % 2 ** 32;
    const busy = this.#slots.filter((one) => one.job !== undefined);
    const sequence: NfsArgOp4Input = {
      kind: 'SEQUENCE',
      sessionId: this.#id,
      sequenceId: slot.sequenceId,
      slotId: slot.number,
      highestSlotId: busy.at(-1)!.number,
      cacheThis: 0,
    };
    const slots = this.#slots;
    this.#call([sequence, ...job.operations()], job.xid, (reply) => {
      const result = typeof reply === 'string' ? undefined : reply.results[0];
      const status = result === undefined ? undefined : statusOf4(result);
      const isGone =
        status === NfsStat4.NFS4ERR_BADSESSION || status === NfsStat4.NFS4ERR_DEADSESSION;
      if (isGone || slots !== this.#slots) {
        // A reply in a session of before says nothing of this one.
        if (isGone) this.#lost(slot, job);
        else this.#end(job, reply);
        return;
      }
      slot.job = undefined;
      // It was carried out, and what it came to is not kept: only reads come to so much.
      if (status === NfsStat4.NFS4ERR_RETRY_UNCACHED_REP && !job.isGivenUp)
        this.#waiting.unshift(job);
      else this.#end(job, reply);
      this.#fill();
    });
  }

  #end(job: Job, reply: Compound4Res | string): void {
    if (job.isGivenUp) return;
    const last = typeof reply === 'string' ? undefined : reply.results.at(-1);
    if (typeof reply === 'string') job.done(failed(reply));
    else if (last === undefined) job.done(failed(`status ${reply.status}`));
    else if (reply.status !== NfsStat4.NFS4_OK)
      job.done({ ...failed(statusText(last)), status: statusOf4(last) });
    else job.done({ state: 'done', value: reply.results.slice(1) });
  }

  /** A COMPOUND: what it is answered, or why it is not, in words. */
  #call(
    operations: readonly NfsArgOp4Input[],
    xid: number,
    done: (reply: Compound4Res | string) => void,
  ): void {
    const parameters = compound4args.encode({ tag: '', minorVersion: 1, operations });
    const head = { program: RpcProgram.NFS, version: 4, procedure: Nfs4Procedure.COMPOUND, xid };
    this.#owner.rpc.call({ ...head, parameters }, (outcome) => {
      if (outcome.state === 'failed') return done(outcome.why);
      return done(read(outcome.results));
    });
  }
}

function read(results: Uint8Array): Compound4Res | string {
  try {
    return compound4res.decode(results);
  } catch (error) {
    if (error instanceof CodecError) return 'an answer that cannot be read';
    throw error;
  }
}

/** `WRITE: NFS4ERR_BAD_STATEID`. */
function statusText(result: NfsResOp4): string {
  const status = statusOf4(result);
  const known = Object.entries(NfsStat4).find(([, code]) => code === status)?.[0];
  return `${result.kind}: ${known ?? `status ${status}`}`;
}
