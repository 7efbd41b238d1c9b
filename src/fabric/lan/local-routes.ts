/**
 * What a tunnel endpoint tells by BGP of the MAC addresses behind its access ports: where they are, with a number that is
 * higher than that of the place before, and that they have gone.
 *
 * Changes are told together after a delay. Source: RFC 7432, clause 15; FRR 8.4.4 as fixtures/lan/frr-evpn-moves.pcap has it.
 */
import { type EvpnRouteInput, routeDistinguisherIpv4 } from '../../codecs/bgp/index.ts';
import type { Mac } from '../../codecs/layout/index.ts';
import type { LanEvent } from '../../history/lan.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import type { MachineCore } from '../../machine/machine-core.ts';
import type { Timer } from '../../machine/timers.ts';
import { ipv4Bytes, parseIpv4 } from '../../net/ipv4-address.ts';
import type { BgpSpeaker } from './bgp-speaker.ts';

/** Source: fixtures/lan/frr-evpn-moves.pcap. */
const ADVERTISE_DELAY_NS = 50 * MILLISECOND;

/** What is known of a MAC address that is behind an access port. */
export interface LocalMac {
  sequence: number;
  /** IPv4, as its ARP packets say. */
  address: string | undefined;
  isAdvertised: boolean;
  isFrozen: boolean;
  /** How it was advertised, to take it back. */
  route: EvpnRouteInput | undefined;
  timer: Timer | undefined;
}

/** What says how an endpoint tells. */
export interface LocalRoutesOptions {
  readonly address: string;
  readonly vni: number;
  readonly stickyMacs?: readonly Mac[];
  readonly evpn?: { readonly advertiseDelayNs?: number };
}

/** The routes of an endpoint are known by its address. Shape: 8 bytes. */
export function routeDistinguisherOf(address: string): Uint8Array {
  return routeDistinguisherIpv4.encode({ address: ipv4Bytes(parseIpv4(address)), number: 2 });
}

/** The MAC addresses behind an endpoint's access ports, as it tells of them. */
export class LocalRoutes {
  readonly #options: LocalRoutesOptions;
  readonly #core: MachineCore<LanEvent>;
  readonly #speaker: Pick<BgpSpeaker, 'advertise' | 'withdraw'>;
  readonly #drain: () => void;
  readonly #macs = new Map<Mac, LocalMac>();

  /** `drain` has what the speaker says go out. */
  constructor(
    options: LocalRoutesOptions,
    core: MachineCore<LanEvent>,
    speaker: Pick<BgpSpeaker, 'advertise' | 'withdraw'>,
    drain: () => void,
  ) {
    this.#options = options;
    this.#core = core;
    this.#speaker = speaker;
    this.#drain = drain;
  }

  /** How many there are. */
  get size(): number {
    return this.#macs.size;
  }

  /** What is known of one. */
  get(mac: Mac): LocalMac | undefined {
    return this.#macs.get(mac);
  }

  /** A station says its IPv4 address; false where that is known, or the station is not here. */
  addressIs(mac: Mac, address: string): boolean {
    const one = this.#macs.get(mac);
    if (one === undefined || one.address === address) return false;
    one.address = address;
    this.#advertiseLater(mac, one);
    return true;
  }

  /** A MAC address has come to an access port: its number is one higher than that of the place it was at. */
  came(mac: Mac, best: { readonly sequence: number } | undefined): void {
    const local = this.#macs.get(mac);
    const one: LocalMac = local ?? {
      sequence: 0,
      address: undefined,
      isAdvertised: false,
      isFrozen: false,
      route: undefined,
      timer: undefined,
    };
    this.#macs.set(mac, one);
    if (best !== undefined && best.sequence >= one.sequence) one.sequence = best.sequence + 1;
    this.#advertiseLater(mac, one);
  }

  #advertiseLater(mac: Mac, one: LocalMac): void {
    const { advertiseDelayNs = ADVERTISE_DELAY_NS } = this.#options.evpn!;
    if (one.isFrozen) return;
    one.timer?.cancel();
    one.timer = this.#core.after(advertiseDelayNs, () => {
      if (this.#macs.get(mac) === one) this.#advertise(mac, one);
    });
  }

  #advertise(mac: Mac, one: LocalMac): void {
    const { address: vtep, stickyMacs = [], vni } = this.#options;
    const { address, sequence } = one;
    const sticky = stickyMacs.includes(mac);
    const route = {
      kind: 'macIp',
      routeDistinguisher: routeDistinguisherOf(vtep),
      mac,
      ip: address === undefined ? new Uint8Array(0) : ipv4Bytes(parseIpv4(address)),
      label: vni,
    } as const;
    const { now } = this.#core;
    if (one.route !== undefined) this.#speaker.withdraw(one.route, now);
    one.route = route;
    one.isAdvertised = true;
    this.#speaker.advertise(route, { nextHop: vtep, vni, sequence, sticky }, now);
    this.#core.emit({ type: 'mac-route', mac, vtep, sequence, sticky, step: 'advertised' });
    this.#drain();
  }

  /** It is there no more: what was said of it is taken back, as late as it was said. */
  gone(mac: Mac): void {
    const one = this.#macs.get(mac);
    if (one === undefined) return;
    this.#macs.delete(mac);
    one.timer?.cancel();
    if (!one.isAdvertised) return;
    const { advertiseDelayNs = ADVERTISE_DELAY_NS } = this.#options.evpn!;
    const { sequence } = one;
    this.#core.after(advertiseDelayNs, () => {
      if (this.#macs.get(mac)?.isAdvertised === true) return;
      this.#speaker.withdraw(one.route!, this.#core.now);
      const { address: vtep } = this.#options;
      this.#core.emit({ type: 'mac-route', mac, vtep, sequence, sticky: false, step: 'withdrawn' });
      this.#drain();
    });
  }
}
