/**
 * The driver of machines that speak byte streams: TCP connections of one listener, on the real clock.
 *
 * A peer that does not read is not listened to any more until it does: what it may make us send is
 * bounded by what it sends.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Instant } from '../machine/machine.ts';
import type { Conn, StreamMachine } from '../machine/stream-machine.ts';
import { cannotListen } from './listen-address.ts';

/** Bytes that may wait for a peer before we stop to listen to it. */
const BACKLOG_BYTES_MAX = 8 * 1024 * 1024;
/** Peers that do not close their end are not waited for. */
const CLOSE_WAIT_MS = 500;
const NS_PER_MS = 1e6;
const TIMER_MS_MAX = 60_000;

/** What the driver is given. */
export interface StreamDriverOptions<Event> {
  readonly machine: StreamMachine<Event>;
  readonly clock: () => Instant;
  /** Runs a change of the machine, among those of others that it works with. */
  readonly act: (work: (now: Instant) => void) => void;
  readonly onEvent: (event: Event, now: Instant) => void;
  /** The machine threw, which is a defect of ours: the connection is dropped, the others go on. */
  readonly onDefect: (error: unknown) => void;
}

/** A listener and its connections. */
export class StreamDriver<Event> {
  readonly #options: StreamDriverOptions<Event>;
  readonly #server: Server;
  readonly #sockets = new Map<Conn, Socket>();
  #conns = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Without power nobody is let in. */
  #powered = true;

  private constructor(options: StreamDriverOptions<Event>) {
    this.#options = options;
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) =>
      this.#accept(socket),
    );
  }

  /** Listens. Errors: `ListenError` when the address is in use or cannot be had. */
  static async open<Event>(
    place: { readonly host: string; readonly port: number },
    name: string,
    options: StreamDriverOptions<Event>,
  ): Promise<StreamDriver<Event>> {
    const driver = new StreamDriver(options);
    await new Promise<void>((resolve, reject) => {
      driver.#server.once('error', (error) => reject(cannotListen(name, error)));
      driver.#server.listen(place.port, place.host, resolve);
    });
    return driver;
  }

  /** The TCP port, also where the system chose it. */
  get port(): number {
    const bound = this.#server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : 0;
  }

  /** Something else changed the machine: takes what it has to say. */
  drain(): void {
    const { machine, onEvent, clock } = this.#options;
    for (let output = machine.poll(); output !== undefined; output = machine.poll()) {
      if ('event' in output) {
        onEvent(output.event, clock());
        continue;
      }
      const socket = this.#sockets.get(output.conn);
      if (socket === undefined) continue;
      if ('send' in output) this.#send(socket, output.send);
      else if (output.close === 'end') socket.end();
      else socket.destroy();
    }
    this.#setTimer();
  }

  /** Cuts every connection, and lets nobody in until there is power again. */
  setPower(on: boolean): void {
    this.#powered = on;
    if (!on) for (const socket of this.#sockets.values()) socket.destroy();
  }

  #accept(socket: Socket): void {
    socket.on('error', () => {});
    if (!this.#powered) {
      socket.destroy();
      return;
    }
    const conn = ++this.#conns;
    const { machine } = this.#options;
    let isOver = false;
    this.#sockets.set(conn, socket);
    this.#change(socket, (now) => machine.handleOpened(conn, now));
    socket.on('data', (bytes) =>
      this.#change(socket, (now) => machine.handleBytes(conn, bytes, now)),
    );
    socket.on('end', () => {
      isOver = true;
      this.#change(socket, (now) => machine.handleClosed(conn, 'end', now));
    });
    socket.on('drain', () => socket.resume());
    socket.on('close', () => {
      this.#sockets.delete(conn);
      if (!isOver) this.#change(socket, (now) => machine.handleClosed(conn, 'reset', now));
    });
  }

  #send(socket: Socket, bytes: Uint8Array): void {
    if (socket.destroyed || socket.writableEnded) return;
    socket.write(bytes);
    if (socket.writableLength > BACKLOG_BYTES_MAX) socket.pause();
  }

  #change(socket: Socket | undefined, work: (now: Instant) => void): void {
    const { act, onDefect } = this.#options;
    // What is sent in one turn leaves in one write.
    socket?.cork();
    try {
      act(work);
    } catch (error) {
      onDefect(error);
      socket?.destroy();
    }
    this.drain();
    socket?.uncork();
  }

  #setTimer(): void {
    const { machine, clock } = this.#options;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { deadline } = machine;
    if (deadline === undefined || !this.#server.listening) return;
    const delayMs = Math.max(0, Math.ceil((deadline - clock()) / NS_PER_MS));
    this.#timer = setTimeout(
      () => this.#change(undefined, (now) => machine.handleTimeout(now)),
      Math.min(delayMs, TIMER_MS_MAX),
    );
    this.#timer.unref();
  }

  /** Ends every connection once what was sent has gone out, and gives the address up. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const socket of this.#sockets.values()) socket.end();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      setTimeout(() => {
        for (const socket of this.#sockets.values()) socket.destroy();
      }, CLOSE_WAIT_MS).unref();
    });
  }
}
