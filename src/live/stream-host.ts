/**
 * Runs a machine that speaks byte streams on TCP sockets and the real clock.
 *
 * Connections that the machine asks for are made, and answered once.
 * Limits: a connection whose peer does not read is not read from either, so that no more waits for it than
 * one answer to what had come.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Instant } from '../machine/machine.ts';
import type { Conn, ConnectRequest, StreamMachine } from '../machine/stream-machine.ts';
import { cannotListen, type ListenPlace } from './listen-address.ts';
import { ReadBuffer, type ReadSocket } from './read-buffer.ts';
import { type SocketFrameSink, SocketFrames } from './socket-frames.ts';
import { listenOn } from './stream-wire.ts';

/** Who is at the other end of a connection. */
export interface StreamPeer {
  readonly address: string;
  readonly port: number;
}

/** What a host tells, and by which clock it runs its machine. */
export interface StreamHostOptions<Event> {
  readonly clock: () => Instant;
  readonly onEvent: (event: Event, now: Instant) => void;
  /** The machine threw, which is a defect of ours: the connection is lost, the others go on. */
  readonly onDefect: (error: unknown) => void;
  /** Runs a change of the machine among those of others that it works with. Default: by itself. */
  readonly act?: (work: (now: Instant) => void) => void;
  /** What its sockets carry, as frames: they are made only where somebody wants them. */
  readonly onFrame?: SocketFrameSink | undefined;
  /**
   * Bytes that the machine is given at once, more only while nothing comes of them: for protocols whose short
   * requests have long answers. Default: all that one read brought.
   */
  readonly pieceBytes?: number;
}

/** Bytes that may wait for a peer to read them, before nothing more is read from it. */
const UNSENT_BYTES_MAX = 4 << 20;
/** Peers that do not close their end are not waited for. */
const CLOSE_WAIT_MS = 500;
/** A timer further away than this is looked at again then: setTimeout takes no longer delay. */
const TIMER_MS_MAX = 60_000;
const NS_PER_MS = 1e6;
/** How IPv4 addresses look to a socket that takes IPv6 too. */
const MAPPED = /^::ffff:(?=\d+\.)/;

/**
 * Ends a connection at once, both ways: by RST, which a Unix socket has not. One whose end is being said is closed: a
 * reset is refused by the system interface then, and Node neither closes it nor ever comes to its own end.
 */
function breakOff(socket: Socket | undefined): void {
  if (socket?.remoteAddress === undefined || socket.writableEnded) socket?.destroy();
  else socket.resetAndDestroy();
}

/** A machine, the address that it serves, and its connections. */
export class StreamHost<Event> {
  readonly #options: StreamHostOptions<Event>;
  readonly #server: Server;
  readonly #sockets = new Map<Conn, Socket>();
  readonly #peers = new Map<Conn, StreamPeer>();
  readonly #frames = new Map<Conn, SocketFrames>();
  readonly #reads = new ReadBuffer();
  /** `undefined`: there is no power; who connects is sent away. */
  #machine: StreamMachine<Event> | undefined;
  #conns = 0;
  #timer: NodeJS.Timeout | undefined;
  #busy = false;

  constructor(options: StreamHostOptions<Event>) {
    this.#options = options;
    const ends = { noDelay: true, allowHalfOpen: true, pauseOnConnect: true };
    this.#server = createServer(ends, (socket) => this.#opened(this.#reads.accept(socket)));
  }

  /** Listens; port 0 is one that the system chooses. Errors: `ListenError`. */
  async listen(name: string, host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => reject(cannotListen(name, error)));
      this.#server.listen(port, host, resolve);
    });
  }

  /** The same on a Unix socket too. Errors: `ListenError`. */
  listenAt(place: ListenPlace): Promise<void> {
    return listenOn(this.#server, place);
  }

  /** The TCP port that it listens on. */
  get port(): number {
    const bound = this.#server.address();
    return bound === null || typeof bound === 'string' ? 0 : bound.port;
  }

  /** Who is at the other end of a connection that is open. */
  peerOf(conn: Conn): StreamPeer {
    return this.#peers.get(conn) ?? { address: '', port: 0 };
  }

  /** Runs another machine from now on, or none; connections of the one before break, and it is told. */
  run(machine: StreamMachine<Event> | undefined): void {
    for (const [conn, socket] of this.#sockets) {
      this.#change((before, now) => before.handleClosed(conn, 'reset', now));
      this.#frames.get(conn)?.reset('out');
      breakOff(socket);
    }
    this.#sockets.clear();
    this.#peers.clear();
    this.#frames.clear();
    this.#machine = machine;
    this.drain();
  }

  /** Something else changed the machine: takes what it has to say. */
  drain(): void {
    this.#change(() => {});
  }

  /** Ends every connection once what was sent has gone out, and gives the address up. */
  async close(): Promise<void> {
    for (const [conn, socket] of this.#sockets) {
      this.#frames.get(conn)?.ended('out');
      socket.end();
    }
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      setTimeout(() => this.run(undefined), CLOSE_WAIT_MS).unref();
    });
    this.run(undefined);
  }

  /** Makes a connection for the machine that runs now; one that runs later hears nothing of it. */
  #connect({ id, address, port }: ConnectRequest): void {
    const machine = this.#machine;
    const options = { host: address, port, noDelay: true, allowHalfOpen: true };
    const made = this.#reads.connect(options);
    const { socket } = made;
    const failed = (): void => {
      if (this.#machine === machine) this.#change((one, now) => one.handleUnreachable?.(id, now));
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      if (this.#machine === machine) this.#opened(made, id);
      else breakOff(socket);
    });
  }

  #opened(made: ReadSocket, id?: number): void {
    const { socket } = made;
    socket.on('error', () => {});
    const { remoteAddress = '', remotePort = 0 } = socket;
    if (this.#machine === undefined) {
      breakOff(socket);
      return;
    }
    const conn = ++this.#conns;
    this.#sockets.set(conn, socket);
    const peer = { address: remoteAddress.replace(MAPPED, ''), port: remotePort };
    this.#peers.set(conn, peer);
    const { onFrame } = this.#options;
    if (onFrame !== undefined) {
      const { localAddress = '', localPort = 0 } = socket;
      const local = { address: localAddress.replace(MAPPED, ''), port: localPort };
      this.#frames.set(conn, new SocketFrames(local, peer, id !== undefined, onFrame));
    }
    this.#change((machine, now) => machine.handleOpened(conn, now, id));
    const isOurs = (): boolean => this.#sockets.get(conn) === socket;
    /** What was not taken: it is once the peer has read. */
    let left: Buffer | undefined;
    made.receives = (bytes) => {
      if (!isOurs()) return;
      const taken = this.#take(conn, socket, bytes);
      left = taken < bytes.length ? Buffer.from(bytes.subarray(taken)) : undefined;
      if (socket.writableLength > UNSENT_BYTES_MAX) socket.pause();
    };
    socket.on('drain', () => {
      if (left !== undefined) made.receives(left);
      if (left === undefined && socket.writableLength <= UNSENT_BYTES_MAX) socket.resume();
    });
    socket.on('end', () => {
      if (!isOurs()) return;
      this.#frames.get(conn)?.ended('in');
      this.#change((machine, now) => machine.handleClosed(conn, 'end', now), conn);
    });
    socket.on('close', () => {
      if (!isOurs()) return;
      this.#sockets.delete(conn);
      this.#change((machine, now) => machine.handleClosed(conn, 'reset', now));
      this.#peers.delete(conn);
      this.#frames.get(conn)?.reset('in');
      this.#frames.delete(conn);
    });
  }

  /** Gives bytes to the machine; how many, where the peer does not read what comes of them. */
  #take(conn: Conn, socket: Socket, bytes: Buffer): number {
    const { pieceBytes = bytes.length } = this.#options;
    let taken = 0;
    for (let length = pieceBytes; taken < bytes.length; ) {
      if (taken > 0 && socket.writableLength > UNSENT_BYTES_MAX) break;
      const piece = bytes.subarray(taken, taken + length);
      const waited = socket.writableLength;
      this.#frames.get(conn)?.carried('in', piece);
      this.#change((machine, now) => machine.handleBytes(conn, piece, now), conn);
      taken += piece.length;
      length = socket.writableLength > waited ? pieceBytes : 2 * length;
    }
    return taken;
  }

  /** One change of the machine, and what comes of it. */
  #change(work: (machine: StreamMachine<Event>, now: Instant) => void, conn?: Conn): void {
    const machine = this.#machine;
    if (machine === undefined || this.#busy) return;
    this.#busy = true;
    const { act = (change: (now: Instant) => void) => change(this.#options.clock()) } =
      this.#options;
    // What is said in one turn leaves in one write.
    const socket = conn === undefined ? undefined : this.#sockets.get(conn);
    socket?.cork();
    try {
      act((now) => work(machine, now));
    } catch (error) {
      this.#options.onDefect(error);
      breakOff(socket);
    } finally {
      this.#takeOutputs(machine);
      socket?.uncork();
      this.#busy = false;
    }
    this.#setTimer();
  }

  #takeOutputs(machine: StreamMachine<Event>): void {
    for (let out = machine.poll(); out !== undefined; out = machine.poll()) {
      if ('event' in out) {
        this.#options.onEvent(out.event, this.#options.clock());
        continue;
      }
      if ('connect' in out) {
        this.#connect(out.connect);
        continue;
      }
      const socket = this.#sockets.get(out.conn);
      if (socket === undefined) continue;
      const frames = this.#frames.get(out.conn);
      if ('send' in out) {
        frames?.carried('out', out.send);
        socket.write(out.send);
      } else if (out.close === 'end') {
        frames?.ended('out');
        socket.end();
      } else {
        frames?.reset('out');
        breakOff(socket);
      }
    }
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const deadline = this.#machine?.deadline;
    if (deadline === undefined) return;
    const ms = Math.ceil((deadline - this.#options.clock()) / NS_PER_MS);
    this.#timer = setTimeout(
      () => this.#change((machine, now) => machine.handleTimeout(now)),
      Math.min(Math.max(ms, 0), TIMER_MS_MAX),
    ).unref();
  }
}
