/**
 * Names that the switch puts in the place of those that ports log in with, as Cisco FlexAttach and
 * Brocade FA-PWWN do: targets and zones know the virtual WWPN, and a server that is replaced or
 * moved keeps it. Where the name stands in extended link services, it is exchanged on the way.
 */

import type { Wwn } from '../../codecs/layout/index.ts';

/** Virtual WWPNs by the names that ports log in with; one virtual name has one port. */
export class VirtualNames {
  readonly #virtualOf = new Map<Wwn, Wwn>();

  constructor(assigned: readonly { readonly wwpn: Wwn; readonly to: Wwn }[]) {
    for (const { wwpn, to } of assigned) this.assign(wwpn, to);
  }

  /** From now on the port that logs in as `to` is `wwpn`. */
  assign(wwpn: Wwn, to: Wwn): void {
    for (const [real, virtual] of this.#virtualOf)
      if (virtual === wwpn) this.#virtualOf.delete(real);
    this.#virtualOf.set(to, wwpn);
  }

  /** What a port that logs in with this name is called. */
  nameOf(real: Wwn): Wwn {
    return this.#virtualOf.get(real) ?? real;
  }
}
