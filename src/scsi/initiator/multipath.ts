/**
 * A virtual machine's disks as its host reaches them: every logical unit over every path.
 *
 * A path is one vHBA, one target port and one LUN. Paths to the same logical unit are told by its
 * NAA identifier, never by the LUN; I/O goes round all usable paths in turn.
 */
import { formatHex } from '../../codecs/layout/index.ts';
import type { LeaveTo } from '../../host/control.ts';
import { Vhba, type VhbaIdentity } from '../../host/vhba.ts';
import type { Enode } from '../../port/enode/enode.ts';
import type { CarriedLogin } from '../../port/n-port/lport.ts';
import type { Rport } from '../../port/n-port/rport.ts';
import type { ScannedLun } from './lun-scan.ts';

/** One way to a logical unit. */
export interface Path {
  readonly vhba: Vhba;
  readonly rport: Rport;
  readonly lun: bigint;
  /** RELATIVE TARGET PORT IDENTIFIER of the target port. */
  readonly relativePort: number | undefined;
}

/** A logical unit as a virtual machine would see it through these vHBAs. */
export interface LuView {
  /** NAA identifier in hex. */
  readonly luName: string;
  readonly luId: Uint8Array;
  /** The LUN, the same on every path; `undefined` where paths disagree. */
  readonly lunNumber: number | undefined;
  readonly blocks: number;
  readonly vendor: string;
  readonly product: string;
  readonly paths: number;
  /** Host ports with at least one path, in order. */
  readonly ports: readonly number[];
}

/** The paths to one logical unit, and which of them is next. */
interface Routes {
  paths: Path[];
  turn: number;
}

/** What the owner of a storage hears. */
export interface StorageOwner {
  /** Paths came or went, or a vHBA settled or failed. */
  storageChanged(storage: Storage): void;
}

export class Storage {
  readonly vhbas: readonly Vhba[];
  readonly #owner: StorageOwner;
  readonly #routes = new Map<string, Routes>();

  constructor(
    enodes: readonly Enode[],
    identities: readonly VhbaIdentity[],
    symbolicName: string,
    owner: StorageOwner,
  ) {
    this.#owner = owner;
    this.vhbas = identities.map(
      (identity) => new Vhba(enodes[identity.port]!, identity, symbolicName, this),
    );
  }

  /** True when these are the names and host ports of its vHBAs. */
  hasIdentities(identities: readonly VhbaIdentity[]): boolean {
    return (
      identities.length === this.vhbas.length &&
      identities.every(({ port, wwpn }, i) => {
        const own = this.vhbas[i]!.identity;
        return own.port === port && own.wwpn === wwpn;
      })
    );
  }

  /** Logs in, as far as that has not begun; or goes on with logins that were another adapter's. */
  join(logins?: readonly CarriedLogin[]): void {
    for (const [index, vhba] of this.vhbas.entries()) {
      const login = logins?.[index];
      if (login === undefined) vhba.join();
      else vhba.adopt(login);
    }
  }

  /** Gives the logins away: from now on nothing is sent or heard for them here. */
  giveLogins(): CarriedLogin[] {
    const logins = this.vhbas.map((vhba) => vhba.lport.carriedLogin());
    this.drop();
    return logins;
  }

  /** Logs all vHBAs out; `done` hears whether every target confirmed. */
  leave(to: LeaveTo, done: (acknowledged: boolean) => void): void {
    let waiting = this.vhbas.length;
    let all = true;
    if (waiting === 0) done(true);
    for (const vhba of this.vhbas) {
      vhba.leave(to, (acknowledged) => {
        all &&= acknowledged;
        waiting--;
        if (waiting === 0) done(all);
      });
    }
  }

  /** Logs out of every target, and stays in the fabric. */
  logoutTargets(): void {
    for (const vhba of this.vhbas) vhba.logoutTargets(() => {});
  }

  drop(): void {
    for (const vhba of this.vhbas) vhba.drop();
  }

  get settled(): boolean {
    return this.vhbas.every((vhba) => vhba.settled);
  }

  /** The first reason why a vHBA cannot be used. */
  get failure(): string | undefined {
    return this.vhbas.find((vhba) => vhba.failure !== undefined)?.failure;
  }

  vhbaChanged(): void {
    this.#rebuild();
    this.#owner.storageChanged(this);
  }

  targetGone(): void {
    this.#rebuild();
    this.#owner.storageChanged(this);
  }

  #rebuild(): void {
    for (const routes of this.#routes.values()) routes.paths = [];
    for (const [{ luName }, path] of this.#allPaths()) {
      const routes = this.#routes.get(luName);
      if (routes === undefined) this.#routes.set(luName, { paths: [path], turn: 0 });
      else routes.paths.push(path);
    }
  }

  *#allPaths(): Iterable<readonly [ScannedLun, Path]> {
    for (const vhba of this.vhbas) {
      for (const { rport, luns } of vhba.targets()) {
        for (const scanned of luns) {
          const { lun, relativePort } = scanned;
          yield [scanned, { vhba, rport, lun, relativePort }];
        }
      }
    }
  }

  /** All paths to a logical unit whose target port is logged in. */
  pathsTo(luName: string): Path[] {
    return (this.#routes.get(luName)?.paths ?? []).filter(({ rport }) => rport.state === 'ready');
  }

  /** The next usable path to a logical unit, in turn; `undefined` when there is none. */
  pick(luName: string, usable?: (path: Path) => boolean): Path | undefined {
    const routes = this.#routes.get(luName);
    if (routes === undefined) return undefined;
    const { paths, turn } = routes;
    for (let i = 0; i < paths.length; i++) {
      const at = (turn + i) % paths.length;
      const path = paths[at]!;
      if (path.rport.state === 'ready' && (usable === undefined || usable(path))) {
        routes.turn = at + 1;
        return path;
      }
    }
    return undefined;
  }

  /** The logical units, ordered by LUN and name. */
  view(): LuView[] {
    const units = new Map<
      string,
      {
        scanned: ScannedLun;
        lunNumbers: Set<number | undefined>;
        paths: number;
        ports: Set<number>;
      }
    >();
    for (const [scanned, path] of this.#allPaths()) {
      let unit = units.get(scanned.luName);
      if (unit === undefined) {
        unit = { scanned, lunNumbers: new Set(), paths: 0, ports: new Set() };
        units.set(scanned.luName, unit);
      }
      unit.lunNumbers.add(scanned.lunNumber);
      unit.paths++;
      unit.ports.add(path.vhba.identity.port);
    }
    return [...units.values()]
      .map(({ scanned, lunNumbers, paths, ports }) => ({
        luName: formatHex(scanned.luId),
        luId: scanned.luId,
        lunNumber: lunNumbers.size === 1 ? scanned.lunNumber : undefined,
        blocks: scanned.blocks,
        vendor: scanned.vendor,
        product: scanned.product,
        paths,
        ports: [...ports].sort((a, b) => a - b),
      }))
      .sort((a, b) => (a.lunNumber ?? -1) - (b.lunNumber ?? -1) || (a.luName < b.luName ? -1 : 1));
  }
}
