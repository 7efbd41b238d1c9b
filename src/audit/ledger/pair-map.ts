/** Values by initiator port and target port, whatever their logins. */
import type { InitiatorPort, PairName, TargetPort } from '../../history/index.ts';

/** A map whose keys are pairs of ports. */
export class PairMap<V> {
  readonly #byInitiator = new Map<InitiatorPort, Map<TargetPort, V>>();

  get({ initiator, target }: PairName): V | undefined {
    return this.#byInitiator.get(initiator)?.get(target);
  }

  set({ initiator, target }: PairName, value: V): void {
    let ofInitiator = this.#byInitiator.get(initiator);
    if (ofInitiator === undefined) {
      ofInitiator = new Map();
      this.#byInitiator.set(initiator, ofInitiator);
    }
    ofInitiator.set(target, value);
  }

  /** The value of a pair, made when it is first asked for. */
  obtain(pair: PairName, make: () => V): V {
    let value = this.get(pair);
    if (value === undefined) {
      value = make();
      this.set(pair, value);
    }
    return value;
  }

  /** Forgets all pairs but those of which this is true. */
  keep(isKept: (pair: PairName) => boolean): void {
    for (const [initiator, ofInitiator] of this.#byInitiator) {
      for (const target of ofInitiator.keys())
        if (!isKept({ initiator, target })) ofInitiator.delete(target);
    }
  }
}
