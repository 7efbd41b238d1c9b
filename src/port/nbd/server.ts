/**
 * An NBD server as a machine: fixed newstyle handshake, then requests on one export a connection.
 *
 * Ownership: it owns its connections and what of them has come; exports and their media are lent, and outlive it.
 * Requests are carried out in their order, each when it is there as a whole; none while the array stands still
 * for a cut.
 */
import { formatHex } from '../../codecs/layout/index.ts';
import {
  NBD_OPTION_HEAD_BYTES,
  NBD_OPTION_MAGIC,
  NBD_REQUEST_BYTES,
  NBD_REQUEST_MAGIC,
  NbdCommand,
  NbdHandshakeFlags,
  type NbdRequest,
  nameOfNbdCommand,
  nbdClientFlags,
  nbdGreeting,
  nbdOptionHead,
  nbdRequest,
} from '../../codecs/nbd/index.ts';
import { lunField } from '../../codecs/scsi/lun.ts';
import { ScsiStatus } from '../../codecs/scsi/status.ts';
import { nbdClient, nbdServer } from '../../history/port-name.ts';
import type { NexusName, StorageEvent } from '../../history/storage.ts';
import type { Instant } from '../../machine/machine.ts';
import { StreamCore } from '../../machine/stream-core.ts';
import type { Conn, StreamEnd, StreamMachine, StreamOutput } from '../../machine/stream-machine.ts';
import type { NbdExports } from './exports.ts';
import { NbdHandshake, type NbdSession } from './handshake.ts';
import { ByteInput } from './input.ts';
import { type NbdChange, NbdTransmission } from './transmission.ts';

/** Who is at the other end of a connection; on a Unix socket without an address. */
export interface NbdPeer {
  readonly address: string;
  readonly port: number;
}

/** What an NBD server is made of; what is left out is in `NBD_SERVER_DEFAULTS`. */
export interface NbdServerOptions {
  /** Names the server in what it tells. */
  readonly name: string;
  readonly exports: NbdExports;
  readonly peerOf: (conn: Conn) => NbdPeer;
  /** Most bytes of a READ or WRITE. */
  readonly transferBytesMax?: number;
  readonly connectionsMax?: number;
  /** The array runs no command before. */
  readonly standsUntil?: () => Instant;
}

/** What holds of a server where its options leave it out. */
export const NBD_SERVER_DEFAULTS = {
  transferBytesMax: 2 << 20,
  connectionsMax: 64,
  standsUntil: () => 0,
} as const satisfies Partial<NbdServerOptions>;

const CLIENT_FLAGS_BYTES = 4;
/** Bytes of an option's data: names have 4096 at most, and there are few of them. */
const OPTION_BYTES_MAX = 1 << 16;
/** Bytes that may wait while the array stands still, of a connection. */
const WAITING_BYTES_MAX = 64 << 20;
/** Clients whose connections are counted, for each connection that may be open. */
const COUNTED_MAX = 4;

interface Connection {
  readonly conn: Conn;
  readonly peer: NbdPeer;
  readonly input: ByteInput;
  /** `undefined` before the client's first words. */
  handshake: NbdHandshake | undefined;
  /** `undefined` before an export was chosen. */
  transmission: NbdTransmission | undefined;
  nexus: NexusName | undefined;
  requests: number;
  /** The peer has said all. */
  ended: boolean;
}

/** Serves exports. */
export class NbdServer implements StreamMachine<StorageEvent> {
  readonly #options: NbdServerOptions &
    Required<Pick<NbdServerOptions, keyof typeof NBD_SERVER_DEFAULTS>>;
  readonly #core = new StreamCore<StorageEvent>();
  readonly #connections = new Map<Conn, Connection>();
  readonly #epochs = new Map<string, number>();
  #wakes = false;

  constructor(options: NbdServerOptions) {
    this.#options = { ...NBD_SERVER_DEFAULTS, ...options };
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    const inputs = [...this.#connections.values()].map(({ input }) => input.length);
    return {
      connections: this.#connections.size,
      'bytes of requests': inputs.reduce((sum, length) => sum + length, 0),
      timers: this.#core.timers.pending,
    };
  }

  // The machine contract.

  handleOpened(conn: Conn, now: Instant): void {
    this.#core.now = now;
    const peer = this.#options.peerOf(conn);
    const { connectionsMax } = this.#options;
    if (this.#connections.size >= connectionsMax) {
      this.#refused(peer, `more than ${connectionsMax} connections`);
      this.#core.close(conn, 'reset');
      return;
    }
    this.#connections.set(conn, {
      conn,
      peer,
      input: new ByteInput(),
      handshake: undefined,
      transmission: undefined,
      nexus: undefined,
      requests: 0,
      ended: false,
    });
    const flags = NbdHandshakeFlags.FIXED_NEWSTYLE | NbdHandshakeFlags.NO_ZEROES;
    this.#core.send(conn, nbdGreeting.encode({ flags }));
  }

  handleBytes(conn: Conn, bytes: Uint8Array, now: Instant): void {
    this.#core.now = now;
    const connection = this.#connections.get(conn);
    if (connection === undefined || connection.ended) return;
    connection.input.push(bytes);
    this.#goOn(connection);
    if (connection.input.length > WAITING_BYTES_MAX)
      this.#reset(connection, 'too many requests wait');
  }

  handleClosed(conn: Conn, how: StreamEnd, now: Instant): void {
    this.#core.now = now;
    const connection = this.#connections.get(conn);
    if (connection === undefined) return;
    connection.ended = true;
    if (how === 'reset') this.#forget(connection);
    else if (!this.#stands || connection.transmission === undefined) this.#end(connection);
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): StreamOutput<StorageEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  // Units of a connection.

  get #stands(): boolean {
    return this.#core.now < this.#options.standsUntil();
  }

  #isOpen(connection: Connection): boolean {
    return this.#connections.get(connection.conn) === connection;
  }

  /** Takes what has come, as far as it is whole. */
  #goOn(connection: Connection): void {
    while (this.#isOpen(connection)) {
      if (connection.transmission !== undefined && this.#stands) {
        this.#wakeLater();
        return;
      }
      if (!this.#takeNext(connection)) return;
    }
  }

  /** When the array goes on, so do those who waited. */
  #wakeLater(): void {
    if (this.#wakes) return;
    this.#wakes = true;
    this.#core.after(this.#options.standsUntil() - this.#core.now, () => {
      this.#wakes = false;
      for (const connection of [...this.#connections.values()]) {
        this.#goOn(connection);
        if (connection.ended && !this.#stands) this.#end(connection);
      }
    });
  }

  /** False where the next unit is not whole. */
  #takeNext(connection: Connection): boolean {
    const { handshake, transmission } = connection;
    if (transmission !== undefined) return this.#takeRequest(connection, transmission);
    if (handshake !== undefined) return this.#takeOption(connection, handshake);
    return this.#takeClientFlags(connection);
  }

  #takeClientFlags(connection: Connection): boolean {
    const { conn, input } = connection;
    const bytes = input.peek(CLIENT_FLAGS_BYTES);
    if (bytes === undefined) return false;
    const { flags } = nbdClientFlags.decode(bytes);
    input.drop(CLIENT_FLAGS_BYTES);
    const { FIXED_NEWSTYLE, NO_ZEROES } = NbdHandshakeFlags;
    if ((flags & ~(FIXED_NEWSTYLE | NO_ZEROES)) !== 0) {
      this.#reset(connection, `client flags ${flags.toString(16)} are not known`);
      return true;
    }
    const { exports: all, transferBytesMax } = this.#options;
    connection.handshake = new NbdHandshake(
      { exports: all, transferBytesMax, send: (reply) => this.#core.send(conn, reply) },
      { fixed: (flags & FIXED_NEWSTYLE) !== 0, noZeros: (flags & NO_ZEROES) !== 0 },
    );
    return true;
  }

  #takeOption(connection: Connection, handshake: NbdHandshake): boolean {
    const { input } = connection;
    const head = input.peek(NBD_OPTION_HEAD_BYTES);
    if (head === undefined) return false;
    const { magic, lengthBytes } = nbdOptionHead.decode(head);
    if (magic !== NBD_OPTION_MAGIC || lengthBytes > OPTION_BYTES_MAX) {
      const what = magic === NBD_OPTION_MAGIC ? `an option of ${lengthBytes} bytes` : 'no option';
      this.#reset(connection, `${what} (${formatHex(head)})`);
      return true;
    }
    const option = input.peek(NBD_OPTION_HEAD_BYTES + lengthBytes);
    if (option === undefined) return false;
    const step = handshake.take(option);
    input.drop(option.length);
    if (step.next === 'transmission') this.#begin(connection, step.session);
    else if (step.next === 'end') this.#end(connection);
    return true;
  }

  #begin(connection: Connection, session: NbdSession): void {
    const { conn, peer } = connection;
    const nexus = this.#nexusOf(peer);
    connection.nexus = nexus;
    this.#core.emit({ type: 'nexus', state: 'began', nexus });
    const { transferBytesMax } = this.#options;
    const { luName } = session.exported;
    connection.transmission = new NbdTransmission(session, {
      transferBytesMax,
      send: (reply) => this.#core.send(conn, reply),
      changed: (change) => this.#applied(connection, nexus, change),
      flushed: () => this.#core.emit({ type: 'flushed', luName }),
    });
  }

  #nexusOf({ address, port }: NbdPeer): NexusName {
    const epoch = (this.#epochs.get(address) ?? 0) + 1;
    this.#epochs.delete(address);
    this.#epochs.set(address, epoch);
    // Of those that were not seen for longest the count begins anew.
    if (this.#epochs.size > COUNTED_MAX * this.#options.connectionsMax)
      this.#epochs.delete(this.#epochs.keys().next().value!);
    const target = nbdServer(this.#options.name);
    return { initiator: nbdClient(address), target, epoch, address: port };
  }

  #takeRequest(connection: Connection, transmission: NbdTransmission): boolean {
    const { input } = connection;
    const head = input.peek(NBD_REQUEST_BYTES);
    if (head === undefined) return false;
    const { magic, command, lengthBytes } = nbdRequest.view(head);
    const length = transmission.lengthOf(command, lengthBytes);
    if (magic !== NBD_REQUEST_MAGIC || length === undefined) {
      const what = length === undefined ? `a write of ${lengthBytes} bytes` : 'no request';
      this.#reset(connection, `${what} (${formatHex(head)})`);
      return true;
    }
    const whole = input.peek(length);
    if (whole === undefined) return false;
    if (command === NbdCommand.DISC) this.#end(connection);
    else this.#run(connection, transmission, nbdRequest.decode(whole));
    input.drop(length);
    return true;
  }

  #run(connection: Connection, transmission: NbdTransmission, request: NbdRequest): void {
    connection.requests = (connection.requests + 1) >>> 0;
    const nbdError = transmission.take(request);
    const { luName, lunNumber } = transmission.session.exported;
    this.#core.emit({
      type: 'command-done',
      command: nameOfNbdCommand(request.command),
      nexus: connection.nexus!,
      lun: lunField(lunNumber),
      tag: connection.requests,
      luName,
      status: nbdError === 0 ? ScsiStatus.GOOD : ScsiStatus.CHECK_CONDITION,
      sense: undefined,
      nbdError,
    });
  }

  #applied({ requests, transmission }: Connection, nexus: NexusName, change: NbdChange): void {
    const { luName, lunNumber } = transmission!.session.exported;
    this.#core.emit({
      type: 'apply',
      ...change,
      nexus,
      lun: lunField(lunNumber),
      tag: requests,
      luName,
      heldWhenEnabled: undefined,
      held: undefined,
    });
  }

  // Ends.

  /** Closes a connection on which all was said. */
  #end(connection: Connection): void {
    if (!this.#isOpen(connection)) return;
    this.#core.close(connection.conn, 'end');
    this.#forget(connection);
  }

  /** Closes a connection that cannot be read any further. */
  #reset(connection: Connection, why: string): void {
    if (!this.#isOpen(connection)) return;
    this.#refused(connection.peer, `${why}: its connection is closed`);
    this.#core.close(connection.conn, 'reset');
    this.#forget(connection);
  }

  #forget({ conn, nexus }: Connection): void {
    if (!this.#connections.delete(conn) || nexus === undefined) return;
    this.#core.emit({ type: 'nexus', state: 'ended', nexus });
  }

  #refused({ address }: NbdPeer, what: string): void {
    this.#core.emit({ type: 'refused', port: 0, what: `NBD, ${nbdClient(address)}: ${what}` });
  }
}
