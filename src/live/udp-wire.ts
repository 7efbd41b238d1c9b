/**
 * UDP on loopback, one Ethernet frame a datagram: QEMU's `dgram` netdev, and any Linux interface
 * through Debian's `socat`.
 *
 * There is no connection, so the cable counts as plugged in from the start. The system drops what
 * does not fit the receiver's socket buffer, some hundred kilobytes, without a word. A link of a
 * storage fabric is lossless: so frames leave in short bursts, and the next one waits until the
 * receiver has read most of what came before, as priority pause has it.
 */
import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { cannotListen, formatPlace, ListenError, type ListenPlace } from './listen-address.ts';
import type { PluggedGuest, PlugIn } from './stream-wire.ts';

const HOST = '127.0.0.1';
/** Frames in one burst. The system counts up to 4.4 KB for each. */
const BURST_FRAMES = 16;
/**
 * With this much unread and a burst on top, the default buffer of 208 KiB is not full, of which
 * the system may hold back a quarter for what was read last.
 */
const UNREAD_BYTES_MAX = 64 * 1024;
const PAUSE_MS = 1;
/** Frames that may wait; more are dropped and counted. */
const WAITING_FRAMES_MAX = 16_384;
/** Asked of the system for our own side; it may grant less. */
const RECEIVE_BYTES = 4 * 1024 * 1024;

/** A guest on a pair of UDP ports, plugged in from the start until `close`. */
export class UdpWire {
  readonly #socket: Socket;
  readonly #place: ListenPlace & { kind: 'udp' };
  readonly #waiting: Uint8Array[] = [];
  /** Frames sent since we last looked what the receiver has left unread. */
  #sinceLook = 0;
  #pause: NodeJS.Timeout | undefined;
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
    // Connected, the system hears only the remote port, and a frame is sent when `send` is called.
    await new Promise<void>((resolve) => socket.connect(place.remotePort, HOST, resolve));
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
    this.#socket.on('message', (message) => {
      if (message.length === 0) return;
      guest.received([new Uint8Array(message.buffer, message.byteOffset, message.length)]);
    });
    this.#socket.on('close', () => guest.closed(undefined));
  }

  send(frame: Uint8Array): void {
    if (this.#waiting.length >= WAITING_FRAMES_MAX) this.dropped++;
    else this.#waiting.push(frame);
  }

  /** Sends what the receiver has room for; the rest goes when it has read. */
  flush(): void {
    if (this.#pause !== undefined) return;
    const { remotePort } = this.#place;
    while (this.#waiting.length > 0) {
      if (this.#sinceLook >= BURST_FRAMES) {
        const unread = unreadBytes(remotePort);
        this.#sinceLook = 0;
        if (unread === undefined || unread > UNREAD_BYTES_MAX) {
          this.#pause = setTimeout(() => {
            this.#pause = undefined;
            // Where the system does not tell, time has to do.
            if (unread !== undefined) this.#sinceLook = BURST_FRAMES;
            this.flush();
          }, PAUSE_MS);
          return;
        }
      }
      const burst = this.#waiting.splice(0, BURST_FRAMES - this.#sinceLook);
      for (const frame of burst) this.#socket.send(frame);
      this.#sinceLook += burst.length;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#pause);
    await new Promise<void>((resolve) => {
      this.#socket.close(() => resolve());
    });
  }
}

/** `local_address`, `rem_address`, state, then `tx_queue:rx_queue`, all hex. Source: proc(5). */
const UDP_LINE = /^ *\d+: ([0-9A-F]{8}):([0-9A-F]{4}) \S+ \S+ [0-9A-F]+:([0-9A-F]+)/;

/** What lies unread in the socket of a local UDP port; `undefined` when the system does not tell. */
function unreadBytes(port: number): number | undefined {
  try {
    for (const line of readFileSync('/proc/net/udp', 'latin1').split('\n')) {
      const parts = UDP_LINE.exec(line);
      if (parts !== null && Number.parseInt(parts[2]!, 16) === port)
        return Number.parseInt(parts[3]!, 16);
    }
  } catch {
    // No such file: another system, or a process that may not look.
  }
  return undefined;
}
