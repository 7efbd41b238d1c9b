/**
 * A virtual machine's disks as its host reaches them: vHBAs, and every logical unit over every path.
 */
import { fcInitiatorPort, type InitiatorPort } from '../history/port-name.ts';
import type { Enode } from '../port/enode/enode.ts';
import type { CarriedLogin } from '../port/n-port/carried-login.ts';
import { Multipath, type ScannedNexus } from '../scsi/initiator/multipath.ts';
import type { LeaveTo } from './control.ts';
import { Vhba, type VhbaOwner } from './vhba.ts';
import type { VhbaIdentity } from './vhba-identity.ts';

/** What the owner of a storage hears. */
export interface StorageOwner {
  /** Paths came or went, or a vHBA settled or failed. */
  storageChanged(storage: Storage): void;
}

/** The vHBAs of one virtual machine, and what they reach. */
export class Storage implements VhbaOwner {
  readonly #vhbas: readonly Vhba[];
  readonly multipath = new Multipath(() => this.#nexuses());
  readonly #owner: StorageOwner;

  constructor(
    enodes: readonly Enode[],
    identities: readonly VhbaIdentity[],
    symbolicName: string,
    owner: StorageOwner,
  ) {
    this.#owner = owner;
    this.#vhbas = identities.map(
      (identity) => new Vhba(enodes[identity.port]!, identity, symbolicName, this),
    );
  }

  /** The initiator ports, in the order of the identities. */
  get initiatorPorts(): InitiatorPort[] {
    return this.#vhbas.map(({ identity }) => fcInitiatorPort(identity.wwpn));
  }

  /** True when these are the names and host ports of its vHBAs. */
  hasIdentities(identities: readonly VhbaIdentity[]): boolean {
    return (
      identities.length === this.#vhbas.length &&
      identities.every(({ port, wwpn }, i) => {
        const own = this.#vhbas[i]!.identity;
        return own.port === port && own.wwpn === wwpn;
      })
    );
  }

  /** Logs in, as far as that has not begun; or goes on with logins that were another adapter's. */
  join(logins?: readonly CarriedLogin[]): void {
    for (const [index, vhba] of this.#vhbas.entries()) {
      const login = logins?.[index];
      if (login === undefined) vhba.join();
      else vhba.adopt(login);
    }
  }

  /** Gives the logins away: from now on nothing is sent or heard for them here. */
  giveLogins(): CarriedLogin[] {
    const logins = this.#vhbas.map((vhba) => vhba.lport.carriedLogin());
    this.drop();
    return logins;
  }

  /** Logs all vHBAs out; `done` hears whether every target confirmed. */
  leave(to: LeaveTo, done: (acknowledged: boolean) => void): void {
    let waiting = this.#vhbas.length;
    let all = true;
    if (waiting === 0) done(true);
    for (const vhba of this.#vhbas) {
      vhba.leave(to, (acknowledged) => {
        all &&= acknowledged;
        waiting--;
        if (waiting === 0) done(all);
      });
    }
  }

  /** Logs out of every target, and stays in the fabric. */
  logoutTargets(): void {
    for (const vhba of this.#vhbas) vhba.logoutTargets(() => {});
  }

  /** Drops all ports without a word. */
  drop(): void {
    for (const vhba of this.#vhbas) vhba.drop();
  }

  /** Every vHBA has settled or failed. */
  get settled(): boolean {
    return this.#vhbas.every((vhba) => vhba.settled);
  }

  /** The first reason why a vHBA cannot be used. */
  get failure(): string | undefined {
    return this.#vhbas.find((vhba) => vhba.failure !== undefined)?.failure;
  }

  vhbaChanged(): void {
    this.multipath.update();
    this.#owner.storageChanged(this);
  }

  *#nexuses(): Iterable<ScannedNexus> {
    for (const vhba of this.#vhbas) yield* vhba.targets();
  }
}
