/** Bytes for one codec at a time: what it encodes itself, changed, and noise. */
import fc from 'fast-check';
import { type AnyCodec, CodecError } from '../../src/codecs/layout/index.ts';
import { arbitraryOf } from '../../src/testing/index.ts';
import { changed } from './mutate.ts';
import type { Random } from './random.ts';

/** A codec, and messages that it encoded from random values. */
export interface CodecSample {
  readonly codec: AnyCodec;
  /** Names the codec in reports. */
  readonly title: string;
  readonly messages: readonly Uint8Array[];
}

const MESSAGES_EACH = 6;
/** Longer messages than a frame holds are left out. */
const MESSAGE_BYTES_MAX = 2112;

export const titleOf = ({ source, name, kind }: AnyCodec): string =>
  `${source}: ${name}${kind === undefined || kind === name ? '' : ` (${kind})`}`;

/** The message's bytes; none for a value whose parts contradict one another. */
function encoded(codec: AnyCodec, value: unknown): readonly Uint8Array[] {
  try {
    const bytes = codec.encode(value);
    return bytes.length > MESSAGE_BYTES_MAX ? [] : [bytes];
  } catch (error) {
    if (error instanceof CodecError) return [];
    throw error;
  }
}

export function sampleCodecs(codecs: readonly AnyCodec[], seed: number): CodecSample[] {
  return codecs.map((codec) => {
    const values: unknown[] = fc.sample(arbitraryOf(codec), { seed, numRuns: MESSAGES_EACH });
    const messages = values.flatMap((value) => encoded(codec, value));
    return { codec, title: titleOf(codec), messages };
  });
}

/** Bytes for a codec to stumble over; `frame` is where some of them come from. */
export function bytesFor(
  random: Random,
  { codec, messages }: CodecSample,
  frame: Uint8Array,
): Uint8Array {
  const from = random.below(100);
  if (from < 60 && messages.length > 0)
    return changed(random, random.pick(messages), random.pick(messages));
  if (from < 75) return frame.slice(random.below(frame.length + 1));
  return random.bytes(random.below(codec.minBytes + 64), random.percent(70));
}
