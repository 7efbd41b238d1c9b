/** Cuts a frame into layers; whatever no codec reads becomes a `raw` layer, so nothing is lost. */
import {
  type AnyCodec,
  beginTolerance,
  type Codec,
  CodecError,
  Cursor,
  cutOf,
  endTolerance,
  isCutFault,
} from '../layout/index.ts';
import type { Conversation } from './conversation.ts';
import {
  type CrcState,
  type Frame,
  type Layer,
  type LayerName,
  type Protocol,
  rawBytes,
  type Unread,
} from './layer.ts';
import type { CommandRecord, ExchangeRecord } from './requests.ts';

const RAW = rawBytes as AnyCodec;

/** A frame in the making: the place reached, and the layers so far. */
export class FrameReader implements Frame {
  readonly bytes: Uint8Array;
  readonly layers: Layer[] = [];
  protocol: Protocol = 'other';
  malformed: CodecError | undefined = undefined;
  crc: CrcState = 'absent';
  exchange: ExchangeRecord | undefined = undefined;
  command: CommandRecord | undefined = undefined;
  procedure: string | undefined = undefined;
  programVersion: number | undefined = undefined;
  readonly cut: boolean;
  unread: Unread | undefined = undefined;
  readonly conversation: Conversation | undefined;
  readonly checkCrc: boolean;
  /** The next byte to read. */
  at: number;
  /** End of the region that is being read, of the captured bytes at most. */
  end: number;
  /** Where the frame ended on the wire, also when the capture cut it. */
  readonly wireEnd: number;
  /** Bytes of Ethernet FCS that the capture says it kept; `undefined` where it says nothing. */
  fcsBytes: number | undefined = undefined;
  /** Where the captured bytes end. */
  private readonly capturedEnd: number;

  constructor(
    bytes: Uint8Array,
    at: number,
    end: number,
    wireEnd: number,
    conversation: Conversation | undefined,
    checkCrc: boolean,
  ) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.capturedEnd = end;
    this.wireEnd = wireEnd;
    this.cut = wireEnd > end;
    this.conversation = conversation;
    this.checkCrc = checkCrc;
  }

  push(layer: LayerName, by: AnyCodec, offset: number, length: number, value: unknown): void {
    this.layers.push({ layer, codec: by, offset, length, value, inside: false });
  }

  /** Reads a header of fixed size and moves behind it. Errors: `CodecError`. */
  take<T, I>(layer: LayerName, by: Codec<T, I> & { readonly headBytes: number }): T {
    const { at } = this;
    // No Math.min: its result would be a floating point number, here and wherever it goes.
    const whole = at + by.headBytes;
    const next = whole < this.end ? whole : this.end;
    let value: T;
    try {
      value = by.decode(this.bytes, at, next);
    } catch (fault) {
      if (this.isCutBy(fault)) this.cutLayer(layer, by);
      throw fault;
    }
    this.push(layer, by as AnyCodec, at, next - at, value);
    this.at = next;
    return value;
  }

  /** Reads a header that says itself how long it is, and moves behind it. Errors: `CodecError`. */
  takeVariable<T, I>(layer: LayerName, by: Codec<T, I>): T {
    const { at } = this;
    const cursor = new Cursor(this.bytes, at, this.end);
    let value: T;
    try {
      value = by.read(cursor);
    } catch (fault) {
      if (this.isCutBy(fault)) this.cutLayer(layer, by);
      throw fault;
    }
    this.push(layer, by as AnyCodec, at, cursor.at - at, value);
    this.at = cursor.at;
    return value;
  }

  /** True for a fault that is none: the capture cut the bytes off that are missing. */
  private isCutBy(fault: unknown): boolean {
    return this.cut && this.end === this.capturedEnd && this.at < this.end && isCutFault(fault);
  }

  /** Every field that is there of a message that was cut. */
  private cutLayer<T, I>(layer: LayerName, by: Codec<T, I>): void {
    const { at, end } = this;
    const cut = cutOf(by) as AnyCodec;
    this.push(layer, cut, at, end - at, cut.decode(this.bytes, at, end));
    this.at = end;
  }

  /**
   * Reads a message that fills the bytes up to the end; faulty bytes become `raw`. Of a message
   * that ends too early the fields that are there are read, by `cutOf` its codec. It is malformed
   * unless the capture cut it or, with `mayBeShort`, its sender may leave the rest out.
   */
  body<T, I>(layer: LayerName, by: Codec<T, I>, mayBeShort = false): T | undefined {
    try {
      return this.whole(layer, by, mayBeShort);
    } catch (fault) {
      const isWrong = !mayBeShort && !this.isCutBy(fault);
      if (isWrong) this.fail(fault);
      if (this.at < this.end && isCutFault(fault)) this.cutLayer(layer, by);
      this.raw('raw');
      return undefined;
    }
  }

  /** Reads a message whose end may be in a later frame: what is no message yet is `data`. */
  piece<T, I>(layer: LayerName, by: Codec<T, I>): T | undefined {
    try {
      return this.whole(layer, by);
    } catch (fault) {
      if (!(fault instanceof CodecError)) throw fault;
      if (this.isCutBy(fault)) this.cutLayer(layer, by);
      this.raw('data');
      return undefined;
    }
  }

  /**
   * A member that does not fit is the frame's fault, and spoils nothing but itself; with `mayBeShort`
   * one that ends too early is none.
   */
  private decodeTolerantly<T, I>(by: Codec<T, I>, at: number, end: number, mayBeShort: boolean): T {
    let value: T;
    let noted: CodecError | undefined;
    beginTolerance();
    try {
      value = by.decode(this.bytes, at, end);
    } finally {
      noted = endTolerance();
    }
    if (noted === undefined || (mayBeShort && isCutFault(noted))) return value;
    // What the capture cut off is no member that does not fit: it is read as far as it goes.
    if (this.cut && end === this.capturedEnd && isCutFault(noted)) throw noted;
    this.fail(noted);
    return value;
  }

  private whole<T, I>(layer: LayerName, by: Codec<T, I>, mayBeShort = false): T {
    const { at, end } = this;
    const value = this.decodeTolerantly(by, at, end, mayBeShort);
    this.push(layer, by as AnyCodec, at, end - at, value);
    this.at = end;
    return value;
  }

  /** Bytes up to `end` as they are; no layer where there are none. */
  raw(layer: LayerName, end: number = this.end): void {
    const { at } = this;
    if (end <= at) return;
    const bytes = this.bytes.subarray(at, end);
    this.push(layer, RAW, at, end - at, { bytes });
    this.at = end;
  }

  /**
   * Shows bytes of the last layer once more, decoded; a fault there is the frame's fault, but for
   * bytes that were cut or, with `mayBeShort`, left out.
   */
  inside<T, I>(
    layer: LayerName,
    by: Codec<T, I>,
    at: number,
    end: number,
    mayBeShort = false,
  ): T | undefined {
    let codec = by as AnyCodec;
    let value: T | undefined;
    let shown: unknown;
    try {
      value = this.decodeTolerantly(by, at, end, mayBeShort);
      shown = value;
    } catch (fault) {
      const cut = mayBeShort || (this.cut && end === this.capturedEnd);
      if (!cut || at >= end || !isCutFault(fault)) {
        this.fail(fault);
        return undefined;
      }
      codec = cutOf(by) as AnyCodec;
      shown = codec.decode(this.bytes, at, end);
    }
    this.layers.push({ layer, codec, offset: at, length: end - at, value: shown, inside: true });
    return value;
  }

  /** Calls `read` with `a` and `b` within `[at, end)` only; what is left unread or is faulty there becomes `raw`. */
  within<A, B>(end: number, read: (reader: FrameReader, a: A, b: B) => void, a: A, b: B): void {
    const outer = this.end;
    this.end = end;
    try {
      read(this, a, b);
    } catch (fault) {
      this.fail(fault);
    }
    this.raw('raw', end);
    this.end = outer;
  }

  /** Keeps the first fault. Bytes that the capture cut off are missing, not malformed. */
  fail(fault: unknown): void {
    if (!(fault instanceof CodecError)) throw fault;
    if (this.cut && (fault.fault === 'truncated' || fault.fault === 'bad-length')) return;
    this.malformed ??= fault;
  }
}
