/**
 * Sockets that all read into one buffer. A buffer for each read, as Node has it otherwise, is 64 KiB for a
 * request of 48 bytes, and to collect them costs more than to answer.
 */
import {
  createConnection,
  type NetConnectOpts,
  type OnReadOpts,
  Socket,
  type SocketConstructorOpts,
} from 'node:net';

/** The longest read: a burst of iSCSI is 256 KiB. */
const READ_BYTES_MAX = 512 * 1024;

/** A socket, and who takes what it reads: the bytes are lent for the call. */
export interface ReadSocket {
  readonly socket: Socket;
  receives: (bytes: Buffer) => void;
}

/** What is under an accepted socket. Node does not document it: without it, the socket reads as others do. */
interface Bare {
  _handle?: object | null;
}

/** The buffer. */
export class ReadBuffer {
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES_MAX);

  /** A connection that is being made. */
  connect(options: NetConnectOpts): ReadSocket {
    const reader = new Reader(this.#buffer);
    return reader.from(createConnection({ ...options, onread: reader }));
  }

  /** A socket of a server that pauses what it accepts and lets it be half open. */
  accept(accepted: Socket): ReadSocket {
    const reader = new Reader(this.#buffer);
    const bare = accepted as unknown as Bare;
    const handle = bare._handle;
    if (handle === undefined || handle === null) {
      accepted.on('data', (bytes: Buffer) => reader.made?.receives(bytes)).resume();
      return reader.from(accepted);
    }
    // The server counts the one as gone, and does not wait for it.
    bare._handle = null;
    accepted.on('error', () => {}).destroy();
    const options = { handle, allowHalfOpen: true, onread: reader };
    return reader.from(new Socket(options as SocketConstructorOpts));
  }
}

/** What a socket is told to read into. */
class Reader implements OnReadOpts {
  readonly buffer: Buffer;
  made: ReadSocket | undefined;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  readonly callback = (bytes: number): boolean => {
    this.made?.receives(this.buffer.subarray(0, bytes));
    return true;
  };

  from(socket: Socket): ReadSocket {
    this.made = { socket, receives: () => {} };
    return this.made;
  }
}
