/** Frames of a capture in which nothing is that this judges: how many of what. */
import { carriedBy, type Frame } from '../../codecs/frame/index.ts';

/** One kind of them. */
export interface OtherRow {
  /** `iSCSI (TCP port 3260)`, `UDP`, `EtherType 88f5`. */
  readonly what: string;
  readonly frames: number;
}

/** Kinds that are told apart: EtherTypes and IP protocols of a hostile capture are many. */
const KINDS_MAX = 100;
const REST = 'others';

/** Counts them. */
export class OtherTraffic {
  readonly #frames = new Map<string, number>();

  /** Takes every frame. */
  take(frame: Frame): void {
    if (frame.protocol !== 'other') return;
    const what = carriedBy(frame) ?? REST;
    const isKept = this.#frames.has(what) || this.#frames.size < KINDS_MAX;
    const key = isKept ? what : REST;
    this.#frames.set(key, (this.#frames.get(key) ?? 0) + 1);
  }

  /** What there was most of comes first. */
  rows(): readonly OtherRow[] {
    const rows = [...this.#frames].map(([what, frames]) => ({ what, frames }));
    return rows.sort((a, b) => b.frames - a.frames);
  }
}
