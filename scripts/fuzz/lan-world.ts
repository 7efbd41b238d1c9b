/**
 * The emulated LAN of the fuzz: two hosts' ports with a guest each, a station that talks with them, and what lies
 * between: bridges that learn or are asked by VSI discovery, tunnel endpoints that learn or speak BGP with a reflector.
 */
import { addWords, checksumOf, EtherType, IpProtocol } from '../../src/codecs/ethernet/index.ts';
import { decodeFrame, spansOf } from '../../src/codecs/frame/index.ts';
import { Vtep } from '../../src/fabric/lan/vtep.ts';
import type { Instant, Machine } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { LanStation } from '../../src/net/lan-station.ts';
import { type LanCommand, LanUplink } from '../../src/net/lan-uplink.ts';
import { buildLan, type LanMachine } from '../../src/scenario/build-lan.ts';
import { topologyOf } from '../../src/scenario/from-scenario.ts';
import { LAN_KINDS } from '../../src/scenario/lan-words.ts';
import { type Scenario, scenarioSchema } from '../../src/scenario/schema.ts';
import type { FrameKind, MachinesAtWork } from '../../src/testing/index.ts';

const IPV4_BYTES = 20;
/** Where a checksum lies in what IPv4 carries. */
const CHECKSUM_AT: ReadonlyMap<number, number> = new Map([
  [IpProtocol.TCP, 16],
  [IpProtocol.UDP, 6],
]);

/** Where the packet of a frame begins, and what it is. */
function packetOf(frame: Uint8Array): { readonly at: number; readonly etherType: number } {
  const at = frame[12] === 0x81 ? 18 : 14;
  return { at, etherType: (frame[at - 2]! << 8) | frame[at - 1]! };
}

/** Frames of a LAN: announcements, datagrams, VSI discovery, tunnels, BGP in TCP. */
export const lanFrames: FrameKind = {
  kindOf(frame) {
    const { at, etherType } = packetOf(frame);
    if (etherType !== EtherType.IPv4) return `${etherType} ${frame[at + 1]} ${frame[at + 7]}`;
    const body = at + IPV4_BYTES;
    const message = frame[at + 9] === IpProtocol.TCP ? frame[body + 38] : frame[body + 3];
    return `IPv4 ${frame[at + 9]} ${frame[body + 13]} ${message}`;
  },
  fieldsOf(frame) {
    const decoded = decodeFrame(frame);
    return decoded.layers.flatMap((layer) => spansOf(decoded, layer));
  },
  mend(frame) {
    const { at, etherType } = packetOf(frame);
    const body = at + IPV4_BYTES;
    if (etherType !== EtherType.IPv4 || frame.length < body + IPV4_BYTES) return;
    put(frame, at + 10, () => checksumOf(addWords(frame, at, body)));
    const place = CHECKSUM_AT.get(frame[at + 9]!);
    const end = Math.min(frame.length, at + ((frame[at + 2]! << 8) | frame[at + 3]!));
    if (place === undefined || end <= body + place + 1) return;
    const pseudo = addWords(frame, at + 12, body, frame[at + 9]! + end - body);
    put(frame, body + place, () => checksumOf(addWords(frame, body, end, pseudo)));
  },
};

/** A checksum is made over a place that holds 0. */
function put(frame: Uint8Array, at: number, sum: () => number): void {
  frame.fill(0, at, at + 2);
  const value = sum();
  frame[at] = value >>> 8;
  frame[at + 1] = value & 0xff;
}

const VMS = ['vm1', 'vm2'] as const;
const HOSTS = ['h1', 'h2'] as const;
/** Datagrams between two moves of a guest. */
const TALK = 40;
/** Addresses that a machine may know, sessions, connections, and timers of all of those. */
const KEPT_MOST = 20_000;

/** The names of the machines between the hosts' ports and the station, whatever the world. */
export const LAN_WORLD_NODES = ['lan-h1', 'lan-h2', 'station'] as const;

function scenarioOf(making: number): Scenario {
  const fabric = 'A';
  return scenarioSchema.parse({
    name: 'fuzz',
    fabrics: [{ name: fabric }],
    hosts: HOSTS.map((name) => ({ name, ports: [fabric] })),
    array: { ports: [fabric], luns: VMS.map((name) => ({ name })) },
    vms: VMS.map((name, i) => ({ name, host: HOSTS[i]!, luns: [name] })),
    lan: {
      kind: LAN_KINDS[making % LAN_KINDS.length]!,
      bridges: making % 3 === 0 ? 2 : 1,
      profiles: making % 2 === 0,
      reflectors: making % 5 === 0 ? 2 : 1,
      announcement: (['RARP', 'ARP', 'NA'] as const)[making % 3]!,
      duplicateAction: making % 2 === 0 ? 'warn' : 'freeze',
    },
    move: { vm: VMS[0], to: HOSTS[1], strategy: 'same-wwpn' },
  });
}

/** The LAN of a number: the same number makes the same one; guests move to and fro. */
export function makeLanWorld(making: number): MachinesAtWork {
  const topology = topologyOf(scenarioOf(making));
  const random = streams(making);
  const { machines } = buildLan(topology, (name) => random.stream(name));
  const cables = topology.cables.filter(({ kind }) => kind === 'lan').map(({ ends }) => ends);
  let received = 0;
  let asked = 0;
  let isBegun = false;
  const tell = (at: number, command: LanCommand['command'], vm: string, now: Instant): void =>
    uplink(machines, HOSTS[at % 2]!).handleCommand(++asked, { command, vm }, now);
  const begin = (now: Instant): void => {
    isBegun = true;
    for (const machine of machines.values()) {
      if (machine instanceof Vtep || machine instanceof LanStation) machine.start(now);
      else if (machine instanceof LanUplink) machine.talk(true, now);
    }
    for (const [i, vm] of VMS.entries()) {
      tell(i, 'attach', vm, now);
      uplink(machines, HOSTS[i]!).guestRuns(vm, true, now);
    }
  };
  const move = (now: Instant): void => {
    const to = (received / TALK) % 2;
    const vm = VMS[0];
    for (const command of ['prepare', 'attach'] as const) tell(to, command, vm, now);
    tell(to + 1, 'detach', vm, now);
    uplink(machines, HOSTS[(to + 1) % 2]!).guestRuns(vm, false, now);
    uplink(machines, HOSTS[to % 2]!).guestRuns(vm, true, now);
    tell(to, 'announce', vm, now);
  };
  begin(0);
  return {
    machines: machines as ReadonlyMap<string, Machine<unknown>>,
    cables,
    handleEvent(_node, event, now) {
      const { step, type } = event as { readonly type: string; readonly step?: string };
      if (!isBegun || type !== 'datagram' || step !== 'received') return;
      received++;
      if (received % TALK === 0) move(now);
    },
    done: () => received,
    *kept() {
      for (const [node, machine] of machines) {
        const kept: Readonly<Record<string, number>> = 'kept' in machine ? machine.kept() : {};
        for (const [what, count] of Object.entries(kept))
          yield { node, what, count, most: KEPT_MOST };
      }
    },
  };
}

function uplink(machines: ReadonlyMap<string, LanMachine>, host: string): LanUplink {
  const machine = machines.get(`lan-${host}`);
  if (machine instanceof LanUplink) return machine;
  throw new TypeError(`lan-${host} is no port of a host`);
}
