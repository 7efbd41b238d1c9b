/**
 * The ENode's side of FIP: VLAN discovery, FCF discovery and selection, keep-alives, and the
 * supervision of the virtual link from both ends.
 *
 * Ownership: an ENode owns one controller. The controller knows FCFs; the lports know logins.
 * Source: FC-BB-5, FIP; timers and checks as Linux libfcoe has them (fcoe_ctlr.c).
 */

import { WellKnownMac } from '../../codecs/fcoe/index.ts';
import {
  checkFip,
  FipControl,
  FipDiscovery,
  FipFlags,
  type FipMessage,
  FipOperation,
  FipVlan,
  fipDescriptorOf,
  fipDescriptorsOf,
} from '../../codecs/fip/index.ts';
import { type FcId, formatWwn, type Mac, type Wwn } from '../../codecs/layout/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { type FcfEntry, FcfList } from './fcf-list.ts';
import type { FipInput, VnPortName } from './fip-input.ts';
import { type KeepAliveOwner, KeepAlives } from './keep-alives.ts';
import { VLAN_CHOICE_DEFAULT, type VlanChoice, VlanList } from './vlan-list.ts';

/** Requests without an answer are sent again this often. */
const RETRY_NS = 2 * SECOND;
/** Where no FCF is chosen after so many solicitations, the next VLAN is tried, and after the last one asked anew. */
const SOLICITATIONS_A_VLAN = 3;

/** What a FIP controller is told when it is made. */
export interface FipControllerOptions {
  readonly mac: Mac;
  readonly nodeName: Wwn;
  /** Ask for the FCoE VLAN first; otherwise `vlan` is used. */
  readonly vlanDiscovery: boolean;
  /** Which VLANs of the answer are used. Default `VLAN_CHOICE_DEFAULT`. */
  readonly vlanChoice?: VlanChoice;
  /** VLAN id; 0 sends untagged. */
  readonly vlan: number;
  /** Largest FCoE PDU this port takes. */
  readonly maxFcoeSizeBytes: number;
  /** How long to collect advertisements after the first usable one. */
  readonly fcfSelectionDelayNs: number;
}

/** What the controller needs of its ENode. */
export interface FipPort {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  /** Sends a FIP message; `vlan` 0 is untagged. */
  sendFip(destination: Mac, source: Mac, vlan: number, message: FipInput): void;
  /** VN_Ports that are logged in, for keep-alives. */
  vnPorts(): Iterable<VnPortName>;
  /** An FCF was chosen: log in. */
  fcfSelected(fcf: FcfEntry): void;
  /** The virtual links to the FCF are gone. */
  fcfLost(reason: string): void;
  /** The FCF cleared the virtual links of these VN_Ports only. */
  cleared(nPortIds: FcId[]): void;
  contradiction(what: string): void;
}

/** How far an ENode is: no link, asking for the VLAN, asking for FCFs, one chosen. */
export type FipState = 'link-down' | 'vlan' | 'soliciting' | 'selected';

/** Finds an FCF and watches over the virtual links to it. State changes through the `enter…` functions. */
export class FipController implements KeepAliveOwner {
  readonly #options: FipControllerOptions;
  readonly #port: FipPort;
  readonly #fcfs = new FcfList();
  readonly #keepAlives = new KeepAlives(this);
  readonly #vlans: VlanList;
  state: FipState = 'link-down';
  selected: FcfEntry | undefined;
  /** The VLAN that FIP and FCoE use; 0 is untagged. */
  vlan = 0;
  /** Fabric_Name of the FCF that was chosen last on this link: no other fabric takes its place. */
  #fabricName: Wwn | undefined;
  /** Solicitations in this VLAN. */
  #solicited = 0;
  /** Why none of the FCFs that answer is chosen; empty where one is, or none answers. */
  complaint = '';
  #selection: Timer | undefined;
  #retry: Timer | undefined;
  #ageing: Timer | undefined;

  constructor(options: FipControllerOptions, port: FipPort) {
    this.#options = options;
    this.#port = port;
    this.#vlans = new VlanList(options.vlanChoice ?? VLAN_CHOICE_DEFAULT);
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
    // Another cable may lead to another fabric.
    this.#fabricName = undefined;
    this.complaint = '';
  }

  #enterVlan(): void {
    this.state = 'vlan';
    this.#vlans.clear();
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
    this.#solicited = 0;
    this.#solicitAll();
  }

  #solicitAll(): void {
    if (this.#options.vlanDiscovery && this.#solicited >= SOLICITATIONS_A_VLAN) {
      this.#enterNextVlan();
      return;
    }
    this.#solicited++;
    this.#solicit(WellKnownMac['All-FCF-MACs']);
    this.#again(() => this.#solicitAll());
  }

  /** FCFs of the VLAN before are none of this one's. */
  #enterNextVlan(): void {
    this.#fcfs.clear();
    this.#selection?.cancel();
    this.#selection = undefined;
    const next = this.#vlans.next();
    if (next === undefined) this.#enterVlan();
    else {
      this.vlan = next;
      this.#enterSoliciting();
    }
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
    if (this.state !== 'vlan' && this.state !== 'soliciting') return;
    const vids = fipDescriptorsOf(message, 'vlan').map(({ vid }) => vid);
    if (vids.length === 0) return;
    this.#vlans.note(vids);
    if (this.state === 'vlan') this.#enterNextVlan();
  }

  #handleAdvertisement(message: FipMessage): void {
    const entry = this.#fcfs.note(message, this.#port.now);
    if (entry === undefined) return;
    if (this.selected?.mac === entry.mac) this.selected = entry;
    this.#setAgeing();
    if (!entry.solicited) {
      this.#solicit(entry.mac);
      return;
    }
    if (this.state === 'soliciting' && entry.available && this.#selection === undefined) {
      this.#selection = this.#port.after(this.#options.fcfSelectionDelayNs, () => this.#select());
    }
  }

  #select(): void {
    this.#selection = undefined;
    if (this.state !== 'soliciting') return;
    const chosen = this.#fcfs.choose(this.#fabricName);
    if (chosen === 'differ') this.#complain('FCFs of different fabrics answer');
    else if (chosen === 'foreign')
      this.#complain(`no FCF of fabric ${formatWwn(this.#fabricName!)} answers, others do`);
    else if (chosen !== undefined) this.#enterSelected(chosen);
  }

  /** Told once, however often the same FCFs answer. */
  #complain(why: string): void {
    const complaint = `${why}: none is chosen`;
    if (complaint !== this.complaint) this.#port.contradiction(complaint);
    this.complaint = complaint;
  }

  #enterSelected(fcf: FcfEntry): void {
    this.state = 'selected';
    this.selected = fcf;
    this.#fabricName = fcf.fabricName;
    this.complaint = '';
    this.#retry?.cancel();
    this.#keepAlives.start();
    this.#port.fcfSelected(fcf);
  }

  // What keep-alives ask for.

  get mac(): Mac {
    return this.#options.mac;
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#port.after(delayNs, run);
  }

  vnPorts(): Iterable<VnPortName> {
    return this.#port.vnPorts();
  }

  send(destination: Mac, source: Mac, message: FipInput): void {
    this.#port.sendFip(destination, source, this.vlan, message);
  }

  #setAgeing(): void {
    this.#ageing?.cancel();
    const next = this.#fcfs.nextGoneAt;
    if (next === undefined) return;
    this.#ageing = this.#port.after(Math.max(0, next - this.#port.now), () => this.#age());
  }

  #age(): void {
    const silent = this.#fcfs.forgetSilent(this.#port.now);
    if (this.selected !== undefined && silent.includes(this.selected.mac))
      this.#restart('no advertisement for 2.5 periods');
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
    this.#keepAlives.stop();
    for (const timer of [this.#selection, this.#retry, this.#ageing]) timer?.cancel();
    this.#selection = undefined;
    this.state = 'link-down';
    if (had) this.#port.fcfLost(reason);
  }
}
