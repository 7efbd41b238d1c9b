/** Frames that were seen at taps, judged as a capture that somebody else has made. */

import type { CaptureInterface } from '../capture/types.ts';
import { LinkType, linkTypeOf } from '../codecs/frame/index.ts';
import { CaptureJudge, type CaptureReport } from './capture-judge.ts';
import type { TappedFrame } from './seen/tapped-frame.ts';

/** A frame as a tap of ours has it. */
export type SeenAtTap = Pick<TappedFrame, 'tap' | 'at' | 'number' | 'bytes'> & {
  /** As in `TimedFrame`. */
  readonly queue?: number;
};

/** Takes frames as they are seen, and says at the end what they show. */
export class SeenJudge {
  readonly #interfaces: CaptureInterface[] = [];
  readonly #judge = new CaptureJudge({
    file: 'run',
    format: 'pcapng',
    byteOrder: 'little',
    linkType: LinkType.ETHERNET,
    interfaces: this.#interfaces,
  });
  readonly #taps = new Map<string, number>();

  /** Takes the name of a tap, by one of its frames: what is known of all taps before the first frame is judged by. */
  add({ tap, bytes }: Pick<SeenAtTap, 'tap' | 'bytes'>): number {
    let interfaceId = this.#taps.get(tap);
    if (interfaceId === undefined) {
      interfaceId = this.#taps.size;
      this.#taps.set(tap, interfaceId);
      const linkType = linkTypeOf(bytes);
      this.#interfaces.push({ name: tap, linkType, snapLength: 0, ticksPerSecond: 1_000_000_000n });
    }
    return interfaceId;
  }

  /** Takes the next frame. */
  see({ tap, at, number, bytes, queue }: SeenAtTap): void {
    const linkType = linkTypeOf(bytes);
    const interfaceId = this.add({ tap, bytes });
    this.#judge.add({
      bytes,
      index: number,
      timeNs: BigInt(at),
      interfaceId,
      interfaceName: tap,
      linkType,
      originalLength: bytes.length,
      ...(queue === undefined ? {} : { queue }),
    });
  }

  /** What they show. Call it once, at the end. */
  finish(): CaptureReport {
    return this.#judge.finish();
  }
}

/** Judges frames that were kept. */
export function judgeSeen(frames: Iterable<SeenAtTap>): CaptureReport {
  const judge = new SeenJudge();
  const all = [...frames];
  for (const frame of all) judge.add(frame);
  for (const frame of all) judge.see(frame);
  return judge.finish();
}
