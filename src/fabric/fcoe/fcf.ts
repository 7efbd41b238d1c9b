/**
 * An FCF (FCoE Forwarder): one switch, one domain, one fabric.
 *
 * Ownership: see `FabricSwitch`, which it is on FCoE.
 * Source: FC-BB-5 and FC-BB-6, FCF; FC-SW-6 for one switch; FC-GS-7 for its servers.
 */

import {
  ETHERTYPE_FCOE,
  ETHERTYPE_FIP,
  ETHERTYPE_VLAN,
  EtherType,
} from '../../codecs/ethernet/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { FabricServices } from '../fc/fabric-services.ts';
import { FabricSwitch } from '../fc/fabric-switch.ts';
import { ClearVirtualLinks } from './clear-virtual-links.ts';
import { FcfContext } from './context.ts';
import { FcoeLinks } from './fcoe-links.ts';
import { FipLoginServer } from './fip-logins.ts';
import { FipReceiver } from './fip-receiver.ts';
import { FipServer } from './fip-server.ts';
import { Forwarder } from './forwarder.ts';
import { checkVlans, type FcfConfig, type FcfOptions, resolveFcfOptions } from './options.ts';
import { PortBridging } from './port-bridging.ts';
import { Transmitter } from './transmitter.ts';

/** Shortest frame that has an EtherType behind a VLAN tag. */
const HEADERS_BYTES = 18;

/** The FCF as a machine: Ethernet frames in and out by its numbered ports, `FabricEvent`s for its owner. */
export class Fcf extends FabricSwitch {
  readonly #context: FcfContext;
  readonly #clearVirtualLinks: ClearVirtualLinks;
  readonly #fip: FipServer;
  readonly #fipReceiver: FipReceiver;
  readonly #forwarder: Forwarder;
  readonly #bridging: PortBridging | undefined;

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
    super(context, fabric);
    this.#context = context;
    this.#clearVirtualLinks = clearVirtualLinks;
    this.#fip = fip;
    const logins = new FipLoginServer(context, transmitter, fabric.loginServer);
    this.#fipReceiver = new FipReceiver(context, { fip, logins });
    this.#forwarder = new Forwarder(context, { services: fabric.services, clearVirtualLinks });
    const { dcbx } = context.config;
    this.#bridging = dcbx === 'off' ? undefined : new PortBridging(context, dcbx);
    fip.start();
    this.#bridging?.start();
  }

  override get config(): FcfConfig {
    return this.#context.config;
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
    else if (etherType === EtherType.LLDP && vid === 0 && this.#bridging !== undefined)
      this.#bridging.handleFrame(port, frame);
    else context.counters.ignored++;
    this.fabric.controller.flush();
  }

  /**
   * Clears whatever virtual links the ENodes behind all ports believe in, known here or not: for
   * an FCF that comes up after a power cycle, whose former logins nobody was told the end of.
   */
  clearAllVirtualLinks(now: Instant): void {
    this.change(now, () => {
      const { ports, logins } = this.#context;
      for (const { index, up } of ports) {
        if (!up) continue;
        this.#clearVirtualLinks.sendToAll(index);
        for (const adapter of logins.adaptersOn(index))
          this.fabric.logouts.endAdapter(adapter, 'CVL');
      }
    });
  }

  /** Names other VLANs to ENodes that ask from now on; its own frames stay where they are. Errors: `RangeError`. */
  announceVlans(vlans: readonly number[]): void {
    checkVlans(vlans);
    this.#fip.vlans = vlans;
  }

  override linkUp(port: number, now: Instant): void {
    super.linkUp(port, now);
    this.#bridging?.linkUp(port);
  }

  override linkDown(port: number, now: Instant): void {
    super.linkDown(port, now);
    this.#bridging?.linkDown(port);
  }

  protected override restarted(): void {
    this.#context.endedLogins.clear();
    this.#fip.start();
    this.#bridging?.restart();
  }

  override kept(): Readonly<Record<string, number>> {
    const neighbours = this.#bridging && { 'LLDP neighbours': this.#bridging.peers };
    const ended = this.#context.endedLogins.size;
    return { ...super.kept(), 'logins that ended': ended, ...neighbours };
  }
}
