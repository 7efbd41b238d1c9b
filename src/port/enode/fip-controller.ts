/**
 * The ENode's side of FIP: VLAN discovery, FCF discovery and selection, keep-alives, and the
 * supervision of the virtual link from both ends.
 *
 * Ownership: an ENode owns one controller. The controller knows FCFs; the lports know logins.
 * Source: FC-BB-5, FIP; timers and checks as Linux libfcoe has them (fcoe_ctlr.c).
 */

import { WellKnownMac } from '../../codecs/fcoe/index.ts';
import type { FipDescriptorInput } from '../../codecs/fip/index.ts';
import {
  checkFip,
  FipControl,
  FipDiscovery,
  FipFlags,
  type FipMessage,
  FipOperation,
  FipVlan,
  FkaAdvPeriodFlags,
  fipDescriptorOf,
  fipDescriptorsOf,
} from '../../codecs/fip/index.ts';
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';
import { type Instant, MILLISECOND, SECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';

/** FCFs one ENode remembers. Source: Linux libfcoe, FCOE_CTLR_FCF_LIMIT. */
const FCFS_MAX = 20;
/** A period below or above these in an advertisement is not believed. */
const FKA_PERIOD_LEAST_MS = 500;
const FKA_PERIOD_MOST_MS = 24 * 3_600_000;
const FKA_PERIOD_DEFAULT_MS = 8000;
/** An FCF that was not heard for this many of its periods is gone. */
const FKA_PERIODS_LOST = 2.5;
/** Keep-alives of VN_Ports. Source: FC-BB-5, FIP_VN_KA_PERIOD. */
const VN_KEEP_ALIVE_NS = 90 * SECOND;
/** Requests without an answer are sent again this often. */
const RETRY_NS = 2 * SECOND;

export interface FipControllerOptions {
  readonly mac: Mac;
  readonly nodeName: Wwn;
  /** Ask for the FCoE VLAN first; otherwise `vlan` is used. */
  readonly vlanDiscovery: boolean;
  /** VLAN id; 0 sends untagged. */
  readonly vlan: number;
  /** Largest FCoE PDU this port takes. */
  readonly maxFcoeSizeBytes: number;
  /** How long to collect advertisements after the first usable one. */
  readonly fcfSelectionDelayNs: number;
}

/** An FCF as its advertisements describe it. */
export interface FcfEntry {
  readonly mac: Mac;
  switchName: Wwn;
  fabricName: Wwn;
  fcMap: number;
  vfId: number;
  priority: number;
  fkaPeriodMs: number;
  /** The D bit: the FCF wants no keep-alives. */
  noKeepAlive: boolean;
  available: boolean;
  /** It has answered a solicitation, so the path carries frames of full size. */
  solicited: boolean;
  heardAt: Instant;
}

/** What the controller needs of its ENode. */
export interface FipPort {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  /** Sends a FIP message; `vlan` 0 is untagged. */
  sendFip(
    destination: Mac,
    source: Mac,
    vlan: number,
    message: {
      operation: number;
      subcode: number;
      flags: number;
      descriptors: FipDescriptorInput[];
    },
  ): void;
  /** VN_Ports that are logged in, for keep-alives. */
  vnPorts(): Iterable<{ readonly mac: Mac; readonly nPortId: FcId; readonly portName: Wwn }>;
  /** An FCF was chosen: log in. */
  fcfSelected(fcf: FcfEntry): void;
  /** The virtual links to the FCF are gone. */
  fcfLost(reason: string): void;
  /** The FCF cleared the virtual links of these VN_Ports only. */
  cleared(nPortIds: FcId[]): void;
  contradiction(what: string): void;
}

export type FipState = 'link-down' | 'vlan' | 'soliciting' | 'selected';

export class FipController {
  readonly #options: FipControllerOptions;
  readonly #port: FipPort;
  readonly #fcfs = new Map<Mac, FcfEntry>();
  state: FipState = 'link-down';
  selected: FcfEntry | undefined;
  /** The VLAN that FIP and FCoE use; 0 is untagged. */
  vlan = 0;
  #selection: Timer | undefined;
  #retry: Timer | undefined;
  #keepAlive: Timer | undefined;
  #vnKeepAlive: Timer | undefined;
  #ageing: Timer | undefined;

  constructor(options: FipControllerOptions, port: FipPort) {
    this.#options = options;
    this.#port = port;
  }

  linkUp(): void {
    if (this.state !== 'link-down') return;
    if (this.#options.vlanDiscovery) this.#enterVlan();
    else {
      this.vlan = this.#options.vlan;
      this.#enterSoliciting();
    }
  }

  linkDown(): void {
    this.#forget('link down');
    this.#fcfs.clear();
    this.state = 'link-down';
  }

  #enterVlan(): void {
    this.state = 'vlan';
    this.#port.sendFip(WellKnownMac['All-FCF-MACs'], this.#options.mac, 0, {
      operation: FipOperation['FIP VLAN'],
      subcode: FipVlan.Request,
      flags: 0,
      descriptors: [{ kind: 'mac', mac: this.#options.mac }],
    });
    this.#again(() => this.#enterVlan());
  }

  #enterSoliciting(): void {
    this.state = 'soliciting';
    this.#solicit(WellKnownMac['All-FCF-MACs']);
    this.#again(() => this.#enterSoliciting());
  }

  #solicit(destination: Mac): void {
    const { mac, nodeName, maxFcoeSizeBytes } = this.#options;
    this.#port.sendFip(destination, mac, this.vlan, {
      operation: FipOperation.Discovery,
      subcode: FipDiscovery.Solicitation,
      flags: FipFlags.FP,
      descriptors: [
        { kind: 'mac', mac },
        { kind: 'nameIdentifier', name: nodeName },
        { kind: 'maxFcoeSize', maxFcoeSizeBytes },
      ],
    });
  }

  #again(run: () => void): void {
    this.#retry?.cancel();
    this.#retry = this.#port.after(RETRY_NS, run);
  }

  /** A FIP message that came in on this port (replies to logins are the ENode's). */
  handle(message: FipMessage, source: Mac, vlan: number): void {
    const complaint = checkFip(message, { lenient: true });
    if (complaint !== undefined) {
      this.#port.contradiction(`FIP from ${source} dropped: ${complaint}`);
      return;
    }
    const { operation, subcode } = message;
    if (operation === FipOperation['FIP VLAN'] && subcode === FipVlan.Notification) {
      this.#handleVlan(message);
    } else if (vlan !== this.vlan || this.state === 'link-down' || this.state === 'vlan') {
      return;
    } else if (operation === FipOperation.Discovery && subcode === FipDiscovery.Advertisement) {
      this.#handleAdvertisement(message);
    } else if (
      operation === FipOperation['FIP Control'] &&
      subcode === FipControl['Clear Virtual Links']
    ) {
      this.#handleClear(message, source);
    }
  }

  #handleVlan(message: FipMessage): void {
    const first = fipDescriptorOf(message, 'vlan');
    if (this.state !== 'vlan' || first === undefined) return;
    this.vlan = first.vid;
    this.#enterSoliciting();
  }

  #handleAdvertisement(message: FipMessage): void {
    const mac = fipDescriptorOf(message, 'mac')!.mac;
    const fabric = fipDescriptorOf(message, 'fabric')!;
    const fka = fipDescriptorOf(message, 'fkaAdvPeriod')!;
    const solicited = (message.flags & FipFlags.S) !== 0;
    const known = this.#fcfs.get(mac);
    if (known === undefined && this.#fcfs.size >= FCFS_MAX) return;
    const isPeriod =
      fka.fkaAdvPeriodMs >= FKA_PERIOD_LEAST_MS && fka.fkaAdvPeriodMs <= FKA_PERIOD_MOST_MS;
    const period = isPeriod ? fka.fkaAdvPeriodMs : FKA_PERIOD_DEFAULT_MS;
    const entry: FcfEntry = {
      mac,
      switchName: fipDescriptorOf(message, 'nameIdentifier')!.name,
      fabricName: fabric.fabricName,
      fcMap: fabric.fcMap,
      vfId: fabric.vfId,
      priority: fipDescriptorOf(message, 'priority')!.priority,
      fkaPeriodMs: period,
      noKeepAlive: (fka.flags & FkaAdvPeriodFlags.D) !== 0,
      available: (message.flags & FipFlags.A) !== 0,
      solicited: solicited || known?.solicited === true,
      heardAt: this.#port.now,
    };
    this.#fcfs.set(mac, entry);
    if (this.selected?.mac === mac) this.selected = entry;
    this.#setAgeing();
    if (!entry.solicited) {
      this.#solicit(mac);
      return;
    }
    if (this.state === 'soliciting' && entry.available && this.#selection === undefined) {
      this.#selection = this.#port.after(this.#options.fcfSelectionDelayNs, () => this.#select());
    }
  }

  /** The usable FCF with the lowest priority value; none when the candidates' fabrics differ. */
  #select(): void {
    this.#selection = undefined;
    if (this.state !== 'soliciting') return;
    const usable = [...this.#fcfs.values()].filter((one) => one.solicited && one.available);
    const first = usable[0];
    if (first === undefined) return;
    const same = usable.every(
      (one) =>
        one.fabricName === first.fabricName && one.vfId === first.vfId && one.fcMap === first.fcMap,
    );
    if (!same) {
      this.#port.contradiction('FCFs of different fabrics answer: none is chosen');
      return;
    }
    this.#enterSelected(usable.reduce((best, one) => (one.priority < best.priority ? one : best)));
  }

  #enterSelected(fcf: FcfEntry): void {
    this.state = 'selected';
    this.selected = fcf;
    this.#retry?.cancel();
    this.#setKeepAlive();
    this.#vnKeepAlive = this.#port.after(VN_KEEP_ALIVE_NS, () => this.#sendVnKeepAlives());
    this.#port.fcfSelected(fcf);
  }

  #setKeepAlive(): void {
    const fcf = this.selected;
    if (fcf === undefined) return;
    this.#keepAlive = this.#port.after(fcf.fkaPeriodMs * MILLISECOND, () => {
      if (this.selected?.noKeepAlive === false) {
        this.#sendKeepAlive(this.#options.mac, [{ kind: 'mac', mac: this.#options.mac }]);
      }
      this.#setKeepAlive();
    });
  }

  #sendVnKeepAlives(): void {
    if (this.selected?.noKeepAlive === false) {
      for (const { mac, nPortId, portName } of this.#port.vnPorts()) {
        this.#sendKeepAlive(mac, [
          { kind: 'mac', mac: this.#options.mac },
          { kind: 'vxPort', mac, nPortId, portName },
        ]);
      }
    }
    this.#vnKeepAlive = this.#port.after(VN_KEEP_ALIVE_NS, () => this.#sendVnKeepAlives());
  }

  #sendKeepAlive(source: Mac, descriptors: FipDescriptorInput[]): void {
    this.#port.sendFip(this.selected!.mac, source, this.vlan, {
      operation: FipOperation['FIP Control'],
      subcode: FipControl['Keep Alive'],
      flags: FipFlags.FP,
      descriptors,
    });
  }

  #setAgeing(): void {
    this.#ageing?.cancel();
    let next: Instant | undefined;
    for (const fcf of this.#fcfs.values()) {
      const gone = fcf.heardAt + FKA_PERIODS_LOST * fcf.fkaPeriodMs * MILLISECOND;
      if (next === undefined || gone < next) next = gone;
    }
    if (next === undefined) return;
    this.#ageing = this.#port.after(Math.max(0, next - this.#port.now), () => this.#age());
  }

  #age(): void {
    const { now } = this.#port;
    for (const fcf of [...this.#fcfs.values()]) {
      if (now < fcf.heardAt + FKA_PERIODS_LOST * fcf.fkaPeriodMs * MILLISECOND) continue;
      this.#fcfs.delete(fcf.mac);
      if (this.selected?.mac === fcf.mac) this.#restart('no advertisement for 2.5 periods');
    }
    this.#setAgeing();
  }

  #handleClear(message: FipMessage, source: Mac): void {
    const fcf = this.selected;
    if (fcf === undefined || source !== fcf.mac) return;
    const mac = fipDescriptorOf(message, 'mac');
    const name = fipDescriptorOf(message, 'nameIdentifier');
    if (
      (mac !== undefined && mac.mac !== fcf.mac) ||
      (name !== undefined && name.name !== fcf.switchName)
    ) {
      return;
    }
    const listed = fipDescriptorsOf(message, 'vxPort');
    const ours = new Map([...this.#port.vnPorts()].map((one) => [one.nPortId, one]));
    const matching = listed.filter((one) => {
      const own = ours.get(one.nPortId);
      return own !== undefined && own.mac === one.mac && own.portName === one.portName;
    });
    // No Vx_Port descriptor at all means every VN_Port, not none (FC-BB-5, Clear Virtual Links).
    if (listed.length === 0) this.#restart('Clear Virtual Links: all');
    else if (matching.length > 0) this.#port.cleared(matching.map((one) => one.nPortId));
  }

  /** The virtual links are gone but the Ethernet link is not: look for an FCF again. */
  #restart(reason: string): void {
    this.#forget(reason);
    this.#fcfs.clear();
    this.#enterSoliciting();
  }

  /** As after the physical port's own virtual link was cleared. */
  restart(reason: string): void {
    if (this.state === 'selected') this.#restart(reason);
  }

  #forget(reason: string): void {
    const had = this.selected !== undefined;
    this.selected = undefined;
    for (const timer of [
      this.#selection,
      this.#retry,
      this.#keepAlive,
      this.#vnKeepAlive,
      this.#ageing,
    ]) {
      timer?.cancel();
    }
    this.#selection = undefined;
    this.state = 'link-down';
    if (had) this.#port.fcfLost(reason);
  }
}
