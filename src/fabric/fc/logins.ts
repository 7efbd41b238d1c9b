/**
 * Who is logged in with the fabric: by N_Port_ID, by WWPN, by port and ENode MAC address.
 *
 * Ownership: `Logins` alone adds and removes; the parts of the FCF keep what they know of a port
 * in its `Login`, so that nothing outlives it.
 */
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { RscnQueue } from './fabric-controller.ts';
import type { NameServerObject } from './name-server-object.ts';
import type { Zoned } from './zoning.ts';

/** An ENode behind a port. Several may sit behind one port, where a bridge is in between. */
export class ENode {
  readonly port: number;
  readonly mac: Mac;
  /** Port and MAC address in one: which HBA this is. */
  readonly attachment: string;
  /** The login by FLOGI; gone when it alone logged out. */
  base: Login | undefined;
  readonly logins = new Set<Login>();
  lastKeepAlive: Instant;
  supervision: Timer | undefined;

  constructor(port: number, mac: Mac, now: Instant) {
    this.port = port;
    this.mac = mac;
    this.attachment = `${port} ${mac}`;
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

/** What a login is made from. */
export interface LoginInit {
  readonly nPortId: FcId;
  readonly wwpn: Wwn;
  /** The name the port itself said, where the switch calls it otherwise. */
  readonly saidWwpn: Wwn;
  readonly wwnn: Wwn;
  readonly mac: Mac;
  readonly by: 'FLOGI' | 'FDISC';
  readonly enode: ENode;
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
  readonly mac: Mac;
  readonly by: 'FLOGI' | 'FDISC';
  readonly enode: ENode;
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

  constructor(init: LoginInit) {
    this.nPortId = init.nPortId;
    this.wwpn = init.wwpn;
    this.saidWwpn = init.saidWwpn;
    this.wwnn = init.wwnn;
    this.port = init.enode.port;
    this.mac = init.mac;
    this.by = init.by;
    this.enode = init.enode;
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

export class Logins {
  readonly #domainId: number;
  /** By the lower 16 bits of the N_Port_ID. */
  readonly #byId: (Login | undefined)[];
  /** The same as numbers: the forwarder looks two up for each frame, and a login is a cold place. */
  readonly #routes = new Int32Array(0x1_0000);
  readonly #byWwpn = new Map<Wwn, Login>();
  readonly #enodes: Map<Mac, ENode>[];
  readonly #npivCounts: number[];

  constructor(domainId: number, ports: number) {
    this.#domainId = domainId;
    this.#byId = new Array<Login | undefined>(0x1_0000).fill(undefined);
    this.#enodes = Array.from({ length: ports }, () => new Map());
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

  /** The ENode with this MAC address behind a port, while any login of it lasts. */
  enode(port: number, mac: Mac): ENode | undefined {
    return this.#enodes[port]?.get(mac);
  }

  enodesOn(port: number): ENode[] {
    return [...this.#enodes[port]!.values()];
  }

  /** Logins by FDISC on a port. */
  npivCount(port: number): number {
    return this.#npivCounts[port]!;
  }

  /** Errors: `RangeError` when the WWPN or the N_Port_ID is logged in. */
  add(login: Login): void {
    const { enode, port } = login;
    if (this.#byWwpn.has(login.wwpn) || this.byId(login.nPortId) !== undefined)
      throw new RangeError('FCF: this name or address is logged in');
    this.#byId[login.nPortId & 0xffff] = login;
    const isRenamed = login.saidWwpn !== login.wwpn;
    this.#routes[login.nPortId & 0xffff] = (port + 1) | (isRenamed ? RouteBits.RENAMED : 0);
    this.#byWwpn.set(login.wwpn, login);
    this.#enodes[port]!.set(enode.mac, enode);
    enode.logins.add(login);
    if (login.by === 'FLOGI') enode.base = login;
    else this.#npivCounts[port]!++;
  }

  /** Removes a login, and its ENode with the last one. Timers of both are stopped. */
  remove(login: Login): void {
    if (!login.live) return;
    const { enode, port } = login;
    login.live = false;
    login.supervision?.cancel();
    this.#byId[login.nPortId & 0xffff] = undefined;
    this.#routes[login.nPortId & 0xffff] = 0;
    this.#byWwpn.delete(login.wwpn);
    enode.logins.delete(login);
    if (enode.base === login) enode.base = undefined;
    if (login.by === 'FDISC') this.#npivCounts[port]!--;
    if (enode.logins.size > 0) return;
    enode.supervision?.cancel();
    this.#enodes[port]!.delete(enode.mac);
  }

  /** Takes the place of a login: the same name and address behind another ENode. */
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
