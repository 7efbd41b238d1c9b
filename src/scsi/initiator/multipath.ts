/**
 * Logical units over every path to them.
 *
 * A path is one nexus and one LUN. Paths to the same logical unit are told by its NAA identifier,
 * never by the LUN; commands go round the paths of the best target port groups in turn, and over
 * those of the next best only while none of these is there (dm-multipath, `group_by_prio` with
 * `failback immediate`). Paths that serve nothing now are kept: their state may change.
 */

import { formatHex } from '../../codecs/layout/index.ts';
import { AccessState } from '../../codecs/scsi/index.ts';
import type { PathState, UnitView } from '../../history/io.ts';
import type { InitiatorNexus } from '../transport.ts';
import { type GroupAccess, pathStateOf, TIERS, tierOf } from './access.ts';
import type { ScannedLun } from './lun-scan.ts';

/** What a scan found through one nexus. */
export interface ScannedNexus {
  readonly nexus: InitiatorNexus;
  /** Which of its owner's ports the initiator port sits on. */
  readonly ownPort: number;
  readonly luns: readonly ScannedLun[];
  /** The login is gone and may come back, or its logical units are in doubt: nothing is sent over it. */
  readonly standing?: 'lost' | 'in-doubt';
}

/** One way to a logical unit. */
export interface Path {
  readonly nexus: InitiatorNexus;
  readonly ownPort: number;
  readonly lun: bigint;
  /** RELATIVE TARGET PORT IDENTIFIER of the target port. */
  readonly relativePort: number | undefined;
  /** TARGET PORT GROUP of the target port. */
  readonly group: number | undefined;
  readonly standing: ScannedNexus['standing'];
}

/** A logical unit as a virtual machine would see it over these paths. */
export interface LuView extends UnitView {
  readonly luId: Uint8Array;
}

/** The paths to one logical unit, and which of them is next. */
interface Routes {
  paths: Path[];
  /** The paths that serve it, by how well: `tierOf`. */
  tiers: Path[][];
  turn: number;
  /** `AccessState` of each target port group. */
  readonly access: Map<number, number>;
}

/** What is seen of one logical unit over all paths. */
interface Seen {
  readonly scanned: ScannedLun;
  readonly lunNumbers: Set<number | undefined>;
  /** The same by port. */
  readonly luns: Map<number, Set<number | undefined>>;
  blocks: number | undefined;
  readonly states: number[];
  readonly ports: Set<number>;
  readonly targetPorts: Set<number>;
}

/** Who hears that a path is in another state than before. */
export type PathListener = (luName: string, path: Path, state: PathState) => void;

/** What was last told of a path. */
interface Told {
  readonly luName: string;
  readonly path: Path;
  readonly state: PathState;
}

/** The paths of one owner. Whoever knows its nexuses says when they have changed. */
export class Multipath {
  /** The nexuses as they are now. */
  readonly #nexuses: () => Iterable<ScannedNexus>;
  readonly #listener: PathListener | undefined;
  readonly #nearPorts: ReadonlySet<number>;
  readonly #routes = new Map<string, Routes>();
  #told = new Map<string, Told>();
  /** The unit that was asked for last: it is mostly the next one too. */
  #lastName = '';
  #last: Routes | undefined;

  /** `nearPorts`: its owner's ports whose paths are taken before those of others, as long as they serve at all. */
  constructor(
    nexuses: () => Iterable<ScannedNexus>,
    listener?: PathListener,
    nearPorts: readonly number[] = [],
  ) {
    this.#nexuses = nexuses;
    this.#listener = listener;
    this.#nearPorts = new Set(nearPorts);
  }

  /** A near path that serves a unit without being optimized, where it is the best there is. */
  nearButNotOptimized(luName: string): Path | undefined {
    const [best] = this.servingPathsTo(luName);
    const routes = this.#routes.get(luName);
    if (best === undefined || routes === undefined || !this.#nearPorts.has(best.ownPort))
      return undefined;
    return stateOf(routes, best) === AccessState.ACTIVE_OPTIMIZED ? undefined : best;
  }

  #sort(routes: Routes): void {
    if (this.#nearPorts.size === 0) {
      routes.tiers = tiersOf(routes, routes.paths);
      return;
    }
    const isNear = ({ ownPort }: Path): boolean => this.#nearPorts.has(ownPort);
    routes.tiers = [
      ...tiersOf(routes, routes.paths.filter(isNear)),
      ...tiersOf(
        routes,
        routes.paths.filter((path) => !isNear(path)),
      ),
    ];
  }

  /** Nexuses came or went, or were scanned. Whose turn it is stays as it was. */
  update(): void {
    for (const routes of this.#routes.values()) routes.paths = [];
    for (const [{ luName }, path] of this.#allPaths()) this.#routesTo(luName).paths.push(path);
    for (const routes of this.#routes.values()) this.#sort(routes);
    this.#tell();
  }

  /** Takes over what a target says of a logical unit's groups. */
  learn(luName: string, groups: readonly GroupAccess[]): void {
    const routes = this.#routesTo(luName);
    let changed = false;
    for (const { id, state } of groups) {
      changed ||= routes.access.get(id) !== state;
      routes.access.set(id, state);
    }
    if (!changed) return;
    this.#sort(routes);
    this.#tell();
  }

  #routesTo(luName: string): Routes {
    let routes = this.#routes.get(luName);
    if (routes === undefined) {
      routes = { paths: [], tiers: [], turn: 0, access: new Map() };
      this.#routes.set(luName, routes);
    }
    return routes;
  }

  *#allPaths(): Iterable<readonly [ScannedLun, Path]> {
    for (const { nexus, ownPort, luns, standing } of this.#nexuses()) {
      for (const scanned of luns) {
        const { lun, relativePort, group } = scanned;
        yield [scanned, { nexus, ownPort, lun, relativePort, group, standing }];
      }
    }
  }

  /** The logical unit that a path leads to; `undefined` for a path that is gone. */
  luNameOf({ nexus, lun }: Path): string | undefined {
    for (const [luName, { paths }] of this.#routes) {
      if (paths.some((one) => one.nexus === nexus && one.lun === lun)) return luName;
    }
    return undefined;
  }

  /** All paths to a logical unit whose nexus is ready: first those that serve it, the best first. */
  pathsTo(luName: string): Path[] {
    const serving = this.servingPathsTo(luName);
    const paths = this.#routes.get(luName)?.paths ?? [];
    const others = paths.filter(
      (path) => path.nexus.ready && path.standing === undefined && !serving.includes(path),
    );
    return [...serving, ...others];
  }

  /** The paths that serve a logical unit now, the best first. */
  servingPathsTo(luName: string): Path[] {
    const tiers = this.#routes.get(luName)?.tiers ?? [];
    return tiers.flat().filter(({ nexus }) => nexus.ready);
  }

  /** The next usable path to a logical unit, in turn; `undefined` when there is none. */
  pick(luName: string, usable?: (path: Path) => boolean): Path | undefined {
    const routes = luName === this.#lastName ? this.#last : this.#routes.get(luName);
    if (routes === undefined) return undefined;
    this.#lastName = luName;
    this.#last = routes;
    const { tiers, turn } = routes;
    for (let tier = 0; tier < tiers.length; tier++) {
      const paths = tiers[tier]!;
      let isThere = false;
      for (let i = 0; i < paths.length; i++) {
        const at = (turn + i) % paths.length;
        const path = paths[at]!;
        if (!path.nexus.ready) continue;
        isThere = true;
        if (usable === undefined || usable(path)) {
          routes.turn = at + 1;
          return path;
        }
      }
      // Paths that only wait for their registration are waited for.
      if (isThere) return undefined;
    }
    return undefined;
  }

  /** `AccessState`s of the groups that there are paths to, with or without a login now. */
  statesOf(luName: string): number[] {
    const routes = this.#routes.get(luName);
    return routes === undefined ? [] : routes.paths.map((path) => stateOf(routes, path));
  }

  /** Whether a path may soon serve a logical unit: one that is ready, be it in transition. */
  isServedSoon(luName: string): boolean {
    const routes = this.#routes.get(luName);
    if (routes === undefined) return false;
    return routes.paths.some((path) => {
      if (path.standing === 'lost' || !path.nexus.ready) return false;
      const state = stateOf(routes, path);
      return tierOf(state) >= 0 || state === AccessState.TRANSITIONING;
    });
  }

  /** The logical units, ordered by LUN and name. */
  view(): LuView[] {
    return [...this.#seen().values()]
      .map(({ scanned, lunNumbers, luns, blocks, states, ports, targetPorts }) => ({
        luName: formatHex(scanned.luId),
        luId: scanned.luId,
        lunNumber: lunNumbers.size === 1 ? scanned.lunNumber : undefined,
        blocks: blocks ?? 0,
        vendor: scanned.vendor,
        product: scanned.product,
        paths: states.length,
        ports: inOrder(ports),
        targetPorts: inOrder(targetPorts),
        luns: [...luns].map(([port, numbers]) => ({
          port,
          lunNumber: numbers.size === 1 ? [...numbers][0] : undefined,
        })),
        access: states.sort((x, y) => x - y).map(pathStateOf),
      }))
      .sort((a, b) => (a.lunNumber ?? -1) - (b.lunNumber ?? -1) || (a.luName < b.luName ? -1 : 1));
  }

  #seen(): Map<string, Seen> {
    const units = new Map<string, Seen>();
    for (const [scanned, path] of this.#allPaths()) {
      if (path.standing === 'lost') continue;
      let unit = units.get(scanned.luName);
      if (unit === undefined) {
        unit = {
          scanned,
          lunNumbers: new Set(),
          luns: new Map(),
          blocks: undefined,
          states: [],
          ports: new Set(),
          targetPorts: new Set(),
        };
        units.set(scanned.luName, unit);
      }
      unit.lunNumbers.add(scanned.lunNumber);
      const atPort = unit.luns.get(path.ownPort) ?? new Set();
      unit.luns.set(path.ownPort, atPort.add(scanned.lunNumber));
      unit.blocks ??= scanned.blocks;
      unit.states.push(stateOf(this.#routesTo(scanned.luName), path));
      unit.ports.add(path.ownPort);
      if (path.relativePort !== undefined) unit.targetPorts.add(path.relativePort);
    }
    return units;
  }

  /** Tells which paths are in another state than was told of them. */
  #tell(): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    const before = this.#told;
    const now = new Map<string, Told>();
    for (const [luName, routes] of this.#routes) {
      for (const path of routes.paths) {
        const key = `${path.nexus.initiatorPort} ${path.nexus.targetPort} ${luName}`;
        const state = path.standing === 'lost' ? 'lost' : pathStateOf(stateOf(routes, path));
        now.set(key, { luName, path, state });
        if (before.get(key)?.state !== state) listener(luName, path, state);
      }
    }
    for (const [key, { luName, path }] of before) {
      if (!now.has(key)) listener(luName, path, 'removed');
    }
    this.#told = now;
  }
}

/** A path without a group, or with one that nothing was said of, serves as well as any. */
function stateOf({ access }: Routes, { group }: Path): number {
  return (group === undefined ? undefined : access.get(group)) ?? AccessState.ACTIVE_OPTIMIZED;
}

/** Paths that serve, by how well. */
function tiersOf(routes: Routes, paths: readonly Path[]): Path[][] {
  return Array.from({ length: TIERS }, (_, tier) =>
    paths.filter((path) => path.standing === undefined && tierOf(stateOf(routes, path)) === tier),
  ).filter((paths) => paths.length > 0);
}

const inOrder = (numbers: ReadonlySet<number>): number[] => [...numbers].sort((a, b) => a - b);
