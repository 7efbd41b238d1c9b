/**
 * QEMU's `stream` network sockets: each connection is one cable in one port of a switch.
 *
 * Frames to a guest are gathered in buffers that are used again and leave in one write per turn.
 * A guest that does not read makes frames wait, up to a limit; what comes then is dropped and
 * counted, as by the full queue of a switch.
 */
import { existsSync, lstatSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { FRAME_BYTES_MAX, FrameSplitter, PREFIX_BYTES, putFrame } from './frame-splitter.ts';
import { cannotListen, formatPlace, ListenError, type ListenPlace } from './listen-address.ts';
import type { Wire } from './plug.ts';

/** One gathering buffer: a turn of the driver seldom sends more to one guest. */
const OUT_BYTES = 256 * 1024;
/** What may wait for a guest that does not read. */
const BACKLOG_BYTES_MAX = 32 * 1024 * 1024;
/** Guests that do not close their end are not waited for. */
const CLOSE_WAIT_MS = 500;

/** What a guest's frames, its end and its complaints go to. */
export interface PluggedGuest {
  received(frames: readonly Uint8Array[]): void;
  closed(why: string | undefined): void;
}

/** Who takes guests in: returns what to do with one, or why there is no room for it. */
export type PlugIn = (wire: GuestWire) => PluggedGuest | string;

/** A wire that counts what it could not send. */
export interface GuestWire extends Wire {
  /** Frames that were dropped because the guest did not read. */
  readonly dropped: number;
  /** Bytes that wait for the guest. */
  readonly waitingBytes: number;
}

/** The sending half of a connection. */
class StreamWire implements GuestWire {
  dropped = 0;
  readonly #socket: Socket;
  /** The buffer that is being filled, and those full that wait behind a write. */
  #out: Uint8Array = new Uint8Array(OUT_BYTES);
  #used = 0;
  readonly #full: { readonly buffer: Uint8Array; readonly used: number }[] = [];
  readonly #spare: Uint8Array[] = [];
  #writing = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get waitingBytes(): number {
    const full = this.#full.reduce((sum, { used }) => sum + used, 0);
    return full + this.#used + this.#socket.writableLength;
  }

  send(frame: Uint8Array): void {
    const bytes = PREFIX_BYTES + frame.length;
    if (frame.length > FRAME_BYTES_MAX || this.#full.length * OUT_BYTES >= BACKLOG_BYTES_MAX) {
      this.dropped++;
      return;
    }
    if (this.#used + bytes > OUT_BYTES) {
      this.#full.push({ buffer: this.#out, used: this.#used });
      this.#out = this.#spare.pop() ?? new Uint8Array(OUT_BYTES);
      this.#used = 0;
    }
    this.#used = putFrame(this.#out, this.#used, frame);
  }

  /** Hands what was gathered to the socket, unless it still has the last write under way. */
  flush(): void {
    if (this.#writing || this.#socket.destroyed) return;
    let next = this.#full.shift();
    if (next === undefined) {
      if (this.#used === 0) return;
      next = { buffer: this.#out, used: this.#used };
      this.#out = this.#spare.pop() ?? new Uint8Array(OUT_BYTES);
      this.#used = 0;
    }
    const { buffer, used } = next;
    this.#writing = true;
    this.#socket.write(buffer.subarray(0, used), () => {
      this.#writing = false;
      if (this.#spare.length < 2) this.#spare.push(buffer);
      this.flush();
    });
  }
}

/** Takes in whoever is at the other end of a connection, until it closes. False where there is no room. */
export function carry(socket: Socket, plugIn: PlugIn): boolean {
  const splitter = new FrameSplitter();
  const guest = plugIn(new StreamWire(socket));
  if (typeof guest === 'string') {
    socket.on('error', () => {});
    socket.destroy();
    return false;
  }
  let why: string | undefined;
  socket.on('data', (chunk) => {
    try {
      guest.received(splitter.push(chunk));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      why = `${error.message}: its connection is closed`;
      socket.destroy();
    }
  });
  socket.on('error', (error) => {
    why ??= error.message;
  });
  socket.on('close', () => {
    if (why === undefined && !splitter.atBoundary) {
      const { bytes, of } = splitter.pending;
      why = `closed in the middle of a frame, at byte ${bytes} of ${of ?? 'an unknown number'}`;
    }
    guest.closed(why);
  });
  return true;
}

/** A Unix socket or a TCP port on which any number of guests connect. */
export class StreamListener {
  readonly #server: Server;
  readonly #place: ListenPlace;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, place: ListenPlace) {
    this.#server = server;
    this.#place = place;
  }

  /** Listens. Errors: `ListenError` when the address is in use or cannot be had. */
  static async open(place: ListenPlace, plugIn: PlugIn): Promise<StreamListener> {
    const server = createServer({ noDelay: true });
    const listener = new StreamListener(server, place);
    server.on('connection', (socket) => listener.#serve(socket, plugIn));
    await listenOn(server, place);
    return listener;
  }

  /** The address, with the port that the system chose. */
  get name(): string {
    const bound = this.#server.address();
    return this.#place.kind === 'tcp' && bound !== null && typeof bound === 'object'
      ? formatPlace({ ...this.#place, port: bound.port })
      : formatPlace(this.#place);
  }

  #serve(socket: Socket, plugIn: PlugIn): void {
    if (!carry(socket, plugIn)) return;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** Ends every connection once what was sent has gone out, and gives the address up. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.end();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      setTimeout(() => {
        for (const socket of this.#sockets) socket.destroy();
      }, CLOSE_WAIT_MS).unref();
    });
  }
}

/** Makes a server listen; a socket file left over from a killed run is taken over. Errors: `ListenError`. */
export async function listenOn(server: Server, place: ListenPlace): Promise<void> {
  if (place.kind === 'udp') throw new TypeError('UDP has no server');
  const name = formatPlace(place);
  if (place.kind === 'unix') await removeStale(place.path, name);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(name, error)));
    if (place.kind === 'unix') server.listen(place.path, resolve);
    else server.listen(place.port, place.host, resolve);
  });
}

async function removeStale(path: string, name: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  // The system's own word for it would be EACCES, as libuv has it.
  if (there === undefined && !existsSync(dirname(path)))
    throw cannotListen(name, { code: 'ENOENT' });
  if (there === undefined) return;
  if (!there.isSocket())
    throw new ListenError(`cannot listen on ${name}: a file that is no socket is there`);
  const fault = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const probe = createConnection(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(undefined);
    });
    probe.once('error', resolve);
  });
  if (fault === undefined) throw cannotListen(name, { code: 'EADDRINUSE' });
  if (fault.code === 'ENOENT') return;
  if (fault.code !== 'ECONNREFUSED') throw cannotListen(name, fault);
  try {
    unlinkSync(path);
  } catch (error) {
    throw cannotListen(name, error);
  }
}
