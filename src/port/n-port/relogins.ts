/**
 * NPIV ports whose login the fabric ended unasked: each logs in anew. An ENode hears of it by Clear Virtual
 * Links (FC-BB-5), a port on a native link by a LOGO of the F_Port (FC-LS-3).
 */
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { Lport } from './lport.ts';

/** What logging in anew needs of the adapter. */
export interface ReloginOwner {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  /** Whether an NPIV port of this adapter could log in now. */
  mayLogIn(lport: Lport): boolean;
}

/** Resets NPIV ports that were cleared and lets them log in again, at once or after E_D_TOV. */
export class Relogins {
  readonly #adapter: ReloginOwner;
  /** When the fabric last ended a port's login. */
  readonly #clearedAt = new WeakMap<Lport, Instant>();

  constructor(adapter: ReloginOwner) {
    this.#adapter = adapter;
  }

  /** Logs in anew; not when it was on its way out, and not at once when it was cleared just now. */
  cleared(lport: Lport, reason: string): void {
    const { now } = this.#adapter;
    const leaves = lport.state === 'logo';
    const lastCleared = this.#clearedAt.get(lport);
    lport.enterReset(reason, false);
    if (leaves) return;
    this.#clearedAt.set(lport, now);
    // Two hosts that take a WWPN from each other would do nothing else.
    if (lastCleared === undefined || now - lastCleared > lport.eDTovNs) {
      lport.start();
      return;
    }
    const { epoch } = lport;
    this.#adapter.after(lport.eDTovNs, () => {
      const waits = lport.epoch === epoch && lport.state === 'disabled';
      if (waits && this.#adapter.mayLogIn(lport)) lport.start();
    });
  }
}
