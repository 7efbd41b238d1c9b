/** I41: the halves of a move agree on where the guest is. */
import { inMs } from '../../history/duration.ts';
import { type DatagramTapped, fcInitiatorPort, type HistoryEntry } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import type { Rule } from '../rule.ts';
import type { TimeNs } from '../verdict.ts';

/** The last datagram to a guest that left the LAN: at which hosts. */
interface Last {
  number: number;
  at: TimeNs;
  readonly hosts: Set<string>;
}

/** How a guest's halves stand. */
interface Halves {
  /** The host that the guest is on. */
  host: string | undefined;
  last: Last | undefined;
  /** Since when they disagree, and where each is. */
  apart: { readonly since: TimeNs; readonly text: string } | undefined;
  longestNs: number;
  count: number;
}

/** I41: LAN, storage network and guest are at one host. */
export class HalvesAgree implements Rule {
  readonly invariant = 'I41';
  readonly sentence =
    'Where the LAN forwards, where the storage network is logged in and where the guest runs differ no longer than declared';
  readonly needs: readonly Evidence[] = ['datagram-tapped', 'guest', 'login'];
  readonly hears: readonly Evidence[] = ['datagram-tapped', 'guest'];
  readonly #context: RuleContext;
  readonly #boundNs: number;
  readonly #findings = new Findings();
  readonly #guests = new Map<string, Halves>();

  constructor(context: RuleContext) {
    this.#context = context;
    this.#boundNs = context.bounds.lan?.agreeNs ?? 0;
  }

  observe({ at, event, node }: HistoryEntry): void {
    if (event.type === 'guest') {
      if (event.state === 'running') this.#guest(event.vm).host = node;
      return;
    }
    const { direction, link, number, vm, way } = event as DatagramTapped;
    if (way !== 'to-guest' || direction === 'in') return;
    const host = this.#hostAt(link);
    if (host === undefined) return;
    const guest = this.#guest(vm);
    if (guest.last === undefined || guest.last.number !== number) {
      this.#judge(vm, guest);
      guest.last = { number, at, hosts: new Set() };
    }
    guest.last.hosts.add(host);
  }

  #guest(vm: string): Halves {
    let guest = this.#guests.get(vm);
    if (guest === undefined) {
      guest = { host: undefined, last: undefined, apart: undefined, longestNs: 0, count: 0 };
      this.#guests.set(vm, guest);
    }
    return guest;
  }

  /** The host whose port on the LAN a link leads to. */
  #hostAt(link: string): string | undefined {
    const { places } = this.#context;
    for (const { node } of places.endsOf(link)) {
      const host = places.hostOf(node);
      if (host !== undefined) return host;
    }
    return undefined;
  }

  /** The hosts at which a guest's names are logged in. */
  #storageOf(vm: string): Set<string> {
    const { logins, names, places } = this.#context;
    const own = names.of(vm);
    const hosts = [...logins.all()]
      .filter(({ wwpn }) => own.has(fcInitiatorPort(wwpn)))
      .flatMap(({ link }) => places.endsOf(link))
      .filter(({ node }) => places.kindOf(node) === 'host');
    return new Set(hosts.map(({ node }) => node));
  }

  /** The last datagram went to these hosts: is the guest there, and its storage? */
  #judge(vm: string, guest: Halves): void {
    const { host, last } = guest;
    if (last === undefined || host === undefined) return;
    guest.count++;
    const storage = this.#storageOf(vm);
    const agrees = last.hosts.has(host) && (storage.size === 0 || storage.has(host));
    if (agrees) {
      this.#end(vm, guest, last.at);
      return;
    }
    const list = (hosts: ReadonlySet<string>): string => [...hosts].join(' and ');
    const where = storage.size === 0 ? 'logged out' : `at ${list(storage)}`;
    const text = `the LAN sends its frames to ${list(last.hosts)}, its storage is ${where}, and it is on ${host}`;
    guest.apart ??= { since: last.at, text };
  }

  #end(vm: string, guest: Halves, at: TimeNs): void {
    const { apart } = guest;
    if (apart === undefined) return;
    const forNs = at - apart.since;
    guest.longestNs = Math.max(guest.longestNs, forNs);
    guest.apart = undefined;
    if (forNs > this.#boundNs)
      this.#findings.add(
        `${vm}: ${apart.text}, for ${inMs(forNs)}; bound ${inMs(this.#boundNs)}`,
        [],
        vm,
      );
  }

  conclude() {
    let longestNs = 0;
    let count = 0;
    for (const [vm, guest] of this.#guests) {
      this.#judge(vm, guest);
      if (guest.apart !== undefined)
        this.#findings.add(`${vm}: ${guest.apart.text}, to the end`, [], vm);
      longestNs = Math.max(longestNs, guest.longestNs);
      count += guest.count;
    }
    const checked = `apart for ${inMs(longestNs)} at most, bound ${inMs(this.#boundNs)}`;
    return this.#findings.concludeOf(count, checked, 'no datagram left the LAN towards a guest');
  }
}
