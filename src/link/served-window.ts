/** What each group of a direction sends in a stretch of time, and which had something to send all along. */
import type { GroupBandwidth } from '../history/qos.ts';
import type { Instant } from '../machine/machine.ts';
import { PRIORITIES } from './qos-options.ts';

/** Stretch of time over which what groups get is counted. */
export const WINDOW_NS = 1_000_000;

/** What a group got in a stretch of time. */
export interface Served {
  readonly group: number;
  readonly fromNs: Instant;
  readonly bytes: number;
  readonly capacityBytes: number;
  readonly bandwidth: GroupBandwidth;
}

/** Counts one stretch after the other. Who sends tells it of every frame and of groups that have nothing to send. */
export class ServedWindow {
  readonly #bytesPerNs: number;
  #fromNs: Instant = 0;
  readonly #bytes: number[] = new Array<number>(PRIORITIES).fill(0);
  /** Groups that had nothing to send at some time. */
  readonly #rested: boolean[] = new Array<boolean>(PRIORITIES).fill(true);

  constructor(rateBitsPerSecond: number) {
    this.#bytesPerNs = rateBitsPerSecond / 8e9;
  }

  /** A frame of a group begins to be sent. */
  count(group: number, wireBytes: number): void {
    this.#bytes[group]! += wireBytes;
  }

  /** A group has nothing that it may send. */
  rest(group: number): void {
    this.#rested[group] = true;
  }

  /** Whether a stretch is over. */
  isOver(now: Instant): boolean {
    return now - this.#fromNs >= WINDOW_NS;
  }

  /**
   * Begins the next stretch, and says what the groups got in the one before that had something to send all along,
   * where there were several groups. `isBacklogged`: whether a group has something to send now.
   */
  turn(
    now: Instant,
    bandwidth: readonly GroupBandwidth[],
    isBacklogged: (group: number) => boolean,
  ): Served[] {
    const fromNs = this.#fromNs;
    const strictBytes = this.#bytes.reduce(
      (sum, bytes, group) => sum + (bandwidth[group] === 'strict' ? bytes : 0),
      0,
    );
    const capacityBytes = Math.floor((now - fromNs) * this.#bytesPerNs);
    const waiting = this.#rested.flatMap((rested, group) => (rested ? [] : [group]));
    const wanting =
      waiting.length + this.#bytes.filter((bytes, i) => bytes > 0 && this.#rested[i]).length;
    const served =
      wanting < 2
        ? []
        : waiting.map((group) => ({
            group,
            fromNs,
            bytes: this.#bytes[group]!,
            capacityBytes:
              bandwidth[group] === 'strict' ? capacityBytes : capacityBytes - strictBytes,
            bandwidth: bandwidth[group]!,
          }));
    this.#fromNs = now;
    this.#bytes.fill(0);
    for (let group = 0; group < PRIORITIES; group++) this.#rested[group] = !isBacklogged(group);
    return served;
  }
}
