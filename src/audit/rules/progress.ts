/** I30: everything goes on: no I/O and no login goes round in circles. */
import { formatWwn } from '../../codecs/layout/index.ts';
import {
  type FabricLogout,
  type HistoryEntry,
  inSeconds,
  type LoginRejected,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, onFabric } from '../findings.ts';
import { nameOfIo } from '../ledger/io-ledger.ts';
import type { Rule } from '../rule.ts';
import type { TimeNs } from '../verdict.ts';

/** Refusals in a row, takings over, and attempts of one I/O, after which something goes round in circles. */
const REFUSALS_MAX = 12;
const ATTEMPTS_MAX = 50;

/** I30: no I/O stands still for good, and nobody asks for the same thing for ever. */
export class Progress implements Rule {
  readonly invariant = 'I30';
  readonly sentence = 'No I/O and no login is tried again and again without getting on';
  readonly needs: readonly Evidence[] = ['io-submit', 'io-sent', 'io-complete'];
  readonly hears: readonly Evidence[] = [
    'io-sent',
    'io-attempt-end',
    'io-requeue',
    'io-complete',
    'login',
    'logout',
    'login-rejected',
    'disturbance',
  ];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #refusals = new Map<string, number>();
  /** How often one login took another's place, by fabric and WWPN, and where they were. */
  readonly #takenOver = new Map<string, { count: number; readonly links: Set<string> }>();
  readonly #told = new Set<string>();
  #now: TimeNs = 0;
  #ended = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ at, node, event }: HistoryEntry): void {
    this.#now = at;
    switch (event.type) {
      case 'io-sent':
        // A host that waits for space tries its guest's write again until there is some.
        if (event.attempt > ATTEMPTS_MAX && !this.#context.stops.isStopped(event.vm))
          this.#tell(nameOfIo(event), event.attempt);
        return;
      case 'io-attempt-end':
      case 'io-requeue':
        return;
      case 'io-complete':
        this.#ended++;
        return;
      case 'login':
        this.#refusals.delete(this.#nameOf(node, event));
        return;
      case 'logout':
        if (event.reason === 'replaced') this.#takeOver(node, event);
        return;
      case 'login-rejected':
        this.#refuse(node, event);
        return;
      default:
        this.#refusals.clear();
        this.#takenOver.clear();
    }
  }

  #nameOf(node: string, { port, wwpn }: Pick<LoginRejected, 'port' | 'wwpn'>): string {
    return `${this.#context.logins.placeOf(node, port).fabric} ${wwpn}`;
  }

  #refuse(node: string, event: LoginRejected): void {
    const name = this.#nameOf(node, event);
    const count = (this.#refusals.get(name) ?? 0) + 1;
    this.#refusals.set(name, count);
    if (count > REFUSALS_MAX) this.#tell(`the login of ${formatWwn(event.wwpn)}`, count);
  }

  #takeOver(node: string, event: FabricLogout): void {
    const { port, wwpn } = event;
    const { logins } = this.#context;
    const { fabric } = logins.placeOf(node, port);
    const link = logins.linkOfPast(node, event);
    const key = `${fabric} ${wwpn}`;
    const known = this.#takenOver.get(key);
    if (known === undefined) this.#takenOver.set(key, { count: 1, links: new Set([link]) });
    else {
      known.count++;
      known.links.add(link);
    }
  }

  #tell(what: string, count: number): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#findings.add(`${what} was tried ${count} times`);
  }

  conclude() {
    const findings = this.#findings.copy();
    const { bounds, disturbances, ios } = this.#context;
    for (const { io, touchedAt } of ios.open) {
      if (touchedAt === undefined) continue;
      const stillNs = this.#now - touchedAt;
      if (stillNs <= bounds.guestTimeoutNs || disturbances.since(touchedAt)) continue;
      if (disturbances.lostAt(io.vm) !== undefined) continue;
      findings.add(`nothing happened to ${nameOfIo(io)} for ${inSeconds(stillNs)}`);
    }
    for (const [key, { count, links }] of this.#takenOver) {
      if (count <= REFUSALS_MAX) continue;
      const [fabric, wwpn] = key.split(' ') as [string, string];
      const between = [...links].join(' and ');
      findings.add(
        `the login of ${formatWwn(BigInt(wwpn))} ${onFabric(fabric)} went to and fro ${count} times between ${between}`,
      );
    }
    return findings.conclude(`${this.#ended} I/Os went on to their end`);
  }
}
