/**
 * One run of the fuzzer: frames made from a seed, each checked, timed, and followed by two codecs on
 * bytes of their own. Frame `i` depends on the seed and on `i` alone.
 */
import { crc32 } from '../../src/codecs/index.ts';
import type { AnyCodec } from '../../src/codecs/layout/index.ts';
import {
  checkCodec,
  checkFrame,
  type FrameCodec,
  frameCodec,
  noTimes,
  type Times,
} from './check.ts';
import { bytesFor, type CodecSample, sampleCodecs, titleOf } from './codecs.ts';
import type { Corpus, FrameCase } from './corpus.ts';
import type { Find } from './find.ts';
import { LINK_BYTES_MAX, makeCase } from './mutate.ts';
import { Random } from './random.ts';

/**
 * A frame may take so many times what a valid one takes: a jumbo frame in proportion to its length,
 * its tree in proportion to its lines.
 */
export const SLOW_FACTOR = 50;
const CODECS_EACH = 2;
/** A frame that was slow is tried again so often: a pause of the collector does not come back. */
const RETRIES = 5;
/** One that is too slow still is tried so often next to valid frames. */
const CONFIRMATIONS = 20;
const WARM_UP_ROUNDS = 2;
const MEASURED_FRAMES_MAX = 4000;

export interface FuzzerOptions {
  readonly seed: number;
  readonly corpus: Corpus;
  readonly codecs: readonly AnyCodec[];
  /** Stands for the functions of the library in tests of the fuzzer itself. */
  readonly by?: FrameCodec;
}

const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;

/** Which half of a check takes longer than it may, `undefined` where neither does. */
function slowHalf(times: Times, valid: Times): string | undefined {
  if (times.codecMs > SLOW_FACTOR * valid.codecMs) return 'decode and encode: too slow';
  return times.wordsMs > SLOW_FACTOR * valid.wordsMs ? 'summary and tree: too slow' : undefined;
}

export class Fuzzer {
  readonly seed: number;
  /** What a frame of a capture takes as it is. */
  readonly valid: Times;
  /** The longest that any frame took in its fastest try, in proportion. */
  readonly worst: Times = noTimes();
  /** Frames, and messages given to one codec, that were checked. */
  readonly counts = { frames: 0, messages: 0 };
  readonly finds: Find[] = [];
  /** Finds that were left out because one like them is there. */
  repeated = 0;
  readonly #known = new Set<string>();
  #digest = 0;
  readonly #corpus: Corpus;
  readonly #codecs: readonly CodecSample[];
  readonly #by: FrameCodec;

  constructor({ seed, corpus, codecs, by = frameCodec }: FuzzerOptions) {
    this.seed = seed;
    this.#corpus = corpus;
    this.#codecs = sampleCodecs(codecs, seed);
    this.#by = by;
    this.valid = this.#measureValid();
  }

  /** Of all bytes that were made and of what came of them; the same for the same seed and corpus. */
  get digest(): string {
    return this.#digest.toString(16).padStart(8, '0');
  }

  #measureValid(): Times {
    const { real } = this.#corpus;
    const step = Math.max(1, Math.floor(real.length / MEASURED_FRAMES_MAX));
    const some = real.filter((_, i) => i % step === 0);
    const measured: Times[] = [];
    for (let round = 0; round <= WARM_UP_ROUNDS; round++) {
      for (const one of some) {
        const times = noTimes();
        checkFrame(one, times, this.#by);
        if (round === WARM_UP_ROUNDS) measured.push(times);
      }
    }
    return {
      codecMs: median(measured.map((one) => one.codecMs)),
      wordsMs: median(measured.map((one) => one.wordsMs)),
      lines: median(measured.map((one) => one.lines)),
    };
  }

  #note(text: string | undefined, bytes: Uint8Array): void {
    const outcome = text === undefined ? 0 : 1;
    this.#digest = (Math.imul(this.#digest, 31) + crc32(bytes) + outcome) >>> 0;
  }

  /** Keeps a find; of those that differ in numbers alone the first is enough. */
  #found(find: Find): void {
    const sort = `${find.codec}: ${find.what.replace(/\d+/g, '#')}`;
    if (this.#known.has(sort)) this.repeated += 1;
    else this.finds.push(find);
    this.#known.add(sort);
  }

  /** Times in proportion: a jumbo frame takes longer than others, and so do more words. */
  #inProportion({ codecMs, wordsMs, lines }: Times, lengthBytes: number): Times {
    const longer = Math.max(1, lengthBytes / LINK_BYTES_MAX);
    const more = Math.max(1, lines / this.valid.lines);
    return { codecMs: codecMs / longer, wordsMs: wordsMs / more, lines };
  }

  /** Tries a frame up to so often while `goesOn`, and keeps its shortest times in `fastest`. */
  #tryAgain(given: FrameCase, fastest: Times, tries: number, goesOn: () => boolean): void {
    for (let again = 0; again < tries && goesOn(); again++) {
      const times = noTimes();
      checkFrame(given, times, this.#by);
      const { codecMs, wordsMs } = this.#inProportion(times, given.bytes.length);
      fastest.codecMs = Math.min(fastest.codecMs, codecMs);
      fastest.wordsMs = Math.min(fastest.wordsMs, wordsMs);
    }
  }

  /**
   * Tries a frame again that took longer than any before it, and says which half is too slow in
   * every try. Before that is said, valid frames are measured again: the machine may have become
   * slow for all of them.
   */
  #judgeTimes(given: FrameCase, first: Times): string | undefined {
    const fastest = this.#inProportion(first, given.bytes.length);
    const { worst } = this;
    const isWorst = () => fastest.codecMs > worst.codecMs || fastest.wordsMs > worst.wordsMs;
    this.#tryAgain(given, fastest, RETRIES, isWorst);
    let slow = slowHalf(fastest, this.valid);
    if (slow !== undefined) {
      const valid = this.#measureValid();
      this.#tryAgain(given, fastest, CONFIRMATIONS, () => slowHalf(fastest, valid) !== undefined);
      slow = slowHalf(fastest, valid);
      // What is kept is compared with the first measurement.
      fastest.codecMs *= this.valid.codecMs / valid.codecMs;
      fastest.wordsMs *= this.valid.wordsMs / valid.wordsMs;
    }
    if (slow === undefined) {
      worst.codecMs = Math.max(worst.codecMs, fastest.codecMs);
      worst.wordsMs = Math.max(worst.wordsMs, fastest.wordsMs);
    }
    return slow;
  }

  /** Makes and checks frame `index` of the run. */
  step(index: number): void {
    const random = new Random(this.seed, index);
    const given = makeCase(random, this.#corpus);
    const times = noTimes();
    const wrong = checkFrame(given, times, this.#by);
    this.counts.frames += 1;
    this.#note(wrong, given.bytes);
    const what = wrong ?? this.#judgeTimes(given, times);
    if (what !== undefined) this.#found({ seed: this.seed, index, what, given });
    for (let i = 0; i < CODECS_EACH; i++) this.#stepCodec(index, random, given.bytes);
  }

  #stepCodec(index: number, random: Random, frame: Uint8Array): void {
    const sample = random.pick(this.#codecs);
    const bytes = bytesFor(random, sample, frame);
    const what = checkCodec(sample.codec, bytes);
    this.counts.messages += 1;
    this.#note(what, bytes);
    if (what === undefined) return;
    const given = { linkType: 0, bytes, originalLength: undefined, request: undefined };
    this.#found({ seed: this.seed, index, what, codec: sample.title, given });
  }
}

/** Tries a find again: what is still wrong with it, `undefined` where nothing is. */
export function checkFind(
  { codec: title, given }: Find,
  codecs: readonly AnyCodec[],
): string | undefined {
  if (title === undefined) return checkFrame(given);
  for (const codec of codecs) {
    const what = titleOf(codec) === title ? checkCodec(codec, given.bytes) : undefined;
    if (what !== undefined) return what;
  }
  return undefined;
}
