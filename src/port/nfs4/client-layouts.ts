/**
 * Layouts as a client of NFS version 4.1 has them: it asks for the disk of a file, is called when it is wanted back, and
 * gives it back. Source: RFC 8881, 12.5, 18.43, 18.44, 20.3, 20.9; RFC 5663.
 *
 * Ownership: it owns what is known of its layouts. Whether anything is still under way on the disk only its owner
 * knows: a layout that is recalled stays until the owner returns it.
 */
import { CodecError, formatHex } from '../../codecs/layout/index.ts';
import {
  type BlockDeviceAddr4,
  type BlockExtent4,
  blockDeviceAddr4,
  blockLayout4,
  type CbCompound4Args,
  cbCompound4args,
  cbCompound4res,
  LayoutIomode4,
  LayoutReturnType4,
  LayoutType4,
  type NfsArgOp4Input,
  type NfsCbArgOp4,
  type NfsCbResOp4Input,
  type NfsResOp4,
  NfsStat4,
  type Stateid4,
} from '../../codecs/nfs4/index.ts';
import { AcceptStat, type RpcCall, rpcReply } from '../../codecs/rpc/index.ts';
import type { NfsDone } from '../nfs/client-result.ts';
import type { RemoteFile } from '../nfs/remote-files.ts';

/** What the owner of a client hears of its layouts. */
export interface ClientLayoutOwner {
  /** A layout is wanted back: what is under way goes on, nothing is begun, and then it is to be returned. */
  readonly recalled: (file: RemoteFile) => void;
}

/** The disk of a file, and where on it the file lies. */
export interface GrantedLayout {
  readonly extents: readonly BlockExtent4[];
}

/** What the client does for them. */
export interface LayoutCalls {
  compound(operations: () => readonly NfsArgOp4Input[], done: NfsDone<readonly NfsResOp4[]>): void;
  /** The stateid of an open file. */
  stateidOf(file: RemoteFile): Stateid4;
  /** The session as it is now. */
  sessionId(): Uint8Array;
}

interface Held {
  readonly file: RemoteFile;
  stateid: Stateid4;
}

const WHOLE = 2n ** 64n - 1n;
const MAX_COUNT = 65_536;
const type = LayoutType4.LAYOUT4_BLOCK_VOLUME;

/** The layouts of a client. */
export class ClientLayouts {
  readonly #calls: LayoutCalls;
  readonly #owner: ClientLayoutOwner;
  /** By file handle. */
  readonly #held = new Map<string, Held>();
  #sequenceId = 0;
  #lastReply: Uint8Array = new Uint8Array(0);

  constructor(calls: LayoutCalls, owner: ClientLayoutOwner) {
    this.#calls = calls;
    this.#owner = owner;
  }

  /** Whether a file's disk may be gone to. */
  holds({ handle }: RemoteFile): boolean {
    return this.#held.has(formatHex(handle));
  }

  /**
   * LAYOUTGET, to read and write a file: all of it, or `length` bytes, without which Linux's server over XFS fails (6.1: NFS4ERR_IO).
   * Fails where another client holds it, which is asked for it then.
   */
  get(file: RemoteFile, done: NfsDone<GrantedLayout>, length = WHOLE): void {
    const key = formatHex(file.handle);
    this.#calls.compound(
      () => [
        { kind: 'PUTFH', object: file.handle },
        {
          kind: 'LAYOUTGET',
          signalAvailable: 0,
          type,
          iomode: LayoutIomode4.LAYOUTIOMODE4_RW,
          offset: 0n,
          length,
          minLength: 0n,
          stateid: this.#held.get(key)?.stateid ?? this.#calls.stateidOf(file),
          maxCount: MAX_COUNT,
        },
      ],
      (result) => {
        if (result.state === 'failed') {
          // What it held was taken away: it asks anew.
          const isLost = result.status === NfsStat4.NFS4ERR_BAD_STATEID && this.#held.delete(key);
          return isLost ? this.get(file, done, length) : done(result);
        }
        const [, given] = result.value;
        const granted = given?.kind === 'LAYOUTGET' ? given.resok : undefined;
        const extents = granted === undefined ? undefined : extentsIn(granted.layouts);
        if (granted === undefined || extents === undefined)
          return done({ state: 'failed', why: 'LAYOUTGET: a layout that cannot be read' });
        this.#held.set(key, { file, stateid: granted.stateid });
        return done({ state: 'done', value: { extents } });
      },
    );
  }

  /** GETDEVICEINFO: by what a disk is known. */
  device(deviceId: Uint8Array, done: NfsDone<BlockDeviceAddr4>): void {
    this.#calls.compound(
      () => [{ kind: 'GETDEVICEINFO', deviceId, type, maxCount: MAX_COUNT, notify: [] }],
      (result) => {
        if (result.state === 'failed') return done(result);
        const [given] = result.value;
        const body = given?.kind === 'GETDEVICEINFO' ? given.resok?.body : undefined;
        const value = body === undefined ? undefined : read(blockDeviceAddr4, body);
        if (value === undefined)
          return done({ state: 'failed', why: 'GETDEVICEINFO: an address that cannot be read' });
        return done({ state: 'done', value });
      },
    );
  }

  /** LAYOUTRETURN: nothing is under way on the disk any more, and nothing will be. */
  return(file: RemoteFile, done: NfsDone<undefined>): void {
    const key = formatHex(file.handle);
    const held = this.#held.get(key);
    if (held === undefined) {
      done({ state: 'done', value: undefined });
      return;
    }
    this.#held.delete(key);
    const { stateid } = held;
    const returned = { offset: 0n, length: WHOLE, stateid, body: new Uint8Array(0) };
    this.#calls.compound(
      () => [
        { kind: 'PUTFH', object: file.handle },
        {
          kind: 'LAYOUTRETURN',
          reclaim: 0,
          type,
          iomode: LayoutIomode4.LAYOUTIOMODE4_ANY,
          returnType: LayoutReturnType4.LAYOUTRETURN4_FILE,
          file: returned,
        },
      ],
      (result) => done(result.state === 'failed' ? result : { state: 'done', value: undefined }),
    );
  }

  /** The server does not know this client any more: it holds nothing. */
  lose(): void {
    this.#held.clear();
    this.#sequenceId = 0;
  }

  /** A session begins, and with it the numbers of the server's calls. */
  began(): void {
    this.#sequenceId = 0;
  }

  /** The server calls. */
  serve({ parameters, procedure, xid }: RpcCall): Uint8Array {
    const reply = (results: Uint8Array, acceptStat: number = AcceptStat.SUCCESS): Uint8Array =>
      rpcReply.encode({ xid, verifier: {}, acceptStat, results });
    if (procedure === 0) return reply(new Uint8Array(0));
    const args = read(cbCompound4args, parameters);
    return args === undefined
      ? reply(new Uint8Array(0), AcceptStat.GARBAGE_ARGS)
      : reply(this.#compound(args));
  }

  #compound({ operations, tag }: CbCompound4Args): Uint8Array {
    const [sequence, ...others] = operations;
    if (sequence?.kind !== 'CB_SEQUENCE')
      return cbCompound4res.encode({
        status: NfsStat4.NFS4ERR_OP_NOT_IN_SESSION,
        tag,
        results: [],
      });
    const refuse = (status: number): Uint8Array =>
      cbCompound4res.encode({ status, tag, results: [{ kind: 'CB_SEQUENCE', status }] });
    const { highestSlotId, sequenceId, sessionId, slotId } = sequence;
    if (formatHex(sessionId) !== formatHex(this.#calls.sessionId()))
      return refuse(NfsStat4.NFS4ERR_BADSESSION);
    if (slotId !== 0) return refuse(NfsStat4.NFS4ERR_BADSLOT);
    // What comes again gets the answer of before, and is not done twice.
    if (sequenceId === this.#sequenceId) return this.#lastReply;
    if (sequenceId !== (this.#sequenceId % 0xffff_ffff) + 1)
      return refuse(NfsStat4.NFS4ERR_SEQ_MISORDERED);
    this.#sequenceId = sequenceId;
    const resok = { sessionId, sequenceId, slotId, highestSlotId, targetHighestSlotId: 0 };
    const results: NfsCbResOp4Input[] = [{ kind: 'CB_SEQUENCE', status: 0, resok }];
    let status: number = NfsStat4.NFS4_OK;
    for (const operation of others) {
      const result = this.#answer(operation);
      status = result.status;
      results.push(result);
      if (status !== NfsStat4.NFS4_OK) break;
    }
    this.#lastReply = cbCompound4res.encode({ status, tag, results });
    return this.#lastReply;
  }

  #answer(operation: NfsCbArgOp4): Exclude<NfsCbResOp4Input, { readonly kind: 'unknown' }> {
    if (operation.kind !== 'CB_LAYOUTRECALL')
      return { kind: 'CB_ILLEGAL', status: NfsStat4.NFS4ERR_OP_ILLEGAL };
    const wanted = operation.file === undefined ? undefined : formatHex(operation.file.object);
    const recalled = [...this.#held].filter(([key]) => wanted === undefined || key === wanted);
    for (const [, held] of recalled) {
      if (operation.file !== undefined) held.stateid = operation.file.stateid;
      this.#owner.recalled(held.file);
    }
    const status = recalled.length === 0 ? NfsStat4.NFS4ERR_NOMATCHING_LAYOUT : NfsStat4.NFS4_OK;
    return { kind: 'CB_LAYOUTRECALL', status };
  }
}

/** The extents of layouts; `undefined` where one is of another kind, or cannot be read. */
function extentsIn(
  layouts: readonly { readonly type: number; readonly body: Uint8Array }[],
): readonly BlockExtent4[] | undefined {
  const all = layouts.map((one) => (one.type === type ? read(blockLayout4, one.body) : undefined));
  return all.includes(undefined) ? undefined : all.flatMap((one) => one!.extents);
}

/** What bytes from the server say; `undefined` where they do not. */
function read<T>(codec: { decode(bytes: Uint8Array): T }, bytes: Uint8Array): T | undefined {
  try {
    return codec.decode(bytes);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
