import { type Input, type Packet, type ParserBuffer, parse } from 'pcap-parser';
import { nodeModule } from './node-modules.ts';
import { PCAP_HEADER_BYTES, PcapScanner, RECORD_HEADER_BYTES } from './pcap.ts';
import { BATCH_FRAMES_MAX, CAPTURED_BYTES_MAX, type TimedFrame } from './types.ts';
import type { ReadWindow } from './window.ts';

/**
 * Classic pcap files in Node, read by pcap-parser behind a guard.
 *
 * Left alone, pcap-parser ends silently on a cut file, joins buffers for ever on a forged length
 * and refuses nanosecond files. So it is given only what the guard has checked: a file header it
 * knows, then whole records, through a {@link RecordCursor} that follows the read window. It never
 * has to join two buffers, and what is in flight is one window. Modified pcap and versions before
 * 2.4, which it does not know, are read as everywhere; so are visited records, of which the guard
 * sees all that a visit wants.
 *
 * Errors: those of {@link PcapScanner}.
 */
export class ParsedPcapScanner extends PcapScanner {
  readonly #cursor: RecordCursor;
  readonly #input = new PushInput();
  /** Where the frames of the scan under way go. */
  #batch: TimedFrame[] = [];
  #seconds = 0;
  #secondsNs = 0n;

  /** The window must hold the file header. */
  constructor(window: ReadWindow) {
    const { position } = window;
    super(window);
    this.#cursor = new RecordCursor(this.littleEndian ? 'd4c3b2a1' : 'a1b2c3d4');
    if (!this.isUsual) return;
    parse(this.#input).on('packet', (packet) => this.#addFrame(packet));
    this.#cursor.moveTo(window, position, position + PCAP_HEADER_BYTES);
    this.#input.emit('data', this.#cursor);
  }

  override scan(batch: TimedFrame[]): number {
    if (!this.isUsual) return super.scan(batch);
    const window = this.window;
    const { view, end } = window;
    const start = window.position;
    let position = start;
    let needed = RECORD_HEADER_BYTES;
    let records = 0;
    let forgedBytes = 0;
    while (end - position >= RECORD_HEADER_BYTES && records < BATCH_FRAMES_MAX) {
      const captured = view.getUint32(position + 8, this.littleEndian);
      if (captured > CAPTURED_BYTES_MAX) {
        forgedBytes = captured;
        break;
      }
      needed = RECORD_HEADER_BYTES + captured;
      if (end - position < needed) break;
      position += needed;
      needed = RECORD_HEADER_BYTES;
      records += 1;
    }
    if (records > 0) {
      this.#batch = batch;
      this.#cursor.moveTo(window, start, position);
      this.#input.emit('data', null);
    }
    window.position = position;
    if (forgedBytes > 0) throw this.forged(forgedBytes);
    return needed;
  }

  #addFrame({ header, data }: Packet): void {
    if (header.timestampSeconds !== this.#seconds) {
      this.#seconds = header.timestampSeconds;
      this.#secondsNs = BigInt(this.#seconds) * 1_000_000_000n;
    }
    this.frameCount += 1;
    const frame = {
      index: this.frameCount,
      timeNs: this.#secondsNs + BigInt(header.timestampMicroseconds * this.subsecondNs),
      interfaceId: 0,
      interfaceName: undefined,
      linkType: this.linkType,
      bytes: data,
      originalLength: header.originalLength,
    };
    const fcsBytes = this.fcsBytes;
    this.#batch.push(fcsBytes === undefined ? frame : { ...frame, fcsBytes });
  }
}

const { EventEmitter } = nodeModule('node:events')!;

/** An input that is pushed from outside, so there is nothing to pause. */
class PushInput extends EventEmitter implements Input {
  pause(): void {}
  resume(): void {}
}

/**
 * The checked bytes of a read window, in the shape of the Buffer that pcap-parser works on.
 *
 * It moves where a Buffer would be sliced: pcap-parser drops a Buffer for its rest after every
 * header and every body, and making those took most of the time. It can be moved to the next
 * window, so nothing is ever joined.
 */
class RecordCursor implements ParserBuffer {
  /** Bytes left; pcap-parser stops where it needs more. */
  length = 0;
  readonly #magicHex: string;
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #position = 0;

  /** `magicHex` is what the file's first four bytes shall be taken for. */
  constructor(magicHex: string) {
    this.#magicHex = magicHex;
  }

  moveTo(window: ReadWindow, start: number, end: number): void {
    this.#bytes = window.bytes;
    this.#view = window.view;
    this.#position = start;
    this.length = end - start;
  }

  /** Asked for once, to see the magic. */
  toString(): string {
    return this.#magicHex;
  }

  /** With an end, the bytes of a frame; without, the rest, which this cursor becomes. */
  slice(start: number, end?: number): Uint8Array | this {
    if (end !== undefined) {
      return new Uint8Array(this.#bytes.buffer, this.#position + start, end - start);
    }
    this.#position += start;
    this.length -= start;
    return this;
  }

  readUInt16LE(offset: number): number {
    return this.#view.getUint16(this.#position + offset, true);
  }

  readUInt16BE(offset: number): number {
    return this.#view.getUint16(this.#position + offset);
  }

  readUInt32LE(offset: number): number {
    return this.#view.getUint32(this.#position + offset, true);
  }

  readUInt32BE(offset: number): number {
    return this.#view.getUint32(this.#position + offset);
  }

  readInt32LE(offset: number): number {
    return this.#view.getInt32(this.#position + offset, true);
  }

  readInt32BE(offset: number): number {
    return this.#view.getInt32(this.#position + offset);
  }
}
