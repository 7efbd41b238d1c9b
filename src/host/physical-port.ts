/**
 * The physical port of an adapter as a listener of its own lport, and those who use its login
 * instead of one of their own: virtual machines on a host without NPIV.
 */

import type { LportState } from '../port/n-port/fabric-login.ts';
import type { Lport, LportListener } from '../port/n-port/lport.ts';
import type { Rport } from '../port/n-port/rport.ts';

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
