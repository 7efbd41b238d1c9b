/**
 * The physical port of an adapter as a listener of its own lport, and those who use its login
 * instead of one of their own: virtual machines on a host without NPIV.
 */

import type { Wwn } from '../codecs/layout/index.ts';
import { type AdapterOptions, adapterOf } from '../port/adapter.ts';
import type { LportState } from '../port/n-port/fabric-login.ts';
import type { Lport, LportListener } from '../port/n-port/lport.ts';
import type { AdapterOwner, NPortAdapter } from '../port/n-port/n-port-adapter.ts';
import type { Rport } from '../port/n-port/rport.ts';

const RECEIVE_BYTES = 2112;
/** The physical port tries for ever, as Linux does: this many tries never end. */
const PHYSICAL_TRIES_MAX = Number.MAX_SAFE_INTEGER;

/** One port of a host. */
export type HostPortOptions = AdapterOptions & { readonly wwpn: Wwn };

/**
 * An adapter for each port of a machine, with a login of its own name that begins as soon as its link is up.
 * `discovers`: it looks for targets by itself, and again whenever the fabric tells of a change.
 */
export function physicalPorts(
  options: {
    readonly name: string;
    readonly nodeName: Wwn;
    readonly ports: readonly HostPortOptions[];
  },
  owner: AdapterOwner,
  changed: (port: number, state: LportState, reason: string) => void,
  discovers = false,
): NPortAdapter[] {
  return options.ports.map((port, index) => {
    const adapter = adapterOf(port, index, options.nodeName, owner);
    const lport = adapter.createLport(
      {
        portName: port.wwpn,
        nodeName: options.nodeName,
        role: 'initiator',
        receiveBytes: RECEIVE_BYTES,
        physical: true,
        symbolicName: options.name,
        loginTriesMax: PHYSICAL_TRIES_MAX,
        discovers,
      },
      new PhysicalPort((state, reason) => changed(index, state, reason)),
    );
    adapter.startLport(lport);
    return adapter;
  });
}

/** Passes what happens at an adapter’s own port on to everybody who uses its login. */
export class PhysicalPort implements LportListener {
  readonly #changed: (state: LportState, reason: string) => void;
  readonly #tenants = new Set<LportListener>();

  constructor(changed: (state: LportState, reason: string) => void) {
    this.#changed = changed;
  }

  /** From now on the tenant hears what becomes of the port; targets are looked for at once. */
  enter(lport: Lport, tenant: LportListener): void {
    this.#tenants.add(tenant);
    if (lport.state === 'ready') lport.discovery.start();
  }

  leave(tenant: LportListener): void {
    this.#tenants.delete(tenant);
  }

  stateChanged(lport: Lport, state: LportState, reason: string): void {
    this.#changed(state, reason);
    if (this.#tenants.size > 0 && state === 'ready') lport.discovery.start();
    for (const tenant of this.#tenants) tenant.stateChanged?.(lport, state, reason);
  }

  discovered(lport: Lport): void {
    for (const tenant of this.#tenants) tenant.discovered?.(lport);
  }

  rportReady(rport: Rport): void {
    for (const tenant of this.#tenants) tenant.rportReady?.(rport);
  }

  rportGone(rport: Rport, reason: string, cleared: boolean): void {
    for (const tenant of this.#tenants) tenant.rportGone?.(rport, reason, cleared);
  }

  rportFailed(rport: Rport, reason: string): void {
    for (const tenant of this.#tenants) tenant.rportFailed?.(rport, reason);
  }
}

/** Who may use a physical port's login; `undefined` for the ports of virtual machines. */
export function tenantsOf(lport: Lport): PhysicalPort | undefined {
  return lport.listener instanceof PhysicalPort ? lport.listener : undefined;
}
