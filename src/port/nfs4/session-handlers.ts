/** Operations on clients and sessions. Source: RFC 8881, 18.33 to 18.37, 18.50, 18.51. */
import {
  ChannelDirFromServer4,
  CreateSessionFlags4,
  ExchangeIdFlags4,
  type NfsArgOp4,
  type NfsResOp4Input,
  NfsStat4,
  StateProtect4,
} from '../../codecs/nfs4/index.ts';
import { AuthFlavor, authSysCredential, type OpaqueAuthInput } from '../../codecs/rpc/index.ts';
import { NfsFault } from '../nfs/file-operations.ts';
import type { BackChannels } from './back-channel.ts';
import type { CompoundCall } from './compound-call.ts';
import { type Sessions4, SLOTS4_MAX } from './sessions.ts';

/** An operation of one kind. */
export type Op4<K extends NfsArgOp4['kind']> = Extract<NfsArgOp4, { kind: K }>;
/** What carries out operations, by their names. */
export type Handlers4<K extends NfsArgOp4['kind']> = {
  readonly [P in K]: (args: Op4<P>, call: CompoundCall) => NfsResOp4Input;
};
/** What carries out operations on clients and sessions. */
export type SessionHandlers = Handlers4<
  | 'EXCHANGE_ID'
  | 'CREATE_SESSION'
  | 'DESTROY_SESSION'
  | 'DESTROY_CLIENTID'
  | 'BIND_CONN_TO_SESSION'
  | 'RECLAIM_COMPLETE'
>;

const status = NfsStat4.NFS4_OK;
/** Bytes of a call beside its data. */
const AROUND_BYTES = 4096;
/** Most bytes of a reply that is kept. */
const CACHED_BYTES_MAX = 8192;
const OPERATIONS_MAX = 64;
/** Flavors in which a server calls. */
const CALLS_AS: ReadonlySet<number> = new Set([AuthFlavor.AUTH_SYS, AuthFlavor.AUTH_NONE]);

interface Channel {
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly maxResponseCachedBytes: number;
  readonly maxOperations: number;
  readonly maxRequests: number;
}

/** What is granted of what a client asks for. Errors: `NfsFault` for a channel on which nothing could be said. */
function granted(asked: Channel, bytesMax: number) {
  const { maxRequestBytes, maxResponseBytes, maxOperations, maxRequests } = asked;
  if (maxRequestBytes < 128 || maxResponseBytes < 128 || maxOperations < 2 || maxRequests < 1)
    throw new NfsFault(NfsStat4.NFS4ERR_TOOSMALL);
  return {
    headerPadBytes: 0,
    maxRequestBytes: Math.min(maxRequestBytes, bytesMax),
    maxResponseBytes: Math.min(maxResponseBytes, bytesMax),
    maxResponseCachedBytes: Math.min(asked.maxResponseCachedBytes, CACHED_BYTES_MAX),
    maxOperations: Math.min(maxOperations, OPERATIONS_MAX),
    maxRequests: Math.min(maxRequests, SLOTS4_MAX),
    rdmaIrd: [],
  };
}

/** By whom a client wants to be called: the first of its offers that we can make. Linux takes no calls of nobody. */
function credentialOf({ security }: Pick<Op4<'CREATE_SESSION'>, 'security'>): OpaqueAuthInput {
  const offer = security.find(({ flavor }) => CALLS_AS.has(flavor));
  return offer?.sys === undefined ? {} : authSysCredential(offer.sys);
}

/** What they are made of. */
export interface SessionHandlerOptions {
  /** Names the server. */
  readonly name: string;
  readonly transferBytesMax: number;
  /** Clients are called back, which a server with layouts has to. */
  readonly back?: BackChannels | undefined;
}

/** Makes them. */
export function sessionHandlers(
  sessions: Sessions4,
  { back, name, transferBytesMax }: SessionHandlerOptions,
): SessionHandlers {
  const { USE_NON_PNFS, USE_PNFS_MDS } = ExchangeIdFlags4;
  const role = back === undefined ? USE_NON_PNFS : USE_PNFS_MDS;
  const serverName = Uint8Array.from(name, (one) => one.charCodeAt(0) & 0xff);
  return {
    EXCHANGE_ID: ({ verifier, ownerId, flags, protect }, { caller }) => {
      if (protect !== StateProtect4.SP4_NONE) throw new NfsFault(NfsStat4.NFS4ERR_NOTSUPP);
      const client = sessions.exchangeId(verifier, ownerId, flags, caller.now);
      const confirmed = client.confirmed ? ExchangeIdFlags4.CONFIRMED_R : 0;
      return {
        kind: 'EXCHANGE_ID',
        status,
        resok: {
          clientId: client.id,
          sequence: client.sequence,
          flags: (role | confirmed) >>> 0,
          protect: StateProtect4.SP4_NONE,
          serverMinorId: 0n,
          serverMajorId: serverName,
          serverScope: serverName,
          implId: [],
        },
      };
    },
    CREATE_SESSION: (args, { caller }) => {
      const { callbackProgram, clientId, flags: asked, fore, sequence } = args;
      const channel = granted(fore, transferBytesMax + AROUND_BYTES);
      const session = sessions.createSession(
        clientId,
        sequence,
        { slots: channel.maxRequests, cachedBytesMax: channel.maxResponseCachedBytes },
        caller.now,
      );
      // Without layouts nothing is recalled, so nothing has to be called back.
      const { CONN_BACK_CHAN } = CreateSessionFlags4;
      const isBack =
        back !== undefined && caller.conn !== undefined && (asked & CONN_BACK_CHAN) !== 0;
      if (isBack)
        back!.bind(session, caller.conn!, {
          program: callbackProgram,
          credential: credentialOf(args),
        });
      return {
        kind: 'CREATE_SESSION',
        status,
        resok: {
          sessionId: session.id,
          sequence,
          flags: isBack ? CONN_BACK_CHAN : 0,
          fore: channel,
          back: args.back,
        },
      };
    },
    DESTROY_SESSION: ({ sessionId }) => {
      sessions.destroySession(sessionId);
      return { kind: 'DESTROY_SESSION', status };
    },
    DESTROY_CLIENTID: ({ clientId }) => {
      sessions.destroyClient(clientId);
      return { kind: 'DESTROY_CLIENTID', status };
    },
    BIND_CONN_TO_SESSION: ({ direction, sessionId }, { caller }) => {
      const session = sessions.sessionOf(sessionId);
      const { CDFS4_BOTH, CDFS4_FORE } = ChannelDirFromServer4;
      const isBack = back !== undefined && caller.conn !== undefined && direction !== CDFS4_FORE;
      if (isBack) back!.bind(session, caller.conn!);
      return {
        kind: 'BIND_CONN_TO_SESSION',
        status,
        resok: { sessionId, direction: isBack ? CDFS4_BOTH : CDFS4_FORE, useRdma: 0 },
      };
    },
    RECLAIM_COMPLETE: ({ oneFs }, { client }) => {
      if (oneFs === 0) {
        if (client.reclaimed) throw new NfsFault(NfsStat4.NFS4ERR_COMPLETE_ALREADY);
        client.reclaimed = true;
      }
      return { kind: 'RECLAIM_COMPLETE', status };
    },
  };
}
