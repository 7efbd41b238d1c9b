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

  constructor(context: RuleContext) {
    this.#boundNs = context.bounds.lan?.agreeNs ?? 0;
    this.#halves = new Halves(context, (apart) => this.#apart(apart));
  }

  observe(entry: HistoryEntry): void {
    this.#halves.observe(entry);
  }

  #apart({ forNs, text, vm }: HalvesApart): void {
    if (forNs === undefined) this.#findings.add(`${vm}: ${text}, to the end`, [], vm);
    else if (forNs > this.#boundNs)
      this.#findings.add(
        `${vm}: ${text}, for ${inMs(forNs)}; bound ${inMs(this.#boundNs)}`,
        [],
        vm,
      );
  }

  conclude() {
    this.#halves.conclude();
    const { count, longestNs } = this.#halves;
    const checked = `apart for ${inMs(longestNs)} at most, bound ${inMs(this.#boundNs)}`;
    return this.#findings.concludeOf(count, checked, 'no datagram left the LAN towards a guest');
  }
}
