/** Cuts a frame into layers; whatever no codec reads becomes a `raw` layer, so nothing is lost. */
import { type AnyCodec, type Codec, CodecError } from '../layout/index.ts';
import type { Conversation } from './conversation.ts';
import {
  type CrcState,
  type Frame,
  type Layer,
  type LayerName,
  type Protocol,
  rawBytes,
} from './layer.ts';
import type { ExchangeRecord } from './requests.ts';

const RAW = rawBytes as AnyCodec;

/** A frame in the making: the place reached, and the layers so far. */
export class FrameReader implements Frame {
  readonly bytes: Uint8Array;
  readonly layers: Layer[] = [];
  protocol: Protocol = 'other';
  malformed: CodecError | undefined = undefined;
  crc: CrcState = 'absent';
  exchange: ExchangeRecord | undefined = undefined;
  readonly cut: boolean;
  readonly conversation: Conversation | undefined;
  readonly checkCrc: boolean;
  /** The next byte to read. */
  at: number;
  /** End of the region that is being read, of the captured bytes at most. */
  end: number;
  /** Where the frame ended on the wire, also when the capture cut it. */
  readonly wireEnd: number;

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
    const value = by.decode(this.bytes, at, next);
    this.push(layer, by as AnyCodec, at, next - at, value);
    this.at = next;
    return value;
  }

  /** Reads a message that fills the bytes up to the end; faulty bytes become `raw`. */
  body<T, I>(layer: LayerName, by: Codec<T, I>): T | undefined {
    try {
      return this.whole(layer, by);
    } catch (fault) {
      this.fail(fault);
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
      this.raw('data');
      return undefined;
    }
  }

  private whole<T, I>(layer: LayerName, by: Codec<T, I>): T {
    const { at, end } = this;
    const value = by.decode(this.bytes, at, end);
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

  /** Shows bytes of the last layer once more, decoded; a fault there is the frame's fault. */
  inside<T, I>(layer: LayerName, by: Codec<T, I>, at: number, end: number): T | undefined {
    let value: T;
    try {
      value = by.decode(this.bytes, at, end);
    } catch (fault) {
      this.fail(fault);
      return undefined;
    }
    const codec = by as AnyCodec;
    this.layers.push({ layer, codec, offset: at, length: end - at, value, inside: true });
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
