/** I37, I40 and I44: where the switches of a LAN send a guest's frames, and what they answer for it. */

import { inMs } from '../../history/duration.ts';
import type {
  DatagramTapped,
  DatagramWay,
  HistoryEntry,
  NeighbourAnswered,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { LanPlaces } from '../ledger/lan-places.ts';
import type { Rule } from '../rule.ts';
import type { TimeNs } from '../verdict.ts';

/** Where a guest runs, and since when. */
interface Home {
  readonly host: string;
  readonly since: TimeNs;
}

/** I37: every switch forwards a guest's frames to the host that it runs on. */
export class SwitchesFollow implements Rule {
  readonly invariant = 'I37';
  readonly sentence =
    "After a move every switch forwards the guest's MAC address to its new host within the declared bound, and nowhere else";
  readonly needs: readonly Evidence[] = ['nic', 'mac-table', 'move'];
  readonly hears: readonly Evidence[] = ['nic', 'mac-table', 'guest', 'move'];
  readonly #lan: LanPlaces;
  readonly #boundNs: number;
  readonly #findings = new Findings();
  readonly #homes = new Map<string, Home>();
  /** Of switches that forwarded a guest elsewhere, what was found already. */
  readonly #found = new Set<string>();
  #moves = 0;
  #moving = false;
  /** The last move: one that was rolled back may have changed where switches forward. */
  #endedAt: TimeNs = 0;
  #slowestNs = 0;
  #now: TimeNs = 0;

  constructor({ bounds, places }: RuleContext) {
    this.#lan = new LanPlaces(places);
    this.#boundNs = bounds.lan?.convergeNs ?? 0;
  }

  observe({ at, event, node }: HistoryEntry): void {
    this.#look(at);
    this.#now = at;
    if (event.type === 'guest' && event.state === 'running') {
      const home = this.#homes.get(event.vm);
      if (home?.host !== node) this.#homes.set(event.vm, { host: node, since: at });
    } else if (event.type === 'move-step') {
      if (!this.#moving) this.#moves++;
      this.#moving = true;
    } else if (event.type === 'move-end') {
      this.#moving = false;
      this.#endedAt = at;
    }
    if (event.type === 'nic') this.#lan.nic(event);
    else if (event.type === 'mac-table') {
      this.#lan.table(node, event);
      this.#settled(at, event.mac);
    }
  }

  /** How long the last switch took to follow a guest. */
  #settled(at: TimeNs, mac: string): void {
    const vm = this.#lan.vmOf(mac);
    const home = vm === undefined ? undefined : this.#homes.get(vm);
    if (home === undefined || this.#moves === 0 || this.#lan.astray(mac, home.host).length > 0)
      return;
    const tookNs = at - home.since;
    if (tookNs <= this.#boundNs) this.#slowestNs = Math.max(this.#slowestNs, tookNs);
  }

  /** What is wrong at this time, the state being that of before. */
  #look(at: TimeNs): void {
    if (this.#moving || this.#moves === 0) return;
    for (const [vm, { host, since }] of this.#homes) {
      if (at - Math.max(since, this.#endedAt) <= this.#boundNs) continue;
      const mac = this.#lan.macOf(vm);
      for (const astray of mac === undefined ? [] : this.#lan.astray(mac, host)) {
        const key = `${vm} ${since} ${astray.node}`;
        if (this.#found.has(key)) continue;
        this.#found.add(key);
        const text = `${astray.node} forwards ${vm} to ${astray.to}, ${inMs(this.#boundNs)} after it ran on ${host}`;
        this.#findings.add(text, [], vm);
      }
    }
  }

  conclude() {
    this.#look(this.#now);
    const slowest = `the last switch followed after ${inMs(this.#slowestNs)}, bound ${inMs(this.#boundNs)}`;
    return this.#findings.concludeOf(this.#moves, slowest, 'nothing was moved');
  }
}

/** A datagram's way in a sentence. */
const WAY_TEXT: Readonly<Record<DatagramWay, (vm: string) => string>> = {
  'to-guest': (vm) => `to ${vm}`,
  'from-guest': (vm) => `from ${vm}`,
  'to-all': () => 'to everybody',
};

/** Numbers of datagrams that are remembered for each place. */
const NUMBERS_MAX = 4096;

/** I40: nothing goes round in circles. */
export class NoLoop implements Rule {
  readonly invariant = 'I40';
  readonly sentence = 'No frame passes the same port of a bridge in the same direction twice';
  readonly needs: readonly Evidence[] = ['datagram-tapped'];
  readonly hears: readonly Evidence[] = ['datagram-tapped'];
  readonly #findings = new Findings();
  readonly #seen = new Map<string, Set<number>>();
  #count = 0;

  observe({ event }: HistoryEntry): void {
    const { direction, link, number, tunnel = '', vm, way } = event as DatagramTapped;
    const key = `${link} ${direction} ${tunnel} ${vm} ${way}`;
    const seen = this.#seen.get(key) ?? new Set<number>();
    this.#seen.set(key, seen);
    this.#count++;
    if (seen.has(number)) {
      this.#findings.add(`datagram ${number} ${WAY_TEXT[way](vm)} passed ${link} again`, [], vm);
    }
    seen.add(number);
    if (seen.size > NUMBERS_MAX) seen.delete(seen.values().next().value!);
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#count,
      `${this.#count} datagrams passed links, each once`,
      'no datagram passed',
    );
  }
}

/** I44: what is answered for a guest is true. */
export class AnswersAreTrue implements Rule {
  readonly invariant = 'I44';
  readonly sentence = 'What switches answer for a guest who is asked for by ARP is true';
  readonly needs: readonly Evidence[] = ['nic'];
  readonly hears: readonly Evidence[] = ['nic', 'neighbour-answer'];
  readonly #findings = new Findings();
  /** Of guests: MAC addresses by IPv4 addresses. */
  readonly #truth = new Map<string, string>();
  #answers = 0;

  observe({ event, node }: HistoryEntry): void {
    if (event.type === 'nic') {
      if (event.state === 'attached') this.#truth.set(event.address, event.mac);
      return;
    }
    const { address, mac } = event as NeighbourAnswered;
    const truth = this.#truth.get(address);
    if (truth === undefined) return;
    this.#answers++;
    if (truth !== mac)
      this.#findings.add(`${node} said that ${address} is at ${mac}; it is at ${truth}`);
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#answers,
      `${this.#answers} answers were true`,
      'no switch answered for a guest',
    );
  }
}
