/**
 * Keep-alives of an ENode and of its VN_Ports, while a virtual link stands.
 *
 * Ownership: a FIP controller owns them. Source: FC-BB-5, FIP keep-alive.
 */
import { FipControl, FipFlags, FipOperation } from '../../codecs/fip/index.ts';
import type { Mac } from '../../codecs/layout/index.ts';
import { MILLISECOND, SECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { FcfEntry } from './fcf-list.ts';
import type { FipInput, VnPortName } from './fip-input.ts';

/** Keep-alives of VN_Ports. Source: FC-BB-5, FIP_VN_KA_PERIOD. */
const VN_KEEP_ALIVE_NS = 90 * SECOND;

/** What keep-alives need of their controller. */
export interface KeepAliveOwner {
  /** MAC address of the ENode. */
  readonly mac: Mac;
  readonly selected: FcfEntry | undefined;
  after(delayNs: number, run: () => void): Timer;
  vnPorts(): Iterable<VnPortName>;
  /** Sends a FIP message in the VLAN of the virtual link. */
  send(destination: Mac, source: Mac, message: FipInput): void;
}

/** The two timers of one virtual link; an FCF that sets the D bit gets no keep-alives. */
export class KeepAlives {
  readonly #owner: KeepAliveOwner;
  #enode: Timer | undefined;
  #vnPorts: Timer | undefined;

  constructor(owner: KeepAliveOwner) {
    this.#owner = owner;
  }

  /** An FCF was chosen. */
  start(): void {
    this.#setEnode();
    this.#vnPorts = this.#owner.after(VN_KEEP_ALIVE_NS, () => this.#sendVnPorts());
  }

  stop(): void {
    this.#enode?.cancel();
    this.#vnPorts?.cancel();
  }

  #setEnode(): void {
    const { mac, selected } = this.#owner;
    if (selected === undefined) return;
    this.#enode = this.#owner.after(selected.fkaPeriodMs * MILLISECOND, () => {
      if (this.#owner.selected?.noKeepAlive === false) this.#send(mac, [{ kind: 'mac', mac }]);
      this.#setEnode();
    });
  }

  #sendVnPorts(): void {
    const { mac: enodeMac, selected } = this.#owner;
    if (selected?.noKeepAlive === false) {
      for (const { mac, nPortId, portName } of this.#owner.vnPorts()) {
        this.#send(mac, [
          { kind: 'mac', mac: enodeMac },
          { kind: 'vxPort', mac, nPortId, portName },
        ]);
      }
    }
    this.#vnPorts = this.#owner.after(VN_KEEP_ALIVE_NS, () => this.#sendVnPorts());
  }

  #send(source: Mac, descriptors: FipInput['descriptors']): void {
    this.#owner.send(this.#owner.selected!.mac, source, {
      operation: FipOperation['FIP Control'],
      subcode: FipControl['Keep Alive'],
      flags: FipFlags.FP,
      descriptors,
    });
  }
}
