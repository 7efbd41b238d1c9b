/** An NFS client of single calls on a socket: what it sends, and when, is the test's to say. */
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

const ANSWER_MS = 5000;
type Nfs3 = typeof nfs3;

/** One connection. */
export class NfsPeer {
  readonly #socket: Socket;
  readonly #reader = new RecordReader({ recordBytesMax: 1 << 20, fragmentsMax: 100 });
  readonly #replies = new Map<number, Uint8Array>();
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.#reader.take(Uint8Array.from(bytes), (record) => {
        this.#replies.set(rpcReply.decode(record).xid, record);
      });
      this.#wake();
    });
  }

  static async open(port: number): Promise<NfsPeer> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    return new NfsPeer(socket);
  }

  /** The record of a call. */
  record(xid: number, program: number, procedure: number, parameters: Uint8Array): Uint8Array {
    const body = authSys.encode({ machineName: 'guest', uid: 0, gid: 0, gids: [0] });
    const credential = { flavor: AuthFlavor.AUTH_SYS, body };
    const call = { xid, program, version: 3, procedure, credential, verifier: {}, parameters };
    return encodeRecord(rpcCall.encode(call));
  }

  nfsRecord<P extends keyof Nfs3>(
    name: P,
    xid: number,
    args: InferInput<Nfs3[P]['args']>,
  ): Uint8Array {
    const parameters = nfs3[name].args.encode(args as never);
    return this.record(xid, RpcProgram.NFS, Nfs3Procedure[name], parameters);
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** The results of a call; `undefined` where none come for so long. */
  async results(xid: number, ms = ANSWER_MS): Promise<Uint8Array | undefined> {
    const until = Date.now() + ms;
    for (;;) {
      const reply = this.#replies.get(xid);
      if (reply !== undefined) return rpcReply.decode(reply).results;
      const left = until - Date.now();
      if (left <= 0) return undefined;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async ask<P extends keyof Nfs3>(
    name: P,
    xid: number,
    args: InferInput<Nfs3[P]['args']>,
  ): Promise<Infer<Nfs3[P]['res']>> {
    this.send(this.nfsRecord(name, xid, args));
    const results = await this.results(xid);
    if (results === undefined) throw new Error(`no answer to ${name}`);
    return nfs3[name].res.decode(results) as Infer<Nfs3[P]['res']>;
  }

  /** The handle of an export. */
  async mount(path: string, xid: number): Promise<Uint8Array> {
    const parameters = mount3.MNT.args.encode({ path });
    this.send(this.record(xid, RpcProgram.MOUNT, Mount3Procedure.MNT, parameters));
    const results = await this.results(xid);
    if (results === undefined) throw new Error('no answer to MNT');
    const { status, resok } = mount3.MNT.res.decode(results);
    if (resok === undefined) throw new Error(`MNT: ${status}`);
    return resok.fileHandle;
  }

  close(): void {
    this.#socket.destroy();
  }
}
