/** An NFS connection of single calls and replies past a tap. */
import {
  AuthFlavor,
  authSys,
  encodeRecord,
  Nfs3Procedure,
  nfs3,
  RpcProgram,
  rpcCall,
  rpcReply,
} from '../../src/codecs/index.ts';
import type { SessionTap, TapConnection } from './session-tap.ts';

const FILE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const NO_WCC = { fileWcc: { before: {}, after: {} } };

/** Says what a test has client and server say. */
export class NfsScript {
  readonly connection: TapConnection;
  readonly #machine: string;

  /** `host`: the last octet of the client's address. */
  constructor(tap: SessionTap, machine = 'host', host = 2) {
    this.connection = tap.connect(2049, host);
    this.#machine = machine;
  }

  /** The record of a call. */
  callOf(name: 'READ' | 'WRITE' | 'COMMIT', xid: number, args: object): Uint8Array {
    const body = authSys.encode({ machineName: this.#machine, uid: 0, gid: 0, gids: [] });
    return encodeRecord(
      rpcCall.encode({
        xid,
        program: RpcProgram.NFS,
        version: 3,
        procedure: Nfs3Procedure[name],
        credential: { flavor: AuthFlavor.AUTH_SYS, body },
        verifier: {},
        parameters: nfs3[name].args.encode({ file: FILE, ...args } as never),
      }),
    );
  }

  #reply(name: 'READ' | 'WRITE' | 'COMMIT', xid: number, resok: object): void {
    const results = nfs3[name].res.encode({ status: 0, resok } as never);
    const reply = rpcReply.encode({ xid, verifier: {}, acceptStat: 0, results });
    this.connection.bytes(false, encodeRecord(reply));
  }

  callWrite(xid: number, offset: number, data: Uint8Array, stable = 2): void {
    const args = { offset: BigInt(offset), count: data.length, stable, data };
    this.connection.bytes(true, this.callOf('WRITE', xid, args));
  }

  written(xid: number, count: number, committed = 2, verifier = 1): void {
    const verf = new Uint8Array(8).fill(verifier);
    this.#reply('WRITE', xid, { ...NO_WCC, count, committed, verf });
  }

  write(xid: number, offset: number, data: Uint8Array): void {
    this.callWrite(xid, offset, data);
    this.written(xid, data.length);
  }

  read(xid: number, offset: number, data: Uint8Array): void {
    const args = { offset: BigInt(offset), count: data.length };
    this.connection.bytes(true, this.callOf('READ', xid, args));
    this.#reply('READ', xid, { fileAttributes: {}, count: data.length, eof: 0, data });
  }

  commit(xid: number, verifier: number): void {
    this.connection.bytes(true, this.callOf('COMMIT', xid, { offset: 0n, count: 0 }));
    this.#reply('COMMIT', xid, { ...NO_WCC, verf: new Uint8Array(8).fill(verifier) });
  }
}
