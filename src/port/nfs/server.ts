/**
 * An NFS server as a machine: the port mapper, MOUNT and NFS versions 3 and 4.1 on every connection that is opened.
 *
 * Ownership: it owns its connections, the duplicate request cache and the calls under way; the file system
 * with its media is lent, and outlives it. A server that starts again is another machine over the same file
 * system, with another write verifier where what was not committed may be lost.
 */
import { CodecError, parseHex } from '../../codecs/layout/index.ts';
import { LayoutIomode4 } from '../../codecs/nfs4/index.ts';
import { encodeRecord, type RpcCall, rpcMessage } from '../../codecs/rpc/index.ts';
import { lunField } from '../../codecs/scsi/lun.ts';
import { ScsiStatus } from '../../codecs/scsi/status.ts';
import type { NexusName, StorageEvent } from '../../history/storage.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import { StreamCore } from '../../machine/stream-core.ts';
import type { Conn, StreamEnd, StreamMachine, StreamOutput } from '../../machine/stream-machine.ts';
import type { BlockLayoutOptions } from '../nfs4/layout-handlers.ts';
import { Nfs4Service, type ServiceLayouts } from '../nfs4/service.ts';
import { type NfsConnection, NfsConnections } from './connections.ts';
import { accessOf, type ExportRule, OPEN_EXPORT } from './exports.ts';
import type { FileOperationsOptions } from './file-operations.ts';
import type { NfsFileSystem, NfsNode } from './file-system.ts';
import { MountService } from './mount-service.ts';
import type { Nfs3Name } from './nfs3-call.ts';
import { Nfs3Service } from './nfs3-service.ts';
import type { NfsPeer } from './peer.ts';
import { ReplyCache, type ReplyCachePolicy } from './reply-cache.ts';
import { type RpcProcedure, RpcPrograms } from './rpc-programs.ts';

/** What an NFS server is made of; what is left out is in `NFS_SERVER_DEFAULTS`. */
export interface NfsServerOptions {
  /** Names the server in what it tells. */
  readonly name: string;
  readonly fileSystem: NfsFileSystem;
  /** Who is at the other end of a connection. */
  readonly peerOf: (conn: Conn) => NfsPeer;
  /** Eight bytes that are others after each start that may have lost what was not committed. */
  readonly writeVerifier: Uint8Array;
  readonly rules?: readonly ExportRule[];
  readonly replyCache?: ReplyCachePolicy;
  /** Most bytes of a READ or WRITE. */
  readonly transferBytesMax?: number;
  /** The TCP port that the port mapper tells for every program. */
  readonly tcpPort?: number;
  readonly connectionsMax?: number;
  /** A connection on which nothing was said for so long is closed. */
  readonly idleNs?: number;
  /** How long a call takes before it is carried out; its bytes are those of its parameters. */
  readonly serviceNs?: (procedure: string, bytes: number) => number;
  /** Layouts of blocks, with version 4.1; left out: none. */
  readonly layouts?: BlockLayoutOptions;
}

/** What holds of a server where its options leave it out. */
export const NFS_SERVER_DEFAULTS = {
  rules: OPEN_EXPORT,
  replyCache: 'linux',
  transferBytesMax: 1_048_576,
  tcpPort: 2049,
  connectionsMax: 1024,
  /** Source: Linux 6.1, net/sunrpc/svc_xprt.c: svc_conn_age_period. */
  idleNs: 360 * SECOND,
  serviceNs: () => 0,
} as const satisfies Partial<NfsServerOptions>;

/** Bytes of a call beside its data. */
const CALL_BYTES_MAX = 4096;
/** Bytes of calls that wait to be carried out, of all connections. */
const WAITING_BYTES_MAX = 64 << 20;

/** Calls that a second time would do something else than the first time. Source: Linux 6.1, fs/nfsd/nfs3proc.c: RC_REPLBUFF. */
const KEPT_REPLIES: ReadonlySet<Nfs3Name> = new Set<Nfs3Name>([
  'SETATTR',
  'WRITE',
  'CREATE',
  'MKDIR',
  'SYMLINK',
  'MKNOD',
  'REMOVE',
  'RMDIR',
  'RENAME',
  'LINK',
]);

/** A file server. */
export class NfsServer implements StreamMachine<StorageEvent> {
  readonly #options: NfsServerOptions &
    Required<Pick<NfsServerOptions, keyof typeof NFS_SERVER_DEFAULTS>>;
  readonly #core = new StreamCore<StorageEvent>();
  readonly #connections: NfsConnections;
  readonly #replies: ReplyCache;
  readonly #nfs: Nfs3Service;
  readonly #nfs4: Nfs4Service;
  readonly #programs: RpcPrograms;
  #waitingBytes = 0;
  /** The call that is being carried out: changes are told under it. */
  #current: { readonly nexus: NexusName; readonly tag: number; readonly conn: Conn } | undefined;

  constructor(options: NfsServerOptions) {
    this.#options = { ...NFS_SERVER_DEFAULTS, ...options };
    const { fileSystem, replyCache, rules, tcpPort, transferBytesMax } = this.#options;
    const recordBytesMax = transferBytesMax + CALL_BYTES_MAX;
    const limits = { ...this.#options, recordBytesMax };
    this.#connections = new NfsConnections(this.#core, options.name, limits);
    this.#replies = new ReplyCache(replyCache);
    const observed: FileOperationsOptions = {
      fileSystem,
      writeVerifier: options.writeVerifier,
      transferBytesMax,
      observer: {
        changed: (node, { lba, blocks, data }, durable) => {
          const { file } = node;
          if (file?.luName === undefined || this.#current === undefined) return;
          this.#core.emit({
            type: 'apply',
            change: data.length === 0 ? 'unmap' : 'write',
            ...this.#commandOf(node),
            luName: file.luName,
            lba,
            blocks,
            data,
            durable,
            heldWhenEnabled: undefined,
            held: undefined,
          });
        },
        flushed: ({ file }) => {
          if (file?.luName !== undefined) this.#core.emit({ type: 'flushed', luName: file.luName });
        },
      },
    };
    this.#nfs = new Nfs3Service(observed);
    this.#nfs4 = new Nfs4Service({
      ...observed,
      name: options.name,
      done: (operation, node, status) => this.#done(operation, node, status),
      ...(options.layouts === undefined ? {} : { layouts: this.#layoutsOf(options.layouts) }),
    });
    this.#programs = new RpcPrograms(
      new MountService({ fileSystem, rules, tcpPort }),
      (name, args, caller) => this.#callNfs(name, args, caller),
      (args, { address }) =>
        this.#nfs4.call(args, {
          access: accessOf(rules, address),
          now: this.#core.now,
          ...(this.#current === undefined ? {} : { conn: this.#current.conn }),
        }),
    );
  }

  #layoutsOf(layouts: BlockLayoutOptions): ServiceLayouts {
    return {
      ...layouts,
      send: (conn, message) => this.#core.send(conn, encodeRecord(message)),
      after: (delayNs, run) => {
        this.#core.after(delayNs, () => run(this.#core.now));
      },
      changed: ({ client, iomode, node }, state) => {
        const { file } = node;
        const owner = parseHex(client.owner);
        layouts.told?.(node, owner, state);
        const initiator = layouts.initiatorOf?.(owner, client.id);
        if (file?.luName === undefined || initiator === undefined) return;
        const mode = iomode === LayoutIomode4.LAYOUTIOMODE4_RW ? 'read-write' : 'read';
        this.#core.emit({ type: 'layout', state, initiator, luName: file.luName, mode });
      },
    };
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    return {
      connections: this.#connections.size,
      'replies of calls': this.#replies.size,
      ...this.#nfs4.kept(),
      'bytes of calls': this.#waitingBytes + this.#connections.waitingBytes,
      timers: this.#core.timers.pending,
    };
  }

  // The machine contract.

  handleOpened(conn: Conn, now: Instant): void {
    this.#core.now = now;
    this.#connections.open(conn, this.#options.peerOf(conn));
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void {
    this.#core.now = now;
    const connection = this.#connections.get(conn);
    if (connection === undefined || connection.ended) return;
    connection.usedAt = now;
    try {
      connection.records.take(bytes, (record) => {
        if (this.#connections.get(conn) === connection) this.#record(connection, record);
      });
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#connections.reset(connection, error.message);
    }
  }

  handleClosed(conn: Conn, how: StreamEnd, now: Instant): void {
    this.#core.now = now;
    const connection = this.#connections.get(conn);
    if (connection === undefined) return;
    connection.ended = true;
    this.#nfs4.connectionLost(conn);
    if (how === 'reset') this.#connections.forget(connection);
    else if (connection.calls === 0) this.#connections.closeWell(connection);
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): StreamOutput<StorageEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  // Calls.

  #record(connection: NfsConnection, record: Uint8Array): void {
    let message: ReturnType<typeof rpcMessage.decode>;
    try {
      message = rpcMessage.decode(record);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#connections.reset(connection, error.message);
      return;
    }
    if (message.kind === 'reply' && this.#nfs4.answered(connection.conn, message)) return;
    if (message.kind !== 'call') {
      this.#connections.reset(connection, 'sent a message that is no call');
      return;
    }
    const call = message;
    const answer = this.#programs.procedureOf(call);
    if (answer instanceof Uint8Array) {
      this.#core.send(connection.conn, encodeRecord(answer));
      return;
    }
    this.#begin(connection, call, answer, record.length);
  }

  /** Carries a call out, at once or when its time has come. Calls that are under way may be answered by their reply of before. */
  #begin(connection: NfsConnection, call: RpcCall, procedure: RpcProcedure, bytes: number): void {
    const { conn, peer } = connection;
    const { now } = this.#core;
    const isKept = procedure.nfs !== undefined && KEPT_REPLIES.has(procedure.nfs);
    const known = isKept ? this.#replies.begin(conn, peer, call, now) : undefined;
    if (known?.state === 'in-progress') return;
    if (known?.state === 'done') {
      this.#core.send(conn, encodeRecord(known.reply));
      return;
    }
    const delayNs = this.#options.serviceNs(procedure.name, call.parameters.length);
    if (delayNs > 0) {
      if (this.#waitingBytes + bytes > WAITING_BYTES_MAX) {
        this.#connections.reset(connection, 'calls of too many bytes wait');
        return;
      }
      this.#waitingBytes += bytes;
      connection.calls += 1;
      this.#core.after(delayNs, () => {
        this.#waitingBytes -= bytes;
        connection.calls -= 1;
        this.#carryOut(connection, call, procedure, known?.done);
      });
    } else this.#carryOut(connection, call, procedure, known?.done);
  }

  /** A call whose connection is gone is carried out all the same: that is how a late write comes about. */
  #carryOut(
    connection: NfsConnection,
    call: RpcCall,
    procedure: RpcProcedure,
    done: ((reply: Uint8Array, now: Instant) => void) | undefined,
  ): void {
    const { conn, peer, nexus, calls, ended } = connection;
    this.#current = { nexus, tag: call.xid, conn };
    const reply = procedure.call(peer);
    this.#current = undefined;
    done?.(reply, this.#core.now);
    if (this.#connections.get(conn) !== connection) return;
    this.#core.send(conn, encodeRecord(reply));
    if (ended && calls === 0) this.#connections.closeWell(connection);
  }

  #callNfs(name: Nfs3Name, args: unknown, { address }: NfsPeer): Uint8Array {
    const access = accessOf(this.#options.rules, address);
    const caller = { access, now: this.#core.now };
    const { status, results } = this.#nfs.call(name, args as never, caller);
    if (name !== 'NULL') this.#done(name, this.#nfs.fileOf(name, args), status);
    return results;
  }

  /** Tells that a procedure or operation has ended. */
  #done(command: string, node: NfsNode | undefined, status: number): void {
    if (this.#current === undefined) return;
    this.#core.emit({
      type: 'command-done',
      command,
      ...this.#commandOf(node),
      luName: node?.file?.luName,
      status: status === 0 ? ScsiStatus.GOOD : ScsiStatus.CHECK_CONDITION,
      sense: undefined,
      nfsStatus: status,
    });
  }

  #commandOf(node: NfsNode | undefined) {
    const { nexus, tag } = this.#current!;
    return { nexus, lun: lunField(node?.file?.lunNumber ?? 0), tag };
  }
}
