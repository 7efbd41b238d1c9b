/**
 * Who is logged in with the fabric: by N_Port_ID, by WWPN, by port and adapter.
 *
 * Ownership: `Logins` alone adds and removes; the parts of the FCF keep what they know of a port
 * in its `Login`, so that nothing outlives it.
 */
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { NameServerObject } from './name-server-object.ts';
import type { RscnQueue } from './rscn-queue.ts';
import type { Zoned } from './zoning.ts';

/** An HBA behind a port, on FCoE an ENode. Several may sit behind one port, where a bridge is in between. */
export class Adapter {
  readonly port: number;
  /** What the link calls it: an ENode's MAC address; empty where a port has one adapter only. */
  readonly address: string;
  /** Port and address in one: which HBA this is. */
  readonly attachment: string;
  /** The login by FLOGI; gone when it alone logged out. */
  base: Login | undefined;
  readonly logins = new Set<Login>();
  lastKeepAlive: Instant;
  supervision: Timer | undefined;

  constructor(port: number, address: string, now: Instant) {
    this.port = port;
    this.address = address;
    this.attachment = `${port} ${address}`;
    this.lastKeepAlive = now;
  }
}

/** What a route says besides the number of the port. */
export const RouteBits = {
  /** The number of the port and 1. */
  PORT: 0x0fff_ffff,
  /** Frames of it are taken no more. */
  FENCED: 1 << 28,
  /** The switch calls it by another name than it does itself. */
  RENAMED: 1 << 29,
} as const;

/** The bit of a well-known address (FFFFF0h to FFFFFFh) in a set of services. */
export const serviceBit = (address: FcId): number => 1 << (address & 0xf);

const NONE: ReadonlySet<number> = new Set();
const NOBODY: ReadonlyMap<string, number> = new Map();

/** What a login is made from. */
export interface LoginInit {
  readonly nPortId: FcId;
  readonly wwpn: Wwn;
  /** The name the port itself said, where the switch calls it otherwise. */
  readonly saidWwpn: Wwn;
  readonly wwnn: Wwn;
  /** What the link calls the port; empty where it has no word for it. */
  readonly linkAddress: string;
  readonly by: 'FLOGI' | 'FDISC';
  readonly adapter: Adapter;
  readonly since: Instant;
  /** Largest frame payload the port receives. */
  readonly receiveBytes: number;
  readonly object: NameServerObject;
}

/** A VN_Port that is logged in. */
export class Login implements Zoned {
  readonly nPortId: FcId;
  readonly wwpn: Wwn;
  /** The name the port itself said; differs from `wwpn` where the switch assigns names. */
  readonly saidWwpn: Wwn;
  readonly wwnn: Wwn;
  readonly port: number;
  /** What the link calls the port; empty where it has no word for it. */
  readonly linkAddress: string;
  readonly by: 'FLOGI' | 'FDISC';
  readonly adapter: Adapter;
  readonly since: Instant;
  /** False once it is logged out: what still holds it must let go. */
  live = true;
  zones: readonly number[] = [];
  /** Largest frame payload the port receives; a PLOGI with a service may say less. */
  receiveBytes: number;
  lastKeepAlive: Instant;
  supervision: Timer | undefined;
  /** Services it is logged in with (PLOGI), and has a process login with (PRLI): `serviceBit`s. */
  services = 0;
  processLogins = 0;
  /** What the name server knows of it. */
  readonly object: NameServerObject;
  /** RSCNs that wait or are under way, once it registered for them (SCR). */
  rscns: RscnQueue | undefined;
  /** Notifications that it wants, by the tags of their descriptors (RDF). */
  notices: ReadonlySet<number> = NONE;
  /** CS_CTL of each virtual machine behind it (UVEM), and application identifiers, each by name. */
  entities: ReadonlyMap<string, number> = NOBODY;
  readonly applications = new Map<string, number>();

  constructor(init: LoginInit) {
    this.nPortId = init.nPortId;
    this.wwpn = init.wwpn;
    this.saidWwpn = init.saidWwpn;
    this.wwnn = init.wwnn;
    this.port = init.adapter.port;
    this.linkAddress = init.linkAddress;
    this.by = init.by;
    this.adapter = init.adapter;
    this.since = init.since;
    this.receiveBytes = init.receiveBytes;
    this.lastKeepAlive = init.since;
    this.object = init.object;
  }
}

/** A login as plain data, for display. */
export interface LoginInfo {
  readonly nPortId: FcId;
  readonly wwpn: Wwn;
  readonly wwnn: Wwn;
  readonly port: number;
  readonly mac: Mac;
  readonly by: 'FLOGI' | 'FDISC';
  readonly enodeMac: Mac;
  readonly since: Instant;
  readonly symbolicName: string;
  readonly fc4Types: readonly number[];
}

/** The logins of one domain, found by whatever a frame or a person names them by. */
export class Logins {
  readonly #domainId: number;
  /** By the lower 16 bits of the N_Port_ID. */
  readonly #byId: (Login | undefined)[];
  /** The same as numbers: the forwarder looks two up for each frame, and a login is a cold place. */
  readonly #routes = new Int32Array(0x1_0000);
  readonly #byWwpn = new Map<Wwn, Login>();
  readonly #adapters: Map<string, Adapter>[];
  readonly #npivCounts: number[];

  constructor(domainId: number, ports: number) {
    this.#domainId = domainId;
    this.#byId = new Array<Login | undefined>(0x1_0000).fill(undefined);
    this.#adapters = Array.from({ length: ports }, () => new Map());
    this.#npivCounts = new Array<number>(ports).fill(0);
  }

  get size(): number {
    return this.#byWwpn.size;
  }

  byId(nPortId: FcId): Login | undefined {
    return nPortId >>> 16 === this.#domainId ? this.#byId[nPortId & 0xffff] : undefined;
  }

  /** Where an N_Port_ID is logged in: `RouteBits`, 0 for one that is not. */
  routeOf(nPortId: FcId): number {
    return nPortId >>> 16 === this.#domainId ? this.#routes[nPortId & 0xffff]! : 0;
  }

  /** Frames of a login are taken no more, although it lasts. */
  fence({ nPortId }: Login): void {
    this.#routes[nPortId & 0xffff]! |= RouteBits.FENCED;
  }

  byWwpn(wwpn: Wwn): Login | undefined {
    return this.#byWwpn.get(wwpn);
  }

  /** The adapter with this address behind a port, while any login of it lasts. */
  adapter(port: number, address: string): Adapter | undefined {
    return this.#adapters[port]?.get(address);
  }

  /** The adapters behind a port that have logins. */
  adaptersOn(port: number): Adapter[] {
    return [...this.#adapters[port]!.values()];
  }

  /** Logins by FDISC on a port. */
  npivCount(port: number): number {
    return this.#npivCounts[port]!;
  }

  /** Errors: `RangeError` when the WWPN or the N_Port_ID is logged in. */
  add(login: Login): void {
    const { adapter, port } = login;
    if (this.#byWwpn.has(login.wwpn) || this.byId(login.nPortId) !== undefined)
      throw new RangeError('FCF: this name or address is logged in');
    this.#byId[login.nPortId & 0xffff] = login;
    const isRenamed = login.saidWwpn !== login.wwpn;
    this.#routes[login.nPortId & 0xffff] = (port + 1) | (isRenamed ? RouteBits.RENAMED : 0);
    this.#byWwpn.set(login.wwpn, login);
    this.#adapters[port]!.set(adapter.address, adapter);
    adapter.logins.add(login);
    if (login.by === 'FLOGI') adapter.base = login;
    else this.#npivCounts[port]!++;
  }

  /** Removes a login, and its adapter with the last one. Timers of both are stopped. */
  remove(login: Login): void {
    if (!login.live) return;
    const { adapter, port } = login;
    login.live = false;
    login.supervision?.cancel();
    this.#byId[login.nPortId & 0xffff] = undefined;
    this.#routes[login.nPortId & 0xffff] = 0;
    this.#byWwpn.delete(login.wwpn);
    adapter.logins.delete(login);
    if (adapter.base === login) adapter.base = undefined;
    if (login.by === 'FDISC') this.#npivCounts[port]!--;
    if (adapter.logins.size > 0) return;
    adapter.supervision?.cancel();
    this.#adapters[port]!.delete(adapter.address);
  }

  /** Takes the place of a login: the same name and address behind another adapter. */
  replace(former: Login, login: Login): void {
    this.remove(former);
    this.add(login);
  }

  /** In the order of logging in. */
  all(): IterableIterator<Login> {
    return this.#byWwpn.values();
  }

  /** The login with the next higher N_Port_ID for which `test` holds, from 0 on behind the last. */
  nextAfter(nPortId: FcId, test: (login: Login) => boolean): Login | undefined {
    // An address outside the domain lies before or behind all of ours.
    const domain = nPortId >>> 16;
    const start =
      domain === this.#domainId ? nPortId & 0xffff : domain < this.#domainId ? -1 : 0xffff;
    for (let step = 1; step <= 0x1_0000; step++) {
      const login = this.#byId[(start + step) & 0xffff];
      if (login !== undefined && test(login)) return login;
    }
    return undefined;
  }
}
