/** I38 and I39: what becomes of the datagrams between a guest and who talks with it. */
import { inMs } from '../../history/duration.ts';
import type { DatagramPassed, HistoryEntry } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { DatagramTalks } from '../ledger/datagram-talks.ts';
import type { Rule } from '../rule.ts';

/** I38: how long no datagram comes to a guest, and how many are lost. */
export class LanBlackout implements Rule {
  readonly invariant = 'I38';
  readonly sentence =
    'The pause in which no datagram comes to a guest is bounded, and each is received, counted as lost, or was never sent';
  readonly needs: readonly Evidence[] = ['datagram'];
  readonly hears: readonly Evidence[] = ['datagram'];
  readonly #boundNs: number;
  readonly #findings = new Findings();
  readonly #talks = new DatagramTalks();

  constructor({ bounds }: RuleContext) {
    this.#boundNs = bounds.lan?.blackoutNs ?? 0;
  }

  observe({ at, event }: HistoryEntry): void {
    const datagram = event as DatagramPassed;
    if (this.#talks.observe(at, datagram)) return;
    const { number, vm, way } = datagram;
    this.#findings.add(`datagram ${number} ${way} came, and was never sent`, [], vm);
  }

  conclude() {
    const told = this.#talks.conclude().map(({ longestNs, lost, sent, vm, way }) => {
      const whom = way === 'to-guest' ? `to ${vm}` : `from ${vm}`;
      const text = `${lost} of ${sent} datagrams ${whom} lost, longest pause ${inMs(longestNs)}`;
      if (longestNs > this.#boundNs)
        this.#findings.add(`${text}, bound ${inMs(this.#boundNs)}`, [], vm);
      return text;
    });
    return this.#findings.conclude(`${told.join('; ')}; bound ${inMs(this.#boundNs)}`);
  }
}

/** Numbers that are remembered of each talk. */
const NUMBERS_MAX = 65_536;

/** I39: nothing is delivered twice. */
export class DeliveredOnce implements Rule {
  readonly invariant = 'I39';
  readonly sentence = 'No datagram is delivered twice, or at two hosts';
  readonly needs: readonly Evidence[] = ['datagram'];
  readonly hears: readonly Evidence[] = ['datagram'];
  readonly #findings = new Findings();
  /** By talk: where each number was delivered. */
  readonly #delivered = new Map<string, Map<number, string>>();
  #count = 0;

  observe({ event, node }: HistoryEntry): void {
    const { number, step, vm, way } = event as DatagramPassed;
    if (step !== 'received') return;
    const key = `${way} ${vm}`;
    const delivered = this.#delivered.get(key) ?? new Map<number, string>();
    this.#delivered.set(key, delivered);
    this.#count++;
    const before = delivered.get(number);
    if (before !== undefined) {
      const where = before === node ? `twice at ${node}` : `at ${before} and at ${node}`;
      this.#findings.add(
        `datagram ${number} ${way === 'to-guest' ? 'to' : 'from'} ${vm} came ${where}`,
        [],
        vm,
      );
    }
    delivered.set(number, node);
    if (delivered.size > NUMBERS_MAX) delivered.delete(delivered.keys().next().value!);
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#count,
      `${this.#count} datagrams came, each once`,
      'no datagram came',
    );
  }
}
