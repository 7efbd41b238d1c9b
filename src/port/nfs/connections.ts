/**
 * The connections of a file server, each a nexus of its client: opened, idle, closed.
 *
 * Ownership: it owns the connections and their timers, through the server's core.
 */
import { RecordReader } from '../../codecs/rpc/index.ts';
import { nfsClient, nfsServer } from '../../history/port-name.ts';
import type { NexusName, StorageEvent } from '../../history/storage.ts';
import type { Instant } from '../../machine/machine.ts';
import type { StreamCore } from '../../machine/stream-core.ts';
import type { Conn } from '../../machine/stream-machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { NfsPeer } from './peer.ts';

/** A connection that is open. */
export interface NfsConnection {
  readonly conn: Conn;
  readonly peer: NfsPeer;
  readonly nexus: NexusName;
  readonly records: RecordReader;
  idle: Timer;
  usedAt: Instant;
  /** Calls that are under way. */
  calls: number;
  /** The peer has said all. */
  ended: boolean;
}

/** How many there may be, and how long, and what a record may have. */
export interface ConnectionLimits {
  readonly connectionsMax: number;
  readonly idleNs: number;
  readonly recordBytesMax: number;
}

const FRAGMENTS_MAX = 64;
/** Clients whose connections are counted, for each connection that may be open. */
const COUNTED_MAX = 4;

/** The connections that are open. */
export class NfsConnections {
  readonly #core: StreamCore<StorageEvent>;
  readonly #server: string;
  readonly #limits: ConnectionLimits;
  readonly #open = new Map<Conn, NfsConnection>();
  readonly #epochs = new Map<string, number>();

  constructor(core: StreamCore<StorageEvent>, server: string, limits: ConnectionLimits) {
    this.#core = core;
    this.#server = server;
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Bytes of records that are not whole yet. */
  get waitingBytes(): number {
    return [...this.#open.values()].reduce((sum, { records }) => sum + records.waitingBytes, 0);
  }

  get(conn: Conn): NfsConnection | undefined {
    return this.#open.get(conn);
  }

  /** Takes a connection, or closes it where there are too many. */
  open(conn: Conn, peer: NfsPeer): void {
    const { connectionsMax, idleNs, recordBytesMax } = this.#limits;
    if (this.#open.size >= connectionsMax) {
      this.refuse(peer, `more than ${connectionsMax} connections`);
      this.#core.close(conn, 'reset');
      return;
    }
    this.#open.set(conn, {
      conn,
      peer,
      nexus: this.#beginNexus(peer),
      records: new RecordReader({ recordBytesMax, fragmentsMax: FRAGMENTS_MAX }),
      idle: this.#core.after(idleNs, () => this.#checkIdle(conn)),
      usedAt: this.#core.now,
      calls: 0,
      ended: false,
    });
  }

  #beginNexus({ address, port }: NfsPeer): NexusName {
    const epoch = (this.#epochs.get(address) ?? 0) + 1;
    this.#epochs.delete(address);
    this.#epochs.set(address, epoch);
    // Of those that were not seen for longest the count begins anew.
    if (this.#epochs.size > COUNTED_MAX * this.#limits.connectionsMax)
      this.#epochs.delete(this.#epochs.keys().next().value!);
    const target = nfsServer(this.#server);
    const nexus = { initiator: nfsClient(address), target, epoch, address: port };
    this.#core.emit({ type: 'nexus', state: 'began', nexus });
    return nexus;
  }

  #checkIdle(conn: Conn): void {
    const connection = this.#open.get(conn);
    if (connection === undefined) return;
    const left = connection.usedAt + this.#limits.idleNs - this.#core.now;
    if (left <= 0 && connection.calls === 0) this.closeWell(connection);
    else {
      const next = left > 0 ? left : this.#limits.idleNs;
      connection.idle = this.#core.after(next, () => this.#checkIdle(conn));
    }
  }

  /** Closes a connection on which all was said. */
  closeWell(connection: NfsConnection): void {
    this.#core.close(connection.conn, 'end');
    this.forget(connection);
  }

  /** Closes a connection that cannot be read any further; one that is closed stays so. */
  reset(connection: NfsConnection, why: string): void {
    if (this.#open.get(connection.conn) !== connection) return;
    this.refuse(connection.peer, `${why}: its connection is closed`);
    this.#core.close(connection.conn, 'reset');
    this.forget(connection);
  }

  /** A connection is over. */
  forget({ conn, idle, nexus }: NfsConnection): void {
    idle.cancel();
    this.#open.delete(conn);
    this.#core.emit({ type: 'nexus', state: 'ended', nexus });
  }

  /** Tells that something of a client was not taken. */
  refuse({ address }: NfsPeer, what: string): void {
    this.#core.emit({ type: 'refused', port: 0, what: `${address}: ${what}` });
  }
}
