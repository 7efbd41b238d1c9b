import { TickClock, TSRESOL_DEFAULT, ticksPerSecondOf } from './pcapng-clock.ts';
import {
  BLOCK_BYTES_MAX,
  BLOCK_OVERHEAD_BYTES,
  BlockType,
  BYTE_ORDER_MAGIC,
  OptionCode,
  padTo4,
  SECTION_HEADER_BYTES,
} from './pcapng-format.ts';
import { seekBlock } from './pcapng-seek.ts';
import type { FramePlace } from './place.ts';
import {
  BATCH_FRAMES_MAX,
  CaptureError,
  type CaptureErrorParts,
  type CaptureFault,
  type CaptureInfo,
  type CaptureInterface,
  type TimedFrame,
} from './types.ts';
import type { ReadWindow } from './window.ts';

const DAMAGED = 'the file is damaged there; the frames before it are good';
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** An interface of the current section, with what its frames need. */
interface SectionInterface extends CaptureInterface {
  /** Index in `CaptureInfo.interfaces`. */
  readonly id: number;
  readonly clock: TickClock;
  readonly fcsBytes: number | undefined;
}

type PacketOptions = Pick<TimedFrame, 'comment' | 'fcsBytes' | 'queue'>;

/** A block in the window: [start, end) without its last four bytes, the second length. */
interface Block {
  readonly start: number;
  readonly end: number;
}

/**
 * pcapng: sections in either byte order, any number of interfaces, declared at any time.
 *
 * Frames come from Enhanced, Simple and the obsolete Packet Blocks; every other block is skipped.
 * Block lengths that do not count the padding are read as meant. Behind a damaged place reading
 * goes on at the next block that fits; the fault is kept for the end.
 *
 * Errors: `bad-length` where lengths contradict each other, the block or the 16 MiB limit;
 * `bad-value` for a frame on an interface that was not declared; `unsupported` version; `foreign`
 * where a section has no byte-order magic.
 * Source: draft-ietf-opsawg-pcapng.
 */
export class PcapngScanner {
  readonly info: CaptureInfo;
  readonly #window: ReadWindow;
  readonly #interfaces: CaptureInterface[] = [];
  /** Interface numbers start again in every section. */
  #section: SectionInterface[] = [];
  #littleEndian = true;
  #frameCount = 0;
  /** The first fault, once a section and an interface had been read. */
  #fault: CaptureErrorParts | undefined;
  /** Where in the file reading went on behind it. */
  #resumedAt: number | undefined;
  /** True until the first frame behind damage. */
  #isBehindDamage = false;
  /** True while the next block that fits is looked for. */
  #searching = false;
  /** True when the window holds all that is left of the file. */
  #ended = false;

  constructor(window: ReadWindow) {
    this.#window = window;
    const scanner = this;
    this.info = {
      file: window.file,
      format: 'pcapng',
      interfaces: this.#interfaces,
      get byteOrder() {
        return scanner.#littleEndian ? 'little' : 'big';
      },
      get linkType() {
        return scanner.#interfaces[0]?.linkType;
      },
    };
  }

  /**
   * Appends the frames of the whole blocks of the window to `batch`, until it is full; returns how
   * many bytes the next block needs at least.
   *
   * Errors: see the class; after the frames before are in `batch`. Once an interface is known they
   * are kept for `faultAtEnd`.
   */
  scan(batch: TimedFrame[]): number {
    const window = this.#window;
    for (;;) {
      if (this.#searching) {
        const needed = seekBlock(window, {
          littleEndian: this.#littleEndian,
          ended: this.#ended,
          interfaces: this.#section.length,
        });
        if (needed > 0) return needed;
        this.#resume(window.position);
      }
      if (window.heldBytes < BLOCK_OVERHEAD_BYTES || batch.length >= BATCH_FRAMES_MAX)
        return BLOCK_OVERHEAD_BYTES;
      const start = window.position;
      let next = 0;
      try {
        const total = this.#totalAt(start);
        const span = padTo4(total);
        if (window.heldBytes < span) {
          if (!this.#ended) return span;
          throw this.#cut(span);
        }
        const last = start + span - 4;
        this.#checkAgain(total, last);
        next = start + span;
        this.#readBlock(this.#uint32(start), { start, end: last }, batch);
        window.position = next;
      } catch (error) {
        this.#keep(error);
        if (next > 0) this.#resume(next);
        else this.#searchFrom(start + 1);
      }
    }
  }

  #uint32(position: number): number {
    return this.#window.view.getUint32(position, this.#littleEndian);
  }

  /** The length that the block at `start` says it has. */
  #totalAt(start: number): number {
    const { view } = this.#window;
    if (view.getUint32(start) === BlockType.SECTION_HEADER) this.#readByteOrder(start + 8);
    const total = this.#uint32(start + 4);
    this.#checkTotal(start, total);
    return total;
  }

  #checkAgain(total: number, last: number): void {
    const again = this.#uint32(last);
    if (again === total) return;
    const what = `block of ${total} bytes says ${again} at its end,`;
    throw this.#error('bad-length', what, DAMAGED, last);
  }

  /** Keeps the first fault for the end of the file, where anything had been read before it. */
  #keep(error: unknown): void {
    if (!(error instanceof CaptureError) || error.fault === 'unsupported') throw error;
    if (this.#interfaces.length === 0) throw error;
    this.#fault ??= this.#lastParts;
  }

  #resume(position: number): void {
    this.#searching = false;
    this.#isBehindDamage = true;
    this.#window.position = position;
    this.#resumedAt ??= this.#window.fileOffset(position);
  }

  #searchFrom(position: number): void {
    this.#window.position = position;
    this.#searching = true;
  }

  /** The file ends in the window: true, once, where what is held may have whole blocks behind a cut one. */
  finish(): boolean {
    const { heldBytes } = this.#window;
    if (this.#ended || heldBytes < BLOCK_OVERHEAD_BYTES || this.#interfaces.length === 0)
      return false;
    this.#ended = true;
    return true;
  }

  /** As `scan`, but visits the frames one by one, at `place`. */
  visit(place: FramePlace, visit: (place: FramePlace) => void): number {
    const batch: TimedFrame[] = [];
    try {
      return this.scan(batch);
    } finally {
      for (const frame of batch) {
        place.moveTo(frame, this.#window.offsetOf(frame.bytes));
        visit(place);
      }
    }
  }

  /** What is wrong with a file that was read to its end; `undefined` where nothing is. */
  faultAtEnd(neededBytes: number): CaptureError | undefined {
    const fault = this.#fault;
    if (fault === undefined)
      return this.#window.heldBytes === 0 ? undefined : this.#cut(neededBytes);
    if (this.#resumedAt === undefined) return new CaptureError(fault);
    const advice = `the file is damaged there; reading went on at byte ${this.#resumedAt}`;
    return new CaptureError({ ...fault, advice });
  }

  /** The error for a file that ends before the next block is whole. */
  #cut(neededBytes: number): CaptureError {
    const held = this.#window.heldBytes;
    return this.#error(
      'truncated',
      `block after frame ${this.#frameCount} is cut (${held} of ${neededBytes} bytes are there)`,
      'the frames before it are good; copy the file again or let the capture finish',
      this.#window.position,
    );
  }

  #lastParts: CaptureErrorParts | undefined;

  #error(fault: CaptureFault, what: string, advice: string, position: number): CaptureError {
    const { file } = this.#window;
    const fileOffset = this.#window.fileOffset(position);
    this.#lastParts = { file, fault, what, advice, fileOffset };
    return new CaptureError(this.#lastParts);
  }

  #readByteOrder(position: number): void {
    const { view } = this.#window;
    if (view.getUint32(position, true) === BYTE_ORDER_MAGIC) this.#littleEndian = true;
    else if (view.getUint32(position, false) === BYTE_ORDER_MAGIC) this.#littleEndian = false;
    else throw this.#error('foreign', 'section without byte-order magic', DAMAGED, position);
  }

  #checkTotal(start: number, total: number): void {
    const rule =
      total < BLOCK_OVERHEAD_BYTES
        ? `less than the ${BLOCK_OVERHEAD_BYTES} every block has`
        : total > BLOCK_BYTES_MAX
          ? `more than the limit of ${BLOCK_BYTES_MAX}`
          : undefined;
    if (rule === undefined) return;
    throw this.#error('bad-length', `block claims ${total} bytes, ${rule},`, DAMAGED, start + 4);
  }

  #readBlock(type: number, block: Block, batch: TimedFrame[]): void {
    switch (type) {
      case BlockType.ENHANCED_PACKET:
        batch.push(this.#readEnhancedPacket(block));
        break;
      case BlockType.INTERFACE:
        this.#readInterface(block);
        break;
      case BlockType.SECTION_HEADER:
        this.#readSectionHeader(block);
        break;
      case BlockType.SIMPLE_PACKET:
        batch.push(this.#readSimplePacket(block));
        break;
      case BlockType.PACKET:
        batch.push(this.#readPacket(block));
        break;
    }
  }

  #readSectionHeader(block: Block): void {
    this.#checkFixedPart(block, SECTION_HEADER_BYTES - 4);
    const { view } = this.#window;
    const major = view.getUint16(block.start + 12, this.#littleEndian);
    const minor = view.getUint16(block.start + 14, this.#littleEndian);
    // Minor 2 has the meaning of 0; some writers used it.
    if (major !== 1 || (minor !== 0 && minor !== 2)) {
      throw this.#error(
        'unsupported',
        `is pcapng version ${major}.${minor}, not 1.0,`,
        'convert it with editcap -F pcapng',
        block.start + 12,
      );
    }
    this.#section = [];
  }

  #readInterface(block: Block): void {
    this.#checkFixedPart(block, 16);
    const { view, bytes } = this.#window;
    let name: string | undefined;
    let tsresol = TSRESOL_DEFAULT;
    let offsetSeconds = 0n;
    let fcsBytes: number | undefined;
    this.#readOptions(block.start + 16, block.end, (code, start, length) => {
      if (code === OptionCode.IF_NAME) name = decodeText(bytes, start, length);
      else if (code === OptionCode.IF_TSRESOL && length >= 1) tsresol = view.getUint8(start);
      else if (code === OptionCode.IF_FCSLEN && length >= 1)
        fcsBytes = fcsBytesOf(view.getUint8(start));
      else if (code === OptionCode.IF_TSOFFSET && length >= 8)
        offsetSeconds = view.getBigInt64(start, this.#littleEndian);
    });
    const clock = new TickClock(ticksPerSecondOf(tsresol), offsetSeconds);
    const declared = {
      name,
      linkType: view.getUint16(block.start + 8, this.#littleEndian),
      snapLength: view.getUint32(block.start + 12, this.#littleEndian),
      ticksPerSecond: clock.ticksPerSecond,
    };
    this.#section.push({ ...declared, id: this.#interfaces.length, clock, fcsBytes });
    this.#interfaces.push(declared);
  }

  #readEnhancedPacket(block: Block): TimedFrame {
    this.#checkFixedPart(block, 28);
    const number = this.#window.view.getUint32(block.start + 8, this.#littleEndian);
    return this.#readTimedPacket(block, this.#interface(number, block.start + 8));
  }

  /** As the Enhanced Packet Block, but with a 16-bit interface number and a drop count. */
  #readPacket(block: Block): TimedFrame {
    this.#checkFixedPart(block, 28);
    const number = this.#window.view.getUint16(block.start + 8, this.#littleEndian);
    return this.#readTimedPacket(block, this.#interface(number, block.start + 8));
  }

  /** The part that Enhanced and obsolete Packet Block share: stamp, lengths, data, options. */
  #readTimedPacket(block: Block, from: SectionInterface): TimedFrame {
    const { view } = this.#window;
    const le = this.#littleEndian;
    const { start, end } = block;
    const captured = view.getUint32(start + 20, le);
    const bytes = this.#data(start + 20, start + 28, captured, end);
    const timeNs = from.clock.toNs(view.getUint32(start + 12, le), view.getUint32(start + 16, le));
    const optionsStart = start + 28 + padTo4(captured);
    const options =
      optionsStart === end ? undefined : this.#readPacketOptions(optionsStart, end, block);
    const frame = this.#frame(from, timeNs, bytes, view.getUint32(start + 24, le));
    return options === undefined ? frame : { ...frame, ...options };
  }

  /** Holds no stamp and no captured length: the data are cut at the interface's snap length. */
  #readSimplePacket(block: Block): TimedFrame {
    this.#checkFixedPart(block, 12);
    const from = this.#interface(0, block.start);
    const original = this.#window.view.getUint32(block.start + 8, this.#littleEndian);
    const captured = Math.min(original, from.snapLength || original);
    const bytes = this.#data(block.start + 8, block.start + 12, captured, block.end);
    return this.#frame(from, 0n, bytes, original);
  }

  #frame(
    from: SectionInterface,
    timeNs: bigint,
    bytes: Uint8Array,
    originalLength: number,
  ): TimedFrame {
    this.#frameCount += 1;
    const frame = {
      index: this.#frameCount,
      timeNs,
      interfaceId: from.id,
      interfaceName: from.name,
      linkType: from.linkType,
      bytes,
      originalLength,
    };
    const whole = from.fcsBytes === undefined ? frame : { ...frame, fcsBytes: from.fcsBytes };
    if (!this.#isBehindDamage) return whole;
    this.#isBehindDamage = false;
    return { ...whole, afterDamage: true };
  }

  #interface(number: number, position: number): SectionInterface {
    const found = this.#section[number];
    if (found !== undefined) return found;
    const known = this.#section.length;
    throw this.#error(
      'bad-value',
      `frame ${this.#frameCount + 1} is on interface ${number} of ${known} declared`,
      DAMAGED,
      position,
    );
  }

  /** The captured bytes at `start`; `field` is where their length stands. */
  #data(field: number, start: number, captured: number, end: number): Uint8Array {
    // Compared before padding: padding a length near 2^32 would wrap.
    if (captured > end - start || padTo4(captured) > end - start) {
      throw this.#error(
        'bad-length',
        `frame ${this.#frameCount + 1} claims ${captured} captured bytes, its block holds ${end - start},`,
        DAMAGED,
        field,
      );
    }
    return this.#window.bytes.subarray(start, start + captured);
  }

  #checkFixedPart(block: Block, needed: number): void {
    if (block.end - block.start >= needed) return;
    const total = block.end + 4 - block.start;
    throw this.#error(
      'bad-length',
      `block of ${total} bytes is shorter than its fixed part of ${needed + 4}`,
      DAMAGED,
      block.start + 4,
    );
  }

  /** Comments, and what an Enhanced Packet Block may tell: its queue, and the FCS length in its flags. */
  #readPacketOptions(start: number, end: number, block: Block): PacketOptions {
    const found: { comment?: string; fcsBytes?: number; queue?: number } = {};
    const enhanced = this.#uint32(block.start) === BlockType.ENHANCED_PACKET;
    this.#readOptions(start, end, (code, at, length) => {
      if (enhanced && code === OptionCode.EPB_FLAGS && length >= 4) {
        const fcsBytes = (this.#uint32(at) >>> 5) & 0xf;
        if (fcsBytes > 0) found.fcsBytes = fcsBytes;
      }
      if (enhanced && code === OptionCode.EPB_QUEUE && length >= 4) found.queue = this.#uint32(at);
      if (code !== OptionCode.COMMENT) return;
      const text = decodeText(this.#window.bytes, at, length);
      found.comment = found.comment === undefined ? text : `${found.comment}\n${text}`;
    });
    return found;
  }

  /** Visits the options in [start, end): 16-bit code, 16-bit length, value padded to four bytes. */
  #readOptions(
    start: number,
    end: number,
    visit: (code: number, valueStart: number, lengthBytes: number) => void,
  ): void {
    const { view } = this.#window;
    let position = start;
    while (end - position >= 4) {
      const code = view.getUint16(position, this.#littleEndian);
      const length = view.getUint16(position + 2, this.#littleEndian);
      if (code === OptionCode.END) return;
      if (padTo4(length) > end - position - 4) {
        throw this.#error(
          'bad-length',
          `option ${code} claims ${length} bytes, its block has ${end - position - 4} left,`,
          DAMAGED,
          position + 2,
        );
      }
      visit(code, position + 4, length);
      position += 4 + padTo4(length);
    }
  }
}

/** `if_fcslen`: in bits as the draft says, in bytes as most writers have it. */
const fcsBytesOf = (length: number): number => (length >= 8 ? length >> 3 : length);

/** Some writers end strings with zeros, which are no part of them. */
function decodeText(bytes: Uint8Array, start: number, length: number): string {
  let end = start + length;
  while (end > start && bytes[end - 1] === 0) end -= 1;
  return utf8.decode(bytes.subarray(start, end));
}
