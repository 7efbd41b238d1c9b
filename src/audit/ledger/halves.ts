/**
 * Where the halves of a move are: at which host the LAN puts a guest's frames out, at which one its names are logged in,
 * and on which one it runs. Looked at with each datagram to a guest, when all of its copies are out.
 */
import { type DatagramTapped, fcInitiatorPort, type HistoryEntry } from '../../history/index.ts';
import type { PlaceIndex } from '../../history/places.ts';
import type { TimeNs } from '../verdict.ts';
import type { FabricLogins } from './fabric-logins.ts';
import type { GuestNames } from './guest-names.ts';

/** What halves are found with. */
export interface HalvesContext {
  readonly places: PlaceIndex;
  readonly names: GuestNames;
  readonly logins: FabricLogins;
}

/** Where a datagram to a guest came out. */
export interface CameOut {
  readonly at: TimeNs;
  readonly vm: string;
  readonly hosts: ReadonlySet<string>;
}

/** Halves that disagreed. */
export interface HalvesApart {
  readonly vm: string;
  /** Where they were at first. */
  readonly text: string;
  /** `undefined`: to the end. */
  readonly forNs: TimeNs | undefined;
  /** Until they agreed, or until something of a guest was heard last. */
  readonly seenForNs: TimeNs;
}

interface Guest {
  host: string | undefined;
  last: { readonly number: number; readonly at: TimeNs; readonly hosts: Set<string> } | undefined;
  apart: { readonly since: TimeNs; readonly text: string } | undefined;
}

/** The halves of all guests, followed. */
export class Halves {
  readonly #context: HalvesContext;
  readonly #guests = new Map<string, Guest>();
  readonly #cameOut: (where: CameOut) => void;
  readonly #apart: (apart: HalvesApart) => void;
  /** The longest time that a guest's were apart, once it was over. */
  longestNs = 0;
  /** Datagrams that were looked at. */
  count = 0;
  /** When something of a guest was heard last: a LAN that falls silent is apart all the same. */
  #heardAt: TimeNs = 0;

  /** `cameOut` hears where datagrams came out, `apart` of halves that were apart, when they agree again or at the end. */
  constructor(
    context: HalvesContext,
    apart: (apart: HalvesApart) => void,
    cameOut: (where: CameOut) => void = () => {},
  ) {
    this.#context = context;
    this.#apart = apart;
    this.#cameOut = cameOut;
  }

  observe({ at, event, node }: HistoryEntry): void {
    this.#heardAt = at;
    if (event.type === 'guest' && event.state === 'running') this.#guest(event.vm).host = node;
    else if (event.type === 'datagram-tapped') this.#tapped(at, event);
  }

  /** Nothing more is to come. */
  conclude(): void {
    for (const [vm, guest] of this.#guests) {
      this.#judge(vm, guest);
      const { apart } = guest;
      if (apart === undefined) continue;
      const seenForNs = this.#heardAt - apart.since;
      this.#apart({ vm, text: apart.text, forNs: undefined, seenForNs });
    }
  }

  #tapped(at: TimeNs, { direction, link, number, vm, way }: DatagramTapped): void {
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

  #guest(vm: string): Guest {
    let guest = this.#guests.get(vm);
    if (guest === undefined) {
      guest = { host: undefined, last: undefined, apart: undefined };
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

  /** The hosts at which a guest's names are logged in; none where it has no names of Fibre Channel, too. */
  storageOf(vm: string): Set<string> {
    const { logins, names, places } = this.#context;
    const own = names.of(vm);
    const hosts = [...logins.all()]
      .filter(({ wwpn }) => own.has(fcInitiatorPort(wwpn)))
      .flatMap(({ link }) => places.endsOf(link))
      .filter(({ node }) => places.kindOf(node) === 'host');
    return new Set(hosts.map(({ node }) => node));
  }

  /** The last datagram went to these hosts: is the guest there, and its storage? */
  #judge(vm: string, guest: Guest): void {
    const { host, last } = guest;
    if (last === undefined || host === undefined) return;
    this.count++;
    const storage = this.storageOf(vm);
    this.#cameOut({ at: last.at, vm, hosts: last.hosts });
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

  #end(vm: string, guest: Guest, at: TimeNs): void {
    const { apart } = guest;
    if (apart === undefined) return;
    const forNs = at - apart.since;
    this.longestNs = Math.max(this.longestNs, forNs);
    guest.apart = undefined;
    this.#apart({ vm, text: apart.text, forNs, seenForNs: forNs });
  }
}
