/** A COMPOUND under way: whose session it is in, and the files it speaks of. Source: RFC 8881, 2.10 and 16.2. */
import { NfsStat4, type Stateid4 } from '../../codecs/nfs4/index.ts';
import { type NfsCaller, NfsFault } from '../nfs/file-operations.ts';
import type { NfsNode } from '../nfs/file-system.ts';
import type { Client4, Session4 } from './sessions.ts';

/** What one operation leaves to the next. */
export class CompoundCall {
  readonly caller: NfsCaller;
  session: Session4 | undefined;
  slot = 0;
  /** The client asks for the reply to be kept. */
  keeps = false;
  saved: NfsNode | undefined;
  /** What the stateid of all zeros and seqid 1 stands for. */
  stateid: Stateid4 | undefined;
  #current: NfsNode | undefined;

  constructor(caller: NfsCaller) {
    this.caller = caller;
  }

  /** The client whose session it is. Errors: `NfsFault` outside a session. */
  get client(): Client4 {
    if (this.session === undefined) throw new NfsFault(NfsStat4.NFS4ERR_OP_NOT_IN_SESSION);
    return this.session.client;
  }

  /** Tells later whether its client has read the answer: it has called again in the same slot since. */
  hasMovedOn(): () => boolean {
    const slot = this.session?.slots[this.slot];
    const sequenceId = slot?.sequenceId;
    return () => slot?.sequenceId !== sequenceId;
  }

  /** The current file handle's node. Errors: `NfsFault` where there is none. */
  get current(): NfsNode {
    if (this.#current === undefined) throw new NfsFault(NfsStat4.NFS4ERR_NOFILEHANDLE);
    return this.#current;
  }

  /** The same where it is a file. Errors: `NfsFault`. */
  get file(): NfsNode {
    const node = this.current;
    if (node.file === undefined) throw new NfsFault(NfsStat4.NFS4ERR_ISDIR);
    return node;
  }

  /** The same where it is the directory. Errors: `NfsFault`. */
  get directory(): NfsNode {
    this.checkDirectory();
    return this.current;
  }

  /** Errors: `NfsFault` where the current file handle is not the directory's. */
  checkDirectory(): void {
    if (this.current.file !== undefined) throw new NfsFault(NfsStat4.NFS4ERR_NOTDIR);
  }

  /** The current file handle is used up. Errors: `NfsFault` where there is none. */
  consume(): void {
    if (this.#current === undefined) throw new NfsFault(NfsStat4.NFS4ERR_NOFILEHANDLE);
    this.go(undefined);
  }

  /** The current file handle, if there is one. */
  get handle(): NfsNode | undefined {
    return this.#current;
  }

  /** Moves the current file handle. Errors: `NfsFault` for a caller who may do nothing here. */
  go(node: NfsNode | undefined): void {
    if (node !== undefined && this.caller.access === undefined)
      throw new NfsFault(NfsStat4.NFS4ERR_ACCESS);
    this.#current = node;
    this.stateid = undefined;
  }

  /** A stateid, or the one that stands for the last one of this call. */
  stateidOf(stateid: Stateid4): Stateid4 {
    const isCurrent = stateid.seqid === 1 && stateid.other.every((byte) => byte === 0);
    return isCurrent && this.stateid !== undefined ? this.stateid : stateid;
  }
}
