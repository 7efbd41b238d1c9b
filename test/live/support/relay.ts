/** What lies between two processes on this machine: Unix sockets whose bytes pass, wait or are cut off. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #passes: 'all' | 'nothing' | 'nobody' = 'all';

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens at `path` for those who look for `to`. */
  static async between(path: string, to: string): Promise<Relay> {
    const server = createServer();
    const relay = new Relay(server);
    server.on('connection', (near) => relay.#join(near, to));
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
    return relay;
  }

  /** Connections end, and nobody gets a new one. */
  cut(): void {
    this.#passes = 'nobody';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Connections stay, and what comes waits: nobody is told. */
  hold(): void {
    this.#passes = 'nothing';
    for (const socket of this.#sockets) socket.pause();
  }

  /** All passes again, what was held first. */
  heal(): void {
    this.#passes = 'all';
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(near: Socket, to: string): void {
    near.on('error', () => {});
    if (this.#passes === 'nobody') {
      near.destroy();
      return;
    }
    const far = createConnection(to);
    far.on('error', () => {});
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('data', (bytes) => other.write(bytes));
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      if (this.#passes === 'nothing') one.pause();
    }
  }
}
