/**
 * What the name server keeps beyond each port's own object: the names of nodes, shared by the
 * ports of a node and gone with the last one.
 */
import type { Wwn } from '../../codecs/layout/index.ts';
import type { FcfContext } from './context.ts';
import type { Login } from './logins.ts';

interface NodeObject {
  symbolicNodeName: string;
  readonly ports: Set<Login>;
}

export class NameServerDatabase {
  readonly #context: FcfContext;
  readonly #nodes = new Map<Wwn, NodeObject>();

  constructor(context: FcfContext) {
    this.#context = context;
  }

  /** A port logged in. */
  enter(login: Login): void {
    this.#nodeOf(login.object.nodeName).ports.add(login);
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
    this.#nodeOf(nodeName).ports.add(login);
  }

  symbolicNodeName(nodeName: Wwn): string {
    return this.#nodes.get(nodeName)?.symbolicNodeName ?? '';
  }

  setSymbolicNodeName(nodeName: Wwn, name: string): void {
    const node = this.#nodes.get(nodeName);
    if (node !== undefined) node.symbolicNodeName = name;
  }

  /** The ports of a node. */
  portsOf(nodeName: Wwn): Iterable<Login> {
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

  #nodeOf(nodeName: Wwn): NodeObject {
    let node = this.#nodes.get(nodeName);
    if (node === undefined) {
      node = { symbolicNodeName: '', ports: new Set() };
      this.#nodes.set(nodeName, node);
    }
    return node;
  }

  #leaveNode(login: Login): void {
    const { nodeName } = login.object;
    const node = this.#nodes.get(nodeName);
    node?.ports.delete(login);
    if (node?.ports.size === 0) this.#nodes.delete(nodeName);
  }
}
