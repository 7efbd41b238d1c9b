/**
 * Where things are: plain data about the nodes of a world and their ports, for readers of a history
 * to whom the place of a happening matters. Nobody reads meaning out of a name.
 */
import type { Mac } from '../codecs/layout/index.ts';
import type { TargetPort } from './port-name.ts';

/** What a node is. */
export type NodeKind =
  | 'host'
  | 'switch'
  | 'bridge'
  | 'npv'
  | 'router'
  | 'array'
  | 'mover'
  | 'backup'
  | 'lan';

/** A node of the world. */
export interface NodePlace {
  readonly name: string;
  readonly kind: NodeKind;
  /** The fabric of a switch. */
  readonly fabric?: string;
  /** Of a node that is a host's port on the LAN: the host. */
  readonly host?: string;
}

/** A port of a node and the link that is plugged in there. */
export interface PortPlace {
  readonly node: string;
  readonly port: number;
  readonly link: string;
  readonly fabric: string;
  /** The name of a target port. */
  readonly target?: TargetPort | undefined;
  /** IPv4 address of a port of the LAN. */
  readonly address?: string | undefined;
  /** MAC address of an ENode. */
  readonly mac?: Mac | undefined;
}

/** A logical unit as its owner calls it. */
export interface UnitPlace {
  /** NAA identifier in hex. */
  readonly luName: string;
  readonly name: string;
  /** The LUNs under which masks show it, ascending; of several, initiators see it differently. */
  readonly luns: readonly number[];
  /** Snapshots may be cut of it. */
  readonly keepsSnapshots?: boolean;
  /** What it holds is another unit's, named by its identity: of a snapshot, or restored from backups. */
  readonly copyOf?: string;
  /** Another array has a leg of it. */
  readonly isStretched?: boolean;
  /** No guest's data are there: what lies in it is between arrays. */
  readonly isInternal?: boolean;
}

/** All nodes, all ports with a link, and the logical units that have names. */
export interface Places {
  readonly nodes: readonly NodePlace[];
  readonly ports: readonly PortPlace[];
  readonly units?: readonly UnitPlace[];
}

/** A logical unit as people find it again: by name, LUN and whole identity, as far as they are known. */
export function unitText(luName: string, unit: Omit<UnitPlace, 'luName'> | undefined): string {
  if (unit === undefined) return `logical unit ${luName}`;
  const lun = unit.luns.length === 0 ? '' : `LUN ${unit.luns.join(' or ')}, `;
  return `${unit.name} (${lun}${luName})`;
}

/** Looks places up. */
export class PlaceIndex {
  readonly #nodes = new Map<string, NodePlace>();
  readonly #ports = new Map<string, Map<number, PortPlace>>();
  readonly #targets = new Map<TargetPort, PortPlace>();
  readonly #enodes = new Map<Mac, PortPlace>();
  readonly #links = new Map<string, PortPlace[]>();
  readonly #addresses = new Map<string, PortPlace>();
  readonly #units = new Map<string, UnitPlace>();

  constructor({ nodes, ports, units = [] }: Places) {
    for (const unit of units) this.#units.set(unit.luName, unit);
    for (const node of nodes) this.#nodes.set(node.name, node);
    for (const port of ports) this.add(port);
  }

  /** A port that becomes known later, as in a capture. */
  add(place: PortPlace): void {
    const ofNode = this.#ports.get(place.node) ?? new Map<number, PortPlace>();
    this.#ports.set(place.node, ofNode.set(place.port, place));
    const ends = this.#links.get(place.link);
    if (ends === undefined) this.#links.set(place.link, [place]);
    else ends.push(place);
    if (place.target !== undefined) this.#targets.set(place.target, place);
    if (place.address !== undefined) this.#addresses.set(place.address, place);
    if (place.mac !== undefined) this.#enodes.set(place.mac, place);
  }

  /** What a node is; `undefined` for one that is not known. */
  kindOf(node: string): NodeKind | undefined {
    return this.#nodes.get(node)?.kind;
  }

  /** The host that a node of the LAN stands for; `undefined` for every other node. */
  hostOf(node: string): string | undefined {
    return this.#nodes.get(node)?.host;
  }

  /** All nodes of a kind. */
  nodesOf(kind: NodeKind): NodePlace[] {
    return [...this.#nodes.values()].filter((one) => one.kind === kind);
  }

  /** The port of the LAN with an IPv4 address; `undefined` where none has it. */
  withAddress(address: string): PortPlace | undefined {
    return this.#addresses.get(address);
  }

  /** The fabric of a switch; empty for every other node. */
  fabricOf(node: string): string {
    return this.#nodes.get(node)?.fabric ?? '';
  }

  /** The ports that a link joins, as far as they are known. */
  endsOf(link: string): readonly PortPlace[] {
    return this.#links.get(link) ?? [];
  }

  /** The link at a port; `undefined` where none is known. */
  linkAt(node: string, port: number): PortPlace | undefined {
    return this.#ports.get(node)?.get(port);
  }

  /** Where an ENode is; `undefined` for one that is not known. */
  enodeAt(mac: Mac): PortPlace | undefined {
    return this.#enodes.get(mac);
  }

  /** A logical unit in words: `data (LUN 1, 60…)`, or `logical unit 60…` where nobody named it. */
  unit(luName: string): string {
    return unitText(luName, this.#units.get(luName));
  }

  /** The same in one word, for a headline: its name, or its identity where it has none. */
  unitName(luName: string): string {
    return this.#units.get(luName)?.name ?? luName;
  }

  /** Whether a logical unit holds what was another's: what lies there says nothing of its own writes. */
  isCopy(luName: string): boolean {
    const unit = this.#units.get(luName);
    return unit?.copyOf !== undefined || unit?.isInternal === true;
  }

  /** The unit whose data a unit holds: itself, where it is no copy. */
  originalOf(luName: string): string {
    return this.#units.get(luName)?.copyOf ?? luName;
  }

  /** Whether a unit has a leg at a second array. */
  isStretched(luName: string): boolean {
    return this.#units.get(luName)?.isStretched === true;
  }

  /** Whether any has. */
  get hasStretched(): boolean {
    return [...this.#units.values()].some((unit) => unit.isStretched === true);
  }

  /** Whether snapshots may be cut of any unit. */
  get keepsSnapshots(): boolean {
    return [...this.#units.values()].some((unit) => unit.keepsSnapshots === true);
  }

  /** Where a target port is; `undefined` for one that is not known. */
  placeOf(target: TargetPort): PortPlace | undefined {
    return this.#targets.get(target);
  }
}
