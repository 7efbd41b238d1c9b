/** What must hold for any bytes: a value or a `CodecError`, and every value gives its bytes back. */
import {
  Conversation,
  decodeFrame,
  detailLines,
  encodeFrame,
  type Frame,
  hexLines,
  summarize,
} from '../../src/codecs/index.ts';
import { type AnyCodec, CodecError, type Span } from '../../src/codecs/layout/index.ts';
import type { FrameCase } from './corpus.ts';

/** The functions for whole frames, so that a test can put faulty ones in their place. */
export const frameCodec = { decodeFrame, encodeFrame, summarize, detailLines, hexLines };
export type FrameCodec = typeof frameCodec;

/** What the two halves of a check took, in milliseconds. */
export interface Times {
  /** Decoding and encoding. */
  codecMs: number;
  /** Summary, tree and hex display. */
  wordsMs: number;
  /** Lines of the tree: what the words are about. */
  lines: number;
}

export const noTimes = (): Times => ({ codecMs: 0, wordsMs: 0, lines: 0 });

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const place = /\((?:.*\/)?src\/(.*?:\d+):\d+\)/.exec(error.stack ?? '')?.[1];
  return `threw ${error.name}: ${error.message}${place === undefined ? '' : ` (${place})`}`;
}

/** Complains unless the plain layers cover the frame, in order. */
function checkLayers({ bytes, layers, malformed }: Frame): string | undefined {
  let next = 0;
  for (const { inside, offset, length, layer } of layers) {
    if (inside) continue;
    if (offset !== next) return `${layer} begins at ${offset}, not at ${next}`;
    next += length;
  }
  if (next !== bytes.length) return `the layers end at ${next} of ${bytes.length}`;
  if (malformed !== undefined && !(malformed instanceof CodecError))
    return `malformed is ${describe(malformed)}`;
  return undefined;
}

/**
 * Decodes, encodes, and puts in words; says what is wrong with that, `undefined` where nothing is.
 * Fills in `times`. The request, where there is one, is decoded first, off the clock.
 */
export function checkFrame(
  { bytes, linkType, originalLength, request }: FrameCase,
  times: Times = noTimes(),
  by: FrameCodec = frameCodec,
): string | undefined {
  const conversation = new Conversation();
  let stage = 'request';
  try {
    if (request !== undefined) by.decodeFrame(request, { linkType, conversation });
    stage = 'decodeFrame';
    const began = performance.now();
    const frame = by.decodeFrame(bytes, { linkType, originalLength, conversation });
    stage = 'encodeFrame';
    const back = by.encodeFrame(frame);
    const decoded = performance.now();
    times.codecMs = decoded - began;
    if (!same(back, bytes)) return 'encodeFrame: other bytes than those decoded';
    stage = 'summarize';
    by.summarize(frame);
    stage = 'detailLines';
    times.lines = by.detailLines(frame).length;
    stage = 'hexLines';
    by.hexLines(frame);
    times.wordsMs = performance.now() - decoded;
    return checkLayers(frame);
  } catch (error) {
    return `${stage}: ${describe(error)}`;
  }
}

/** Complains unless the spans cover the message bit by bit. */
function checkSpans(spans: readonly Span[], lengthBytes: number): string | undefined {
  let next = 0;
  for (const { path, offset, length, bits } of spans) {
    const first = 8 * offset + (bits?.first ?? 0);
    if (first !== next) return `spans: ${path} begins at bit ${first}, not at ${next}`;
    next = first + (bits?.width ?? 8 * length);
  }
  return next === 8 * lengthBytes ? undefined : `spans: they end at bit ${next}`;
}

function orRefused<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** Reads every field of a view: those in front of the first of variable size. */
function readView(codec: AnyCodec, bytes: Uint8Array): void {
  if (!('view' in codec) || codec.table === undefined) return;
  const { view } = codec as unknown as { view(bytes: Uint8Array): Record<string, unknown> };
  const one = orRefused(() => view.call(codec, bytes));
  if (one === undefined) return;
  for (const [key, field] of Object.entries(codec.table)) {
    if (field.place === 'tail') break;
    void one[key];
  }
}

/** One codec on bytes: says what is wrong, `undefined` where nothing is. */
export function checkCodec(codec: AnyCodec, bytes: Uint8Array): string | undefined {
  let stage = 'decode';
  try {
    const value: unknown = orRefused(() => codec.decode(bytes));
    stage = 'spans';
    const spans = orRefused(() => codec.spans(bytes));
    stage = 'view';
    readView(codec, bytes);
    if (value === undefined)
      return spans === undefined ? undefined : 'spans: read what decode refuses';
    if (spans === undefined) return 'spans: refuse what decode reads';
    stage = 'encode';
    if (!same(codec.encode(value), bytes)) return 'encode: other bytes than those decoded';
    return checkSpans(spans, bytes.length);
  } catch (error) {
    return `${stage}: ${describe(error)}`;
  }
}
