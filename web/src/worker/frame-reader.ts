/** Frames by number: their lines, their fields and bytes, and which of them pass a filter. */
import {
  Conversation,
  decodeFrame,
  type Frame,
  type StreamPdu,
  spansOf,
  summarize,
  summarizePdu,
  TcpStreams,
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
  /** Of a unit of a stream: its bytes lie in several frames. */
  readonly isOfStream: boolean;
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
    await this.decode(places, (raw, frame, place, pdus) =>
      rows.push(this.#rowOf(raw, frame, place, pdus)),
    );
    return rows;
  }

  /** A frame in full. */
  async detail(place: number): Promise<FrameDetail | undefined> {
    let found: FrameDetail | undefined;
    await this.decode([place], (raw, frame, _, pdus) => {
      found = {
        ...this.#rowOf(raw, frame, place, pdus),
        bytes: raw.bytes.slice(),
        layers: [
          ...layersOf(frame),
          // Units of streams lie in several frames: their fields have no bytes here.
          ...pdus.flatMap((pdu) =>
            layersOf(pdu.frame).map((layer) => ({
              ...layer,
              isOfStream: true,
              fields: layer.fields.map((field) => ({ ...field, length: 0 })),
            })),
          ),
        ],
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
    const decoder = new Decoder(checkCrc);
    for (let from = 0; from < count; from += BATCH_FRAMES) {
      const batch = await this.#store.read(from, Math.min(count, from + BATCH_FRAMES));
      for (const [i, raw] of batch.entries()) {
        const facts = { ...raw, index: raw.number, firstTimeNs };
        const frame = decoder.take(raw);
        const units = decoder.pdus.map((pdu) => pdu.frame);
        if (passes({ ...facts, frame, units })) found.push(from + i);
      }
      tell({
        share: from / count,
        words: `${from + batch.length} frames looked at, ${found.length} pass`,
      });
    }
    return Uint32Array.from(found);
  }

  /** Visits the frames at `places`, each read as what it answers, with the units of streams that end in it. */
  async decode(
    places: readonly number[],
    visit: (raw: RawFrame, frame: Frame, place: number, pdus: readonly StreamPdu[]) => void,
  ): Promise<void> {
    let decoder = new Decoder();
    let at = -1;
    for (const place of places) {
      if (place < 0 || place >= this.#store.count) continue;
      const near = Math.max(0, place - CONTEXT_FRAMES);
      if (at < near) {
        decoder = new Decoder();
        at = near;
      }
      const batch = await this.#store.read(at, place + 1);
      for (const raw of batch) {
        const frame = decoder.take(raw);
        if (at++ === place) visit(raw, frame, place, decoder.pdus);
      }
    }
  }

  #rowOf(raw: RawFrame, frame: Frame, place: number, pdus: readonly StreamPdu[]): FrameRow {
    return {
      place,
      number: raw.number,
      seconds: Number(raw.timeNs - this.#store.firstTimeNs) / 1e9,
      where: raw.interfaceName ?? '',
      summary: pdus.length === 0 ? summarize(frame) : pdus.map(summarizePdu).join('  ·  '),
      lengthBytes: raw.originalLength,
      isFaulty: (frame.malformed !== undefined && !frame.cut) || frame.crc === 'bad',
      comment: raw.comment ?? '',
    };
  }
}

/** Decodes frames in their order, and follows the streams that they carry. */
class Decoder {
  /** Units of streams that end in the frame taken last. */
  pdus: StreamPdu[] = [];
  readonly #conversation = new Conversation();
  readonly #checkCrc: boolean;
  readonly #streams = new TcpStreams(
    { pdu: (pdu) => this.pdus.push(pdu), gap: () => {} },
    this.#conversation,
  );

  constructor(checkCrc = true) {
    this.#checkCrc = checkCrc;
  }

  take({ bytes, fcsBytes, linkType, number, originalLength }: RawFrame): Frame {
    const [conversation, checkCrc] = [this.#conversation, this.#checkCrc];
    const options = { linkType, originalLength, fcsBytes, conversation, checkCrc };
    const frame = decodeFrame(bytes, options);
    if (this.pdus.length > 0) this.pdus = [];
    this.#streams.take(frame, number);
    return frame;
  }
}

const layersOf = (frame: Frame): LayerRow[] =>
  frame.layers.map((layer) => ({
    title: layer.codec.name === 'bytes' ? layer.layer : layer.codec.name,
    offset: layer.offset,
    length: layer.length,
    isInside: layer.inside,
    isOfStream: false,
    fields: spansOf(frame, layer).map(({ path, text, offset, length }) => ({
      path,
      text,
      offset,
      length,
    })),
  }));
