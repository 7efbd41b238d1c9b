/** The display filter of a command line. */
import type { FramePlace } from '../capture/index.ts';
import { Conversation, decodeFrame, type Frame, TcpStreams } from '../codecs/index.ts';
import { displayFilter, FilterError, type Predicate } from '../filter/index.ts';
import { UsageError } from './output.ts';

/** The filter as a test. Errors: `UsageError` with the place of the mistake. */
export function filterOf(text: string): Predicate {
  try {
    return displayFilter(text);
  } catch (error) {
    if (error instanceof FilterError) throw new UsageError(`--filter ${error.message}`);
    throw error;
  }
}

/** True where a frame passes; the units of streams that end in it are its own. */
export function isPassed(
  passes: Predicate,
  place: FramePlace,
  frame: Frame,
  units: readonly Frame[],
  firstTimeNs: bigint,
): boolean {
  const { comment, index, interfaceId, interfaceName, originalLength, timeNs } = place;
  return passes({
    frame,
    units,
    index,
    timeNs,
    firstTimeNs,
    originalLength,
    interfaceId,
    interfaceName,
    comment,
  });
}

/** Chooses frames of a capture, for who reads them anew: it must see all of them, in their order. */
export class FrameFilter {
  readonly expression: string;
  /** Frames that did not pass. */
  leftOut = 0;
  readonly #passes: Predicate;
  readonly #conversation = new Conversation();
  readonly #streams = new TcpStreams(
    { pdu: ({ frame }) => this.#units.push(frame), gap: () => {} },
    this.#conversation,
  );
  #units: Frame[] = [];
  #firstTimeNs: bigint | undefined;

  constructor(expression: string) {
    this.expression = expression;
    this.#passes = filterOf(expression);
  }

  /** True where the next frame passes. */
  takes(place: FramePlace): boolean {
    const { at, bytes, end, fcsBytes, index, linkType, originalLength, timeNs } = place;
    this.#firstTimeNs ??= timeNs;
    const conversation = this.#conversation;
    const options = { linkType, originalLength, fcsBytes, conversation };
    const frame = decodeFrame(bytes.subarray(at, end), options);
    this.#units = [];
    this.#streams.take(frame, index);
    const passed = isPassed(this.#passes, place, frame, this.#units, this.#firstTimeNs);
    if (!passed) this.leftOut++;
    return passed;
  }
}
