/**
 * Machines that speak byte streams, on the IP ports of the machine that they are a part of: the driver of
 * `StreamMachine` where `StreamHost` is the one on sockets.
 *
 * Ownership: it owns the ports and the numbers of connections; a machine that is attached is its owner's, and
 * what it tells goes there. A connection whose peer does not read is not read from either.
 */
import type { RandomStream } from '../machine/random.ts';
import type { Conn, StreamEnd, StreamMachine } from '../machine/stream-machine.ts';
import type { Timer } from '../machine/timers.ts';
import { IpPort, type IpPortOptions } from './ip-port.ts';
import { formatIpv4, type Ipv4Address, isIpv4, parseIpv4 } from './ipv4-address.ts';
import type { TcpConnection } from './tcp/connection.ts';
import type { TcpUser } from './tcp/tcp.ts';

/** What an IP stack asks of the machine that it is a part of. */
export interface IpStackOwner {
  readonly now: number;
  after(delayNs: number, run: () => void): Timer;
  /** Puts a frame on a port's link, and keeps nothing of it. */
  send(port: number, frame: Uint8Array): void;
}

/** Who is at the other end of a connection. */
export interface TcpPeer {
  readonly address: string;
  readonly port: number;
}

/** How a machine is attached. */
export interface AttachOptions<Event> {
  /** What the machine tells. */
  readonly onEvent: (event: Event) => void;
  /** The TCP ports that it serves, on every IP port or on one. */
  readonly listens?: readonly { readonly tcpPort: number; readonly port?: number }[];
}

/** Bytes that may wait for a peer to read them, before nothing more is read from it. */
const UNSENT_BYTES_MAX = 4 << 20;

/** IP ports, and the machines that speak on them. */
export class IpStack {
  readonly ports: readonly IpPort[];
  readonly owner: IpStackOwner;
  readonly #numbers = new Map<Conn, TcpConnection>();
  #conns = 0;

  /** `linksUp`: whether links are up at first. Errors: `RangeError` for an address that is none. */
  constructor(
    ports: readonly IpPortOptions[],
    owner: IpStackOwner,
    random: RandomStream,
    linksUp = false,
  ) {
    this.owner = owner;
    this.ports = ports.map((options, port) => {
      const itsOwner = {
        get now() {
          return owner.now;
        },
        after: (delayNs: number, run: () => void) => owner.after(delayNs, run),
        send: (frame: Uint8Array) => owner.send(port, frame),
      };
      return new IpPort(options, itsOwner, random, linksUp);
    });
  }

  /** A machine speaks on these ports from now on. */
  attach<Event>(machine: StreamMachine<Event>, options: AttachOptions<Event>): AttachedMachine {
    const attached = new Attachment(this, machine, options.onEvent);
    for (const { tcpPort, port } of options.listens ?? []) {
      for (const [index, one] of this.ports.entries())
        if (port === undefined || port === index) one.tcp.listen(tcpPort, attached);
    }
    attached.drain();
    return attached;
  }

  /** Who is at the other end of a connection; nobody where it is over. */
  peerOf(conn: Conn): TcpPeer {
    const connection = this.#numbers.get(conn);
    if (connection === undefined) return { address: '', port: 0 };
    const { remote, remotePort } = connection.ends;
    return { address: formatIpv4(remote), port: remotePort };
  }

  /** A frame came at a port. */
  handleFrame(port: number, frame: Uint8Array): void {
    this.ports[port]?.handleFrame(frame);
  }

  /** A port's link went up or down. */
  handleLink(port: number, up: boolean): void {
    if (up) this.ports[port]?.linkUp();
    else this.ports[port]?.linkDown();
  }

  /** The power is gone: every connection is forgotten, and no machine is told. */
  drop(): void {
    for (const port of this.ports) port.drop();
    this.#numbers.clear();
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const port of this.ports)
      for (const [kind, count] of Object.entries(port.kept()))
        sums[kind] = (sums[kind] ?? 0) + count;
    return sums;
  }

  // What attachments ask for.

  /** The port whose address is nearest to another: the longest common beginning. */
  portTowards(remote: Ipv4Address): IpPort | undefined {
    const likeness = ({ address }: IpPort): number => Math.clz32(address ^ remote);
    return this.ports.reduce<IpPort | undefined>(
      (best, one) => (best === undefined || likeness(one) > likeness(best) ? one : best),
      undefined,
    );
  }

  /** A number that no other connection ever has. */
  numberFor(connection: TcpConnection): Conn {
    const conn = ++this.#conns;
    this.#numbers.set(conn, connection);
    return conn;
  }

  /** A connection is over. */
  forget(conn: Conn): void {
    this.#numbers.delete(conn);
  }

  /** The connection of a number. */
  connectionOf(conn: Conn): TcpConnection | undefined {
    return this.#numbers.get(conn);
  }
}

/** A machine that speaks on the ports of a stack. */
export interface AttachedMachine {
  /** Something else changed the machine: takes what it has to say. */
  drain(): void;
  /**
   * The machine is out of use, and hears no more. Its connections end in good order, break, or are forgotten
   * without a word to whoever is at the other end.
   */
  detach(how: StreamEnd | 'silence'): void;
}

class Attachment<Event> implements AttachedMachine, TcpUser {
  readonly #stack: IpStack;
  readonly #machine: StreamMachine<Event>;
  readonly #onEvent: (event: Event) => void;
  readonly #conns = new Map<TcpConnection, Conn>();
  /** Connections that the machine asked for, by what it calls them. */
  readonly #asked = new Map<TcpConnection, number>();
  #timer: Timer | undefined;
  #isBusy = false;
  #isGone = false;

  constructor(stack: IpStack, machine: StreamMachine<Event>, onEvent: (event: Event) => void) {
    this.#stack = stack;
    this.#machine = machine;
    this.#onEvent = onEvent;
  }

  drain(): void {
    this.#change(() => {});
  }

  detach(how: StreamEnd | 'silence'): void {
    this.#isGone = true;
    this.#timer?.cancel();
    for (const connection of this.#conns.keys()) {
      if (how === 'end') connection.end();
      else if (how === 'reset') connection.reset();
      else connection.enterClosed('reset');
    }
    for (const connection of this.#asked.keys()) connection.enterClosed('reset');
  }

  /** One change of the machine, and what comes of it. */
  #change(work: (machine: StreamMachine<Event>, now: number) => void): void {
    if (this.#isGone) return;
    work(this.#machine, this.#stack.owner.now);
    // What it says while it is heard is heard behind that.
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      this.#takeOutputs();
    } finally {
      this.#isBusy = false;
    }
    this.#setTimer();
  }

  #takeOutputs(): void {
    const machine = this.#machine;
    for (let out = machine.poll(); out !== undefined && !this.#isGone; out = machine.poll()) {
      if ('event' in out) this.#onEvent(out.event);
      else if ('connect' in out) this.#connect(out.connect);
      else {
        const connection = this.#stack.connectionOf(out.conn);
        if (connection === undefined) continue;
        if ('close' in out) this.#close(connection, out.conn, out.close);
        else if (connection.write(out.send) && connection.sender.unsent > UNSENT_BYTES_MAX)
          connection.pause(true);
      }
    }
  }

  #close(connection: TcpConnection, conn: Conn, how: StreamEnd): void {
    if (how === 'end') {
      connection.end();
      return;
    }
    // The machine knows.
    this.#conns.delete(connection);
    this.#stack.forget(conn);
    connection.reset();
  }

  #connect({ id, address, port }: { id: number; address: string; port: number }): void {
    // An address comes from a peer too, by redirection: one that is none is reached by nobody.
    const remote = isIpv4(address) ? parseIpv4(address) : 0;
    const ipPort = this.#stack.portTowards(remote);
    const ends = { local: ipPort?.address ?? 0, remote, remotePort: port };
    const connection = remote === 0 ? undefined : ipPort?.tcp.connect(ends, this);
    if (connection !== undefined) this.#asked.set(connection, id);
    else this.#change((machine, now) => machine.handleUnreachable?.(id, now));
  }

  #setTimer(): void {
    const { deadline } = this.#machine;
    if (this.#isGone) return;
    if (this.#timer?.at === deadline) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (deadline === undefined) return;
    const { owner } = this.#stack;
    this.#timer = owner.after(Math.max(0, deadline - owner.now), () => {
      this.#timer = undefined;
      this.#change((machine, now) => machine.handleTimeout(now));
    });
  }

  // What TCP tells.

  opened(connection: TcpConnection): void {
    const conn = this.#stack.numberFor(connection);
    this.#conns.set(connection, conn);
    const id = this.#asked.get(connection);
    this.#asked.delete(connection);
    this.#change((machine, now) => machine.handleOpened(conn, now, id));
  }

  readable(connection: TcpConnection): void {
    const conn = this.#conns.get(connection);
    if (conn === undefined) return;
    for (const bytes of connection.read())
      this.#change((machine, now) => machine.handleBytes(conn, bytes, now));
  }

  unsent(connection: TcpConnection): void {
    if (connection.sender.unsent <= UNSENT_BYTES_MAX) connection.pause(false);
  }

  ended(connection: TcpConnection): void {
    const conn = this.#conns.get(connection);
    if (conn !== undefined) this.#change((machine, now) => machine.handleClosed(conn, 'end', now));
  }

  over(connection: TcpConnection, how: 'closed' | 'reset' | 'unreachable'): void {
    const id = this.#asked.get(connection);
    this.#asked.delete(connection);
    const conn = this.#conns.get(connection);
    this.#conns.delete(connection);
    if (conn !== undefined) this.#stack.forget(conn);
    if (how === 'closed') return;
    if (conn !== undefined)
      this.#change((machine, now) => machine.handleClosed(conn, 'reset', now));
    else if (id !== undefined) this.#change((machine, now) => machine.handleUnreachable?.(id, now));
  }
}
