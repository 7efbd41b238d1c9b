/**
 * One Ethernet port with an IPv4 address: ARP and TCP on it.
 *
 * Ownership: it owns its ARP cache and its TCP. Everybody is on its own segment but for whom it is told to reach by a
 * router.
 */
import { EtherType } from '../codecs/ethernet/index.ts';
import { macAt } from '../codecs/layout/index.ts';
import type { RandomStream } from '../machine/random.ts';
import type { Timer } from '../machine/timers.ts';
import { ArpCache, type ArpOwner } from './arp-cache.ts';
import { tooBigAt } from './icmp.ts';
import { type Ipv4Address, parseIpv4 } from './ipv4-address.ts';
import type { TcpOptions } from './tcp/options.ts';
import { frameFor, packetOf, readSegment, type Segment, writeSegment } from './tcp/segment.ts';
import { Tcp, type TcpOwner } from './tcp/tcp.ts';

/** What an IP port is told when it is made. */
export interface IpPortOptions {
  readonly mac: string;
  /** IPv4: `10.0.0.1`. */
  readonly address: string;
  /** VLAN whose tag its frames bear; untagged when left out or 0. */
  readonly vlan?: number;
  readonly tcp?: TcpOptions;
  /** Who is reached by a router: one address, or everybody. */
  readonly routes?: readonly IpRoute[];
}

/** A way to somebody who is on another segment. */
export interface IpRoute {
  /** IPv4; `everybody` whom no other route names. */
  readonly to: string;
  /** The router's address on this segment. */
  readonly by: string;
}

/** What an IP port asks of the machine that it is a part of. */
export interface IpPortOwner {
  readonly now: number;
  after(delayNs: number, run: () => void): Timer;
  /** Puts a frame on the port's link, and keeps nothing of it. */
  send(frame: Uint8Array): void;
}

const BROADCAST = 'ff:ff:ff:ff:ff:ff';

/** A port with an address. */
export class IpPort implements ArpOwner, TcpOwner {
  readonly mac: string;
  readonly address: Ipv4Address;
  readonly tcp: Tcp;
  readonly #vlan: number;
  readonly #owner: IpPortOwner;
  readonly #arp: ArpCache;
  readonly #routes: ReadonlyMap<Ipv4Address | 'everybody', Ipv4Address>;
  #isUp: boolean;
  #identification = 0;

  /** Errors: `RangeError` for an address that is none. `isUp`: its link, at first. */
  constructor(options: IpPortOptions, owner: IpPortOwner, random: RandomStream, isUp = false) {
    this.mac = options.mac;
    this.address = parseIpv4(options.address);
    this.#vlan = options.vlan ?? 0;
    this.#owner = owner;
    this.#isUp = isUp;
    this.#arp = new ArpCache(this);
    this.#routes = new Map(
      (options.routes ?? []).map(({ by, to }) => [
        to === 'everybody' ? to : parseIpv4(to),
        parseIpv4(by),
      ]),
    );
    this.tcp = new Tcp(options.tcp ?? {}, this, random);
  }

  /** The link is up: everybody may know where the address is now. */
  linkUp(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.#arp.announce();
  }

  /** The link is down. Connections bear that until somebody gives up. */
  linkDown(): void {
    this.#isUp = false;
  }

  /** A frame came. */
  handleFrame(frame: Uint8Array): void {
    const packet = packetOf(frame);
    if (packet === undefined || packet.vlan !== this.#vlan) return;
    const destination = macAt(frame, 0);
    if (packet.etherType === EtherType.ARP) {
      if (destination === this.mac || destination === BROADCAST) this.#arp.handle(frame, packet.at);
      return;
    }
    if (packet.etherType !== EtherType.IPv4 || destination !== this.mac) return;
    const segment = readSegment(frame, packet.at);
    if (segment?.destination === this.address) this.tcp.handleSegment(segment);
    else if (segment === undefined) this.#handleIcmp(frame, packet.at);
  }

  #handleIcmp(frame: Uint8Array, at: number): void {
    const told = tooBigAt(frame, at);
    if (told?.source === this.address) this.tcp.tooBig(told);
  }

  /** Who on this segment takes what is for an address. */
  #nextHop(address: Ipv4Address): Ipv4Address {
    if (this.#routes.size === 0) return address;
    return this.#routes.get(address) ?? this.#routes.get('everybody') ?? address;
  }

  /** Calls `use` with the hardware address of a station on the segment, now or once it is known. */
  resolve(address: Ipv4Address, use: (mac: string) => void): void {
    this.#arp.resolve(address, use);
  }

  /** Its machine loses its power. */
  drop(): void {
    this.tcp.drop();
    this.#arp.clear();
    this.#isUp = false;
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    let bytes = 0;
    let runs = 0;
    for (const connection of this.tcp.connections) {
      bytes += connection.keptBytes;
      runs += connection.runs;
    }
    return {
      connections: this.tcp.size,
      'connections that are over': this.tcp.remembered,
      'bytes of connections': bytes,
      'segments before their turn': runs,
      stations: this.#arp.size,
    };
  }

  // What ARP and TCP ask for.

  get now(): number {
    return this.#owner.now;
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#owner.after(delayNs, run);
  }

  sendArp(destination: string, packet: Uint8Array): void {
    if (!this.#isUp) return;
    const place = { destination, source: this.mac, vlan: this.#vlan };
    const { frame, at } = frameFor(place, EtherType.ARP, packet.length);
    frame.set(packet, at);
    this.#owner.send(frame);
  }

  silent(address: Ipv4Address): void {
    this.tcp.unreachable(address);
    if (this.#routes.size === 0) return;
    for (const { ends } of [...this.tcp.connections])
      if (this.#nextHop(ends.remote) === address) this.tcp.unreachable(ends.remote);
  }

  sendSegment(segment: Segment): void {
    if (!this.#isUp) return;
    this.#arp.resolve(this.#nextHop(segment.destination), (destination) => {
      if (!this.#isUp) return;
      this.#identification = (this.#identification + 1) & 0xffff;
      const identification = this.#identification;
      const place = { destination, source: this.mac, vlan: this.#vlan, identification };
      this.#owner.send(writeSegment(place, segment));
    });
  }
}
