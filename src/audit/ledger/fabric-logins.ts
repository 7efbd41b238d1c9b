/** Who is logged in to which fabric, under which address and behind which link, and who was last. */
import type {
  FabricLogin,
  FabricLogout,
  HistoryEntry,
  LogoutReason,
  PlaceIndex,
} from '../../history/index.ts';
import type { TimeNs } from '../verdict.ts';
import { fabricForgotten } from './disturbances.ts';

/** A login at a fabric. */
export interface LiveLogin {
  readonly fabric: string;
  readonly nPortId: number;
  readonly wwpn: bigint;
  /** The cable of its ENode, where that is known, or else that of the switch's port. */
  readonly link: string;
  /** The switch. */
  readonly node: string;
  /** MAC address of the ENode. */
  readonly enodeMac: string;
}

/** A login that has ended. */
export interface PastLogin extends LiveLogin {
  readonly endedAt: TimeNs;
  readonly reason: LogoutReason;
}

/** Two logins of one WWPN from two ENodes are two holders of an address. */
export function sameHolder(a: LiveLogin, b: LiveLogin): boolean {
  return a.wwpn === b.wwpn && a.link === b.link && a.enodeMac === b.enodeMac;
}

interface Address {
  live: LiveLogin | undefined;
  past: PastLogin | undefined;
}

/** The logins of all fabrics. It is told before the rules that ask it. */
export class FabricLogins {
  readonly #places: PlaceIndex;
  readonly #fabrics = new Map<string, Map<number, Address>>();
  readonly #byWwpn = new Map<string, Map<bigint, Set<number>>>();

  constructor(places: PlaceIndex) {
    this.#places = places;
  }

  observe(entry: HistoryEntry): void {
    const { at, node, event } = entry;
    switch (event.type) {
      case 'login': {
        const { fabric } = this.placeOf(node, event.port);
        const { nPortId, wwpn, enodeMac } = event;
        const link = this.linkOf(node, event);
        this.#enter({ fabric, nPortId, wwpn, link, node, enodeMac });
        return;
      }
      case 'logout':
        this.#end(this.placeOf(node, event.port).fabric, event, at);
        return;
      case 'handed-over': {
        const { fabric, link } = this.placeOf(node, event.toPort);
        const live = this.live(fabric, event.nPortId);
        if (live !== undefined) this.#enter({ ...live, link });
        return;
      }
      case 'node-crashed':
      case 'node-started': {
        const fabric = fabricForgotten(entry, this.#places);
        if (fabric === undefined) return;
        // With the switch the frames are gone that it had: what it gave away needs no rest.
        const addresses = this.#fabrics.get(fabric) ?? new Map<number, Address>();
        for (const [nPortId, { live, past }] of addresses) {
          if ((live ?? past)?.node !== node) continue;
          if (live !== undefined) this.#forgetName(live);
          addresses.delete(nPortId);
        }
      }
    }
  }

  /** The cable over which an ENode logs in: its own, which behind a bridge is not that of the switch's port. */
  linkOf(node: string, { enodeMac, port }: Pick<FabricLogin, 'enodeMac' | 'port'>): string {
    return this.#places.enodeAt(enodeMac)?.link ?? this.placeOf(node, port).link;
  }

  /** The cable of a login that has just ended. */
  linkOfPast(node: string, { nPortId, port }: Pick<FabricLogout, 'nPortId' | 'port'>): string {
    const { fabric, link } = this.placeOf(node, port);
    return this.past(fabric, nPortId)?.link ?? link;
  }

  /** Link and fabric of a switch port. */
  placeOf(node: string, port: number): { readonly link: string; readonly fabric: string } {
    return this.#places.linkAt(node, port) ?? { link: '', fabric: this.#places.fabricOf(node) };
  }

  /** Who has an address now. */
  live(fabric: string, nPortId: number): LiveLogin | undefined {
    return this.#fabrics.get(fabric)?.get(nPortId)?.live;
  }

  /** Who had it last and has given it back; whoever has it now may be another. */
  past(fabric: string, nPortId: number): PastLogin | undefined {
    return this.#fabrics.get(fabric)?.get(nPortId)?.past;
  }

  /** Addresses under which a WWPN is logged in to a fabric. */
  addressesOf(fabric: string, wwpn: bigint): ReadonlySet<number> {
    return this.#byWwpn.get(fabric)?.get(wwpn) ?? NONE;
  }

  /** All logins there are now. */
  *all(): IterableIterator<LiveLogin> {
    for (const addresses of this.#fabrics.values()) {
      for (const { live } of addresses.values()) if (live !== undefined) yield live;
    }
  }

  #enter(login: LiveLogin): void {
    const { fabric, nPortId, wwpn } = login;
    const address = this.#addressOf(fabric, nPortId);
    if (address.live !== undefined) this.#forgetName(address.live);
    address.live = login;
    let names = this.#byWwpn.get(fabric);
    if (names === undefined) {
      names = new Map();
      this.#byWwpn.set(fabric, names);
    }
    const ids = names.get(wwpn);
    if (ids === undefined) names.set(wwpn, new Set([nPortId]));
    else ids.add(nPortId);
  }

  #end(fabric: string, { nPortId, reason }: FabricLogout, endedAt: TimeNs): void {
    const address = this.#addressOf(fabric, nPortId);
    const { live } = address;
    if (live === undefined) return;
    this.#forgetName(live);
    address.live = undefined;
    address.past = { ...live, endedAt, reason };
  }

  #forgetName({ fabric, wwpn, nPortId }: LiveLogin): void {
    this.#byWwpn.get(fabric)?.get(wwpn)?.delete(nPortId);
  }

  #addressOf(fabric: string, nPortId: number): Address {
    let addresses = this.#fabrics.get(fabric);
    if (addresses === undefined) {
      addresses = new Map();
      this.#fabrics.set(fabric, addresses);
    }
    let address = addresses.get(nPortId);
    if (address === undefined) {
      address = { live: undefined, past: undefined };
      addresses.set(nPortId, address);
    }
    return address;
  }
}

const NONE: ReadonlySet<number> = new Set();
