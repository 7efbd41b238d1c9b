/**
 * What is plugged into the switches of a server: the array's cables, which are there from the
 * start, and guests, which come and go.
 */
import { formatWwn } from '../codecs/layout/index.ts';
import type { Topology } from '../scenario/topology.ts';
import { portAt } from '../scenario/topology.ts';
import type { LiveDriver } from './driver.ts';
import type { LinkFaults } from './link-faults.ts';
import { GUESTS_MAX, type LiveEvent, type LiveFabric, type LiveLink } from './links.ts';
import { formatPlace, type ListenAddress, ListenError } from './listen-address.ts';
import type { LogRecord } from './log.ts';
import { type GuestWire, type PluggedGuest, StreamListener } from './stream-wire.ts';
import { UdpWire } from './udp-wire.ts';

/** What takes guests in at one address, and how it is called. */
export type GuestListener = Pick<StreamListener | UdpWire, 'name' | 'close'>;

/** What cabling needs of the server. */
export interface CabledServer {
  readonly driver: LiveDriver<LiveEvent>;
  readonly fabrics: ReadonlyMap<string, LiveFabric>;
  readonly faults: Pick<LinkFaults, 'applyTo'>;
  log(
    level: LogRecord['level'],
    event: string,
    text: string,
    fields?: Readonly<Record<string, unknown>>,
  ): void;
}

/** Plugs the array and guests into switch ports, and unplugs guests that go away. */
export class Cabling {
  readonly #server: CabledServer;

  constructor(server: CabledServer) {
    this.#server = server;
  }

  /** Puts the topology's cables in between the switches and the array of this name. */
  cableArray({ cables }: Topology, arrayNode: string): void {
    const { driver, fabrics } = this.#server;
    for (const cable of cables) {
      const fabric = fabrics.get(cable.fabric)!;
      const port = portAt(cable, fabric.node)!;
      const targetPort = portAt(cable, arrayNode)!;
      this.#addLink(fabric, port, { targetPort }, undefined);
      driver.connect({ node: fabric.node, port }, { node: arrayNode, port: targetPort });
    }
  }

  /** Takes guests in at an address. Errors: `ListenError` for one that cannot be had, or no such fabric. */
  async listen({ fabric: name, place }: ListenAddress): Promise<GuestListener> {
    const { fabrics } = this.#server;
    const fabric = fabrics.get(name ?? '');
    if (fabric === undefined) {
      const known = [...fabrics.keys()].join(', ');
      throw new ListenError(
        `--listen ${name}=${formatPlace(place)}: there is no fabric ${name}; there is ${known}`,
      );
    }
    const plugIn = (wire: GuestWire) => this.plugIn(fabric, formatPlace(place), wire);
    return place.kind === 'udp'
      ? await UdpWire.open(place, plugIn)
      : await StreamListener.open(place, plugIn);
  }

  /** Gives a guest the first free port behind the array's; why, where there is none. */
  plugIn(fabric: LiveFabric, address: string, wire: GuestWire): PluggedGuest | string {
    const server = this.#server;
    const first = fabric.targetPorts.length;
    let port = first;
    while (fabric.links.has(port)) port++;
    if (port >= first + GUESTS_MAX) {
      const why = `no room for another guest on ${fabric.name}: ${GUESTS_MAX} are connected`;
      server.log('error', 'refused', why);
      return why;
    }
    const link = this.#addLink(fabric, port, { address }, wire);
    server.log('info', 'connected', `${link.name} connected by ${address}`, {
      link: link.name,
      address,
    });
    server.driver.attach(fabric.node, port, wire);
    return {
      received: (frames) => server.driver.receive(fabric.node, port, frames),
      closed: (why) => this.#unplug(fabric, link, why),
    };
  }

  #unplug(fabric: LiveFabric, link: LiveLink, why: string | undefined): void {
    const { driver } = this.#server;
    const lost = fabric.fcf.logins().filter((login) => login.port === link.port);
    const dropped = link.wire?.dropped ?? 0;
    this.#server.log(
      why === undefined ? 'info' : 'error',
      'disconnected',
      `${link.name} disconnected${why === undefined ? '' : `: its guest ${why}`}`,
      {
        link: link.name,
        ...(why === undefined ? {} : { why }),
        ...(dropped === 0 ? {} : { framesDropped: dropped }),
        logins: lost.map(({ wwpn }) => formatWwn(wwpn)),
      },
    );
    driver.detach(fabric.node, link.port);
    fabric.links.delete(link.port);
  }

  #addLink(
    fabric: LiveFabric,
    port: number,
    to: LiveLink['to'],
    wire: GuestWire | undefined,
  ): LiveLink {
    const link: LiveLink = {
      name: `${fabric.name}.${port}`,
      fabric: fabric.name,
      port,
      to,
      wire,
      since: this.#server.driver.now,
      frames: { in: 0, out: 0 },
      bytes: { in: 0, out: 0 },
    };
    fabric.links.set(port, link);
    this.#server.faults.applyTo(link);
    return link;
  }
}
