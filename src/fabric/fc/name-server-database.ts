/**
 * What the name server keeps beyond each port's own object: the names of nodes, shared by the
 * ports of a node and gone with the last one.
 */
import type { Wwn } from '../../codecs/layout/index.ts';
import type { FabricContext } from './context.ts';
import type { Login } from './logins.ts';

interface NodeObject {
  symbolicNodeName: string;
  ports: readonly Login[];
}

/** Nodes by name, and the ports that a query may list. */
export class NameServerDatabase {
  readonly #context: FabricContext;
  readonly #nodes = new Map<Wwn, NodeObject>();

  constructor(context: FabricContext) {
    this.#context = context;
  }

  /** A port logged in. */
  enter(login: Login): void {
    this.#joinNode(login, login.object.nodeName);
  }

  /** A port logged out. */
  forget(login: Login): void {
    this.#leaveNode(login);
  }

  /** Power cycle. */
  clear(): void {
    this.#nodes.clear();
  }

  setNodeName(login: Login, nodeName: Wwn): void {
    if (login.object.nodeName === nodeName) return;
    this.#leaveNode(login);
    login.object.nodeName = nodeName;
    this.#joinNode(login, nodeName);
  }

  symbolicNodeName(nodeName: Wwn): string {
    return this.#nodes.get(nodeName)?.symbolicNodeName ?? '';
  }

  setSymbolicNodeName(nodeName: Wwn, name: string): void {
    const node = this.#nodes.get(nodeName);
    if (node !== undefined) node.symbolicNodeName = name;
  }

  /** The ports of a node. */
  portsOf(nodeName: Wwn): readonly Login[] {
    return this.#nodes.get(nodeName)?.ports ?? [];
  }

  /** Ports that the asker sees and that registered the FC-4 type, by ascending N_Port_ID. */
  withType(asker: Login, type: number): Login[] {
    return this.#sorted(asker, (port) => port.object.fc4Types.includes(type));
  }

  /** Ports of a type that the asker sees, by ascending N_Port_ID. */
  withPortType(asker: Login, test: (portType: number) => boolean): Login[] {
    return this.#sorted(asker, (port) => test(port.object.portType));
  }

  #sorted(asker: Login, test: (port: Login) => boolean): Login[] {
    const found: Login[] = [];
    for (const port of this.#context.zones.visibleTo(asker)) if (test(port)) found.push(port);
    return found.sort((a, b) => a.nPortId - b.nPortId);
  }

  #joinNode(login: Login, nodeName: Wwn): void {
    const node = this.#nodes.get(nodeName);
    if (node === undefined) this.#nodes.set(nodeName, { symbolicNodeName: '', ports: [login] });
    else node.ports = [...node.ports, login];
  }

  #leaveNode(login: Login): void {
    const { nodeName } = login.object;
    const node = this.#nodes.get(nodeName);
    if (node === undefined) return;
    node.ports = node.ports.filter((port) => port !== login);
    if (node.ports.length === 0) this.#nodes.delete(nodeName);
  }
}
