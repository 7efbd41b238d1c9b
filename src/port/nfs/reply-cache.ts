/**
 * The duplicate request cache: a call that came before is answered as it was then, and not carried out
 * again. It fences nobody: a call that was never answered, or comes from another place, is a new one.
 */
import { crc32 } from '../../codecs/crc32.ts';
import type { RpcCall } from '../../codecs/rpc/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import type { Conn } from '../../machine/stream-machine.ts';
import type { NfsPeer } from './peer.ts';

/**
 * By what a call is known again:
 * - `none`: by nothing, each is carried out;
 * - `connection`: by its xid on the same connection, as nfs-ganesha 4.3 does for WRITE;
 * - `linux`: by xid, procedure, version, length, checksum of the first 256 bytes, and the client's
 *   address and port (Linux 6.1, fs/nfsd/nfscache.c).
 */
export type ReplyCachePolicy = 'none' | 'connection' | 'linux';

/** How long a reply is kept. Source: Linux 6.1, fs/nfsd/cache.h: RC_EXPIRE. */
const KEPT_NS = 120 * SECOND;
/** Bytes of the parameters that the checksum covers. Source: the same, RC_CSUMLEN. */
const SUMMED_BYTES = 256;
/** Longer replies are not kept. Source: fs/nfsd/nfscache.c, nfsd_cache_update. */
const REPLY_BYTES_MAX = 256;
/** Replies kept at once: what Linux keeps with 64 MiB of memory. Source: nfsd_cache_size_limit. */
const ENTRIES_MAX = 8192;

interface Entry {
  /** `undefined` while the call is carried out. */
  reply: Uint8Array | undefined;
  since: Instant;
}

/** What is known of a call. */
export type CallState =
  /** It is new; `done` takes its reply. */
  | { readonly state: 'new'; done(reply: Uint8Array, now: Instant): void }
  /** The same call is being carried out: this one gets no answer of its own. */
  | { readonly state: 'in-progress' }
  | { readonly state: 'done'; readonly reply: Uint8Array };

const UNKNOWN: CallState = { state: 'new', done() {} };

/** The replies to recent calls. */
export class ReplyCache {
  readonly #policy: ReplyCachePolicy;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();

  constructor(policy: ReplyCachePolicy) {
    this.#policy = policy;
  }

  /** Replies that are kept, and calls that are being carried out. */
  get size(): number {
    return this.#entries.size;
  }

  /** Asks for a call that must not be carried out twice, and notes it. */
  begin(conn: Conn, peer: NfsPeer, call: RpcCall, now: Instant): CallState {
    if (this.#policy === 'none') return UNKNOWN;
    this.#prune(now);
    const key = this.#keyOf(conn, peer, call);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      const { reply } = known;
      if (reply === undefined) return { state: 'in-progress' };
      known.since = now;
      return { state: 'done', reply };
    }
    const entry: Entry = { reply: undefined, since: now };
    this.#entries.set(key, entry);
    return {
      state: 'new',
      done: (reply, then) => {
        if (reply.length > REPLY_BYTES_MAX) this.#entries.delete(key);
        else {
          entry.reply = reply;
          entry.since = then;
        }
      },
    };
  }

  #keyOf(conn: Conn, { address, port }: NfsPeer, call: RpcCall): string {
    const { xid, procedure, version, parameters } = call;
    if (this.#policy === 'connection') return `${conn} ${xid}`;
    const sum = crc32(parameters.subarray(0, SUMMED_BYTES));
    return `${xid} ${procedure} ${version} ${parameters.length} ${sum} ${address} ${port}`;
  }

  #prune(now: Instant): void {
    for (const [key, { reply, since }] of this.#entries) {
      const isOld = now - since > KEPT_NS;
      if (this.#entries.size <= ENTRIES_MAX && !isOld) break;
      // A call that is being carried out stays: it would be carried out twice.
      if (reply !== undefined) this.#entries.delete(key);
      else if (this.#entries.size <= ENTRIES_MAX) break;
    }
  }
}
