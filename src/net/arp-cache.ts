/**
 * Hardware addresses of the stations on a segment, and what waits for one. Source: RFC 826; timing as Linux 6.1
 * has it, net/ipv4/arp.c.
 *
 * Limits: of more stations than there is room for the oldest is forgotten; of more packets that wait for one
 * the oldest is lost.
 */
import { ArpOperation, arp, EtherType } from '../codecs/ethernet/index.ts';
import { CodecError, macAt, putMac } from '../codecs/layout/index.ts';
import { SECOND } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import { type Ipv4Address, ipv4At, ipv4Bytes } from './ipv4-address.ts';

/** What it asks of its station. */
export interface ArpOwner {
  readonly mac: string;
  readonly address: Ipv4Address;
  readonly now: number;
  after(delayNs: number, run: () => void): Timer;
  /** Puts an ARP packet on the segment. */
  sendArp(destination: string, packet: Uint8Array): void;
  /** Nobody answers at an address. */
  silent(address: Ipv4Address): void;
}

interface Station {
  mac: string | undefined;
  /** Asked again behind this time. */
  freshUntil: number;
  waiting: ((mac: string) => void)[];
  tries: number;
  timer: Timer | undefined;
}

/** Source: Linux 6.1, net/ipv4/arp.c: arp_tbl, RETRANS_TIME, MCAST_PROBES, QUEUE_LEN; BASE_REACHABLE_TIME. */
const RETRY_NS = SECOND;
const TRIES_MAX = 3;
const FRESH_NS = 30 * SECOND;
/** Packets that wait for one station. */
const WAITING_MAX = 64;
const STATIONS_MAX = 1024;
const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const NOBODY = '00:00:00:00:00:00';
const MAC_BYTES = 6;
const ADDRESS_BYTES = 4;

/** Who is where on one segment. */
export class ArpCache {
  readonly #owner: ArpOwner;
  readonly #stations = new Map<Ipv4Address, Station>();

  constructor(owner: ArpOwner) {
    this.#owner = owner;
  }

  /** How many stations it knows or looks for. */
  get size(): number {
    return this.#stations.size;
  }

  /** Calls `use` with the hardware address, now or once it is known. */
  resolve(address: Ipv4Address, use: (mac: string) => void): void {
    const station = this.#stations.get(address) ?? this.#newStation(address);
    const isFresh = this.#owner.now < station.freshUntil;
    if (station.mac !== undefined) {
      use(station.mac);
      // What is old serves until somebody else answers.
      if (isFresh || station.timer !== undefined) return;
    } else {
      station.waiting.push(use);
      if (station.waiting.length > WAITING_MAX) station.waiting.shift();
      if (station.timer !== undefined) return;
    }
    station.tries = 0;
    this.#ask(address, station);
  }

  #newStation(address: Ipv4Address): Station {
    const station: Station = {
      mac: undefined,
      freshUntil: 0,
      waiting: [],
      tries: 0,
      timer: undefined,
    };
    if (this.#stations.size >= STATIONS_MAX) {
      const [oldest, { timer }] = this.#stations.entries().next().value as [Ipv4Address, Station];
      timer?.cancel();
      this.#stations.delete(oldest);
    }
    this.#stations.set(address, station);
    return station;
  }

  #ask(address: Ipv4Address, station: Station): void {
    if (station.tries++ >= TRIES_MAX) {
      station.timer = undefined;
      this.#stations.delete(address);
      this.#owner.silent(address);
      return;
    }
    station.timer = this.#owner.after(RETRY_NS, () => this.#ask(address, station));
    this.#send(ArpOperation['ARP request'], BROADCAST, NOBODY, address);
  }

  /** Tells everybody where this station is. Source: RFC 5227, 2.3. */
  announce(): void {
    this.#send(ArpOperation['ARP request'], BROADCAST, NOBODY, this.#owner.address);
  }

  #send(operation: number, destination: string, target: string, address: Ipv4Address): void {
    const { mac, address: own } = this.#owner;
    this.#owner.sendArp(
      destination,
      arp.encode({
        operation,
        senderHardwareAddress: macBytes(mac),
        senderProtocolAddress: ipv4Bytes(own),
        targetHardwareAddress: macBytes(target),
        targetProtocolAddress: ipv4Bytes(address),
      }),
    );
  }

  /** An ARP packet came. */
  handle(frame: Uint8Array, at: number): void {
    const packet = decoded(frame, at);
    if (packet === undefined) return;
    const sender = ipv4At(packet.senderProtocolAddress, 0);
    const target = ipv4At(packet.targetProtocolAddress, 0);
    const { address } = this.#owner;
    if (sender === 0 || sender === address) return;
    const mac = macAt(packet.senderHardwareAddress, 0);
    const isForUs = target === address;
    const known = this.#stations.get(sender);
    if (known !== undefined) this.#learned(known, mac);
    else if (isForUs) this.#learned(this.#newStation(sender), mac);
    if (isForUs && packet.operation === ArpOperation['ARP request'])
      this.#send(ArpOperation['ARP reply'], mac, mac, sender);
  }

  #learned(station: Station, mac: string): void {
    station.mac = mac;
    station.freshUntil = this.#owner.now + FRESH_NS;
    station.timer?.cancel();
    station.timer = undefined;
    const { waiting } = station;
    station.waiting = [];
    for (const use of waiting) use(mac);
  }

  /** Nothing is known any more. */
  clear(): void {
    for (const { timer } of this.#stations.values()) timer?.cancel();
    this.#stations.clear();
  }
}

function macBytes(mac: string): Uint8Array {
  const bytes = new Uint8Array(MAC_BYTES);
  putMac(bytes, 0, mac);
  return bytes;
}

/** An ARP packet of IPv4 on Ethernet. */
function decoded(frame: Uint8Array, at: number) {
  try {
    const packet = arp.decode(frame, at);
    const fits =
      packet.protocolType === EtherType.IPv4 &&
      packet.hardwareAddressBytes === MAC_BYTES &&
      packet.protocolAddressBytes === ADDRESS_BYTES;
    return fits ? packet : undefined;
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return undefined;
  }
}
