/** NFS servers and clients with nothing between them, and calls that are made by hand. */

import {
  encodeRecord,
  Mount3Procedure,
  mount3,
  Nfs3Procedure,
  nfs3,
  type OpaqueAuthInput,
  PortmapProcedure,
  portmap2,
  RecordReader,
  RpcProgram,
  rpcCall,
  rpcReply,
} from '../../src/codecs/index.ts';
import type { Infer, InferInput } from '../../src/codecs/layout/index.ts';
import type { StorageEvent } from '../../src/history/storage.ts';
import type { Conn } from '../../src/machine/stream-machine.ts';
import { NfsFileSystem } from '../../src/port/nfs/file-system.ts';
import { NfsServer, type NfsServerOptions } from '../../src/port/nfs/server.ts';
import { type Medium, MemoryMedium } from '../../src/scsi/medium/medium.ts';

/** A file system of media, `lun0.img` and on; 1 MiB each where only their number is told. */
export function fileSystemOf(media: number | readonly Medium[] = 1): NfsFileSystem {
  const all =
    typeof media === 'number' ? Array.from({ length: media }, () => new MemoryMedium(2048)) : media;
  return new NfsFileSystem({
    fsid: 7n,
    epochSeconds: 1_000_000,
    files: all.map((medium, i) => ({
      name: `lun${i}.img`,
      medium,
      luName: `lu${i}`,
      lunNumber: i,
    })),
  });
}

/** A server whose clients are 10.0.0.1, from TCP port 700 on. */
export function serverOf(options: Partial<NfsServerOptions> = {}): NfsServer {
  return new NfsServer({
    name: 'array',
    fileSystem: options.fileSystem ?? fileSystemOf(),
    peerOf: (conn) => ({ address: '10.0.0.1', port: 700 + conn }),
    writeVerifier: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    ...options,
  });
}

type Nfs3 = typeof nfs3;
const MOUNT = { program: RpcProgram.MOUNT, version: 3 };
const NFS = { program: RpcProgram.NFS, version: 3 };
const PORTMAP = { program: RpcProgram.PORTMAP, version: 2 };

/** A message of a call. */
export function messageOf(
  call: { program: number; version: number; procedure: number; xid: number; rpcVersion?: number },
  parameters: Uint8Array = new Uint8Array(),
  credential: OpaqueAuthInput = {},
): Uint8Array {
  return rpcCall.encode({ ...call, credential, verifier: {}, parameters });
}

/** The record of a call of NFS. */
export function nfsCall<P extends keyof Nfs3>(
  name: P,
  args: InferInput<Nfs3[P]['args']>,
  xid: number,
): Uint8Array {
  const parameters = nfs3[name].args.encode(args as never);
  return encodeRecord(messageOf({ ...NFS, procedure: Nfs3Procedure[name], xid }, parameters));
}

/** The record of a call of MOUNT. */
export function mountCall<P extends keyof typeof mount3>(
  name: P,
  args: InferInput<(typeof mount3)[P]['args']>,
  xid: number,
): Uint8Array {
  const parameters = mount3[name].args.encode(args as never);
  return encodeRecord(messageOf({ ...MOUNT, procedure: Mount3Procedure[name], xid }, parameters));
}

/** The record of a call of the port mapper. */
export function portmapCall<P extends keyof typeof portmap2>(
  name: P,
  args: InferInput<(typeof portmap2)[P]['args']>,
  xid: number,
): Uint8Array {
  const parameters = portmap2[name].args.encode(args as never);
  const procedure = PortmapProcedure[name];
  return encodeRecord(messageOf({ ...PORTMAP, procedure, xid }, parameters));
}

/** A server, and what it says. */
export class NfsRig {
  readonly server: NfsServer;
  readonly events: StorageEvent[] = [];
  readonly closed = new Map<Conn, string>();
  /** Replies that came, oldest first. */
  readonly replies: { readonly conn: Conn; readonly message: Uint8Array }[] = [];
  readonly #readers = new Map<Conn, RecordReader>();
  now = 1_000;
  #conns = 0;
  #xid = 100;

  constructor(options: Partial<NfsServerOptions> = {}) {
    this.server = serverOf(options);
  }

  open(): Conn {
    const conn = ++this.#conns;
    this.server.handleOpened(conn, this.now);
    this.drain();
    return conn;
  }

  /** Sends bytes; gives the replies that came of them. */
  send(conn: Conn, bytes: Uint8Array): Uint8Array[] {
    const before = this.replies.length;
    this.now += 1_000;
    this.server.handleBytes(conn, bytes.slice(), this.now);
    this.drain();
    return this.replies.slice(before).map(({ message }) => message);
  }

  close(conn: Conn, how: 'end' | 'reset'): void {
    this.server.handleClosed(conn, how, this.now);
    this.drain();
  }

  /** Lets time pass. */
  wait(ns: number): void {
    const until = this.now + ns;
    for (;;) {
      const { deadline } = this.server;
      if (deadline === undefined || deadline > until) break;
      this.now = Math.max(this.now, deadline);
      this.server.handleTimeout(this.now);
      this.drain();
    }
    this.now = until;
  }

  drain(): void {
    for (let out = this.server.poll(); out !== undefined; out = this.server.poll()) {
      if ('event' in out) this.events.push(out.event);
      else if ('close' in out) this.closed.set(out.conn, out.close);
      else if ('send' in out) {
        const { conn, send } = out;
        const limits = { recordBytesMax: 1 << 24, fragmentsMax: 1 };
        const reader = this.#readers.get(conn) ?? new RecordReader(limits);
        this.#readers.set(conn, reader);
        reader.take(send, (message) => this.replies.push({ conn, message }));
      }
    }
  }

  /** Calls a procedure of NFS, and gives what its one reply says. */
  nfs<P extends keyof Nfs3>(
    conn: Conn,
    name: P,
    args: InferInput<Nfs3[P]['args']>,
    xid = ++this.#xid,
  ): Infer<Nfs3[P]['res']> {
    const [message, ...more] = this.send(conn, nfsCall(name, args, xid));
    if (message === undefined || more.length > 0) throw new Error(`${name}: no one reply`);
    return nfs3[name].res.decode(rpcReply.decode(message).results) as Infer<Nfs3[P]['res']>;
  }

  /** The happenings of a type. */
  told<T extends StorageEvent['type']>(type: T): Extract<StorageEvent, { type: T }>[] {
    return this.events.filter(
      (one): one is Extract<StorageEvent, { type: T }> => one.type === type,
    );
  }
}
