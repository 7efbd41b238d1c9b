/**
 * COMPOUND of NFS version 4.1 over a file system of one flat directory: sessions, opens, and what version 3 does to
 * files; layouts of blocks where they are asked for. No locks, delegations or named attributes: the standard's statuses for what
 * is not supported.
 *
 * Ownership: it owns clients, sessions and opens, which end with the server; the file system is lent.
 * Source: RFC 8881, 16.2 and 18.
 */
import { crc32 } from '../../codecs/crc32.ts';
import { parseHex, u32 } from '../../codecs/layout/index.ts';
import {
  type Compound4Args,
  compound4args,
  compound4res,
  LayoutIomode4,
  LayoutReturnType4,
  type NfsArgOp4,
  type NfsCbArgOp4Input,
  NfsOp4,
  type NfsResOp4Input,
  NfsStat4,
  SequenceStatus4,
  statusOf4,
} from '../../codecs/nfs4/index.ts';
import type { RpcReply } from '../../codecs/rpc/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import type { Conn } from '../../machine/stream-machine.ts';
import {
  FileOperations,
  type FileOperationsOptions,
  type NfsCaller,
  NfsFault,
  nfsStatusOf,
} from '../nfs/file-operations.ts';
import type { NfsNode } from '../nfs/file-system.ts';
import { BackChannels } from './back-channel.ts';
import { CompoundCall } from './compound-call.ts';
import { type FileHandlers, fileHandlers } from './file-handlers.ts';
import {
  type BlockLayoutOptions,
  type LayoutHandlers,
  layoutHandlers,
  layoutTypeOf,
} from './layout-handlers.ts';
import { type Layout4, type LayoutChanged, type LayoutState, Layouts4 } from './layouts.ts';
import { Opens4 } from './opens.ts';
import { type SessionHandlers, sessionHandlers } from './session-handlers.ts';
import { LEASE4_SECONDS, Sessions4 } from './sessions.ts';

const WHOLE = 2n ** 64n - 1n;
/** Operations of a COMPOUND, at most. */
export const OPERATIONS4_MAX = 64;
/** Until a client is called again for a layout that it does not know yet. */
const CALL_AGAIN_NS = SECOND;
/** The only minor version. */
const MINOR_VERSION = 1;
const FIRST_OP = NfsOp4.ACCESS;
const LAST_OP = NfsOp4.RECLAIM_COMPLETE;
/** Operations that stand alone, outside a session. Source: RFC 8881, 18.35 to 18.37, 18.34, 18.50. */
const ALONE: ReadonlySet<string> = new Set([
  'EXCHANGE_ID',
  'CREATE_SESSION',
  'DESTROY_SESSION',
  'BIND_CONN_TO_SESSION',
  'DESTROY_CLIENTID',
]);

/** What a service of version 4.1 is made of. */
export interface Nfs4ServiceOptions extends FileOperationsOptions {
  /** Names the server to clients. */
  readonly name: string;
  /** A READ, WRITE or COMMIT has ended. */
  readonly done: (operation: string, node: NfsNode, status: number) => void;
  /** Left out: no layouts. */
  readonly layouts?: ServiceLayouts;
}

/** Layouts of a service, and what it needs for them. */
export interface ServiceLayouts extends BlockLayoutOptions {
  /** Sends a message of RPC to a client. */
  readonly send: (conn: Conn, message: Uint8Array) => void;
  /** Has something done later; it is told when. */
  readonly after: (delayNs: number, run: (now: Instant) => void) => void;
  /** Hears what becomes of them. */
  readonly changed?: LayoutChanged;
}

type Handlers = SessionHandlers & FileHandlers & Partial<LayoutHandlers>;
type Handler = (args: never, call: CompoundCall) => NfsResOp4Input;

/** Carries out calls of COMPOUND. */
export class Nfs4Service {
  readonly #options: Nfs4ServiceOptions;
  readonly #sessions: Sessions4;
  readonly #opens: Opens4;
  readonly #layouts: Layouts4 | undefined;
  readonly #back: BackChannels | undefined;
  readonly #handlers: Handlers;

  constructor(options: Nfs4ServiceOptions) {
    this.#options = options;
    const boot = options.writeVerifier;
    this.#opens = new Opens4(boot);
    const { layouts } = options;
    this.#back = layouts === undefined ? undefined : new BackChannels(layouts.send);
    this.#layouts =
      layouts === undefined
        ? undefined
        : new Layouts4(boot, (layout, state) => this.#layoutChanged(layouts, layout, state));
    const operations = new FileOperations(options);
    const layoutType = layouts === undefined ? undefined : layoutTypeOf(layouts);
    this.#sessions = new Sessions4(
      boot,
      (client) => {
        this.#opens.forget(client);
        this.#layouts?.forget(client);
      },
      (session) => this.#back?.forget(session),
    );
    this.#handlers = {
      ...sessionHandlers(this.#sessions, { ...options, back: this.#back }),
      ...fileHandlers(this.#opens, operations, options, layoutType),
      ...(layouts === undefined
        ? {}
        : layoutHandlers(this.#layouts!, options.fileSystem, operations, layouts)),
    };
  }

  /** Its client is told that a layout is wanted back, and the disk closed to who has kept one for too long. */
  #layoutChanged(options: ServiceLayouts, layout: Layout4, state: LayoutState): void {
    const { client, node, other, seqid } = layout;
    const owner = parseHex(client.owner);
    if (state === 'granted') options.admit?.(node, owner);
    if (state === 'revoked') options.fence(node, owner, client.id);
    options.changed?.(layout, state);
    if (state !== 'recalled') return;
    const operation: NfsCbArgOp4Input = {
      kind: 'CB_LAYOUTRECALL',
      type: layoutTypeOf(options),
      iomode: LayoutIomode4.LAYOUTIOMODE4_ANY,
      changed: 0,
      recallType: LayoutReturnType4.LAYOUTRETURN4_FILE,
      file: { object: node.handle, offset: 0n, length: WHOLE, stateid: { seqid, other } },
    };
    this.#recall(options, layout, operation);
    options.after(LEASE4_SECONDS * SECOND, (now) => this.#layouts!.expire(now));
  }

  /** Who cannot be called loses a layout with its lease as who does not answer does. */
  #recall(options: ServiceLayouts, layout: Layout4, operation: NfsCbArgOp4Input): void {
    const { client, node } = layout;
    const answered = (status: number): void => {
      if (status !== NfsStat4.NFS4ERR_NOMATCHING_LAYOUT || !this.#layouts!.holds(layout)) return;
      // Linux forgets what it does not use, and does not return it. But who has not read yet what it was granted knows of none either.
      if (layout.isRead()) this.#layouts!.return(client, node);
      else
        options.after(CALL_AGAIN_NS, () => {
          if (this.#layouts!.holds(layout)) this.#recall(options, layout, operation);
        });
    };
    this.#sessions
      .sessionsOf(client)
      .some((session) => this.#back!.call(session, operation, answered));
  }

  /** A client has answered; `false` where it was not asked. */
  answered(conn: Conn, reply: RpcReply): boolean {
    return this.#back?.answered(conn, reply) ?? false;
  }

  /** A connection is over. */
  connectionLost(conn: Conn): void {
    this.#back?.lost(conn);
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    return {
      'NFS clients': this.#sessions.clients,
      'NFS sessions': this.#sessions.sessions,
      opens: this.#opens.size,
      ...(this.#layouts === undefined ? {} : { layouts: this.#layouts.size }),
    };
  }

  /** Carries out a COMPOUND: its results, or those of the same call before. */
  call(args: Compound4Args, caller: NfsCaller): Uint8Array {
    const { tag, operations, minorVersion } = args;
    if (minorVersion !== MINOR_VERSION)
      return compound4res.encode({
        status: NfsStat4.NFS4ERR_MINOR_VERS_MISMATCH,
        tag,
        results: [],
      });
    const call = new CompoundCall(caller);
    const results: NfsResOp4Input[] = [];
    for (const [place, operation] of operations.entries()) {
      if (place === 0 && operation.kind === 'SEQUENCE') {
        const before = this.#sequence(operation, args, call, results);
        if (before !== undefined) return before;
      } else results.push(this.#run(operation, place, operations.length, call));
      if (statusOf4(results.at(-1)!) !== NfsStat4.NFS4_OK) break;
    }
    const last = results.at(-1);
    const status = last === undefined ? NfsStat4.NFS4_OK : statusOf4(last);
    const reply = compound4res.encode({ status, tag, results });
    if (call.session !== undefined)
      this.#sessions.answered(call.session, call.slot, call.keeps, reply);
    return reply;
  }

  /** The session and slot of a call; the whole reply where the call ran before. */
  #sequence(
    operation: Extract<NfsArgOp4, { kind: 'SEQUENCE' }>,
    args: Compound4Args,
    call: CompoundCall,
    results: NfsResOp4Input[],
  ): Uint8Array | undefined {
    const { sessionId, sequenceId, slotId, cacheThis } = operation;
    try {
      const sequenced = this.#sessions.sequence(operation, nameOfCall(args), call.caller.now);
      if ('reply' in sequenced) return sequenced.reply;
      call.session = sequenced.session;
      call.slot = sequenced.slot;
      call.keeps = cacheThis !== 0;
      const highest = sequenced.session.slots.length - 1;
      results.push({
        kind: 'SEQUENCE',
        status: NfsStat4.NFS4_OK,
        resok: {
          sessionId,
          sequenceId,
          slotId,
          highestSlotId: highest,
          targetHighestSlotId: highest,
          statusFlags:
            this.#back?.isDown(sequenced.session) === true ? SequenceStatus4.CB_PATH_DOWN : 0,
        },
      });
    } catch (error) {
      results.push({ kind: 'SEQUENCE', status: nfsStatusOf(error) });
    }
    return undefined;
  }

  #run(operation: NfsArgOp4, place: number, count: number, call: CompoundCall): NfsResOp4Input {
    const { kind } = operation;
    if (kind === 'unknown') return unknown(operation.raw);
    const file = call.handle;
    let result: NfsResOp4Input;
    try {
      if (place >= OPERATIONS4_MAX) throw new NfsFault(NfsStat4.NFS4ERR_TOO_MANY_OPS);
      if (kind === 'SEQUENCE') throw new NfsFault(NfsStat4.NFS4ERR_SEQUENCE_POS);
      if (call.session === undefined) {
        if (!ALONE.has(kind)) throw new NfsFault(NfsStat4.NFS4ERR_OP_NOT_IN_SESSION);
        if (count > 1) throw new NfsFault(NfsStat4.NFS4ERR_NOT_ONLY_OP);
      }
      const handler = (this.#handlers as Readonly<Record<string, Handler | undefined>>)[kind];
      if (handler === undefined) throw new NfsFault(NfsStat4.NFS4ERR_NOTSUPP);
      result = handler(operation as never, call);
    } catch (error) {
      const failed = { kind, status: nfsStatusOf(error) };
      result = (kind === 'SETATTR' ? { ...failed, attributesSet: [] } : failed) as NfsResOp4Input;
    }
    if (file !== undefined && (kind === 'READ' || kind === 'WRITE' || kind === 'COMMIT'))
      this.#options.done(kind, file, statusOf4(result));
    return result;
  }
}

/** What tells a call from another one under the same sequence number. */
function nameOfCall(args: Compound4Args): string {
  const { minorVersion, tag, operations } = args;
  const bytes = compound4args.encode({ minorVersion, tag, operations });
  return `${bytes.length}:${crc32(bytes)}`;
}

/** An operation that has no number here, or one that the version does not have. */
function unknown(raw: Uint8Array): NfsResOp4Input {
  const op = u32.read(raw, 0, 0);
  if (op < FIRST_OP || op > LAST_OP)
    return { kind: 'ILLEGAL', status: NfsStat4.NFS4ERR_OP_ILLEGAL };
  const answer = new Uint8Array(8);
  new DataView(answer.buffer).setUint32(0, op);
  new DataView(answer.buffer).setUint32(4, NfsStat4.NFS4ERR_NOTSUPP);
  return { kind: 'unknown', raw: answer };
}
