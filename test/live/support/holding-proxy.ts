/**
 * A network between an iSCSI initiator and its target that can hold a command back, cut the initiator off, and
 * deliver the command later, on the connection on which it came.
 */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

const OPCODE_MASK = 0x3f;
const SCSI_COMMAND = 0x01;
const WRITE_BIT = 0x20;

/** True where a write command begins. Source: RFC 7143, 11.3. */
const isWrite = (bytes: Uint8Array): boolean =>
  (bytes[0]! & OPCODE_MASK) === SCSI_COMMAND && (bytes[1]! & WRITE_BIT) !== 0;

export class HoldingProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #armed: (() => void) | undefined;
  #held: { readonly target: Socket; readonly bytes: Uint8Array } | undefined;
  /** How often an initiator has connected. */
  connections = 0;

  private constructor(targetPort: number) {
    this.#server = createServer({ noDelay: true }, (near) => this.#join(near, targetPort));
  }

  /** Listens on a port that the system chooses, before a target on this machine. */
  static async before(targetPort: number): Promise<HoldingProxy> {
    const proxy = new HoldingProxy(targetPort);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Holds the next write back and cuts its initiator off; the target hears nothing of either. */
  hold(): Promise<void> {
    return new Promise((resolve) => {
      this.#armed = resolve;
    });
  }

  /** Delivers what was held, where the target still has the connection. True if it could be sent. */
  deliver(): boolean {
    const { target, bytes } = this.#held!;
    return !target.destroyed && target.write(bytes);
  }

  close(): void {
    this.#server.close();
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  #join(near: Socket, targetPort: number): void {
    this.connections++;
    const far = createConnection({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    near.on('error', () => {});
    far.on('error', () => {});
    near.on('data', (bytes) => {
      if (this.#armed === undefined || !isWrite(bytes)) {
        far.write(bytes);
        return;
      }
      this.#held = { target: far, bytes };
      near.removeAllListeners('close');
      near.resetAndDestroy();
      this.#armed();
      this.#armed = undefined;
    });
    far.on('data', (bytes) => near.write(bytes));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }
}
