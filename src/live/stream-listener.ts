/**
 * QEMU's `stream` network sockets: a byte stream on which each Ethernet frame stands behind its
 * length, 4 bytes, big-endian. Each connection is one cable in one port of a machine.
 */
import { existsSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Longest frame a guest may send: jumbo frames and some room. */
const FRAME_BYTES_MAX = 16_384;
const PREFIX_BYTES = 4;
/** What may wait for a guest that does not read; then its frames are dropped, as by a full queue. */
const BACKLOG_BYTES_MAX = 32 * 1024 * 1024;

/** Where to listen: a Unix socket, or a TCP port of a loopback address. */
export type ListenAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** An address that cannot be used, in one line. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** What happens on a listener. */
export interface StreamEvents {
  /** A guest connected; returns what to do with its frames, or why there is no room for it. */
  connected(
    send: (frame: Uint8Array) => void,
  ): { readonly received: (frame: Uint8Array) => void; readonly closed: () => void } | string;
  /** Something a person should know, in one line. */
  log(text: string): void;
}

/** `unix:PATH` or `tcp:HOST:PORT`. Errors: `ListenError`. */
export function parseListenAddress(text: string): ListenAddress {
  if (text.startsWith('unix:') && text.length > 5) return { kind: 'unix', path: text.slice(5) };
  const tcp = /^tcp:(127\.\d+\.\d+\.\d+|localhost|\[::1\]):(\d{1,5})$/.exec(text);
  const port = Number(tcp?.[2]);
  if (tcp !== null && port <= 65_535)
    return { kind: 'tcp', host: tcp[1]!.replace(/[[\]]/g, ''), port };
  throw new ListenError(`--listen ${text}: needs unix:PATH, or tcp:HOST:PORT with a loopback host`);
}

/** Splits a byte stream into frames. A length out of bounds ends the stream: nothing behind it can be trusted. */
export class FrameSplitter {
  #rest = new Uint8Array(0);

  /** Whole frames in what has come so far. Errors: `RangeError` for a length that no frame has. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    // A Buffer's own `slice` would share its memory instead of copying.
    let bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    let at = 0;
    while (bytes.length - at >= PREFIX_BYTES) {
      const length =
        ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>>
        0;
      if (length === 0 || length > FRAME_BYTES_MAX) {
        throw new RangeError(
          `says its next frame has ${length} bytes; frames have 1 to ${FRAME_BYTES_MAX}`,
        );
      }
      if (bytes.length - at - PREFIX_BYTES < length) break;
      yield bytes.slice(at + PREFIX_BYTES, at + PREFIX_BYTES + length);
      at += PREFIX_BYTES + length;
    }
    this.#rest = bytes.slice(at);
  }
}

function withPrefix(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES + frame.length);
  bytes[0] = frame.length >>> 24;
  bytes[1] = frame.length >>> 16;
  bytes[2] = frame.length >>> 8;
  bytes[3] = frame.length;
  bytes.set(frame, PREFIX_BYTES);
  return bytes;
}

/** Serves one address until closed. */
export class StreamListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #address: ListenAddress;

  private constructor(server: Server, address: ListenAddress) {
    this.#server = server;
    this.#address = address;
  }

  /** Listens. Errors: `ListenError` when the address is in use or cannot be had. */
  static async open(address: ListenAddress, events: StreamEvents): Promise<StreamListener> {
    const server = createServer({ noDelay: true });
    const listener = new StreamListener(server, address);
    server.on('connection', (socket) => listener.#serve(socket, events));
    if (address.kind === 'unix') await removeStale(address.path);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          new ListenError(`cannot listen on ${nameOf(address)}: ${error.code ?? error.message}`),
        );
      });
      if (address.kind === 'unix') server.listen(address.path, resolve);
      else server.listen(address.port, address.host, resolve);
    });
    return listener;
  }

  get name(): string {
    const bound = this.#server.address();
    if (this.#address.kind === 'tcp' && bound !== null && typeof bound === 'object') {
      return `tcp:${this.#address.host}:${bound.port}`;
    }
    return nameOf(this.#address);
  }

  #serve(socket: Socket, events: StreamEvents): void {
    const splitter = new FrameSplitter();
    const port = events.connected((frame) => {
      if (socket.writableLength < BACKLOG_BYTES_MAX) socket.write(withPrefix(frame));
    });
    if (typeof port === 'string') {
      events.log(port);
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('data', (chunk) => {
      try {
        for (const frame of splitter.push(chunk)) port.received(frame);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        events.log(`a guest on ${this.name} ${error.message}: its connection is closed`);
        socket.destroy();
      }
    });
    socket.on('error', (error) => events.log(`a guest on ${this.name}: ${error.message}`));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      port.closed();
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.end();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      // Guests that do not close their end are not waited for.
      setTimeout(() => {
        for (const socket of this.#sockets) socket.destroy();
      }, 500).unref();
    });
  }
}

function nameOf(address: ListenAddress): string {
  return address.kind === 'unix' ? `unix:${address.path}` : `tcp:${address.host}:${address.port}`;
}

/** A socket file that nobody listens on is left over from a run that was killed. */
async function removeStale(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const alive = await new Promise<boolean>((resolve) => {
    const probe = createConnection(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (alive) throw new ListenError(`cannot listen on unix:${path}: another program does`);
  try {
    unlinkSync(path);
  } catch (error) {
    throw new ListenError(`cannot listen on unix:${path}: ${(error as Error).message}`);
  }
}
