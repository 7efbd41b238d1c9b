/** A network before a server of this machine that can fall silent: connections stay, and nothing comes through until it speaks again. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export class SilentProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isSilent = false;

  private constructor(port: number) {
    this.#server = createServer({ noDelay: true }, (near) => {
      const far = createConnection({ port, host: '127.0.0.1', noDelay: true });
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  /** Listens on a port that the system chooses. */
  static async before(port: number): Promise<SilentProxy> {
    const proxy = new SilentProxy(port);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Nothing comes through any more, or all that has come meanwhile. */
  set silent(isSilent: boolean) {
    this.#isSilent = isSilent;
    for (const socket of this.#sockets) {
      if (isSilent) socket.pause();
      else socket.resume();
    }
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('error', () => {});
    from.on('data', (bytes) => to.write(bytes));
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    if (this.#isSilent) from.pause();
  }
}
