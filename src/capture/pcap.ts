import { FramePlace } from './place.ts';
import {
  BATCH_FRAMES_MAX,
  CAPTURED_BYTES_MAX,
  CaptureError,
  type CaptureFault,
  type CaptureInfo,
  type TimedFrame,
} from './types.ts';
import type { ReadWindow } from './window.ts';

/** Length of the file header. */
export const PCAP_HEADER_BYTES = 24;
/** Length of a record's header. */
export const RECORD_HEADER_BYTES = 16;
/** Modified pcap: interface index, EtherType and packet type stand behind the usual header. */
const MODIFIED_HEADER_BYTES = 24;
const VERSION_MAJOR = 2;
const VERSION_MINOR = 4;
/** Versions 2.2 and before have the two lengths of a record the other way round; 2.3 sometimes. */
const VERSION_MINOR_MIN = 2;
const VERSION_MINOR_MIXED = 3;
/** The link type; the bits above it tell of an FCS. */
const LINK_TYPE_MASK = 0x03ff_ffff;
/** The F bit: the upper four bits are the length of the FCS in units of two bytes. */
const FCS_LENGTH_PRESENT = 0x0400_0000;

/** What the first four bytes of a classic pcap file say about the rest. */
interface PcapMagic {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
  /** Record headers are longer, as Linux kernels patched for it once wrote them. */
  readonly modified: boolean;
}

/** The first four bytes, read big-endian. */
const MAGICS = new Map<number, PcapMagic>([
  [0xa1b2_c3d4, { littleEndian: false, nanoseconds: false, modified: false }],
  [0xd4c3_b2a1, { littleEndian: true, nanoseconds: false, modified: false }],
  [0xa1b2_3c4d, { littleEndian: false, nanoseconds: true, modified: false }],
  [0x4d3c_b2a1, { littleEndian: true, nanoseconds: true, modified: false }],
  [0xa1b2_cd34, { littleEndian: false, nanoseconds: false, modified: true }],
  [0x34cd_b2a1, { littleEndian: true, nanoseconds: false, modified: true }],
]);

/** Whether a file that starts so is classic pcap; `magic` is its first four bytes, big-endian. */
export function isPcapMagic(magic: number): boolean {
  return MAGICS.has(magic);
}

/**
 * Classic pcap.
 *
 * A record's own length is believed, also above the header's snap length: tools that merge and cut
 * captures leave a wrong one there.
 *
 * Errors: `unsupported` version, `bad-length` record longer than 262,144 bytes.
 * Source: draft-ietf-opsawg-pcap, file header and packet record.
 */
export class PcapScanner {
  readonly info: CaptureInfo;
  protected readonly window: ReadWindow;
  protected readonly littleEndian: boolean;
  protected readonly subsecondNs: number;
  protected readonly linkType: number;
  protected readonly fcsBytes: number | undefined;
  readonly #recordHeaderBytes: number;
  readonly #minor: number;
  /** Records have the header of today, as all programs write it. */
  protected readonly isUsual: boolean;
  protected frameCount = 0;

  /** The window must hold the file header. */
  constructor(window: ReadWindow) {
    const { view, position, file } = window;
    const magic = MAGICS.get(view.getUint32(position))!;
    const { littleEndian, nanoseconds, modified } = magic;
    const major = view.getUint16(position + 4, littleEndian);
    const minor = view.getUint16(position + 6, littleEndian);
    if (major !== VERSION_MAJOR || minor < VERSION_MINOR_MIN || minor > VERSION_MINOR) {
      throw new CaptureError({
        file,
        fault: 'unsupported',
        what: `is pcap version ${major}.${minor}, not ${VERSION_MAJOR}.${VERSION_MINOR_MIN} to ${VERSION_MAJOR}.${VERSION_MINOR},`,
        fileOffset: window.fileOffset(position + 4),
        advice: 'convert it with editcap -F pcapng',
      });
    }
    const snapLength = view.getUint32(position + 16, littleEndian);
    const network = view.getUint32(position + 20, littleEndian);
    const linkType = network & LINK_TYPE_MASK;
    this.window = window;
    this.linkType = linkType;
    this.fcsBytes = (network & FCS_LENGTH_PRESENT) === 0 ? undefined : (network >>> 28) * 2;
    this.#recordHeaderBytes = modified ? MODIFIED_HEADER_BYTES : RECORD_HEADER_BYTES;
    this.#minor = minor;
    this.isUsual = !modified && minor === VERSION_MINOR;
    this.littleEndian = littleEndian;
    this.subsecondNs = nanoseconds ? 1 : 1000;
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
   * Appends the whole records of the window to `batch`, until it is full; returns how many bytes
   * the next one needs at least.
   *
   * Errors: `bad-length`, after the records before are in `batch`.
   */
  scan(batch: TimedFrame[]): number {
    const place = new FramePlace();
    return this.visit(place, () => batch.push(this.#frameAt(place)), BATCH_FRAMES_MAX);
  }

  /**
   * Visits every whole record of the window, at `place`; returns how many bytes the next one needs.
   *
   * Errors: `bad-length`, after the records before were visited.
   */
  visit(
    place: FramePlace,
    visit: (place: FramePlace) => void,
    framesMax = Number.POSITIVE_INFINITY,
  ): number {
    const window = this.window;
    const { view, bytes, end } = window;
    const littleEndian = this.littleEndian;
    const headerBytes = this.#recordHeaderBytes;
    const mayBeSwapped = this.#minor !== VERSION_MINOR;
    const stop = this.frameCount + framesMax;
    place.linkType = this.linkType;
    place.fcsBytes = this.fcsBytes;
    place.bytes = bytes;
    for (;;) {
      const { position } = window;
      if (end - position < headerBytes || this.frameCount >= stop) return headerBytes;
      let captured = view.getUint32(position + 8, littleEndian);
      let original = view.getUint32(position + 12, littleEndian);
      if (mayBeSwapped && (this.#minor < VERSION_MINOR_MIXED || captured > original))
        [captured, original] = [original, captured];
      if (captured > CAPTURED_BYTES_MAX) throw this.forged(captured);
      const needed = headerBytes + captured;
      if (end - position < needed) return needed;
      window.position = position + needed;
      this.frameCount += 1;
      place.index = this.frameCount;
      place.at = position + headerBytes;
      place.end = position + needed;
      place.fileOffset = window.fileOffset(position + headerBytes);
      place.originalLength = original;
      place.setTime(
        view.getUint32(position, littleEndian),
        view.getUint32(position + 4, littleEndian) * this.subsecondNs,
      );
      visit(place);
    }
  }

  #frameAt(place: FramePlace): TimedFrame {
    const { index, timeNs, linkType, bytes, at, end, originalLength } = place;
    return {
      index,
      timeNs,
      interfaceId: 0,
      interfaceName: undefined,
      linkType,
      bytes: bytes.subarray(at, end),
      originalLength,
      ...(this.fcsBytes === undefined ? {} : { fcsBytes: this.fcsBytes }),
    };
  }

  protected forged(capturedBytes: number): CaptureError {
    return this.#error(
      'bad-length',
      `claims ${capturedBytes} captured bytes, more than the limit of ${CAPTURED_BYTES_MAX},`,
      'the file is damaged there; the frames before it are good',
    );
  }

  /** Nothing marks where a record begins: there is no going on behind a damaged one. */
  finish(): boolean {
    return false;
  }

  /** The error for a file that ends before the next record is whole. */
  faultAtEnd(neededBytes: number): CaptureError | undefined {
    if (this.window.heldBytes === 0) return undefined;
    const held = this.window.heldBytes;
    return this.#error(
      'truncated',
      `is cut (${held} of ${neededBytes} bytes are there)`,
      'the frames before it are good; copy the file again or let the capture finish',
    );
  }

  #error(fault: CaptureFault, what: string, advice: string): CaptureError {
    const { file, position } = this.window;
    const fileOffset = this.window.fileOffset(position);
    const frame = `frame ${this.frameCount + 1}`;
    return new CaptureError({ file, fault, what: `${frame} ${what}`, advice, fileOffset });
  }
}
