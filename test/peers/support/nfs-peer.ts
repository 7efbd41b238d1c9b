/** A client of NFS version 3 of single calls on a socket: what it sends, when, and in how many pieces, is the test's to say. */
import { connect, type Socket } from 'node:net';
import {
  AuthFlavor,
  authSys,
  encodeRecord,
  Mount3Procedure,
  mount3,
  Nfs3Procedure,
  nfs3,
  RecordReader,
  RpcProgram,
  rpcCall,
  rpcReply,
} from '../../../src/codecs/index.ts';
import type { Infer, InferInput } from '../../../src/codecs/layout/index.ts';
import { until } from '../../live/support/wait.ts';

type Nfs3 = typeof nfs3;
const ANSWER_MS = 5000;

/** One connection. */
export class NfsPeer {
  readonly #socket: Socket;
  readonly #reader = new RecordReader({ recordBytesMax: 1 << 20, fragmentsMax: 1 });
  readonly #replies = new Map<number, Uint8Array>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) =>
      this.#reader.take(bytes, (message) => {
        const reply = rpcReply.decode(message.slice());
        this.#replies.set(reply.xid, reply.results);
      }),
    );
  }

  static async connect(port: number): Promise<NfsPeer> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    return new NfsPeer(socket);
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** The results of a call's reply; `undefined` where none comes for so long. */
  async results(xid: number, ms = ANSWER_MS): Promise<Uint8Array | undefined> {
    await until(() => this.#replies.has(xid), ms, 'a reply').catch(() => {});
    return this.#replies.get(xid);
  }

  /** The file handle of an export. */
  async mount(xid: number, path: string): Promise<Uint8Array> {
    const { MNT } = mount3;
    const procedure = Mount3Procedure.MNT;
    this.send(recordOf(RpcProgram.MOUNT, procedure, xid, MNT.args.encode({ path })));
    const { resok } = MNT.res.decode((await this.results(xid)) ?? new Uint8Array());
    if (resok === undefined) throw new Error('not mounted');
    return resok.fileHandle;
  }

  /** Calls a procedure of NFS, and gives what its reply says. */
  async nfs<P extends keyof Nfs3>(
    name: P,
    args: InferInput<Nfs3[P]['args']>,
    xid: number,
  ): Promise<Infer<Nfs3[P]['res']>> {
    this.send(nfsRecord(name, args, xid));
    const results = await this.results(xid);
    if (results === undefined) throw new Error(`${name}: no reply`);
    return nfs3[name].res.decode(results) as Infer<Nfs3[P]['res']>;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Ends the connection as a client does that is done. */
  end(): void {
    this.#socket.end();
  }
}

function recordOf(program: number, procedure: number, xid: number, parameters: Uint8Array) {
  const body = authSys.encode({ machineName: 'guest', uid: 0, gid: 0, gids: [] });
  const credential = { flavor: AuthFlavor.AUTH_SYS, body };
  return encodeRecord(
    rpcCall.encode({ xid, program, version: 3, procedure, credential, verifier: {}, parameters }),
  );
}

/** The record of a call of NFS. */
export const nfsRecord = <P extends keyof Nfs3>(
  name: P,
  args: InferInput<Nfs3[P]['args']>,
  xid: number,
): Uint8Array =>
  recordOf(RpcProgram.NFS, Nfs3Procedure[name], xid, nfs3[name].args.encode(args as never));
