/** Where the switches of a LAN forward the MAC addresses of guests: their tables followed from switch to switch. */
import type { MacForwarded, NicPlaced, PlaceIndex } from '../../history/index.ts';

/** Switches that a frame passes, at most. */
const HOPS_MAX = 16;

/** An entry of a switch's table. */
type Entry = Pick<MacForwarded, 'port' | 'vtep'>;

/** A switch that forwards a guest to another host than it should. */
export interface Astray {
  readonly node: string;
  /** That host. */
  readonly to: string;
}

/** The tables of a LAN's switches, and whose MAC addresses they hold. */
export class LanPlaces {
  readonly #places: PlaceIndex;
  readonly #vms = new Map<string, string>();
  readonly #macs = new Map<string, string>();
  /** By MAC address and switch. */
  readonly #tables = new Map<string, Map<string, Entry>>();

  constructor(places: PlaceIndex) {
    this.#places = places;
  }

  /** The guest of a MAC address. */
  vmOf(mac: string): string | undefined {
    return this.#vms.get(mac);
  }

  /** The MAC address of a guest. */
  macOf(vm: string): string | undefined {
    return this.#macs.get(vm);
  }

  /** A guest's NIC is somewhere. */
  nic({ mac, vm }: NicPlaced): void {
    this.#vms.set(mac, vm);
    this.#macs.set(vm, mac);
  }

  /** A switch's table changed. */
  table(node: string, { mac, port, vtep }: MacForwarded): void {
    const tables = this.#tables.get(mac) ?? new Map<string, Entry>();
    this.#tables.set(mac, tables);
    if (port === undefined) tables.delete(node);
    else tables.set(node, { port, ...(vtep === undefined ? {} : { vtep }) });
  }

  /** The switches that forward a MAC address to another host than this one. */
  astray(mac: string, host: string): Astray[] {
    return [...(this.#tables.get(mac)?.keys() ?? [])].flatMap((node) => {
      const to = this.#hostFrom(mac, node, 0);
      return to === undefined || to === host ? [] : [{ node, to }];
    });
  }

  /** The host that a frame for a MAC address comes to from a switch; `undefined` where nobody knows. */
  #hostFrom(mac: string, node: string, hops: number): string | undefined {
    const entry = this.#tables.get(mac)?.get(node);
    if (entry?.port === undefined || hops > HOPS_MAX) return undefined;
    if (entry.vtep !== undefined) return this.#hostBehind(entry.vtep);
    const link = this.#places.linkAt(node, entry.port)?.link;
    const next = this.#places.endsOf(link ?? '').find((end) => end.node !== node)?.node;
    if (next === undefined) return undefined;
    return this.#places.hostOf(next) ?? this.#hostFrom(mac, next, hops + 1);
  }

  /** The host at the first port of a tunnel endpoint. */
  #hostBehind(address: string): string | undefined {
    const endpoint = this.#places.withAddress(address)?.node;
    if (endpoint === undefined) return undefined;
    const link = this.#places.linkAt(endpoint, 0)?.link;
    const next = this.#places.endsOf(link ?? '').find((end) => end.node !== endpoint)?.node;
    return next === undefined ? undefined : this.#places.hostOf(next);
  }
}
