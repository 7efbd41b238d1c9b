/** The frames of a run, as its record keeps them. */
import type { TappedFrame } from '../../../src/audit/seen/tapped-frame.ts';
import type { FrameNote } from '../../../src/run/frame-comments.ts';
import type { FrameStore, RawFrame } from './frame-reader.ts';

/** Ethernet. Source: tcpdump.org, link-layer header types. */
const LINKTYPE_ETHERNET = 1;

/** Serves frames from memory, with what is said of them. */
export class RunStore implements FrameStore {
  readonly #frames: readonly TappedFrame[];
  readonly #notes: ReadonlyMap<number, FrameNote>;
  readonly #taps: readonly string[];

  constructor(frames: Iterable<TappedFrame>, notes: ReadonlyMap<number, FrameNote>) {
    this.#frames = [...frames];
    this.#notes = notes;
    this.#taps = [...new Set(this.#frames.map(({ tap }) => tap))];
  }

  get count(): number {
    return this.#frames.length;
  }

  get firstTimeNs(): bigint {
    return 0n;
  }

  /** Where a frame with a number stands, from 0; -1 where it was not kept. */
  placeOf(number: number): number {
    const place = number - (this.#frames[0]?.number ?? 1);
    return this.#frames[place]?.number === number
      ? place
      : this.#frames.findIndex((one) => one.number === number);
  }

  async read(from: number, until: number): Promise<readonly RawFrame[]> {
    return this.#frames.slice(from, until).map(({ at, bytes, number, tap }) => ({
      number,
      timeNs: BigInt(Math.round(at)),
      bytes,
      linkType: LINKTYPE_ETHERNET,
      originalLength: bytes.length,
      fcsBytes: undefined,
      interfaceId: this.#taps.indexOf(tap),
      interfaceName: tap,
      comment: this.#notes.get(number)?.texts.join('; '),
    }));
  }
}
