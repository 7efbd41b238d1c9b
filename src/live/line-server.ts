/** A server of lines: one question a line, one answer a line, in the order of asking. */
import { createServer, type Server, type Socket } from 'node:net';
import { formatPlace, type ListenPlace } from './listen-address.ts';
import { listenOn } from './stream-wire.ts';

const CONNECTIONS_MAX = 32;
/** Questions of one connection that may wait for those before them. */
const WAITING_MAX = 1000;

/** What a server of lines is told. */
export interface LineServerOptions {
  readonly place: Exclude<ListenPlace, { readonly kind: 'udp' }>;
  /** Longest line. */
  readonly charactersMax: number;
  /** What is said of a longer one, before the connection ends; left out: nothing. */
  readonly tooLong?: string;
  /** The answer to a line; `undefined` ends the connection. It does not throw. */
  answer(line: string): Promise<string | undefined> | string | undefined;
}

/**
 * Answers lines.
 *
 * Limits: 32 connections, 1,000 questions of one that wait for those before them.
 */
export class LineServer {
  readonly #server: Server;
  readonly #options: LineServerOptions;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, options: LineServerOptions) {
    this.#server = server;
    this.#options = options;
  }

  /** Listens. Errors: `ListenError`. */
  static async open(options: LineServerOptions): Promise<LineServer> {
    const server = createServer({ noDelay: true });
    const lines = new LineServer(server, options);
    server.maxConnections = CONNECTIONS_MAX;
    server.on('connection', (socket) => lines.#serve(socket));
    await listenOn(server, options.place);
    return lines;
  }

  /** The address, with the port that the system chose. */
  get address(): string {
    const { place } = this.#options;
    const bound = this.#server.address();
    return place.kind === 'tcp' && bound !== null && typeof bound === 'object'
      ? formatPlace({ ...place, port: bound.port })
      : formatPlace(place);
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #serve(socket: Socket): void {
    const { charactersMax, tooLong } = this.#options;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    let rest = '';
    let waiting = 0;
    let last: Promise<void> = Promise.resolve();
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.trim() === '') continue;
        waiting++;
        last = last.then(async () => {
          if (socket.destroyed) return;
          const answer = await this.#options.answer(line);
          waiting--;
          if (answer === undefined) socket.destroy();
          else if (!socket.destroyed) socket.write(`${answer}\n`);
          if (waiting < WAITING_MAX && socket.isPaused()) socket.resume();
        });
      }
      if (waiting >= WAITING_MAX) socket.pause();
      if (rest.length <= charactersMax) return;
      if (tooLong === undefined) socket.destroy();
      else socket.end(`${tooLong}\n`);
    });
  }
}
