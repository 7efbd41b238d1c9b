/**
 * An NFS client as a machine: mounts, looks up, reads and writes files of a server, over one connection
 * after the other.
 *
 * Ownership: it owns the calls under way and what was written and is not committed, and the connection that
 * it asks its driver for.
 */
import { CodecError, type Infer, type InferInput } from '../../codecs/layout/index.ts';
import { Mount3Procedure, mount3, Nfs3Procedure, NfsStat3, nfs3 } from '../../codecs/nfs/index.ts';
import { type AuthSysInput, authSysCredential, RpcProgram } from '../../codecs/rpc/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { NfsDone } from './client-result.ts';
import {
  LINUX_TIMES,
  type OpenCall,
  RpcClient,
  type RpcClientTimes,
  type ServerAddress,
} from './rpc-client.ts';
import { RpcMachine } from './rpc-machine.ts';
import { UnstableWrites } from './unstable-writes.ts';

/** What an NFS client is made of. */
export interface NfsClientOptions {
  /** One TCP port for NFS and MOUNT. */
  readonly server: ServerAddress;
  /** Who calls. */
  readonly caller: AuthSysInput;
  /** xid of its first call: what a duplicate request cache knows calls by must differ from start to start. */
  readonly xid: number;
  /** Left out: as Linux does. */
  readonly times?: Partial<RpcClientTimes>;
}

type Nfs3 = typeof nfs3;

const failed = (why: string): { readonly state: 'failed'; readonly why: string } => ({
  state: 'failed',
  why,
});

const statusText = (name: string, status: number): string => {
  const known = Object.entries(NfsStat3).find(([, code]) => code === status)?.[0];
  return `${name}: ${known ?? `status ${status}`}`;
};

/** A client of one server. */
export class NfsClient extends RpcMachine {
  protected readonly rpc: RpcClient;
  readonly #writes: UnstableWrites;

  constructor(options: NfsClientOptions) {
    super();
    const times = { ...LINUX_TIMES, ...options.times };
    const credential = authSysCredential(options.caller);
    this.rpc = new RpcClient(this.core, options.server, credential, options.xid, times);
    this.#writes = new UnstableWrites({
      write: (args, done) => this.#nfs('WRITE', args, done),
      commit: (args, done) => this.#nfs('COMMIT', args, done),
    });
  }

  /** Calls that are not answered. */
  get waiting(): number {
    return this.rpc.waiting;
  }

  /** Bytes that were written and are not committed. */
  get uncommittedBytes(): number {
    return this.#writes.bytes;
  }

  // What its owner asks for.

  /** The handle of an export. */
  mount(path: string, now: Instant, done: NfsDone<Uint8Array>): void {
    this.core.now = now;
    const parameters = mount3.MNT.args.encode({ path });
    const head = { program: RpcProgram.MOUNT, version: 3, procedure: Mount3Procedure.MNT };
    this.rpc.call({ ...head, parameters }, (outcome) => {
      if (outcome.state === 'failed') return done(outcome);
      const reply = read(mount3.MNT.res, outcome.results);
      if (reply?.resok === undefined) return done(failed(`MNT: status ${reply?.status}`));
      return done({ state: 'done', value: reply.resok.fileHandle });
    });
  }

  /** The handle of a name in a directory. */
  lookup(dir: Uint8Array, name: string, now: Instant, done: NfsDone<Uint8Array>): void {
    this.call('LOOKUP', { what: { dir, name } }, now, (result) => {
      if (result.state === 'failed') return done(result);
      return done({ state: 'done', value: result.value.resok!.object });
    });
  }

  /** Bytes of a file, fewer at its end or where the server gives fewer at once. */
  read(
    file: Uint8Array,
    offset: bigint,
    count: number,
    now: Instant,
    done: NfsDone<Uint8Array>,
  ): void {
    this.call('READ', { file, offset, count }, now, (result) => {
      if (result.state === 'failed') return done(result);
      return done({ state: 'done', value: result.value.resok!.data });
    });
  }

  /**
   * Writes bytes, which are kept until the server has committed them: nobody may change them. `stable` is
   * `StableHow`; what the server does not commit at once it commits by `commit`.
   */
  write(
    file: Uint8Array,
    offset: bigint,
    bytes: Uint8Array,
    stable: number,
    now: Instant,
    done: NfsDone<undefined>,
  ): void {
    this.core.now = now;
    this.#writes.write({ file, offset, bytes, stable }, done);
  }

  /** Sees to it that all that was written to a file survives; what a server lost is written again. */
  commit(file: Uint8Array, now: Instant, done: NfsDone<undefined>): void {
    this.core.now = now;
    this.#writes.commit(file, done);
  }

  /** Any procedure of NFS version 3. `done` without a failure: its status was NFS3_OK. */
  call<P extends keyof Nfs3>(
    name: P,
    args: InferInput<Nfs3[P]['args']>,
    now: Instant,
    done: NfsDone<Infer<Nfs3[P]['res']>>,
  ): OpenCall {
    this.core.now = now;
    return this.#nfs(name, args, done);
  }

  #nfs<P extends keyof Nfs3>(
    name: P,
    args: InferInput<Nfs3[P]['args']>,
    done: NfsDone<Infer<Nfs3[P]['res']>>,
  ): OpenCall {
    const parameters = nfs3[name].args.encode(args as never);
    const head = { program: RpcProgram.NFS, version: 3, procedure: Nfs3Procedure[name] };
    return this.rpc.call({ ...head, parameters }, (outcome) => {
      if (outcome.state === 'failed') return done(failed(`${name}: ${outcome.why}`));
      const value = read(nfs3[name].res, outcome.results) as Infer<Nfs3[P]['res']> | undefined;
      if (value === undefined) return done(failed(`${name}: an answer that cannot be read`));
      const { status = NfsStat3.NFS3_OK } = value as { status?: number };
      if (status !== NfsStat3.NFS3_OK) return done(failed(statusText(name, status)));
      return done({ state: 'done', value });
    });
  }
}

/** Results; `undefined` where they are none. */
function read<T>(codec: { decode(bytes: Uint8Array): T }, results: Uint8Array): T | undefined {
  try {
    return codec.decode(results);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
