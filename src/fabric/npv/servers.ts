/**
 * Who is logged in through an N_Port virtualizer: by N_Port_ID, and by port and adapter.
 *
 * Ownership: `Servers` alone adds and removes; timers of an adapter end with it.
 */
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';

/** Logins through one switch; more are refused by silence. */
const LOGINS_MAX = 4096;

/** An adapter of a server; all its logins are behind one uplink. */
export interface Server {
  readonly port: number;
  /** MAC address of its ENode. */
  readonly address: Mac;
  readonly uplink: number;
  readonly logins: Set<ServerLogin>;
  lastKeepAlive: Instant;
  supervision: Timer | undefined;
}

/** An N_Port of a server that the core has logged in. */
export interface ServerLogin {
  readonly nPortId: FcId;
  readonly linkAddress: Mac;
  /** Its own name. */
  readonly saidWwpn: Wwn;
  readonly adapter: Server;
  readonly port: number;
}

/** The logins of all servers. */
export class Servers {
  readonly #byId = new Map<FcId, ServerLogin>();
  readonly #byName = new Map<Wwn, ServerLogin>();
  readonly #byAddress = new Map<string, Server>();

  /** How many are logged in. */
  get size(): number {
    return this.#byId.size;
  }

  get isFull(): boolean {
    return this.#byId.size >= LOGINS_MAX;
  }

  byId(nPortId: FcId): ServerLogin | undefined {
    return this.#byId.get(nPortId);
  }

  /** The login of a name. */
  byName(wwpn: Wwn): ServerLogin | undefined {
    return this.#byName.get(wwpn);
  }

  /** The adapter behind a port, while any login of it lasts. */
  server(port: number, address: Mac): Server | undefined {
    return this.#byAddress.get(keyOf(port, address));
  }

  /** All adapters that have logins. */
  all(): Server[] {
    return [...this.#byAddress.values()];
  }

  /** Logins behind an uplink. */
  *behind(uplink: number): IterableIterator<ServerLogin> {
    for (const login of this.#byId.values()) if (login.adapter.uplink === uplink) yield login;
  }

  /** How many logins are behind an uplink. */
  countBehind(uplink: number): number {
    let count = 0;
    for (const _ of this.behind(uplink)) count++;
    return count;
  }

  /** An N_Port_ID or a name that was somebody's is theirs no longer. */
  add(login: ServerLogin): void {
    const { adapter, nPortId, saidWwpn } = login;
    for (const former of [this.#byId.get(nPortId), this.#byName.get(saidWwpn)])
      if (former !== undefined) this.remove(former);
    this.#byId.set(nPortId, login);
    this.#byName.set(saidWwpn, login);
    this.#byAddress.set(keyOf(adapter.port, adapter.address), adapter);
    adapter.logins.add(login);
  }

  /** Removes a login, and its adapter with the last one. */
  remove(login: ServerLogin): void {
    const { adapter } = login;
    if (!adapter.logins.delete(login)) return;
    this.#byId.delete(login.nPortId);
    this.#byName.delete(login.saidWwpn);
    if (adapter.logins.size > 0) return;
    adapter.supervision?.cancel();
    adapter.supervision = undefined;
    this.#byAddress.delete(keyOf(adapter.port, adapter.address));
  }

  /** Power cycle. */
  clear(): void {
    for (const { supervision } of this.#byAddress.values()) supervision?.cancel();
    this.#byAddress.clear();
    this.#byId.clear();
    this.#byName.clear();
  }
}

const keyOf = (port: number, address: Mac): string => `${port} ${address}`;
