/**
 * A virtual machine's disks as its host reaches them: vHBAs, and every logical unit over every path.
 */
import { formatWwn } from '../codecs/layout/index.ts';
import type { PathChanged } from '../history/io.ts';
import { fcInitiatorPort, type InitiatorPort } from '../history/port-name.ts';
import type { Instant } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';
import type { CarriedLogin } from '../port/n-port/carried-login.ts';
import type { NPortAdapter } from '../port/n-port/n-port-adapter.ts';
import type { ScannedLun } from '../scsi/initiator/lun-scan.ts';
import { Multipath, type Path, type ScannedNexus } from '../scsi/initiator/multipath.ts';
import { PathChecker } from '../scsi/initiator/path-checker.ts';
import type { SenseAction } from '../scsi/initiator/sense-action.ts';
import type { LeaveTo } from './control.ts';
import type { PathOptions } from './path-options.ts';
import { Vhba, type VhbaOwner } from './vhba.ts';
import type { VhbaIdentity } from './vhba-identity.ts';

/** What the owner of a storage hears. */
export interface StorageOwner {
  readonly now: Instant;
  readonly paths: PathOptions;
  after(delayNs: number, run: () => void): Timer;
  emit(event: PathChanged): void;
  /** Paths came or went, or a vHBA settled or failed. */
  storageChanged(storage: Storage): void;
}

/** The vHBAs of one virtual machine, and what they reach. */
export class Storage implements VhbaOwner {
  readonly #adapters: readonly NPortAdapter[];
  readonly #vhbas: readonly Vhba[];
  readonly multipath: Multipath;
  readonly #checker: PathChecker;
  readonly #owner: StorageOwner;

  constructor(
    adapters: readonly NPortAdapter[],
    identities: readonly VhbaIdentity[],
    vm: string,
    owner: StorageOwner,
  ) {
    this.#adapters = adapters;
    this.#owner = owner;
    this.multipath = new Multipath(
      () => this.#nexuses(),
      (luName, { nexus }, state) => {
        const { initiatorPort: initiator, targetPort: target } = nexus;
        owner.emit({ type: 'path', vm, luName, initiator, target, state });
      },
    );
    this.#checker = new PathChecker(this.multipath, {
      get now() {
        return owner.now;
      },
      after: (delayNs, run) => owner.after(delayNs, run),
      accessChanged: (luName) => this.#accessChanged(luName),
    });
    this.#vhbas = identities.map(
      (identity) => new Vhba(adapters[identity.port]!, identity, vm, this),
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
    this.#checker.end();
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
    this.#checker.end();
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

  /** The names whose logins and scans are not complete, where they are, and why, where the port knows: in words. */
  get unsettled(): string {
    const names = this.#vhbas
      .filter((vhba) => !vhba.settled)
      .map(({ identity: { port, wwpn } }) => {
        const complaint = this.#adapters[port]?.complaint ?? '';
        return `${formatWwn(wwpn)} at port ${port}${complaint === '' ? '' : ` (${complaint})`}`;
      });
    return names.join(', ');
  }

  get devLossNs(): Instant {
    return this.#owner.paths.devLossNs;
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#owner.after(delayNs, run);
  }

  vhbaChanged(): void {
    this.multipath.update();
    this.#owner.storageChanged(this);
  }

  scanned(luns: readonly ScannedLun[]): void {
    this.multipath.update();
    for (const { luName, access } of luns) {
      if (access !== undefined) this.#checker.learn(luName, access);
    }
  }

  /** A command on a path was told that something is not as it was known: looks at it anew. */
  outdated(luName: string, path: Path, { access, outdated }: SenseAction): void {
    if (access !== undefined) this.#checker.refused(luName, path, access);
    else if (outdated === 'access-states') this.#checker.ask(luName);
    else if (outdated === 'logical-units') {
      for (const vhba of this.#vhbas) vhba.rescan(path.nexus);
    }
  }

  /** A path that serves now, and whose port could not tell the size when it was scanned, is scanned again. */
  #accessChanged(luName: string): void {
    const unsized = [...this.#nexuses()].filter(
      ({ luns, standing }) =>
        standing === undefined &&
        luns.some((one) => one.luName === luName && one.blocks === undefined),
    );
    const serving = new Set(this.multipath.servingPathsTo(luName).map(({ nexus }) => nexus));
    for (const { nexus } of unsized) {
      if (!serving.has(nexus)) continue;
      for (const vhba of this.#vhbas) vhba.rescan(nexus);
    }
    this.#owner.storageChanged(this);
  }

  *#nexuses(): Iterable<ScannedNexus> {
    for (const vhba of this.#vhbas) yield* vhba.targets();
  }
}
