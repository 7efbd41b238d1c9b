/** I41: the halves of a move agree on where the guest is. */
import { inMs } from '../../history/duration.ts';
import type { HistoryEntry } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { Halves, type HalvesApart } from '../ledger/halves.ts';
import type { Rule } from '../rule.ts';

/** I41: LAN, storage network and guest are at one host. */
export class HalvesAgree implements Rule {
  readonly invariant = 'I41';
  readonly sentence =
    'Where the LAN forwards, where the storage network is logged in and where the guest runs differ no longer than declared';
  readonly needs: readonly Evidence[] = ['datagram-tapped', 'guest', 'login'];
  readonly hears: readonly Evidence[] = ['datagram-tapped', 'guest'];
  readonly #boundNs: number;
  readonly #findings = new Findings();
  readonly #halves: Halves;
  /** For how long some were apart when the run ended, where that is no longer than declared. */
  #openNs: number | undefined;

  constructor(context: RuleContext) {
    this.#boundNs = context.bounds.lan?.agreeNs ?? 0;
    this.#halves = new Halves(context, (apart) => this.#apart(apart));
  }

  observe(entry: HistoryEntry): void {
    this.#halves.observe(entry);
  }

  #apart({ forNs, seenForNs, text, vm }: HalvesApart): void {
    if (seenForNs <= this.#boundNs) {
      if (forNs === undefined) this.#openNs = Math.max(this.#openNs ?? 0, seenForNs);
      return;
    }
    const long =
      forNs === undefined ? `to the end, for ${inMs(seenForNs)} by then` : `for ${inMs(forNs)}`;
    this.#findings.add(`${vm}: ${text}, ${long}; bound ${inMs(this.#boundNs)}`, [], vm);
  }

  conclude() {
    this.#halves.conclude();
    const { count, longestNs } = this.#halves;
    const open =
      this.#openNs === undefined
        ? ''
        : `; the run ended while they were, for ${inMs(this.#openNs)} by then`;
    const checked = `apart for ${inMs(longestNs)} at most, bound ${inMs(this.#boundNs)}${open}`;
    return this.#findings.concludeOf(count, checked, 'no datagram left the LAN towards a guest');
  }
}
