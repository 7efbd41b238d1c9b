import {
  BLOCK_OVERHEAD_BYTES,
  BlockType,
  BYTE_ORDER_MAGIC,
  OptionCode,
  padTo4,
  SECTION_HEADER_BYTES,
} from './pcapng-format.ts';
import type { ByteSink } from './sink.ts';
import { CAPTURED_BYTES_MAX, LINKTYPE_ETHERNET } from './types.ts';

/** How much is gathered before the sink is called. */
const CHUNK_BYTES = 256 * 1024;
const OPTION_HEADER_BYTES = 4;
const OPTION_BYTES_MAX = 0xffff;
const INTERFACE_FIXED_BYTES = 8;
const PACKET_FIXED_BYTES = 20;
const TWO_TO_32 = 0x1_0000_0000;
const TIME_NS_MAX = (1n << 64n) - 1n;
/** Nanoseconds, as `if_tsresol` writes them. */
const TSRESOL_NANOSECONDS = new Uint8Array([9]);

const utf8 = new TextEncoder();

/** What the section header says of the capture's origin; each text up to 65,535 bytes of UTF-8. */
export interface SectionOptions {
  readonly hardware?: string;
  readonly os?: string;
  readonly application?: string;
  /** A comment on the whole capture, such as the scenario and its seed. */
  readonly comment?: string;
}

/** An interface: one tap. */
export interface InterfaceOptions {
  readonly name: string;
  readonly description?: string;
  /** 16-bit link type; Ethernet where not given. */
  readonly linkType?: number;
}

/** What a frame may have beside its time and bytes. */
export interface FrameOptions {
  readonly comment?: string;
  /** Length in bytes on the wire, for a frame that was cut. */
  readonly originalLength?: number;
  /** The queue of the interface that brought it, 32 bits. */
  readonly queue?: number;
}

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

const NO_OPTIONS: readonly Option[] = [];

/**
 * Writes one section of a pcapng capture: little-endian, nanosecond stamps, one interface block
 * per tap. The same calls give the same bytes on any machine and day.
 *
 * Calls return at once; a sink that is full shows as `false` from `writeFrame`. Every frame is in
 * the sink after `flush`, and the sink is finished after `close`.
 *
 * Errors: `RangeError` for a value that does not fit its field; {@link CaptureError} `unwritable`
 * from the sink.
 * Source: draft-ietf-opsawg-pcapng.
 */
export class PcapngWriter {
  readonly #sink: ByteSink;
  #chunk = new Uint8Array(CHUNK_BYTES);
  #view = new DataView(this.#chunk.buffer);
  /** [flushed, position) of the chunk waits for the sink; beyond, the chunk is still zero. */
  #flushed = 0;
  #position = 0;
  #blockEnd = 0;
  #interfaceCount = 0;
  #writable = true;
  #closed = false;

  constructor(sink: ByteSink, options: SectionOptions = {}) {
    this.#sink = sink;
    const { hardware = 'sanmotion', os = 'sanmotion', application = 'sanmotion' } = options;
    this.#writeSectionHeader([
      ...textOption(OptionCode.COMMENT, options.comment),
      ...textOption(OptionCode.SHB_HARDWARE, hardware),
      ...textOption(OptionCode.SHB_OS, os),
      ...textOption(OptionCode.SHB_USERAPPL, application),
    ]);
  }

  /** Declares a tap, before or between frames; returns its interface id, counted from 0. */
  addInterface(options: InterfaceOptions): number {
    const { name, description, linkType = LINKTYPE_ETHERNET } = options;
    checkRange('link type', linkType, 0xffff);
    const list: Option[] = [
      ...textOption(OptionCode.IF_NAME, name),
      ...textOption(OptionCode.IF_DESCRIPTION, description),
      { code: OptionCode.IF_TSRESOL, value: TSRESOL_NANOSECONDS },
    ];
    this.#beginBlock(BlockType.INTERFACE, INTERFACE_FIXED_BYTES + sizeOf(list));
    this.#view.setUint16(this.#position, linkType, true);
    this.#view.setUint32(this.#position + 4, CAPTURED_BYTES_MAX, true);
    this.#position += INTERFACE_FIXED_BYTES;
    this.#writeOptions(list);
    this.#position = this.#blockEnd;
    this.#interfaceCount += 1;
    return this.#interfaceCount - 1;
  }

  /**
   * Appends a frame. `timeNs` counts from 1970 (or from the start of a virtual clock); a number is
   * faster than a bigint and exact up to 2^53, 104 days. The bytes are copied.
   *
   * Returns `false` when the sink is full: await `drained` before the next frame.
   */
  writeFrame(
    interfaceId: number,
    timeNs: number | bigint,
    bytes: Uint8Array,
    options?: FrameOptions,
  ): boolean {
    const added = interfaceId >= 0 && interfaceId < this.#interfaceCount;
    if (!added || !Number.isInteger(interfaceId)) {
      throw new RangeError(`interface ${interfaceId} of ${this.#interfaceCount} was not added`);
    }
    checkTime(timeNs);
    checkRange('frame length in bytes', bytes.length, CAPTURED_BYTES_MAX);
    const originalLength = options?.originalLength ?? bytes.length;
    checkRange('original length in bytes', originalLength, 0xffff_ffff);
    const padded = padTo4(bytes.length);
    const list = options === undefined ? NO_OPTIONS : packetOptions(options);
    this.#beginBlock(BlockType.ENHANCED_PACKET, PACKET_FIXED_BYTES + padded + sizeOf(list));
    const position = this.#position;
    const view = this.#view;
    view.setUint32(position, interfaceId, true);
    view.setUint32(position + 4, highHalf(timeNs), true);
    view.setUint32(position + 8, lowHalf(timeNs), true);
    view.setUint32(position + 12, bytes.length, true);
    view.setUint32(position + 16, originalLength, true);
    this.#chunk.set(bytes, position + PACKET_FIXED_BYTES);
    this.#position = position + PACKET_FIXED_BYTES + padded;
    this.#writeOptions(list);
    this.#position = this.#blockEnd;
    return this.#writable;
  }

  /** Resolves when the sink takes more. */
  async drained(): Promise<void> {
    await this.#sink.drained();
    this.#writable = true;
  }

  /** Hands everything written so far to the sink; a reader of a pipe sees it then. */
  flush(): void {
    if (this.#position === this.#flushed) return;
    const chunk = this.#chunk.subarray(this.#flushed, this.#position);
    this.#flushed = this.#position;
    this.#writable = this.#sink.write(chunk);
  }

  /** Flushes and closes the sink; a second call does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.flush();
    } finally {
      await this.#sink.close();
    }
  }

  #writeSectionHeader(list: readonly Option[]): void {
    const fixed = SECTION_HEADER_BYTES - BLOCK_OVERHEAD_BYTES;
    this.#beginBlock(BlockType.SECTION_HEADER, fixed + sizeOf(list));
    this.#view.setUint32(this.#position, BYTE_ORDER_MAGIC, true);
    this.#view.setUint16(this.#position + 4, 1, true);
    // The section's length is not known while it is streamed: -1.
    this.#view.setBigInt64(this.#position + 8, -1n, true);
    this.#position += fixed;
    this.#writeOptions(list);
    this.#position = this.#blockEnd;
  }

  /** Makes room for a block, writes its type and both lengths, and goes to its body. */
  #beginBlock(type: number, bodyBytes: number): void {
    if (this.#closed) throw new TypeError('the capture writer is closed');
    const total = BLOCK_OVERHEAD_BYTES + bodyBytes;
    if (total > this.#chunk.length - this.#position) {
      this.flush();
      this.#chunk = new Uint8Array(Math.max(CHUNK_BYTES, total));
      this.#view = new DataView(this.#chunk.buffer);
      this.#flushed = 0;
      this.#position = 0;
    }
    const start = this.#position;
    this.#view.setUint32(start, type, true);
    this.#view.setUint32(start + 4, total, true);
    this.#view.setUint32(start + total - 4, total, true);
    this.#position = start + 8;
    this.#blockEnd = start + total;
  }

  #writeOptions(list: readonly Option[]): void {
    if (list.length === 0) return;
    for (const { code, value } of list) {
      this.#view.setUint16(this.#position, code, true);
      this.#view.setUint16(this.#position + 2, value.length, true);
      this.#chunk.set(value, this.#position + OPTION_HEADER_BYTES);
      this.#position += OPTION_HEADER_BYTES + padTo4(value.length);
    }
    // Four zero bytes end the options; the chunk holds them already.
  }
}

function packetOptions({ comment, queue }: FrameOptions): readonly Option[] {
  return [...textOption(OptionCode.COMMENT, comment), ...numberOption(OptionCode.EPB_QUEUE, queue)];
}

/** The option as a list of one, or of none where the text is not given. */
function textOption(code: number, text: string | undefined): readonly Option[] {
  if (text === undefined) return NO_OPTIONS;
  const value = utf8.encode(text);
  checkRange('text length in bytes', value.length, OPTION_BYTES_MAX);
  return [{ code, value }];
}

/** The same of a 32-bit number. */
function numberOption(code: number, value: number | undefined): readonly Option[] {
  if (value === undefined) return NO_OPTIONS;
  checkRange('queue', value, 0xffff_ffff);
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return [{ code, value: bytes }];
}

/** Bytes the options take with their end marker; none take none. */
function sizeOf(list: readonly Option[]): number {
  if (list.length === 0) return 0;
  let size = OPTION_HEADER_BYTES;
  for (const { value } of list) size += OPTION_HEADER_BYTES + padTo4(value.length);
  return size;
}

function checkRange(what: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  throw new RangeError(`${what} is ${value}; allowed are 0 to ${max}`);
}

/** Throws for a stamp that is negative, no whole number, or (a number) not exact any more. */
function checkTime(timeNs: number | bigint): void {
  const fits =
    typeof timeNs === 'bigint'
      ? timeNs >= 0n && timeNs <= TIME_NS_MAX
      : timeNs >= 0 && Number.isSafeInteger(timeNs);
  if (fits) return;
  const max = typeof timeNs === 'bigint' ? '2^64 - 1' : '2^53 - 1 as a number';
  throw new RangeError(`time stamp is ${timeNs} ns; allowed are whole numbers from 0 to ${max}`);
}

function highHalf(timeNs: number | bigint): number {
  return typeof timeNs === 'bigint' ? Number(timeNs >> 32n) : Math.floor(timeNs / TWO_TO_32);
}

function lowHalf(timeNs: number | bigint): number {
  return typeof timeNs === 'bigint' ? Number(timeNs & 0xffff_ffffn) : timeNs % TWO_TO_32;
}
