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

/** What a frame may be without saying anything to those that judge. */
const KINDS: ReadonlySet<Frame['protocol']> = new Set(['other', 'tcp', 'icmpv6']);

/** Counts them. */
export class OtherTraffic {
  readonly #frames = new Map<string, number>();

  /** Takes every frame but those of streams that are followed. */
  take(frame: Frame): void {
    if (!KINDS.has(frame.protocol)) return;
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
