/**
 * The target ports that an attachment has found: the nexus with each, and what a scan has shown.
 *
 * Ownership: an attachment owns its target ports. A scan that fails is tried again while its login lasts; a
 * port that is gone is kept for `devLossNs`, for it may come back.
 */
import type { TargetPort } from '../history/port-name.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import { type ScannedLun, scanLuns } from '../scsi/initiator/lun-scan.ts';
import type { ScannedNexus } from '../scsi/initiator/multipath.ts';
import { CHECK_PERIOD_NS } from '../scsi/initiator/path-checker.ts';
import type { InitiatorNexus } from '../scsi/transport.ts';

/** What target ports need around them. */
export interface TargetPortsOwner {
  /** A port that is gone is forgotten after this long. */
  readonly devLossNs: Instant;
  after(delayNs: number, run: () => void): Timer;
  /** Ports or their logical units are others than before. */
  changed(): void;
  /** A scan has shown these logical units. */
  scanned(luns: readonly ScannedLun[]): void;
}

/** A target port that was found, and what its nexus shows; `undefined` until it is scanned. */
interface Target {
  readonly nexus: InitiatorNexus;
  luns: readonly ScannedLun[] | undefined;
  /** A scan is under way; `again`: another is to follow. */
  scanning: boolean;
  again: boolean;
  retry: Timer | undefined;
}

interface Lost {
  readonly target: Target;
  readonly forgetting: Timer;
}

/** The target ports of one attachment, each by the login with it. */
export class TargetPorts<Login> {
  readonly #ownPort: number;
  readonly #owner: TargetPortsOwner;
  readonly #targets = new Map<Login, Target>();
  readonly #lost = new Map<TargetPort, Lost>();

  constructor(ownPort: number, owner: TargetPortsOwner) {
    this.#ownPort = ownPort;
    this.#owner = owner;
  }

  /** The ports there is a login with. */
  get logins(): Login[] {
    return [...this.#targets.keys()];
  }

  /** False while a port's first scan is under way. */
  isScanned(login: Login): boolean {
    const target = this.#targets.get(login);
    return target === undefined || target.luns !== undefined;
  }

  /** A login is complete. */
  found(login: Login, nexus: InitiatorNexus): void {
    const target = { nexus, luns: undefined, scanning: false, again: false, retry: undefined };
    this.#targets.set(login, target);
    this.#scan(target);
  }

  /** A login is over. */
  gone(login: Login): void {
    const target = this.#targets.get(login);
    if (target === undefined) return;
    this.#targets.delete(login);
    target.retry?.cancel();
    const { targetPort } = target.nexus;
    if (target.luns === undefined || target.luns.length === 0) return;
    this.#forget(targetPort);
    const forgetting = this.#owner.after(this.#owner.devLossNs, () => {
      this.#lost.delete(targetPort);
      this.#owner.changed();
    });
    this.#lost.set(targetPort, { target, forgetting });
  }

  /** What is known of the port behind a nexus is outdated: nothing is sent there until it is scanned again. */
  rescan(nexus: InitiatorNexus): void {
    for (const target of this.#targets.values()) {
      if (target.nexus !== nexus) continue;
      if (target.scanning) target.again = true;
      else this.#scan(target);
      this.#owner.changed();
    }
  }

  /** The attachment is gone. */
  end(): void {
    for (const { retry } of this.#targets.values()) retry?.cancel();
    for (const targetPort of [...this.#lost.keys()]) this.#forget(targetPort);
    this.#targets.clear();
  }

  /** What was found through each port, in the order they were found; lost ones last. */
  *nexuses(): Iterable<ScannedNexus> {
    const ownPort = this.#ownPort;
    for (const { nexus, luns, scanning } of this.#targets.values()) {
      if (luns === undefined) continue;
      yield { nexus, ownPort, luns, ...(scanning ? { standing: 'in-doubt' } : {}) };
    }
    for (const { target } of this.#lost.values()) {
      yield { nexus: target.nexus, ownPort, luns: target.luns!, standing: 'lost' };
    }
  }

  #forget(targetPort: TargetPort): void {
    this.#lost.get(targetPort)?.forgetting.cancel();
    this.#lost.delete(targetPort);
  }

  #scan(target: Target): void {
    const { nexus } = target;
    target.retry?.cancel();
    target.scanning = true;
    target.again = false;
    scanLuns(nexus, (result) => {
      target.scanning = false;
      if (!this.#isKnown(target)) return;
      if (target.again) {
        this.#scan(target);
        return;
      }
      target.luns = result.ok ? result.luns : [];
      if (result.ok) {
        this.#forget(nexus.targetPort);
        this.#owner.scanned(result.luns);
      } else target.retry = this.#owner.after(CHECK_PERIOD_NS, () => this.#scan(target));
      this.#owner.changed();
    });
  }

  #isKnown(target: Target): boolean {
    for (const one of this.#targets.values()) if (one === target) return true;
    return false;
  }
}
