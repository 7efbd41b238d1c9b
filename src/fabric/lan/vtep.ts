/**
 * A VXLAN tunnel endpoint: a switch whose last port leads over an IP network to others like it. It floods and learns, or
 * hears by BGP where MAC addresses are and tells where they have come to.
 *
 * Ownership: it owns its table, its routes, and the speaker that it tells them by. One VLAN of its access ports is one
 * VXLAN network.
 * Source: RFC 7348; RFC 7432, clause 15; RFC 8365; FRR 8.4.4 as fixtures/lan/frr-evpn-moves.pcap has it.
 */
import { ArpOperation } from '../../codecs/ethernet/index.ts';
import { type Mac, macAt } from '../../codecs/layout/index.ts';
import type { LanEvent, MacTableCause } from '../../history/lan.ts';
import type { Instant, Machine, Output } from '../../machine/machine.ts';
import { MachineCore } from '../../machine/machine-core.ts';
import type { RandomStream } from '../../machine/random.ts';
import type { Timer } from '../../machine/timers.ts';
import { type AttachedMachine, IpStack } from '../../net/ip-stack.ts';
import { ipv4Bytes, parseIpv4 } from '../../net/ipv4-address.ts';
import { arpFrame, arpIn, lanFrame } from '../../net/lan-frame.ts';
import { type BgpEvent, type BgpRouteHeard, BgpSpeaker } from './bgp-speaker.ts';
import { LocalRoutes, routeDistinguisherOf } from './local-routes.ts';
import {
  DUPLICATE_LIMIT,
  type DuplicateLimit,
  isBetter,
  MacRoutes,
  MoveCounter,
} from './mac-routes.ts';
import { AGEING_NS, MacTable } from './mac-table.ts';
import { StormGuard } from './storm-guard.ts';
import {
  outerFrame,
  outOfTunnel,
  packetBytesOf,
  tunnelPacket,
  tunnelPayload,
} from './vxlan-tunnel.ts';

/** How a tunnel endpoint knows where MAC addresses are. */
export interface EvpnOptions {
  readonly as: number;
  /** Whom it tells and hears: route reflectors. */
  readonly reflectors: readonly string[];
  /** Changes are told after so long, together. Source: FRR's coalescing, as it was measured. */
  readonly advertiseDelayNs?: number;
  /** ARP requests for addresses that it knows are answered here. */
  readonly suppressesArp: boolean;
  readonly duplicate?: DuplicateLimit & { readonly action: 'warn' | 'freeze' };
}

/** What a tunnel endpoint is told when it is made. */
export interface VtepOptions {
  /** Name for people. */
  readonly name: string;
  readonly accessPorts: number;
  /** VLANs that pass at each access port; all when left out. */
  readonly vlans?: readonly (readonly number[] | undefined)[];
  readonly vid: number;
  readonly vni: number;
  /** Of the port that leads to the others. */
  readonly mac: Mac;
  readonly address: string;
  /** IP packets that the network between them takes. */
  readonly underlayMtu: number;
  /** The others, which it floods to; by EVPN it hears who they are. */
  readonly peers: readonly string[];
  readonly evpn?: EvpnOptions;
  /** MAC addresses that never move from here. */
  readonly stickyMacs?: readonly Mac[];
  readonly ageingNs?: number;
}

const GROUP_BIT = 0x01;
/** IPv4 addresses whose stations are remembered, those heard last. */
const NEIGHBOURS_MAX = 8192;
const NOBODY = '00:00:00:00:00:00' as Mac;

/** A tunnel endpoint as a machine; its ports are up at first. */
export class Vtep implements Machine<LanEvent> {
  readonly options: VtepOptions;
  readonly #core = new MachineCore<LanEvent>();
  readonly #table: MacTable;
  readonly #storm = new StormGuard();
  readonly #stack: IpStack;
  readonly #speaker: BgpSpeaker | undefined;
  readonly #attached: AttachedMachine | undefined;
  readonly #routes = new MacRoutes();
  readonly #moves: MoveCounter;
  /** Those that it advertises. */
  readonly #locals: LocalRoutes | undefined;
  /** Whom to flood to, as they say themselves. */
  readonly #floodList = new Set<string>();
  /** MAC addresses of stations by their IPv4 addresses, as routes say. */
  readonly #neighbours = new Map<string, Mac>();
  readonly #up: boolean[];
  #ageing: Timer | undefined;

  /** Errors: `RangeError` for an address that is none. */
  constructor(options: VtepOptions, random: RandomStream) {
    this.options = options;
    const { accessPorts, address, ageingNs = AGEING_NS, evpn, mac, peers } = options;
    this.#table = new MacTable(ageingNs);
    this.#up = new Array<boolean>(accessPorts + 1).fill(true);
    this.#moves = new MoveCounter(evpn?.duplicate ?? DUPLICATE_LIMIT);
    const core = this.#core;
    const owner = {
      get now() {
        return core.now;
      },
      after: (delayNs: number, run: () => void) => core.after(delayNs, run),
      send: (_port: number, frame: Uint8Array) => core.send(accessPorts, frame, true),
    };
    this.#stack = new IpStack([{ mac, address }], owner, random, true);
    if (evpn === undefined) {
      for (const peer of peers) this.#floodList.add(peer);
      return;
    }
    const { as, reflectors } = evpn;
    this.#speaker = new BgpSpeaker({
      as,
      identifier: address,
      isReflector: false,
      peers: reflectors,
    });
    const speaker = this.#speaker;
    const attached = this.#stack.attach(speaker, { onEvent: (event) => this.#heard(event) });
    this.#attached = attached;
    this.#locals = new LocalRoutes(options, core, speaker, () => attached.drain());
  }

  /** Begins to speak with its reflectors. */
  start(now: Instant): void {
    this.#core.now = now;
    const { address, vni } = this.options;
    this.#speaker?.start(now);
    const inclusive = {
      kind: 'inclusiveMulticast',
      routeDistinguisher: routeDistinguisherOf(address),
      ip: ipv4Bytes(parseIpv4(address)),
    } as const;
    const said = { nextHop: address, vni, sequence: 0, sticky: false };
    this.#speaker?.advertise(inclusive, said, now);
    this.#attached?.drain();
  }

  handleFrame(port: number, frame: Uint8Array, given: boolean, now: Instant): void {
    this.#core.now = now;
    if (this.#up[port] !== true) return;
    if (port < this.options.accessPorts) this.#fromAccess(port, frame, given);
    else if (!this.#fromTunnel(frame)) this.#stack.handleFrame(0, frame);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#core.now = now;
    if (this.#up[port] === undefined || this.#up[port] === up) return;
    this.#up[port] = up;
    if (port === this.options.accessPorts) {
      this.#stack.handleLink(0, up);
      return;
    }
    if (up) return;
    for (const { mac } of this.#table.forgetAll((one) => one.port === port && !one.isRoute)) {
      this.#tell(mac, undefined, undefined, 'flushed');
      this.#locals?.gone(mac);
      this.#follow(mac);
    }
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): Output<LanEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** How much it keeps, by kind. */
  kept(): Readonly<Record<string, number>> {
    return {
      'learned addresses': this.#table.size,
      'local addresses': this.#locals?.size ?? 0,
      'routed addresses': this.#routes.size,
      neighbours: this.#neighbours.size,
      timers: this.#core.timers.pending,
      ...this.#stack.kept(),
      ...this.#speaker?.kept(),
    };
  }

  // From stations.

  #fromAccess(port: number, frame: Uint8Array, given: boolean): void {
    const place = lanFrame(frame);
    const source = place === undefined ? NOBODY : macAt(frame, 6);
    const { vid, vlans } = this.options;
    const allowed = vlans?.[port];
    if (
      place === undefined ||
      place.vid !== vid ||
      (allowed !== undefined && !allowed.includes(vid))
    ) {
      const reason = place === undefined ? 'malformed' : 'vlan';
      this.#core.emit({ type: 'lan-dropped', port, reason, mac: source });
      return;
    }
    if ((frame[6]! & GROUP_BIT) === 0) this.#learnLocal(source, port);
    const arp = arpIn(frame);
    if (arp !== undefined) {
      if (arp.sender.address !== '0.0.0.0') this.#addressIs(source, arp.sender.address);
      if (this.#answerFor(port, arp)) return;
    }
    const destination = macAt(frame, 0);
    const isGroup = (frame[0]! & GROUP_BIT) !== 0;
    const known = isGroup ? undefined : this.#table.find(vid, destination);
    if (known !== undefined) {
      if (known.vtep !== undefined) this.#tunnel(port, frame, [known.vtep]);
      else if (known.port !== port && this.#takes(known.port))
        this.#core.send(known.port, frame, given);
      return;
    }
    if (!this.#mayFlood(port, source)) return;
    this.#floodAccess(frame, port);
    this.#tunnel(port, frame, [...this.#floodList]);
  }

  #takes(port: number): boolean {
    const { vid, vlans } = this.options;
    const allowed = vlans?.[port];
    return this.#up[port] === true && (allowed === undefined || allowed.includes(vid));
  }

  #floodAccess(frame: Uint8Array, from: number): void {
    for (let port = 0; port < this.options.accessPorts; port++)
      if (port !== from && this.#takes(port)) this.#core.send(port, frame, false);
  }

  #mayFlood(port: number, mac: Mac): boolean {
    const storm = this.#storm.take(this.#core.now);
    if (storm === 'begins') this.#core.emit({ type: 'lan-dropped', port, reason: 'storm', mac });
    return storm === 'pass';
  }

  #answerFor(
    port: number,
    { operation, sender, target }: NonNullable<ReturnType<typeof arpIn>>,
  ): boolean {
    const { evpn, vid } = this.options;
    if (evpn?.suppressesArp !== true || operation !== ArpOperation['ARP request']) return false;
    const mac =
      sender.address === target.address ? undefined : this.#neighbours.get(target.address);
    if (mac === undefined) return false;
    const who = { mac, address: target.address };
    this.#core.send(
      port,
      arpFrame(ArpOperation['ARP reply'], who, sender, sender.mac, { vid, priority: 0 }),
      true,
    );
    this.#core.emit({ type: 'neighbour-answer', ...who });
    return true;
  }

  // Tunnels.

  #tunnel(port: number, frame: Uint8Array, to: readonly string[]): void {
    const { accessPorts, address, mac, underlayMtu, vni } = this.options;
    const payload = tunnelPayload(frame, vni);
    if (packetBytesOf(payload) > underlayMtu) {
      if (to.length > 0)
        this.#core.emit({ type: 'lan-dropped', port, reason: 'mtu', mac: macAt(frame, 6) });
      return;
    }
    for (const vtep of to) {
      const packet = tunnelPacket(payload, address, vtep);
      this.#stack.ports[0]!.resolve(parseIpv4(vtep), (destination) =>
        this.#core.send(accessPorts, outerFrame(packet, mac, destination), true),
      );
    }
  }

  /** True where the frame is one of a tunnel. */
  #fromTunnel(frame: Uint8Array): boolean {
    const out = outOfTunnel(frame, this.options);
    if (out === undefined || out === 'elsewhere') return out !== undefined;
    const { accessPorts, vid } = this.options;
    const { from, inner } = out;
    const source = macAt(inner, 6);
    if (this.options.evpn === undefined && (inner[6]! & GROUP_BIT) === 0)
      this.#learnRemote(source, from);
    const isGroup = (inner[0]! & GROUP_BIT) !== 0;
    const known = isGroup ? undefined : this.#table.find(vid, macAt(inner, 0));
    // What came out of a tunnel goes into none.
    if (known !== undefined) {
      if (known.vtep === undefined && this.#takes(known.port))
        this.#core.send(known.port, inner, true);
    } else if (this.#mayFlood(accessPorts, source)) this.#floodAccess(inner, -1);
    return true;
  }

  // What it knows.

  #learnLocal(mac: Mac, port: number): void {
    const { ageingNs = AGEING_NS, evpn, vid } = this.options;
    // Who is sticky elsewhere does not move. Source: RFC 7432, 15.2.
    if (this.#routes.best(mac)?.sticky === true) return;
    const known = this.#table.find(vid, mac);
    const isNew = known === undefined || known.vtep !== undefined || known.port !== port;
    const one = { vid, mac, port, vtep: undefined, isRoute: false, heardAt: this.#core.now };
    const { lost } = this.#table.learn(one);
    if (lost !== undefined) this.#gone(lost.mac, 'aged');
    this.#ageing ??= this.#ageLater(one.heardAt + ageingNs);
    if (!isNew) return;
    this.#tell(mac, port, undefined, known === undefined ? 'learned' : 'moved');
    if (evpn !== undefined && known?.vtep !== undefined) this.#count(mac);
    this.#locals?.came(mac, this.#routes.best(mac));
  }

  #learnRemote(mac: Mac, vtep: string): void {
    const { accessPorts: port, ageingNs = AGEING_NS, vid } = this.options;
    const { before, lost } = this.#table.learn({
      vid,
      mac,
      port,
      vtep,
      isRoute: false,
      heardAt: this.#core.now,
    });
    if (lost !== undefined) this.#gone(lost.mac, 'aged');
    this.#ageing ??= this.#ageLater(this.#core.now + ageingNs);
    if (before?.vtep !== vtep)
      this.#tell(mac, port, vtep, before === undefined ? 'learned' : 'moved');
  }

  #ageLater(at: Instant): Timer {
    return this.#core.after(at - this.#core.now, () => {
      const { gone, next } = this.#table.age(this.#core.now);
      for (const { mac } of gone) this.#gone(mac, 'aged');
      this.#ageing = next === undefined ? undefined : this.#ageLater(next);
    });
  }

  #gone(mac: Mac, cause: MacTableCause): void {
    this.#tell(mac, undefined, undefined, cause);
    this.#locals?.gone(mac);
    this.#follow(mac);
  }

  #tell(mac: Mac, port: number | undefined, vtep: string | undefined, cause: MacTableCause): void {
    const { vid } = this.options;
    const behind = vtep === undefined ? {} : { vtep };
    this.#core.emit({ type: 'mac-table', vid, mac, port, ...behind, cause });
  }

  // Routes.

  #addressIs(mac: Mac, address: string): void {
    if (this.#locals?.addressIs(mac, address) === true) this.#neighbourIs(address, mac);
  }

  #neighbourIs(address: string, mac: Mac): void {
    this.#neighbours.delete(address);
    this.#neighbours.set(address, mac);
    if (this.#neighbours.size > NEIGHBOURS_MAX)
      this.#neighbours.delete(this.#neighbours.keys().next().value!);
  }

  #heard(event: BgpEvent): void {
    if (event.type === 'bgp-session') this.#core.emit(event);
    else if (event.route.kind === 'inclusiveMulticast') this.#floodTo(event);
    else if (event.route.kind === 'macIp') this.#heardMac(event, event.route);
  }

  #floodTo({ route, step }: BgpRouteHeard): void {
    if (route.kind !== 'inclusiveMulticast' || route.ip.length !== 4) return;
    const vtep = route.ip.join('.');
    if (vtep === this.options.address) return;
    if (step === 'reach') this.#floodList.add(vtep);
    else this.#floodList.delete(vtep);
  }

  #heardMac(
    { nextHop, peer, sequence, step, sticky }: BgpRouteHeard,
    route: Extract<BgpRouteHeard['route'], { kind: 'macIp' }>,
  ): void {
    const mac = route.mac as Mac;
    const vtep = step === 'reach' ? nextHop : route.routeDistinguisher.subarray(2, 6).join('.');
    if (vtep === this.options.address || route.macLengthBits !== 48) return;
    if (step === 'unreach') this.#routes.unreach(mac, peer, vtep);
    else {
      this.#routes.reach(mac, peer, { vtep, sequence, sticky });
      if (route.ip.length === 4) this.#neighbourIs(route.ip.join('.'), mac);
    }
    this.#follow(mac);
  }

  /** Forwards a MAC address where the best of its routes says, or to its access port. */
  #follow(mac: Mac): void {
    if (this.options.evpn === undefined) return;
    const { accessPorts: port, address, stickyMacs = [], vid } = this.options;
    const best = this.#routes.best(mac);
    const local = this.#locals?.get(mac);
    const known = this.#table.find(vid, mac);
    if (best === undefined) {
      if (known?.isRoute !== true) return;
      this.#table.forget(vid, mac);
      this.#tell(mac, undefined, undefined, 'withdrawn');
      return;
    }
    const own = {
      vtep: address,
      sequence: local?.sequence ?? -1,
      sticky: stickyMacs.includes(mac),
    };
    if (local !== undefined && !isBetter(best, own)) return;
    if (known?.isRoute === true && known.vtep === best.vtep) return;
    const { vtep } = best;
    this.#table.learn({ vid, mac, port, vtep, isRoute: true, heardAt: this.#core.now });
    this.#tell(mac, port, vtep, 'route');
    this.#core.emit({ type: 'mac-route', mac, ...best, step: 'chosen' });
    if (local === undefined) return;
    this.#count(mac);
    this.#locals?.gone(mac);
  }

  /** A MAC address has gone to another endpoint, or come from there. */
  #count(mac: Mac): void {
    const moves = this.#moves.moved(mac, this.#core.now);
    if (moves === undefined) return;
    this.#core.emit({ type: 'mac-duplicate', mac, moves });
    const local = this.#locals?.get(mac);
    if (local !== undefined && this.options.evpn?.duplicate?.action === 'freeze')
      local.isFrozen = true;
  }
}
