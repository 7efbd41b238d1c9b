/**
 * Layouts of blocks that clients hold: who may go to the disk of a file by itself, and what becomes of those who stay.
 *
 * A file is one disk, whole: a layout speaks of all of it. Clients that read hold it side by side; who writes holds it
 * alone, as far as it says nothing else. Whoever asks for what another one holds has it recalled, and comes again; until then nobody
 * else has it, also not who has just returned it and goes on. Who does not return it within the time of its lease loses it: then the disk itself is to be closed to it (fenced) before anybody else
 * has the layout. Source: RFC 8881, 12.5; RFC 5663, 2.1 and 2.5.
 *
 * Ownership: it owns what is held, which ends with its client.
 */
import { formatHex } from '../../codecs/layout/index.ts';
import { LayoutIomode4, NfsStat4, type Stateid4 } from '../../codecs/nfs4/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import { NfsFault } from '../nfs/file-operations.ts';
import type { NfsNode } from '../nfs/file-system.ts';
import { type Client4, LEASE4_SECONDS } from './sessions.ts';

/** Layouts of all clients, at most. */
export const LAYOUTS4_MAX = 65_536;
const OTHER_BYTES = 12;
/** Stateids count up from 1 behind four bytes of the server's start: the highest bit tells layouts from opens. */
const MARK_AT = 4;
const MARK = 0x80;
/** Who was refused comes again within this, or is waited for no more. Source: Linux 6.1, fs/nfs/nfs4proc.c: NFS4_POLL_RETRY_MAX is 15 s. */
const WAITED_FOR_NS = 16 * SECOND;

/** What a client holds of a file. */
export interface Layout4 {
  readonly client: Client4;
  readonly node: NfsNode;
  readonly other: Uint8Array;
  seqid: number;
  /** `LayoutIomode4`: read, or read and write. */
  iomode: number;
  /** When it was recalled. */
  recalledAt: Instant | undefined;
  /** Its client has read what it was granted last. */
  isRead: () => boolean;
}

/** What becomes of a layout. `revoked`: its client had not returned it in time, and was fenced. */
export type LayoutState = 'granted' | 'recalled' | 'returned' | 'revoked';

/** Hears it, in its order. */
export type LayoutChanged = (layout: Layout4, state: LayoutState) => void;

/** All layouts of a server. */
export class Layouts4 {
  readonly #held = new Map<string, Layout4>();
  /** Who was refused first, of each file. */
  readonly #waiting = new Map<NfsNode, { readonly client: Client4; readonly until: Instant }>();
  readonly #boot: Uint8Array;
  readonly #changed: LayoutChanged;
  #counter = 0;

  constructor(boot: Uint8Array, changed: LayoutChanged) {
    this.#boot = boot;
    this.#changed = changed;
  }

  get size(): number {
    return this.#held.size;
  }

  /** True until it is returned or lost. */
  holds(layout: Layout4): boolean {
    return this.#held.get(keyOf(layout.client, layout.node)) === layout;
  }

  /**
   * LAYOUTGET; `isRead` tells whether its answer has been. Errors: `NfsFault`: another client holds it, which is told now, and has not
   * returned it (`NFS4ERR_RECALLCONFLICT`: come again); or waits for it (`NFS4ERR_LAYOUTUNAVAILABLE`).
   */
  get(
    client: Client4,
    node: NfsNode,
    iomode: number,
    now: Instant,
    isRead: () => boolean = () => true,
  ): Layout4 {
    const { LAYOUTIOMODE4_READ, LAYOUTIOMODE4_RW } = LayoutIomode4;
    if (iomode !== LAYOUTIOMODE4_READ && iomode !== LAYOUTIOMODE4_RW)
      throw new NfsFault(NfsStat4.NFS4ERR_BADIOMODE);
    this.expire(now);
    const others = [...this.#held.values()].filter(
      (one) => one.node === node && one.client !== client && one.iomode + iomode > 2,
    );
    for (const one of others) this.#recall(one, now);
    const key = keyOf(client, node);
    const own = this.#held.get(key);
    const first = this.#waiting.get(node);
    const isTaken = first !== undefined && first.client !== client && first.until > now;
    // Linux asks on for ever where it is told of a conflict, and does not commit meanwhile what it would have to before it can
    // return: who is to give way is told that there is no layout, and goes on through the server.
    if (isTaken || own?.recalledAt !== undefined)
      throw new NfsFault(NfsStat4.NFS4ERR_LAYOUTUNAVAILABLE);
    if (others.length > 0) {
      this.#waiting.set(node, { client, until: now + WAITED_FOR_NS });
      throw new NfsFault(NfsStat4.NFS4ERR_RECALLCONFLICT);
    }
    if (own === undefined && this.#held.size >= LAYOUTS4_MAX)
      throw new NfsFault(NfsStat4.NFS4ERR_LAYOUTTRYLATER);
    const layout = own ?? this.#made(client, node);
    this.#waiting.delete(node);
    layout.isRead = isRead;
    layout.iomode = Math.max(layout.iomode, iomode);
    layout.seqid = (layout.seqid % 0xffff_ffff) + 1;
    this.#held.set(key, layout);
    this.#changed(layout, 'granted');
    return layout;
  }

  #made(client: Client4, node: NfsNode): Layout4 {
    const other = new Uint8Array(OTHER_BYTES);
    other.set(this.#boot.subarray(4));
    new DataView(other.buffer).setBigUint64(MARK_AT, BigInt(++this.#counter));
    other[MARK_AT]! |= MARK;
    return { client, node, other, seqid: 0, iomode: 0, recalledAt: undefined, isRead: () => true };
  }

  #recall(layout: Layout4, now: Instant): void {
    if (layout.recalledAt !== undefined) return;
    layout.recalledAt = now;
    layout.seqid = (layout.seqid % 0xffff_ffff) + 1;
    this.#changed(layout, 'recalled');
  }

  /** The layout of a stateid. Errors: `NfsFault`. */
  of(client: Client4, node: NfsNode, { other }: Stateid4): Layout4 {
    const layout = this.#held.get(keyOf(client, node));
    if (layout === undefined || formatHex(layout.other) !== formatHex(other))
      throw new NfsFault(NfsStat4.NFS4ERR_BAD_STATEID);
    return layout;
  }

  /** LAYOUTRETURN of one file, or of all that a client holds. */
  return(client: Client4, node?: NfsNode): void {
    for (const [key, layout] of [...this.#held]) {
      if (layout.client !== client || (node !== undefined && layout.node !== node)) continue;
      this.#held.delete(key);
      this.#changed(layout, 'returned');
    }
  }

  /** When the next layout is lost that was recalled and not returned. */
  get deadline(): Instant | undefined {
    const recalled = [...this.#held.values()].flatMap(({ recalledAt }) =>
      recalledAt === undefined ? [] : [recalledAt + LEASE4_SECONDS * SECOND],
    );
    return recalled.length === 0 ? undefined : Math.min(...recalled);
  }

  /** Takes away what was recalled a lease ago. */
  expire(now: Instant): void {
    for (const [key, layout] of [...this.#held]) {
      const { recalledAt } = layout;
      if (recalledAt === undefined || now - recalledAt < LEASE4_SECONDS * SECOND) continue;
      this.#held.delete(key);
      this.#changed(layout, 'revoked');
    }
  }

  /** A client is no more. It may not have noticed: what it held is taken away as if it had kept it too long. */
  forget(client: Client4): void {
    for (const [node, one] of [...this.#waiting])
      if (one.client === client) this.#waiting.delete(node);
    for (const [key, layout] of [...this.#held]) {
      if (layout.client !== client) continue;
      this.#held.delete(key);
      this.#changed(layout, 'revoked');
    }
  }
}

/** True for the stateid of a layout, held or not. */
export const isOfLayout = ({ other }: Stateid4): boolean =>
  (other[MARK_AT]! & MARK) !== 0 && other.some((byte) => byte !== 0xff);

const keyOf = (client: Client4, node: NfsNode): string => `${client.id}:${node.fileid}`;
