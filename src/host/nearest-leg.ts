/** Which of the units that have the same blocks a read goes to: the one that answers soonest on this host. */

/** A read now and then goes to another leg than the one that answers soonest: it may be nearer by now. */
const PROBE_EVERY = 64;
/** Share of the newest answer in how soon a leg answers. */
const SMOOTHING = 0.25;

/** How soon each unit answered reads, and the leg chosen by that. */
export class NearestLeg {
  #reads = 0;
  readonly #answeredNs = new Map<string, number>();

  /** The leg that answers soonest; one that is not known yet before all others. */
  pick<L>(legs: readonly L[], luNameOf: (leg: L) => string): L {
    const isProbe = ++this.#reads % PROBE_EVERY === 0;
    if (isProbe) return legs[Math.floor(this.#reads / PROBE_EVERY) % legs.length]!;
    const takes = (leg: L): number => this.#answeredNs.get(luNameOf(leg)) ?? 0;
    return legs.reduce((best, one) => (takes(one) < takes(best) ? one : best));
  }

  /** A unit answered a read after so long. */
  learn(luName: string, tookNs: number): void {
    const before = this.#answeredNs.get(luName) ?? tookNs;
    this.#answeredNs.set(luName, before + SMOOTHING * (tookNs - before));
  }

  /** The guest is on another host: how soon units answer there is not known. */
  forget(): void {
    this.#answeredNs.clear();
  }
}
