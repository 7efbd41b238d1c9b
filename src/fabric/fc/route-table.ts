/**
 * Where frames for another domain go: the port that leads there, and what the switch behind it is
 * called on the link. A switch knows its own domain by its logins; the others are entered here.
 * Source: FC-SW-6, domains and routing; FC-FS-3, N_Port_ID: the upper byte is the domain.
 */
import type { FcId } from '../../codecs/layout/index.ts';

/** Domain_IDs 1 to 239 are switches'. */
const DOMAINS = 256;
const DOMAIN_MAX = 239;

/** A way to a domain. */
export interface Route {
  readonly domainId: number;
  /** Port of ours that leads there. */
  readonly port: number;
  /** What the link calls the switch behind the port: an FCF's MAC address. */
  readonly neighbour: string;
}

/** Ways to the domains of other switches; fixed when it is made. */
export class RouteTable {
  readonly #routes: (Route | undefined)[] = new Array<Route | undefined>(DOMAINS).fill(undefined);
  #size = 0;

  /** Errors: `RangeError` for a domain that is ours, none, or entered twice. */
  constructor(ownDomainId: number, routes: readonly Route[] = []) {
    for (const route of routes) {
      const { domainId } = route;
      const isDomain = Number.isInteger(domainId) && domainId >= 1 && domainId <= DOMAIN_MAX;
      if (!isDomain || domainId === ownDomainId || this.#routes[domainId] !== undefined)
        throw new RangeError(`routes: ${domainId} is no domain of another switch, or there twice`);
      this.#routes[domainId] = route;
      this.#size++;
    }
  }

  /** Domains of other switches that can be reached. */
  get size(): number {
    return this.#size;
  }

  /** The way to the domain of an address; `undefined` where there is none, as for our own. */
  to(nPortId: FcId): Route | undefined {
    return this.#routes[nPortId >>> 16];
  }
}
