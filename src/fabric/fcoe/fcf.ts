/**
 * An FCF (FCoE Forwarder): one switch, one domain, one fabric.
 *
 * Ownership: the FCF makes its parts and hands each frame to one of them; all of them work on one
 * context. Changes that listeners must hear of are collected while a frame, a timer or a call of
 * the owner is handled, and told at its end.
 * Source: FC-BB-5 and FC-BB-6, FCF; FC-SW-6 for one switch; FC-GS-7 for its servers.
 */

import { ETHERTYPE_FCOE, ETHERTYPE_FIP, ETHERTYPE_VLAN } from '../../codecs/ethernet/index.ts';
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';
import type { FabricEvent } from '../../history/fabric.ts';
import type { Instant, Machine, Output } from '../../machine/machine.ts';
import type { FabricAnswer, FabricCommand } from '../fc/commands.ts';
import type { FcfCounters } from '../fc/context.ts';
import { FabricServices } from '../fc/fabric-services.ts';
import type { LoginInfo } from '../fc/logins.ts';
import type { RscnPage } from '../fc/rscn-queue.ts';
import { checkZoning, type Zoning } from '../fc/zoning.ts';
import { ClearVirtualLinks } from './clear-virtual-links.ts';
import { FcfContext } from './context.ts';
import { FcoeLinks } from './fcoe-links.ts';
import { FipLoginServer } from './fip-logins.ts';
import { FipReceiver } from './fip-receiver.ts';
import { FipServer } from './fip-server.ts';
import { Forwarder } from './forwarder.ts';
import { checkVlans, type FcfConfig, type FcfOptions, resolveFcfOptions } from './options.ts';
import { Transmitter } from './transmitter.ts';

/**
 * Which virtual links to clear: one login, or every ENode behind a port (or one of them).
 * `bare` leaves the list of VN_Ports out of the message, which means all of them.
 */
export type LinkSelector =
  | { readonly nPortId: FcId }
  | { readonly wwpn: Wwn }
  | { readonly port: number; readonly enodeMac?: Mac; readonly bare?: boolean };

/** Shortest frame that has an EtherType behind a VLAN tag. */
const HEADERS_BYTES = 18;

/** The FCF as a machine: Ethernet frames in and out by its numbered ports, `FabricEvent`s for its owner. */
export class Fcf implements Machine<FabricEvent> {
  readonly #context: FcfContext;
  readonly #fabric: FabricServices;
  readonly #clearVirtualLinks: ClearVirtualLinks;
  readonly #fip: FipServer;
  readonly #fipReceiver: FipReceiver;
  readonly #forwarder: Forwarder;

  constructor(options: FcfOptions) {
    const context = new FcfContext(resolveFcfOptions(options));
    const transmitter = new Transmitter(context);
    const clearVirtualLinks = new ClearVirtualLinks(context, transmitter);
    const fPort = new FcoeLinks(context, {
      transmitter,
      clearVirtualLinks,
      supervise: (login) => fip.supervise(login),
    });
    const fabric = new FabricServices(context, fPort);
    const { logouts } = fabric;
    const fip = new FipServer(context, { transmitter, clearVirtualLinks, logouts });
    this.#context = context;
    this.#fabric = fabric;
    this.#clearVirtualLinks = clearVirtualLinks;
    this.#fip = fip;
    const logins = new FipLoginServer(context, transmitter, fabric.loginServer);
    this.#fipReceiver = new FipReceiver(context, { fip, logins });
    this.#forwarder = new Forwarder(context, { services: fabric.services, clearVirtualLinks });
    fip.start();
  }

  get config(): FcfConfig {
    return this.#context.config;
  }

  get counters(): FcfCounters {
    return this.#context.counters;
  }

  get deadline(): Instant | undefined {
    return this.#context.core.deadline;
  }

  poll(): Output<FabricEvent> | undefined {
    return this.#context.core.poll();
  }

  handleTimeout(now: Instant): void {
    this.#context.core.handleTimeout(now);
    this.#fabric.controller.flush();
  }

  handleFrame(port: number, frame: Uint8Array, given: boolean, now: Instant): void {
    const context = this.#context;
    context.core.now = now;
    const state = context.ports[port];
    if (state === undefined) throw new RangeError(`FCF ${this.config.name} has no port ${port}`);
    if (!state.up || state.disabled) {
      context.drop('port-down', port);
      return;
    }
    if (frame.length < HEADERS_BYTES) {
      context.drop('malformed', port);
      return;
    }
    let at = 14;
    let etherType = (frame[12]! << 8) | frame[13]!;
    let vid = 0;
    if (etherType === ETHERTYPE_VLAN) {
      vid = ((frame[14]! << 8) | frame[15]!) & 0xfff;
      etherType = (frame[16]! << 8) | frame[17]!;
      at = 18;
    }
    if (etherType === ETHERTYPE_FCOE) {
      if (vid !== context.config.vlan) {
        context.drop('wrong-vlan', port);
        return;
      }
      this.#forwarder.handle(port, frame, at, given);
    } else if (etherType === ETHERTYPE_FIP) this.#fipReceiver.handle(port, frame, at, vid);
    else context.counters.ignored++;
    this.#fabric.controller.flush();
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    if (up) this.linkUp(port, now);
    else this.linkDown(port, now);
  }

  /** A port's link came up. Nothing happens to one that is up. */
  linkUp(port: number, now: Instant): void {
    this.#context.core.now = now;
    const state = this.#port(port);
    if (state.up) return;
    state.up = true;
    this.#context.core.emit({ type: 'link', port, up: true });
  }

  /** A port's link went: everybody behind it is logged out and their peers are told. */
  linkDown(port: number, now: Instant): void {
    this.#change(now, () => {
      const state = this.#port(port);
      if (!state.up) return;
      state.up = false;
      this.#context.core.emit({ type: 'link', port, up: false });
      this.#fabric.logouts.endPort(port, 'link');
    });
  }

  /** Puts a port back into service that a duplicate WWPN took out of it. */
  enablePort(port: number, now: Instant): void {
    this.#context.core.now = now;
    const state = this.#port(port);
    if (!state.disabled) return;
    state.disabled = false;
    this.#context.core.emit({ type: 'port-enabled', port });
  }

  /**
   * Clears virtual links: the ENode is told by Clear Virtual Links, the logins end. Clearing the
   * base N_Port takes the others of its ENode along, where base logout is `legacy`.
   */
  clearVirtualLinks(selector: LinkSelector, now: Instant): void {
    this.#change(now, () => {
      if ('port' in selector) {
        const { port, enodeMac, bare = false } = selector;
        this.#port(port);
        const adapters = this.#context.logins.adaptersOn(port);
        for (const adapter of adapters)
          if (enodeMac === undefined || adapter.address === enodeMac)
            this.#fabric.logouts.clearAdapter(adapter, 'CVL', bare);
        return;
      }
      const { logins } = this.#context;
      const login =
        'wwpn' in selector ? logins.byWwpn(selector.wwpn) : logins.byId(selector.nPortId);
      if (login !== undefined) this.#fabric.logouts.clear(login, 'CVL');
    });
  }

  /** Carries out what a mover asks for. */
  handleCommand(command: FabricCommand, now: Instant): FabricAnswer {
    let answer: FabricAnswer = { ok: true, command: command.command };
    this.#change(now, () => {
      answer = this.#fabric.carryOut(command);
    });
    return answer;
  }

  /**
   * Clears whatever virtual links the ENodes behind all ports believe in, known here or not: for
   * an FCF that comes up after a power cycle, whose former logins nobody was told the end of.
   */
  clearAllVirtualLinks(now: Instant): void {
    this.#change(now, () => {
      const { ports, logins } = this.#context;
      for (const { index, up } of ports) {
        if (!up) continue;
        this.#clearVirtualLinks.sendToAll(index);
        for (const adapter of logins.adaptersOn(index))
          this.#fabric.logouts.endAdapter(adapter, 'CVL');
      }
    });
  }

  /** Names other VLANs to ENodes that ask from now on; its own frames stay where they are. Errors: `RangeError`. */
  announceVlans(vlans: readonly number[]): void {
    checkVlans(vlans);
    this.#fip.vlans = vlans;
  }

  /** Puts another zone set in force; listeners hear of whom they see now or no longer. */
  setZoning(zoning: Zoning, now: Instant): void {
    checkZoning(zoning);
    this.#change(now, () => {
      const { core, zones, logins } = this.#context;
      const differences = zones.replace(zoning, logins.all());
      const affected = differences.reduce((sum, { seenBy }) => sum + seenBy.length, 0);
      core.emit({ type: 'zone-change', ...zoning, affected });
      this.#fabric.controller.noteZones(differences);
    });
  }

  /** Sends an RSCN with these pages to the listeners named, or to all; zones do not matter. */
  sendRscn(pages: readonly RscnPage[], now: Instant, to?: readonly FcId[]): void {
    this.#change(now, () => {
      const { logins } = this.#context;
      const listeners = to === undefined ? [...logins.all()] : to.map((id) => logins.byId(id));
      for (const login of listeners)
        if (login !== undefined)
          for (const page of pages) this.#fabric.controller.noteTo(login, page);
    });
  }

  /**
   * A power cycle: logins, registrations and open exchanges are gone and nobody is told. What is
   * configuration stays: options, zoning, persistent N_Port_IDs, the state of links.
   */
  restart(now: Instant): void {
    const context = this.#context;
    const { core } = context;
    core.now = now;
    this.#fabric.restart();
    context.endedLogins.clear();
    this.#fip.start();
    core.emit({ type: 'restarted' });
  }

  /** The zone set in force. */
  get zoning(): Zoning {
    return this.#context.zones.zoning;
  }

  /** Whether a port's link is up, whether a duplicate WWPN took it out of service, and the port's name. */
  portState(port: number): {
    readonly up: boolean;
    readonly disabled: boolean;
    readonly portName: Wwn;
  } {
    const { up, disabled, portName } = this.#port(port);
    return { up, disabled, portName };
  }

  /** Who is logged in, in the order of logging in. */
  logins(): LoginInfo[] {
    return [...this.#context.logins.all()].map((login) => ({
      nPortId: login.nPortId,
      wwpn: login.wwpn,
      wwnn: login.wwnn,
      port: login.port,
      mac: login.linkAddress,
      by: login.by,
      enodeMac: login.adapter.address,
      since: login.since,
      symbolicName: login.object.symbolicPortName,
      fc4Types: login.object.fc4Types,
    }));
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    const { core, logins, recentLogins, ids, endedLogins } = this.#context;
    return {
      timers: core.timers.pending,
      logins: logins.size,
      'requests that came lately': recentLogins.size,
      'requests of its own': this.#fabric.requestsUnderWay,
      'N_Port_IDs given up': ids.givenUp,
      'logins that ended': endedLogins.size,
    };
  }

  #change(now: Instant, change: () => void): void {
    this.#context.core.now = now;
    change();
    this.#fabric.controller.flush();
  }

  #port(port: number) {
    const state = this.#context.ports[port];
    if (state === undefined) throw new RangeError(`FCF ${this.config.name} has no port ${port}`);
    return state;
  }
}
