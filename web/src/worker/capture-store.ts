/** The frames of a capture by number: where each lies in the file, which is read again when one is asked for. */
import type { CaptureInfo, FramePlace } from '../../../src/capture/index.ts';
import type { FrameStore, RawFrame } from './frame-reader.ts';

/** Frames that are listed; those behind them are judged and counted all the same. */
export const LISTED_MAX = 8_000_000;
/** Comments that are kept. */
const COMMENTS_MAX = 100_000;
/** No FCS length is said. */
const NONE = 0xff;

/** Bytes of a file, piece by piece: a Blob. */
export interface Bytes {
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Numbers of a kind that grow. */
class Column<T extends Float64Array | Uint32Array | Uint16Array | Uint8Array> {
  values: T;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.values = make(4096);
  }

  set(at: number, value: number): void {
    if (at >= this.values.length) {
      const more = this.#make(this.values.length * 2);
      more.set(this.values as never);
      this.values = more;
    }
    this.values[at] = value;
  }
}

/** Remembers where frames lie. Some 30 bytes a frame. */
export class CaptureStore implements FrameStore {
  count = 0;
  firstTimeNs = 0n;
  /** Frames that the file has, listed or not. */
  seen = 0;
  readonly #file: Bytes;
  readonly #info: CaptureInfo;
  readonly #offsets = new Column((length) => new Float64Array(length));
  readonly #lengths = new Column((length) => new Uint32Array(length));
  readonly #originals = new Column((length) => new Uint32Array(length));
  /** Nanoseconds since the first frame. */
  readonly #times = new Column((length) => new Float64Array(length));
  readonly #links = new Column((length) => new Uint16Array(length));
  readonly #interfaces = new Column((length) => new Uint16Array(length));
  readonly #fcs = new Column((length) => new Uint8Array(length));
  readonly #comments = new Map<number, string>();

  constructor(file: Bytes, info: CaptureInfo) {
    this.#file = file;
    this.#info = info;
  }

  /** Takes the next frame. */
  add(place: FramePlace): void {
    if (this.seen++ === 0) this.firstTimeNs = place.timeNs;
    if (this.count >= LISTED_MAX) return;
    const at = this.count++;
    this.#offsets.set(at, place.fileOffset);
    this.#lengths.set(at, place.end - place.at);
    this.#originals.set(at, place.originalLength);
    this.#times.set(at, Number(place.timeNs - this.firstTimeNs));
    this.#links.set(at, place.linkType);
    this.#interfaces.set(at, place.interfaceId);
    this.#fcs.set(at, place.fcsBytes ?? NONE);
    if (place.comment !== undefined && this.#comments.size < COMMENTS_MAX)
      this.#comments.set(at, place.comment);
  }

  async read(from: number, until: number): Promise<readonly RawFrame[]> {
    if (until <= from) return [];
    const begin = this.#offsets.values[from]!;
    const end = this.#offsets.values[until - 1]! + this.#lengths.values[until - 1]!;
    const bytes = new Uint8Array(await this.#file.slice(begin, end).arrayBuffer());
    const frames: RawFrame[] = [];
    for (let at = from; at < until; at++) {
      const start = this.#offsets.values[at]! - begin;
      const fcs = this.#fcs.values[at]!;
      const interfaceId = this.#interfaces.values[at]!;
      frames.push({
        number: at + 1,
        timeNs: this.firstTimeNs + BigInt(Math.round(this.#times.values[at]!)),
        bytes: bytes.subarray(start, start + this.#lengths.values[at]!),
        linkType: this.#links.values[at]!,
        originalLength: this.#originals.values[at]!,
        fcsBytes: fcs === NONE ? undefined : fcs,
        interfaceId,
        interfaceName: this.#info.interfaces[interfaceId]?.name,
        comment: this.#comments.get(at),
      });
    }
    return frames;
  }
}
