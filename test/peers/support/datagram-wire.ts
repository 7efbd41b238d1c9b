/** A cable to a QEMU: each datagram of UDP is a frame, as QEMU's `dgram` has it. */
import { createSocket, type Socket } from 'node:dgram';

const HOST = '127.0.0.1';

/** A socket at a UDP port of this machine that was free. */
export async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  return socket;
}

/** Our end of it; QEMU may come, go and be another one. */
export class DatagramWire {
  /** What `-netdev` has to say for the other end, without `id`. */
  readonly netdev: string;
  onFrame: (frame: Uint8Array) => void = () => {};
  readonly #socket: Socket;
  readonly #remotePort: number;

  private constructor(socket: Socket, remotePort: number) {
    this.#socket = socket;
    this.#remotePort = remotePort;
    const local = `local.type=inet,local.host=${HOST},local.port=${remotePort}`;
    const remote = `remote.type=inet,remote.host=${HOST},remote.port=${socket.address().port}`;
    this.netdev = `dgram,${local},${remote}`;
    socket.on('message', (bytes) => this.onFrame(Uint8Array.from(bytes)));
  }

  static async open(): Promise<DatagramWire> {
    const [local, remote] = [await boundSocket(), await boundSocket()];
    const remotePort = remote.address().port;
    await new Promise<void>((resolve) => remote.close(() => resolve()));
    return new DatagramWire(local, remotePort);
  }

  send(frame: Uint8Array): void {
    this.#socket.send(frame, this.#remotePort, HOST);
  }

  close(): void {
    this.#socket.close();
  }
}
