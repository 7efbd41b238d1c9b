/**
 * Logical units over every path to them.
 *
 * A path is one nexus and one LUN. Paths to the same logical unit are told by its NAA identifier,
 * never by the LUN; commands go round all usable paths in turn.
 */
import { formatHex } from '../../codecs/layout/index.ts';
import type { InitiatorNexus } from '../transport.ts';
import type { ScannedLun } from './lun-scan.ts';

/** What a scan found through one nexus. */
export interface ScannedNexus {
  readonly nexus: InitiatorNexus;
  /** Which of its owner's ports the initiator port sits on. */
  readonly ownPort: number;
  readonly luns: readonly ScannedLun[];
}

/** One way to a logical unit. */
export interface Path {
  readonly nexus: InitiatorNexus;
  readonly ownPort: number;
  readonly lun: bigint;
  /** RELATIVE TARGET PORT IDENTIFIER of the target port. */
  readonly relativePort: number | undefined;
}

/** A logical unit as a virtual machine would see it over these paths. */
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
  /** Ports of the owner with at least one path, in order. */
  readonly ports: readonly number[];
  /** RELATIVE TARGET PORT IDENTIFIERs of the target ports that paths lead to, in order. */
  readonly targetPorts: readonly number[];
}

/** The paths to one logical unit, and which of them is next. */
interface Routes {
  paths: Path[];
  turn: number;
}

/** What is seen of one logical unit over all paths. */
interface Seen {
  readonly scanned: ScannedLun;
  readonly lunNumbers: Set<number | undefined>;
  paths: number;
  readonly ports: Set<number>;
  readonly targetPorts: Set<number>;
}

/** The paths of one owner. Whoever knows its nexuses says when they have changed. */
export class Multipath {
  /** The nexuses as they are now. */
  readonly #nexuses: () => Iterable<ScannedNexus>;
  readonly #routes = new Map<string, Routes>();
  /** The unit that was asked for last: it is mostly the next one too. */
  #lastName = '';
  #last: Routes | undefined;

  constructor(nexuses: () => Iterable<ScannedNexus>) {
    this.#nexuses = nexuses;
  }

  /** Nexuses came or went, or were scanned. Whose turn it is stays as it was. */
  update(): void {
    for (const routes of this.#routes.values()) routes.paths = [];
    for (const [{ luName }, path] of this.#allPaths()) {
      const routes = this.#routes.get(luName);
      if (routes === undefined) this.#routes.set(luName, { paths: [path], turn: 0 });
      else routes.paths.push(path);
    }
  }

  *#allPaths(): Iterable<readonly [ScannedLun, Path]> {
    for (const { nexus, ownPort, luns } of this.#nexuses()) {
      for (const scanned of luns) {
        const { lun, relativePort } = scanned;
        yield [scanned, { nexus, ownPort, lun, relativePort }];
      }
    }
  }

  /** All paths to a logical unit whose nexus is ready. */
  pathsTo(luName: string): Path[] {
    return (this.#routes.get(luName)?.paths ?? []).filter(({ nexus }) => nexus.ready);
  }

  /** The next usable path to a logical unit, in turn; `undefined` when there is none. */
  pick(luName: string, usable?: (path: Path) => boolean): Path | undefined {
    const routes = luName === this.#lastName ? this.#last : this.#routes.get(luName);
    if (routes === undefined) return undefined;
    this.#lastName = luName;
    this.#last = routes;
    const { paths, turn } = routes;
    for (let i = 0; i < paths.length; i++) {
      const at = (turn + i) % paths.length;
      const path = paths[at]!;
      if (path.nexus.ready && (usable === undefined || usable(path))) {
        routes.turn = at + 1;
        return path;
      }
    }
    return undefined;
  }

  /** The logical units, ordered by LUN and name. */
  view(): LuView[] {
    return [...this.#seen().values()]
      .map(({ scanned, lunNumbers, paths, ports, targetPorts }) => ({
        luName: formatHex(scanned.luId),
        luId: scanned.luId,
        lunNumber: lunNumbers.size === 1 ? scanned.lunNumber : undefined,
        blocks: scanned.blocks,
        vendor: scanned.vendor,
        product: scanned.product,
        paths,
        ports: inOrder(ports),
        targetPorts: inOrder(targetPorts),
      }))
      .sort((a, b) => (a.lunNumber ?? -1) - (b.lunNumber ?? -1) || (a.luName < b.luName ? -1 : 1));
  }

  #seen(): Map<string, Seen> {
    const units = new Map<string, Seen>();
    for (const [scanned, path] of this.#allPaths()) {
      let unit = units.get(scanned.luName);
      if (unit === undefined) {
        unit = {
          scanned,
          lunNumbers: new Set(),
          paths: 0,
          ports: new Set(),
          targetPorts: new Set(),
        };
        units.set(scanned.luName, unit);
      }
      unit.lunNumbers.add(scanned.lunNumber);
      unit.paths++;
      unit.ports.add(path.ownPort);
      if (path.relativePort !== undefined) unit.targetPorts.add(path.relativePort);
    }
    return units;
  }
}

const inOrder = (numbers: ReadonlySet<number>): number[] => [...numbers].sort((a, b) => a - b);
