/** Ports whose virtual link the fabric cleared: each logs in anew. Source: FC-BB-5, FIP Clear Virtual Links. */
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { VnPort } from './vn-port.ts';

/** What logging in anew needs of the ENode. */
export interface ReloginOwner {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  /** Whether an NPIV port of this ENode could log in now. */
  mayLogIn(lport: VnPort): boolean;
}

/** Resets NPIV ports that were cleared and lets them log in again, at once or after E_D_TOV. */
export class Relogins {
  readonly #enode: ReloginOwner;
  /** When the fabric last cleared a port's virtual link. */
  readonly #clearedAt = new WeakMap<VnPort, Instant>();

  constructor(enode: ReloginOwner) {
    this.#enode = enode;
  }

  /** Logs in anew; not when it was on its way out, and not at once when it was cleared just now. */
  cleared(lport: VnPort): void {
    const { now } = this.#enode;
    const leaves = lport.state === 'logo';
    const lastCleared = this.#clearedAt.get(lport);
    lport.enterReset('Clear Virtual Links', false);
    if (leaves) return;
    this.#clearedAt.set(lport, now);
    // Two hosts that take a WWPN from each other would do nothing else.
    if (lastCleared === undefined || now - lastCleared > lport.eDTovNs) {
      lport.start();
      return;
    }
    const { epoch } = lport;
    this.#enode.after(lport.eDTovNs, () => {
      const waits = lport.epoch === epoch && lport.state === 'disabled';
      if (waits && this.#enode.mayLogIn(lport)) lport.start();
    });
  }
}
