/**
 * A client of NFS version 4.1 as a machine: it finds and opens files of the exported directory, reads, writes and
 * commits, in a session over one connection after the other.
 *
 * Ownership: it owns its session, what it has open, and the connection that it asks its driver for.
 */
import { CodecError } from '../../codecs/layout/index.ts';
import {
  type Attributes4,
  decodeAttributes,
  type Fattr4,
  maskOf,
  type NfsArgOp4Input,
  type NfsResOp4,
  OpenClaim4,
  OpenDelegation4,
  OpenShare4,
  OpenType4,
  StableHow4,
  type Stateid4,
} from '../../codecs/nfs4/index.ts';
import { type AuthSysInput, authSysCredential } from '../../codecs/rpc/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import type { NfsDone } from '../nfs/client-result.ts';
import type { FilePlace, RemoteFile, RemoteFiles } from '../nfs/remote-files.ts';
import {
  LINUX_TIMES,
  type OpenCall,
  RpcClient,
  type RpcClientTimes,
  type ServerAddress,
} from '../nfs/rpc-client.ts';
import { RpcMachine } from '../nfs/rpc-machine.ts';
import { type ClientLayoutOwner, ClientLayouts } from './client-layouts.ts';
import { ClientSession } from './client-session.ts';

/** What a client of version 4.1 is made of. */
export interface Nfs4ClientOptions {
  readonly server: ServerAddress;
  /** Who calls. */
  readonly caller: AuthSysInput;
  /** xid of its first call. */
  readonly xid: number;
  /** Its name (`co_ownerid`): a client that comes under the same one takes its place. */
  readonly owner: string;
  /** Eight bytes that are others at each start. */
  readonly verifier: Uint8Array;
  /** Calls under way at once. Left out: 64, as Linux asks for. */
  readonly slots?: number;
  /** It uses layouts, and hears of their recalls; left out: it does not. */
  readonly layouts?: ClientLayoutOwner;
  /** Left out: as Linux does, which sends a call again on another connection only. */
  readonly times?: Partial<RpcClientTimes>;
}

/** A file that is open; what it is open as changes where the server forgets it. */
interface OpenFile extends RemoteFile {
  stateid: Stateid4;
}

const SLOTS = 64;
/** Until the server says how long its lease is. */
const LEASE_SECONDS = 90;
/** A lease is renewed when a third of it is left. */
const RENEWED_AT = 2 / 3;

const ROOT: NfsArgOp4Input = { kind: 'PUTROOTFH' };

/** A client of one server. */
export class Nfs4Client extends RpcMachine implements RemoteFiles {
  readonly machine = this;
  protected readonly rpc: RpcClient;
  readonly #session: ClientSession;
  /** What it may go to disks by, where it uses layouts. */
  readonly layouts: ClientLayouts | undefined;
  readonly #openOwner: Uint8Array;
  readonly #files = new Map<string, OpenFile>();
  #usedAt: Instant = 0;
  #leaseNs = LEASE_SECONDS * SECOND;
  #renews = false;
  #failure: string | undefined;

  constructor(options: Nfs4ClientOptions) {
    super();
    const { caller, owner, server, slots = SLOTS, verifier, xid } = options;
    const times = { ...LINUX_TIMES, timeoNs: Number.POSITIVE_INFINITY, ...options.times };
    const { layouts } = options;
    this.layouts =
      layouts === undefined
        ? undefined
        : new ClientLayouts(
            {
              compound: (operations, done) => this.#compound(operations, done),
              stateidOf: ({ name }) => this.#stateidOf(name),
              sessionId: () => this.#session.id,
            },
            layouts,
          );
    this.rpc = new RpcClient(this.core, server, authSysCredential(caller), xid, times, {
      opened: () => this.#session.connected(),
      ...(this.layouts === undefined ? {} : { serve: (call) => this.layouts!.serve(call) }),
    });
    this.#openOwner = latin1(owner);
    this.#session = new ClientSession(
      { owner: latin1(owner), verifier, slots, layouts: layouts !== undefined },
      {
        rpc: this.rpc,
        began: (isNewClient) => this.#began(isNewClient),
        failed: (why) => {
          this.#failure = why;
        },
      },
    );
  }

  /** Calls that are not answered. */
  get waiting(): number {
    return this.#session.waiting;
  }

  /** The session's identifier; empty where there is none. */
  get sessionId(): Uint8Array {
    return this.#session.id;
  }

  /** The present instant, before its layouts are asked for something. */
  setTime(now: Instant): void {
    this.core.now = now;
  }

  // What its owner asks for.

  find(names: readonly string[], now: Instant, done: NfsDone<readonly RemoteFile[]>): void {
    this.core.now = now;
    this.#find(names, [], done);
  }

  #find(
    names: readonly string[],
    found: readonly RemoteFile[],
    done: NfsDone<readonly RemoteFile[]>,
  ): void {
    const name = names[found.length];
    if (name === undefined) {
      done({ state: 'done', value: found });
      return;
    }
    this.#compound(
      () => this.#openOf(name),
      (result) => {
        const file = result.state === 'done' ? fileOf(name, result.value) : undefined;
        if (file !== undefined) {
          this.#files.set(name, file);
          return this.#find(names, [...found, file], done);
        }
        const why = result.state === 'failed' ? result.why : 'its size is not told';
        return done({ state: 'failed', why: `${name}: ${why}` });
      },
    );
  }

  read(file: RemoteFile, place: FilePlace, now: Instant, done: NfsDone<Uint8Array>): OpenCall {
    this.core.now = now;
    return this.#onFile(
      file,
      (stateid) => ({ kind: 'READ', stateid, ...place }),
      (result) => result.kind === 'READ' && result.resok?.data,
      done,
    );
  }

  write(
    file: RemoteFile,
    offset: bigint,
    data: Uint8Array,
    now: Instant,
    done: NfsDone<number>,
  ): OpenCall {
    this.core.now = now;
    const stable = StableHow4.FILE_SYNC4;
    return this.#onFile(
      file,
      (stateid) => ({ kind: 'WRITE', stateid, offset, stable, data }),
      (result) => result.kind === 'WRITE' && result.resok?.count,
      done,
    );
  }

  commit(file: RemoteFile, now: Instant, done: NfsDone<undefined>): OpenCall {
    this.core.now = now;
    return this.#onFile(
      file,
      () => ({ kind: 'COMMIT', offset: 0n, count: 0 }),
      (result) => result.kind === 'COMMIT' && result.resok,
      (result) => done(result.state === 'done' ? { state: 'done', value: undefined } : result),
    );
  }

  /** One operation on an open file, and what is wanted of its result. */
  #onFile<T>(
    { handle, name }: RemoteFile,
    operation: (stateid: Stateid4) => NfsArgOp4Input,
    wanted: (result: NfsResOp4) => T | false | undefined,
    done: NfsDone<T>,
  ): OpenCall {
    return this.#compound(
      () => [{ kind: 'PUTFH', object: handle }, operation(this.#stateidOf(name))],
      (result) => {
        if (result.state === 'failed') return done(result);
        const value = result.value[1] === undefined ? undefined : wanted(result.value[1]);
        if (value !== undefined && value !== false) return done({ state: 'done', value });
        return done({ state: 'failed', why: 'an answer to something else' });
      },
    );
  }

  #stateidOf(name: string): Stateid4 {
    return this.#files.get(name)?.stateid ?? { seqid: 0, other: new Uint8Array(12) };
  }

  #compound(
    operations: () => readonly NfsArgOp4Input[],
    done: NfsDone<readonly NfsResOp4[]>,
    isUrgent = false,
  ): OpenCall {
    if (this.#failure !== undefined) {
      const why = this.#failure;
      this.core.after(0, () => done({ state: 'failed', why }));
      return { xid: this.rpc.nextXid(), forget() {} };
    }
    this.#usedAt = this.core.now;
    return this.#session.compound(operations, done, isUrgent);
  }

  #openOf(name: string, claim?: NfsArgOp4Input[]): NfsArgOp4Input[] {
    const { OPEN_DELEGATE_NONE } = OpenDelegation4;
    const open: NfsArgOp4Input = {
      kind: 'OPEN',
      seqid: 0,
      shareAccess: OpenShare4.READ | OpenShare4.WRITE | OpenShare4.WANT_NO_DELEG,
      shareDeny: 0,
      owner: { clientId: 0n, owner: this.#openOwner },
      openType: OpenType4.OPEN4_NOCREATE,
      claim:
        claim === undefined
          ? { claim: OpenClaim4.CLAIM_NULL, file: { name } }
          : { claim: OpenClaim4.CLAIM_PREVIOUS, delegateType: OPEN_DELEGATE_NONE },
    };
    const behind: NfsArgOp4Input[] = [
      { kind: 'GETFH' },
      { kind: 'GETATTR', attributes: maskOf(['size']) },
    ];
    return [...(claim ?? [ROOT]), open, ...behind];
  }

  // A new session.

  /** What was open is opened again, and the server told that this is all. */
  #began(isNewClient: boolean): void {
    this.layouts?.began();
    if (isNewClient) this.layouts?.lose();
    if (isNewClient) this.#restore([...this.#files.values()]);
    else this.#session.ready();
  }

  #restore(files: readonly OpenFile[]): void {
    const [file, ...others] = files;
    if (file === undefined) {
      this.#complete();
      return;
    }
    const { handle, name } = file;
    this.#compound(
      () => this.#openOf(name, [{ kind: 'PUTFH', object: handle }]),
      (result) => {
        const again = result.state === 'done' ? fileOf(name, result.value) : undefined;
        if (again !== undefined) this.#files.set(name, again);
        this.#restore(others);
      },
      true,
    );
  }

  #complete(): void {
    this.#compound(
      () => [
        { kind: 'RECLAIM_COMPLETE', oneFs: 0 },
        ROOT,
        { kind: 'GETATTR', attributes: maskOf(['lease_time']) },
      ],
      (result) => {
        const last = result.state === 'done' ? result.value[2] : undefined;
        const told = last?.kind === 'GETATTR' && last.resok?.attributes;
        const { lease_time: lease = LEASE_SECONDS } = told ? attributesIn(told) : {};
        this.#leaseNs = Math.max(1, lease) * SECOND;
        if (!this.#renews) this.#renew();
        this.#session.ready();
      },
      true,
    );
  }

  /** A client that says nothing for the time of its lease loses what it has. */
  #renew(): void {
    this.#renews = true;
    const dueNs = this.#usedAt + this.#leaseNs * RENEWED_AT - this.core.now;
    if (dueNs > 0) {
      this.core.after(dueNs, () => this.#renew());
      return;
    }
    if (this.#session.isIdle)
      this.#compound(
        () => [],
        () => {},
      );
    this.core.after(this.#leaseNs * (1 - RENEWED_AT), () => this.#renew());
  }
}

const latin1 = (text: string): Uint8Array =>
  Uint8Array.from(text, (one) => one.charCodeAt(0) & 0xff);

/** Attributes of an answer; none where they do not fit their forms. */
function attributesIn(told: Fattr4): Partial<Attributes4> {
  try {
    return decodeAttributes(told).attributes;
  } catch (error) {
    if (error instanceof CodecError) return {};
    throw error;
  }
}

/** The file that an OPEN with GETFH and GETATTR behind it has opened. */
function fileOf(name: string, results: readonly NfsResOp4[]): OpenFile | undefined {
  const [, open, handle, attributes] = results;
  if (open?.kind !== 'OPEN' || handle?.kind !== 'GETFH' || attributes?.kind !== 'GETATTR') return;
  const told = attributes.resok?.attributes;
  const size = told === undefined ? undefined : attributesIn(told).size;
  if (open.resok === undefined || handle.resok === undefined || size === undefined) return;
  const { stateid } = open.resok;
  return { name, handle: handle.resok.object, stateid, sizeBytes: Number(size) };
}
