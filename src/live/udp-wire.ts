/**
 * UDP on loopback, one Ethernet frame a datagram: QEMU's `dgram` netdev, and any Linux interface
 * through Debian's `socat`.
 *
 * There is no connection, so the cable counts as plugged in from the start. The receiver's socket
 * buffer holds some hundred kilobytes and the system drops what does not fit without a word:
 * frames leave in short bursts with a pause in between.
 */
import { createSocket, type Socket } from 'node:dgram';
import { cannotListen, formatPlace, ListenError, type ListenPlace } from './listen-address.ts';
import type { PluggedGuest, PlugIn } from './stream-wire.ts';

const HOST = '127.0.0.1';
/** Frames in one burst: with 2.2 KB each they fit the default buffer, which counts 4 KB for each. */
const BURST_FRAMES = 32;
const PAUSE_MS = 1;
/** Frames that may wait; more are dropped and counted. */
const WAITING_FRAMES_MAX = 16_384;
/** Asked of the system for our own side; it may grant less. */
const RECEIVE_BYTES = 4 * 1024 * 1024;

export class UdpWire {
  readonly #socket: Socket;
  readonly #place: ListenPlace & { kind: 'udp' };
  #waiting: Uint8Array[] = [];
  #sentInBurst = 0;
  #pause: NodeJS.Timeout | undefined;
  #burstEnds: NodeJS.Immediate | undefined;
  dropped = 0;

  private constructor(socket: Socket, place: ListenPlace & { kind: 'udp' }) {
    this.#socket = socket;
    this.#place = place;
  }

  /** Binds the local port and plugs the wire in. Errors: `ListenError`. */
  static async open(place: ListenPlace & { kind: 'udp' }, plugIn: PlugIn): Promise<UdpWire> {
    const socket = createSocket('udp4');
    const wire = new UdpWire(socket, place);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) => reject(cannotListen(formatPlace(place), error)));
      socket.bind(place.localPort, HOST, resolve);
    });
    socket.removeAllListeners('error');
    // A remote port that nobody has bound yet shows as an error; the guest may come later.
    socket.on('error', () => {});
    try {
      socket.setRecvBufferSize(RECEIVE_BYTES);
    } catch {
      // The default has to do.
    }
    const guest = plugIn(wire);
    if (typeof guest === 'string') {
      socket.close();
      throw new ListenError(`cannot listen on ${formatPlace(place)}: ${guest}`);
    }
    wire.#receive(guest);
    return wire;
  }

  get name(): string {
    return formatPlace(this.#place);
  }

  get waitingBytes(): number {
    return this.#waiting.reduce((sum, frame) => sum + frame.length, 0);
  }

  #receive(guest: PluggedGuest): void {
    this.#socket.on('message', (message, { port, address }) => {
      if (port !== this.#place.remotePort || address !== HOST || message.length === 0) return;
      guest.received([new Uint8Array(message.buffer, message.byteOffset, message.length)]);
    });
    this.#socket.on('close', () => guest.closed(undefined));
  }

  send(frame: Uint8Array): void {
    if (this.#waiting.length >= WAITING_FRAMES_MAX) this.dropped++;
    else this.#waiting.push(frame);
  }

  /** Sends what fits the burst; the rest goes after the pause. */
  flush(): void {
    if (this.#pause !== undefined || this.#waiting.length === 0) return;
    const room = BURST_FRAMES - this.#sentInBurst;
    const now = this.#waiting.length <= room ? this.#waiting : this.#waiting.slice(0, room);
    this.#waiting = this.#waiting.length <= room ? [] : this.#waiting.slice(room);
    for (const frame of now) this.#socket.send(frame, this.#place.remotePort, HOST);
    this.#sentInBurst += now.length;
    if (this.#sentInBurst < BURST_FRAMES && this.#waiting.length === 0) {
      // A quiet turn of the event loop gives the receiver its chance to read.
      this.#burstEnds ??= setImmediate(() => {
        this.#burstEnds = undefined;
        if (this.#pause === undefined) this.#sentInBurst = 0;
      });
      return;
    }
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#sentInBurst = 0;
      this.flush();
    }, PAUSE_MS);
  }

  async close(): Promise<void> {
    clearTimeout(this.#pause);
    await new Promise<void>((resolve) => {
      this.#socket.close(() => resolve());
    });
  }
}
