/**
 * The control socket: one JSON request a line, one JSON answer a line, in the order of asking.
 *
 * A request is `{"command": …}` with what the command takes, and an `id` that comes back with the
 * answer. An answer is `{"ok": true, …}` or `{"ok": false, "error": "…"}`; the connection goes on
 * either way.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { LiveServer } from '../server.ts';
import { listenOn } from '../stream-wire.ts';
import { askServer, type ControlCommand, ControlError } from './command.ts';

/** Longest request: a zone set of some ten thousand members. */
const LINE_BYTES_MAX = 1024 * 1024;
const CONNECTIONS_MAX = 32;
/** Requests of one connection that may wait for those before them. */
const WAITING_MAX = 1000;

/**
 * Serves the commands of a server on a Unix socket.
 *
 * Limits: 32 connections, 1 MiB a request, 1,000 requests that wait for those before them.
 */
export class ControlSocket {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #commands: readonly ControlCommand[];
  readonly #live: LiveServer;

  private constructor(server: Server, live: LiveServer, commands: readonly ControlCommand[]) {
    this.#server = server;
    this.#live = live;
    this.#commands = commands;
  }

  /** Listens on a Unix socket. Errors: `ListenError`. */
  static async open(
    path: string,
    live: LiveServer,
    commands: readonly ControlCommand[],
  ): Promise<ControlSocket> {
    const server = createServer();
    const control = new ControlSocket(server, live, commands);
    server.maxConnections = CONNECTIONS_MAX;
    server.on('connection', (socket) => control.#serve(socket));
    await listenOn(server, { kind: 'unix', path });
    return control;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #serve(socket: Socket): void {
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
          const answer = await this.#answer(line);
          waiting--;
          if (!socket.destroyed) socket.write(`${answer}\n`);
          if (waiting < WAITING_MAX && socket.isPaused()) socket.resume();
        });
      }
      if (waiting >= WAITING_MAX) socket.pause();
      if (rest.length > LINE_BYTES_MAX) {
        const error = `a request has at most ${LINE_BYTES_MAX} bytes; the connection ends`;
        socket.end(`${JSON.stringify({ ok: false, error })}\n`);
      }
    });
  }

  async #answer(line: string): Promise<string> {
    let id: unknown;
    try {
      const request = parseRequest(line);
      id = request.id;
      const { id: _, ...rest } = request;
      return toLine({ ok: true, id, ...(await askServer(this.#live, this.#commands, rest)) });
    } catch (error) {
      const expected =
        error instanceof ControlError || error instanceof RangeError || error instanceof TypeError;
      if (!expected)
        this.#live.log('error', 'defect', `control: ${(error as Error).message}`, {
          stack: (error as Error).stack,
        });
      return toLine({ ok: false, id, error: (error as Error).message });
    }
  }
}

function parseRequest(line: string): Record<string, unknown> {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch (error) {
    throw new ControlError(`a request is one line of JSON: ${(error as Error).message}`);
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new ControlError('a request is a JSON object with a command');
  return request as Record<string, unknown>;
}

function toLine(value: object): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'bigint' ? one.toString() : one,
  );
}
