/** Opens of files, and the stateids by which calls speak of them. Source: RFC 8881, 8.2, 9, 18.2, 18.16. */

import { formatHex } from '../../codecs/layout/index.ts';
import { NfsStat4, OpenShare4, type Stateid4 } from '../../codecs/nfs4/index.ts';
import { NfsFault } from '../nfs/file-operations.ts';
import type { NfsNode } from '../nfs/file-system.ts';
import type { Client4 } from './sessions.ts';

/** Opens of all clients, at most. */
export const OPENS4_MAX = 65_536;
const OTHER_BYTES = 12;
const SHARE_BITS = OpenShare4.READ | OpenShare4.WRITE;

/** What an owner has open of a file. */
interface Open {
  readonly key: string;
  readonly client: Client4;
  readonly node: NfsNode;
  readonly other: Uint8Array;
  seqid: number;
  /** For what: bits of `OpenShare4`. */
  access: number;
}

const isAll = (bytes: Uint8Array, byte: number): boolean => bytes.every((one) => one === byte);

/** All opens of a server. */
export class Opens4 {
  readonly #byKey = new Map<string, Open>();
  readonly #byOther = new Map<string, Open>();
  readonly #boot: Uint8Array;
  #counter = 0;

  constructor(boot: Uint8Array) {
    this.#boot = boot;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Opens a file for an owner, or adds to what the owner has open of it. Errors: `NfsFault`. */
  open(client: Client4, owner: Uint8Array, node: NfsNode, shareAccess: number): Stateid4 {
    const access = shareAccess & SHARE_BITS;
    if (access === 0) throw new NfsFault(NfsStat4.NFS4ERR_INVAL);
    const key = `${client.id}:${formatHex(owner)}:${node.fileid}`;
    let open = this.#byKey.get(key);
    if (open === undefined) {
      if (this.#byKey.size >= OPENS4_MAX) throw new NfsFault(NfsStat4.NFS4ERR_DELAY);
      const other = new Uint8Array(OTHER_BYTES);
      other.set(this.#boot.subarray(4));
      new DataView(other.buffer).setBigUint64(4, BigInt(++this.#counter));
      open = { key, client, node, other, seqid: 0, access: 0 };
      this.#byKey.set(key, open);
      this.#byOther.set(formatHex(other), open);
    }
    open.access |= access;
    return next(open);
  }

  /** The open of a stateid; `undefined` for the two that stand for none. Errors: `NfsFault`. */
  #find(client: Client4, { seqid, other }: Stateid4): Open | undefined {
    if (isAll(other, 0) && seqid === 0) return undefined;
    if (isAll(other, 0xff) && seqid === 0xffff_ffff) return undefined;
    const open = this.#byOther.get(formatHex(other));
    if (open === undefined || open.client !== client)
      throw new NfsFault(NfsStat4.NFS4ERR_BAD_STATEID);
    if (seqid !== 0 && seqid < open.seqid) throw new NfsFault(NfsStat4.NFS4ERR_OLD_STATEID);
    if (seqid > open.seqid) throw new NfsFault(NfsStat4.NFS4ERR_BAD_STATEID);
    return open;
  }

  /** Errors: `NfsFault` where a stateid does not allow to read or write the file. */
  check(client: Client4, stateid: Stateid4, node: NfsNode, writes: boolean): void {
    const open = this.#find(client, stateid);
    if (open === undefined) return;
    if (open.node !== node) throw new NfsFault(NfsStat4.NFS4ERR_BAD_STATEID);
    if (writes && (open.access & OpenShare4.WRITE) === 0)
      throw new NfsFault(NfsStat4.NFS4ERR_OPENMODE);
  }

  /** The status of a stateid, as TEST_STATEID tells it. */
  test(client: Client4, stateid: Stateid4): number {
    try {
      return this.#find(client, stateid) === undefined
        ? NfsStat4.NFS4ERR_BAD_STATEID
        : NfsStat4.NFS4_OK;
    } catch (error) {
      if (error instanceof NfsFault) return error.status;
      throw error;
    }
  }

  /** OPEN_DOWNGRADE. Errors: `NfsFault`. */
  downgrade(client: Client4, stateid: Stateid4, shareAccess: number): Stateid4 {
    const open = this.#find(client, stateid);
    const access = shareAccess & SHARE_BITS;
    if (open === undefined) throw new NfsFault(NfsStat4.NFS4ERR_BAD_STATEID);
    if (access === 0 || (open.access & access) !== access)
      throw new NfsFault(NfsStat4.NFS4ERR_INVAL);
    open.access = access;
    return next(open);
  }

  /** CLOSE. Errors: `NfsFault`. */
  close(client: Client4, stateid: Stateid4): Stateid4 {
    const open = this.#find(client, stateid);
    if (open === undefined) throw new NfsFault(NfsStat4.NFS4ERR_BAD_STATEID);
    this.#forget(open);
    return next(open);
  }

  /** A client is no more. */
  forget(client: Client4): void {
    for (const open of [...this.#byKey.values()]) if (open.client === client) this.#forget(open);
  }

  #forget({ key, other }: Open): void {
    this.#byKey.delete(key);
    this.#byOther.delete(formatHex(other));
  }
}

function next(open: Open): Stateid4 {
  open.seqid = (open.seqid % 0xffff_ffff) + 1;
  return { seqid: open.seqid, other: open.other };
}
