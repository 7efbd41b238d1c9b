/**
 * Which group of priorities sends next: strict ones first, then the others by deficit round robin, so that each gets
 * its percentage while it has something to send. Source: IEEE 802.1Qaz, enhanced transmission selection; M. Shreedhar
 * and G. Varghese, deficit round robin.
 */
import type { GroupBandwidth } from '../history/qos.ts';
import { PRIORITIES } from './qos-options.ts';

/** Bytes that a group may send in a turn, for each percent of its bandwidth. */
export const QUANTUM_BYTES_PER_PERCENT = 100;

/** Looks after the turns of one transmitter. */
export class GroupScheduler {
  #bandwidth: readonly GroupBandwidth[];
  readonly #deficits: number[] = new Array<number>(PRIORITIES).fill(0);
  /** The group whose turn it is. */
  #turn = 0;

  constructor(bandwidth: readonly GroupBandwidth[]) {
    this.#bandwidth = bandwidth;
  }

  /** Other bandwidths from now on. */
  set bandwidth(bandwidth: readonly GroupBandwidth[]) {
    this.#bandwidth = bandwidth;
    this.#deficits.fill(0);
  }

  /**
   * The group that sends; `undefined` where none can. `heads`: of each group the bytes of the frame that it would
   * send, 0 where it has none or must not.
   */
  choose(heads: readonly number[]): number | undefined {
    for (let group = PRIORITIES - 1; group >= 0; group--) {
      if (this.#bandwidth[group] === 'strict' && heads[group]! > 0) return group;
    }
    for (let group = 0; group < PRIORITIES; group++) {
      if (heads[group] === 0) this.#deficits[group] = 0;
    }
    if (this.#shared(heads) === 0) {
      // Nobody is left but those without a percentage.
      const left = heads.findIndex((bytes) => bytes > 0);
      return left < 0 ? undefined : left;
    }
    for (;;) {
      const bytes = heads[this.#turn]!;
      if (bytes > 0 && this.#deficits[this.#turn]! >= bytes) {
        this.#deficits[this.#turn]! -= bytes;
        return this.#turn;
      }
      this.#turn = (this.#turn + 1) % PRIORITIES;
      const share = this.#bandwidth[this.#turn]!;
      if (share !== 'strict' && heads[this.#turn]! > 0)
        this.#deficits[this.#turn]! += share * QUANTUM_BYTES_PER_PERCENT;
    }
  }

  /** Percent of those that have something to send. */
  #shared(heads: readonly number[]): number {
    return this.#bandwidth.reduce<number>(
      (sum, share, group) => sum + (share !== 'strict' && heads[group]! > 0 ? share : 0),
      0,
    );
  }
}
