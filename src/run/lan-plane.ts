/**
 * The LAN of a simulated run: begins it, carries a mover's commands to the hosts' ports there and their answers back,
 * tells those ports which guests run, and tells what passes its links. There is none where a scenario has no LAN.
 */

import { Vtep } from '../fabric/lan/vtep.ts';
import type { DatagramTapped, GuestRuns, GuestStands } from '../history/index.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { formatIpv4, ipv4At } from '../net/ipv4-address.ts';
import { DATAGRAM_WAYS, datagramIn } from '../net/lan-frame.ts';
import { LanStation } from '../net/lan-station.ts';
import { type LanAnswer, type LanCommand, type LanReply, LanUplink } from '../net/lan-uplink.ts';
import type { World } from '../scenario/build.ts';
import type { AnySimulator } from './control-plane.ts';

/** Speakers have found each other by then. */
const SETTLE_NS = 400 * MILLISECOND;
/** Datagrams that are under way when the last was sent arrive within this time. */
const DRAIN_NS = 5 * MILLISECOND;
/** One way over the management network. */
const MANAGEMENT_DELAY_NS = 50_000;
const ETHERNET_BYTES = 14;
/** Outer Ethernet, IPv4 and UDP headers, and VXLAN's. */
const OUTER_DESTINATION_AT = ETHERNET_BYTES + 16;
const TUNNEL_BYTES = ETHERNET_BYTES + 20 + 8 + 8;

/** What it asks of the run. */
export interface LanPlaneOwner {
  readonly simulator: AnySimulator;
  readonly world: World;
  /** Lets so much virtual time pass. */
  advance(durationNs: number): void;
  /** A mover hears the answer to its command. */
  answered(id: number, answer: LanAnswer): void;
}

/** The LAN of one run. */
export class LanPlane {
  readonly #owner: LanPlaneOwner;
  readonly #uplinks = new Map<string, LanUplink>();
  readonly #byHost = new Map<string, string>();
  readonly #vms: readonly string[];
  /** Commands that were carried, and their answers. */
  readonly #answers = new Map<number, LanAnswer | undefined>();

  constructor(owner: LanPlaneOwner) {
    this.#owner = owner;
    const { machines, topology, vms } = owner.world;
    this.#vms = vms.map(({ name }) => name);
    for (const [name, machine] of machines.lan)
      if (machine instanceof LanUplink) this.#uplinks.set(name, machine);
    for (const node of topology.nodes)
      if (node.kind === 'lan' && node.machine.role === 'uplink')
        this.#byHost.set(node.machine.host, node.name);
  }

  /** Begins what needs no guest, and plugs the guests' NICs in where they are to start. */
  begin(): void {
    const { simulator, world } = this.#owner;
    for (const [name, machine] of world.machines.lan)
      if (machine instanceof Vtep) simulator.act(name, (now) => machine.start(now));
    this.#owner.advance(SETTLE_NS);
    for (const { host, name: vm } of world.vms) this.#tell(host, { command: 'attach', vm });
    this.#owner.advance(DRAIN_NS);
  }

  /** Guests and station talk from now on. */
  talk(): void {
    // The ports hear first that guests run.
    this.#owner.advance(MILLISECOND);
    this.#talk(true);
  }

  /** They talk no more, and what is under way arrives. */
  silence(): void {
    this.#talk(false);
    this.#owner.advance(DRAIN_NS);
  }

  /** A guest runs, or stands still. */
  guest(host: string, { state, vm }: GuestRuns | GuestStands): void {
    const node = this.#byHost.get(host);
    const uplink = this.#uplinks.get(node ?? '');
    if (uplink === undefined) return;
    // Not from within the simulator's turn of the host: at the same instant, behind it.
    const { simulator } = this.#owner;
    simulator.call(simulator.nowNs, () =>
      simulator.act(node!, (now) => uplink.guestRuns(vm, state === 'running', now)),
    );
  }

  /** Carries a mover's command. One that comes again is answered again, and not done twice. */
  carry(node: string, id: number, command: LanCommand): void {
    const { simulator } = this.#owner;
    if (this.#answers.has(id)) {
      const answer = this.#answers.get(id);
      if (answer !== undefined) this.#owner.answered(id, answer);
      return;
    }
    this.#answers.set(id, undefined);
    const uplink = this.#uplinks.get(node);
    if (uplink === undefined) return;
    simulator.call(simulator.nowNs + MANAGEMENT_DELAY_NS, () =>
      simulator.act(node, (now) => uplink.handleCommand(id, command, now)),
    );
  }

  /** An uplink has answered. */
  reply({ answer, id }: LanReply): void {
    if (id < 0) return;
    this.#answers.set(id, answer);
    this.#owner.answered(id, answer);
  }

  /** What a tap of the LAN saw, where that is a numbered datagram. */
  tapped(
    link: string,
    direction: DatagramTapped['direction'],
    frame: Uint8Array,
  ): DatagramTapped | undefined {
    const plain = datagramIn(frame);
    const isTunneled = plain === undefined && frame.length > TUNNEL_BYTES;
    const inner = isTunneled ? datagramIn(frame.subarray(TUNNEL_BYTES)) : plain;
    const way = DATAGRAM_WAYS[inner?.way ?? -1];
    const vm = way === 'to-all' ? '' : this.#vms[inner?.guest ?? -1];
    if (inner === undefined || way === undefined || vm === undefined) return undefined;
    const tunnel = isTunneled ? { tunnel: formatIpv4(ipv4At(frame, OUTER_DESTINATION_AT)) } : {};
    return { type: 'datagram-tapped', link, direction, vm, way, number: inner.number, ...tunnel };
  }

  #tell(host: string, command: LanCommand): void {
    const node = this.#byHost.get(host)!;
    const uplink = this.#uplinks.get(node)!;
    this.#owner.simulator.act(node, (now) => uplink.handleCommand(-1, command, now));
  }

  #talk(isOn: boolean): void {
    const { simulator, world } = this.#owner;
    for (const [name, machine] of world.machines.lan) {
      if (machine instanceof LanUplink) simulator.act(name, (now) => machine.talk(isOn, now));
      else if (machine instanceof LanStation)
        simulator.act(name, (now) => (isOn ? machine.start(now) : machine.stop(now)));
    }
  }
}
