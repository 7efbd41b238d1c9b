/** Frames by number: their lines, their fields and bytes, and which of them pass a filter. */
import {
  Conversation,
  decodeFrame,
  type Frame,
  spansOf,
  summarize,
} from '../../../src/codecs/index.ts';
import { displayFilter } from '../../../src/filter/index.ts';
import type { Tell } from '../progress.ts';

/** A frame before it is decoded. Stamps are nanoseconds since 1970-01-01 UTC, or since power on. */
export interface RawFrame {
  readonly number: number;
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  readonly linkType: number;
  readonly originalLength: number;
  readonly fcsBytes: number | undefined;
  readonly interfaceId: number;
  readonly interfaceName: string | undefined;
  readonly comment: string | undefined;
}

/** Where frames come from: a file, or a run. Places count from 0. */
export interface FrameStore {
  readonly count: number;
  /** Stamp of the first frame. */
  readonly firstTimeNs: bigint;
  read(from: number, until: number): Promise<readonly RawFrame[]>;
}

/** A line of the list of frames. */
export interface FrameRow {
  /** Its place in the store, from 0. */
  readonly place: number;
  readonly number: number;
  /** Seconds since the first frame. */
  readonly seconds: number;
  readonly where: string;
  readonly summary: string;
  readonly lengthBytes: number;
  readonly isFaulty: boolean;
  readonly comment: string;
}

/** A field in the tree of a frame, and the bytes that it has. */
export interface FieldRow {
  readonly path: string;
  readonly text: string;
  readonly offset: number;
  readonly length: number;
}

/** A layer of the tree. */
export interface LayerRow {
  readonly title: string;
  readonly offset: number;
  readonly length: number;
  readonly isInside: boolean;
  readonly fields: readonly FieldRow[];
}

/** A frame in full. */
export interface FrameDetail extends FrameRow {
  readonly bytes: Uint8Array;
  readonly layers: readonly LayerRow[];
  readonly fault: string | undefined;
}

/** Frames before a wanted one that are read with it: answers are known by their requests. */
const CONTEXT_FRAMES = 2000;
/** Frames read at once while a filter looks at all. */
const BATCH_FRAMES = 4096;

/** Reads frames of a store. */
export class FrameReader {
  readonly #store: FrameStore;

  constructor(store: FrameStore) {
    this.#store = store;
  }

  /** The lines of the frames at `places`, which lie in order. */
  async rows(places: readonly number[]): Promise<FrameRow[]> {
    const rows: FrameRow[] = [];
    await this.decode(places, (raw, frame, place) => rows.push(this.#rowOf(raw, frame, place)));
    return rows;
  }

  /** A frame in full. */
  async detail(place: number): Promise<FrameDetail | undefined> {
    let found: FrameDetail | undefined;
    await this.decode([place], (raw, frame) => {
      found = {
        ...this.#rowOf(raw, frame, place),
        bytes: raw.bytes.slice(),
        layers: frame.layers.map((layer) => ({
          title: layer.codec.name === 'bytes' ? layer.layer : layer.codec.name,
          offset: layer.offset,
          length: layer.length,
          isInside: layer.inside,
          fields: spansOf(frame, layer).map(({ path, text, offset, length }) => ({
            path,
            text,
            offset,
            length,
          })),
        })),
        fault: frame.malformed?.message,
      };
    });
    return found;
  }

  /** Places of the frames that pass a display filter. Errors: `FilterError`. */
  async passing(filter: string, tell: Tell): Promise<Uint32Array> {
    const passes = displayFilter(filter);
    // A CRC costs as much as all else; few filters ask for it.
    const checkCrc = filter.includes('crc');
    const { count, firstTimeNs } = this.#store;
    const found: number[] = [];
    const conversation = new Conversation();
    for (let from = 0; from < count; from += BATCH_FRAMES) {
      const batch = await this.#store.read(from, Math.min(count, from + BATCH_FRAMES));
      for (const [i, raw] of batch.entries()) {
        const frame = decoded(raw, conversation, checkCrc);
        if (passes({ ...raw, index: raw.number, firstTimeNs, frame })) found.push(from + i);
      }
      tell({
        share: from / count,
        words: `${from + batch.length} frames looked at, ${found.length} pass`,
      });
    }
    return Uint32Array.from(found);
  }

  /** Visits the frames at `places`, each read as what it answers. */
  async decode(
    places: readonly number[],
    visit: (raw: RawFrame, frame: Frame, place: number) => void,
  ): Promise<void> {
    let conversation = new Conversation();
    let at = -1;
    for (const place of places) {
      if (place < 0 || place >= this.#store.count) continue;
      const near = Math.max(0, place - CONTEXT_FRAMES);
      if (at < near) {
        conversation = new Conversation();
        at = near;
      }
      const batch = await this.#store.read(at, place + 1);
      for (const raw of batch) {
        const frame = decoded(raw, conversation);
        if (at++ === place) visit(raw, frame, place);
      }
    }
  }

  #rowOf(raw: RawFrame, frame: Frame, place: number): FrameRow {
    return {
      place,
      number: raw.number,
      seconds: Number(raw.timeNs - this.#store.firstTimeNs) / 1e9,
      where: raw.interfaceName ?? '',
      summary: summarize(frame),
      lengthBytes: raw.originalLength,
      isFaulty: (frame.malformed !== undefined && !frame.cut) || frame.crc === 'bad',
      comment: raw.comment ?? '',
    };
  }
}

function decoded(raw: RawFrame, conversation: Conversation, checkCrc = true): Frame {
  const { bytes, fcsBytes, linkType, originalLength } = raw;
  return decodeFrame(bytes, { linkType, originalLength, fcsBytes, conversation, checkCrc });
}
