import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';
import { type Packet, parse } from 'pcap-parser';
import {
  CAPTURED_BYTES_MAX,
  CaptureError,
  type CaptureFault,
  type CaptureInfo,
  type TimedFrame,
} from './types.ts';
import type { ReadWindow } from './window.ts';

/** Length of the file header; also the room the guard needs before the records of a window. */
export const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const VERSION_MAJOR = 2;
const VERSION_MINOR = 4;
/** The link type; the bits above it tell of an FCS. */
const LINK_TYPE_MASK = 0x03ff_ffff;

/** What the first four bytes of a classic pcap file say about the rest. */
interface PcapMagic {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
}

/** The first four bytes, read big-endian. */
const MAGICS = new Map<number, PcapMagic>([
  [0xa1b2_c3d4, { littleEndian: false, nanoseconds: false }],
  [0xd4c3_b2a1, { littleEndian: true, nanoseconds: false }],
  [0xa1b2_3c4d, { littleEndian: false, nanoseconds: true }],
  [0x4d3c_b2a1, { littleEndian: true, nanoseconds: true }],
]);

/** Whether a file that starts so is classic pcap; `magic` is its first four bytes, big-endian. */
export function isPcapMagic(magic: number): boolean {
  return MAGICS.has(magic);
}

/**
 * Classic pcap, read by pcap-parser behind a guard.
 *
 * Left alone, pcap-parser ends silently on a cut file, joins buffers for ever on a forged length
 * and refuses nanosecond files. So it is given only what the guard has checked: a file header it
 * knows, then whole records, in one buffer. It never has to join two, and what is in flight is one
 * read window.
 *
 * Errors: `unsupported` version, `bad-length` record longer than the snap length or 262,144 bytes.
 * Source: draft-ietf-opsawg-pcap, file header and packet record.
 */
export class PcapScanner {
  readonly info: CaptureInfo;
  readonly #window: ReadWindow;
  readonly #littleEndian: boolean;
  readonly #subsecondNs: number;
  readonly #capturedBytesMax: number;
  readonly #linkType: number;
  /** The file header as pcap-parser takes it: with the magic of a microsecond file. */
  readonly #header: Uint8Array;
  #frameCount = 0;
  #seconds = 0;
  #secondsNs = 0n;

  /** The window must hold the file header. */
  constructor(window: ReadWindow) {
    const { view, position, file } = window;
    const magic = MAGICS.get(view.getUint32(position))!;
    const { littleEndian, nanoseconds } = magic;
    const major = view.getUint16(position + 4, littleEndian);
    const minor = view.getUint16(position + 6, littleEndian);
    if (major !== VERSION_MAJOR || minor !== VERSION_MINOR) {
      throw new CaptureError({
        file,
        fault: 'unsupported',
        what: `is pcap version ${major}.${minor}, not ${VERSION_MAJOR}.${VERSION_MINOR},`,
        fileOffset: window.fileOffset(position + 4),
        advice: 'convert it with editcap -F pcapng',
      });
    }
    const snapLength = view.getUint32(position + 16, littleEndian);
    const linkType = view.getUint32(position + 20, littleEndian) & LINK_TYPE_MASK;
    this.#window = window;
    this.#linkType = linkType;
    this.#littleEndian = littleEndian;
    this.#subsecondNs = nanoseconds ? 1 : 1000;
    this.#capturedBytesMax = Math.min(snapLength || CAPTURED_BYTES_MAX, CAPTURED_BYTES_MAX);
    this.#header = window.bytes.slice(position, position + PCAP_HEADER_BYTES);
    new DataView(this.#header.buffer).setUint32(0, 0xa1b2_c3d4, littleEndian);
    this.info = {
      file,
      format: 'pcap',
      byteOrder: littleEndian ? 'little' : 'big',
      linkType,
      interfaces: [
        {
          name: undefined,
          linkType,
          snapLength,
          ticksPerSecond: nanoseconds ? 1_000_000_000n : 1_000_000n,
        },
      ],
    };
    window.position += PCAP_HEADER_BYTES;
  }

  /**
   * Appends every whole record of the window to `batch`; returns how many bytes the next one needs.
   *
   * Errors: `bad-length`, after the records before are in `batch`.
   */
  scan(batch: TimedFrame[]): number {
    const window = this.#window;
    const { view, end } = window;
    const start = window.position;
    let position = start;
    let needed = RECORD_HEADER_BYTES;
    let records = 0;
    let forgedBytes = 0;
    while (end - position >= RECORD_HEADER_BYTES) {
      const captured = view.getUint32(position + 8, this.#littleEndian);
      if (captured > this.#capturedBytesMax) {
        forgedBytes = captured;
        break;
      }
      needed = RECORD_HEADER_BYTES + captured;
      if (end - position < needed) break;
      position += needed;
      needed = RECORD_HEADER_BYTES;
      records += 1;
    }
    if (records > 0) this.#parse(start, position, batch);
    window.position = position;
    if (forgedBytes > 0) {
      throw this.#error(
        'bad-length',
        `claims ${forgedBytes} captured bytes, more than the limit of ${this.#capturedBytesMax},`,
        'the file is damaged there; the frames before it are good',
      );
    }
    return needed;
  }

  /** The error for a file that ends before the next record is whole. */
  cut(neededBytes: number): CaptureError {
    const held = this.#window.heldBytes;
    return this.#error(
      'truncated',
      `is cut (${held} of ${neededBytes} bytes are there)`,
      'the frames before it are good; copy the file again or let the capture finish',
    );
  }

  #error(fault: CaptureFault, what: string, advice: string): CaptureError {
    const { file, position } = this.#window;
    const fileOffset = this.#window.fileOffset(position);
    const frame = `frame ${this.#frameCount + 1}`;
    return new CaptureError({ file, fault, what: `${frame} ${what}`, advice, fileOffset });
  }

  /** Gives the checked records in [start, end) of the window to pcap-parser, which is synchronous. */
  #parse(start: number, end: number, batch: TimedFrame[]): void {
    const { bytes } = this.#window;
    const headed = start - PCAP_HEADER_BYTES;
    // Free memory: the window's headroom, or the file header itself in the first window.
    bytes.set(this.#header, headed);
    const input = new PushInput();
    parse(input).on('packet', (packet) => batch.push(this.#frame(packet)));
    input.emit('data', Buffer.from(bytes.buffer, headed, end - headed));
  }

  #frame({ header, data }: Packet): TimedFrame {
    if (header.timestampSeconds !== this.#seconds) {
      this.#seconds = header.timestampSeconds;
      this.#secondsNs = BigInt(this.#seconds) * 1_000_000_000n;
    }
    this.#frameCount += 1;
    return {
      index: this.#frameCount,
      timeNs: this.#secondsNs + BigInt(header.timestampMicroseconds * this.#subsecondNs),
      interfaceId: 0,
      interfaceName: undefined,
      linkType: this.#linkType,
      // A plain view: a Buffer's `slice` does not copy, and readers are faster on one kind of array.
      bytes: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.length),
      originalLength: header.originalLength,
    };
  }
}

/** An input that is pushed from outside, so there is nothing to pause. */
class PushInput extends EventEmitter {
  pause(): void {}
  resume(): void {}
}
