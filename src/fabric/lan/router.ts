/**
 * A router with two ports, between a station and the rest of its LAN: it takes IPv4 packets from one to the other, each
 * somewhat later, and no larger one than there is room for behind it.
 *
 * A packet that is too large and may not be cut is dropped, and its sender is told how much there is room for, unless
 * that is filtered out. Addresses are resolved on each side by ARP. It cuts nothing, and knows no other routers.
 * Source: RFC 1812, 4.2.2 and 5.2; RFC 1191, 4.
 */
import { addWords, checksumOf, EtherType, IpProtocol, ipv4 } from '../../codecs/ethernet/index.ts';
import { CodecError, macAt, putMac } from '../../codecs/layout/index.ts';
import type { Instant, Machine, Output } from '../../machine/machine.ts';
import { MachineCore } from '../../machine/machine-core.ts';
import { ArpCache, type ArpOwner } from '../../net/arp-cache.ts';
import { tooBigFrame } from '../../net/icmp.ts';
import { type Ipv4Address, packetOf, parseIpv4 } from '../../net/index.ts';
import { ipv4At } from '../../net/ipv4-address.ts';
import { frameFor } from '../../net/tcp/segment.ts';

/** An end of a router. */
export interface RouterEnd {
  readonly mac: string;
  /** IPv4. */
  readonly address: string;
}

/** What a router is told when it is made. */
export interface RouterOptions {
  readonly name: string;
  /** On the station's side, and on the LAN's. */
  readonly ends: readonly [RouterEnd, RouterEnd];
  /** The VLAN of both sides; 0: untagged. */
  readonly vlan: number;
  /** From when a packet has come until it goes on. */
  readonly hopNs: number;
  /** Bytes of the largest IP packet. */
  readonly mtu: number;
  /** False: nobody is told of packets that are too large. */
  readonly tells: boolean;
}

/** Packets that wait to go on; what comes behind them is lost. */
const WAITING_MAX = 4096;
const IPV4_BYTES = 20;
const TTL_AT = 8;
const CHECKSUM_AT = 10;
const MAC_BYTES = 6;
const BROADCAST = 'ff:ff:ff:ff:ff:ff';

/** A router as a machine; it tells nothing. */
export class Router implements Machine {
  readonly options: RouterOptions;
  readonly #core = new MachineCore<never>();
  readonly #arp: readonly ArpCache[];
  readonly #addresses: readonly Ipv4Address[];
  #waiting = 0;
  #identification = 0;

  /** Errors: `RangeError` for an address that is none. */
  constructor(options: RouterOptions) {
    this.options = options;
    this.#addresses = options.ends.map(({ address }) => parseIpv4(address));
    this.#arp = options.ends.map((_, port) => new ArpCache(this.#arpOwner(port)));
  }

  #arpOwner(port: number): ArpOwner {
    const core = this.#core;
    const { ends, vlan } = this.options;
    const { mac } = ends[port]!;
    return {
      mac,
      address: this.#addresses[port]!,
      get now() {
        return core.now;
      },
      after: (delayNs, run) => core.after(delayNs, run),
      sendArp: (destination, packet) => {
        const { at, frame } = frameFor(
          { destination, source: mac, vlan },
          EtherType.ARP,
          packet.length,
        );
        frame.set(packet, at);
        core.send(port, frame, false);
      },
      silent() {},
    };
  }

  handleFrame(port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.#core.now = now;
    const packet = packetOf(frame);
    const end = this.options.ends[port];
    if (end === undefined || packet === undefined || packet.vlan !== this.options.vlan) return;
    const destination = macAt(frame, 0);
    if (packet.etherType === EtherType.ARP) {
      if (destination === end.mac || destination === BROADCAST)
        this.#arp[port]!.handle(frame, packet.at);
      return;
    }
    if (packet.etherType === EtherType.IPv4 && destination === end.mac)
      this.#route(port, frame, packet.at);
  }

  #route(port: number, frame: Uint8Array, at: number): void {
    if (frame.length < at + IPV4_BYTES) return;
    const { headerWords, timeToLive, totalLengthBytes, version } = ipv4.view(frame, at);
    const isWhole = totalLengthBytes >= IPV4_BYTES && frame.length >= at + totalLengthBytes;
    if (version !== 4 || headerWords * 4 !== IPV4_BYTES || !isWhole || timeToLive <= 1) return;
    if (checksumOf(addWords(frame, at, at + IPV4_BYTES)) !== 0) return;
    const to = ipv4At(frame, at + 16);
    if (this.#addresses.includes(to)) return;
    const { hopNs, mtu } = this.options;
    if (totalLengthBytes > mtu) {
      this.#refuse(port, frame, at);
      return;
    }
    if (this.#waiting >= WAITING_MAX) return;
    this.#waiting++;
    const copy = frame.slice();
    this.#core.after(hopNs, () => {
      this.#waiting--;
      this.#pass(1 - port, copy, at, to);
    });
  }

  #pass(port: number, frame: Uint8Array, at: number, to: Ipv4Address): void {
    frame[at + TTL_AT]!--;
    frame.fill(0, at + CHECKSUM_AT, at + CHECKSUM_AT + 2);
    const sum = checksumOf(addWords(frame, at, at + IPV4_BYTES));
    frame[at + CHECKSUM_AT] = sum >> 8;
    frame[at + CHECKSUM_AT + 1] = sum;
    this.#arp[port]!.resolve(to, (mac) => {
      putMac(frame, 0, mac);
      putMac(frame, MAC_BYTES, this.options.ends[port]!.mac);
      this.#core.send(port, frame, false);
    });
  }

  /** It goes back to where the packet came from; of what is ICMP itself nothing is told. */
  #refuse(port: number, frame: Uint8Array, at: number): void {
    const { ends, mtu, tells, vlan } = this.options;
    if (!tells || frame[at + 9] === IpProtocol.ICMP || frame.length < at + IPV4_BYTES + 8) return;
    this.#identification = (this.#identification + 1) & 0xffff;
    const place = {
      destination: macAt(frame, MAC_BYTES),
      source: ends[port]!.mac,
      ...{ vlan, identification: this.#identification },
    };
    try {
      const answer = tooBigFrame(place, this.#addresses[port]!, { frame, at }, mtu);
      this.#core.send(port, answer, false);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
    }
  }

  handleLink(): void {}

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): Output<never> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** A power cycle: what it has learned is gone. */
  restart(): void {
    for (const one of this.#arp) one.clear();
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    const stations = this.#arp.reduce((sum, { size }) => sum + size, 0);
    return { 'packets on their way': this.#waiting, stations };
  }
}
