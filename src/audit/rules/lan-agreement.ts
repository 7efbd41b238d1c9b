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
  /** They were apart when the run ended, and not yet for longer than declared. */
  #isOpen = false;

  constructor(context: RuleContext) {
    this.#boundNs = context.bounds.lan?.agreeNs ?? 0;
    this.#halves = new Halves(context, (apart) => this.#apart(apart));
  }

  observe(entry: HistoryEntry): void {
    this.#halves.observe(entry);
  }

  #apart({ forNs, seenForNs, text, vm }: HalvesApart): void {
    if (seenForNs <= this.#boundNs) {
      this.#isOpen ||= forNs === undefined;
      return;
    }
    const long =
      forNs === undefined ? `to the end, for ${inMs(seenForNs)} by then` : `for ${inMs(forNs)}`;
    this.#findings.add(`${vm}: ${text}, ${long}; bound ${inMs(this.#boundNs)}`, [], vm);
  }

  conclude() {
    this.#halves.conclude();
    const { count, longestNs } = this.#halves;
    const open = this.#isOpen ? '; the run ended while they were, within it' : '';
    const checked = `apart for ${inMs(longestNs)} at most, bound ${inMs(this.#boundNs)}${open}`;
    return this.#findings.concludeOf(count, checked, 'no datagram left the LAN towards a guest');
  }
}
