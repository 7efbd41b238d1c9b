/**
 * The world in which policies for a guest's data are compared: three sites, each with a fabric and a node of storage, and
 * a guest that moves from the first site to the second. Hosts reach every fabric; what leads to another site is long.
 */
import { MILLISECOND } from '../machine/machine.ts';
import type { Policy } from '../run/policies.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Cable, Topology } from '../scenario/topology.ts';

/** Sites, each called as its fabric. The guest begins at the first and goes to the second. */
export const SITES = ['here', 'there', 'third'] as const;
const GUEST = 'guest';
/** Of a pair of arrays: at the first site and at the second. */
const LEGS = ['leg-here', 'leg-there'] as const;
/** What the guest's disk is called. */
export const DISK = 'disk';
const UNITS = ['d0', 'd1', 'd2'] as const;
/** How long a host takes to read or write its cache. */
export const HIT_US = 100;
/** I/Os of each that a guest has outstanding, before the move: the caches are warm then. */
const BEFORE_IOS = 120;
/** Between two I/Os at least, and such a share of a round trip: what is compared is how long one takes, not how many there are. */
const THINK_MS_MIN = 2;
const THINK_TRIPS = 0.25;
const QUEUE_DEPTH_MAX = 4;
const AFTER_MS_MIN = 200;
/** After so many round trips behind the move nothing of the beginning is left. */
const AFTER_TRIPS = 60;

/** An array of a pair takes the other for lost after so long, and gives signs of life so often meanwhile. */
const SILENCE_MS_MIN = 200;
const SILENCE_TRIPS = 40;
const SIGNS_OF_LIFE = 20;

/** A lease of copies, so that what asks for it comes in time. */
const LEASE_MS_MIN = 200;
const LEASE_TRIPS = 4;

type Volume = NonNullable<Scenario['vms'][number]['volumes']>[number];
type Cache = NonNullable<Volume['cache']>;

const volume = (kind: Volume['kind'], on: readonly string[], change: Partial<Volume> = {}) => ({
  ...{ name: DISK, kind, by: 'identity' as const, on: [...on], chunkBlocks: 128 },
  ...change,
});

/** The guest's disk under a policy, as it is once the policy has done what it does. */
function diskOf(policy: Policy, blocks: number, rttMs: number): Volume {
  const leaseMs = Math.max(LEASE_MS_MIN, LEASE_TRIPS * rttMs);
  const cached = (
    writes: Cache['writes'],
    atMove: Cache['atMove'],
    on: readonly string[] = ['d0'],
  ): Volume => volume('cached', on, { cache: { writes, atMove, hitUs: HIT_US, blocks, leaseMs } });
  switch (policy) {
    case 'leave':
      return volume('linear', ['d0']);
    case 'mirror-move':
    case 'iterative-copy':
      return volume('linear', ['d1']);
    case 'stretched-array':
      return volume('linear', ['d0']);
    case 'cache-through-carried':
      return cached('write-through', 'carried');
    case 'cache-through-dropped':
      return cached('write-through', 'dropped');
    case 'cache-back-carried':
      return cached('write-back', 'carried');
    case 'cache-coherent':
      return cached('write-through', 'coherent');
    case 'cache-shared':
      return cached('write-through', 'shared', ['d0', 'd1']);
    case 'stretched':
      return volume('mirror', ['d0', 'd1']);
    case 'distributed':
      return volume('quorum', UNITS);
  }
}

/** The scenario of a policy, made of the guest, the array and the links of another. */
export function gravityScenario(base: Scenario, policy: Policy, rttMs: number): Scenario {
  const { masks: _, pool: __, targetPortGroups: ___, site: ____, ...unpaired } = base.array;
  const { stretched: _____, ...array } = unpaired;
  const vm = base.vms.find(({ name }) => name === base.move.vm)!;
  const blocks = Math.max(vm.workload.rangeBlocks, ...base.array.luns.map((one) => one.blocks));
  const disk = diskOf(policy, vm.workload.rangeBlocks, rttMs);
  const thinkMs = Math.max(vm.workload.thinkUs / 1000, THINK_MS_MIN, THINK_TRIPS * rttMs);
  const { furtherFcfs: _f, npv: _n, zones: _z, listen: _l, site: _s, ...fabric } = base.fabrics[0]!;
  const { site: _h, ...host } = base.hosts[0]!;
  // A file server is asked at one address, the first that a host has: where the data are.
  const sites =
    base.protocol === 'nfs' && disk.on[0] === UNITS[1]
      ? [SITES[1], SITES[0], SITES[2]]
      : [...SITES];
  const { sites: _sites, lan: _lan, backup: _backup, management: _m, ...rest } = base;
  const scenario: Scenario = {
    ...rest,
    name: `${base.name}: ${policy}`,
    fabrics: SITES.map((name, i) => ({ ...fabric, name, domain: i + 1, vlan: fabric.vlan + i })),
    hosts: SITES.slice(0, 2).map((name) => ({ ...host, name: `host-${name}`, ports: sites })),
    array: {
      ...array,
      ports: [...SITES],
      luns: UNITS.map((name) => ({ name, blocks })),
    },
    vms: [
      {
        name: GUEST,
        host: 'host-here',
        luns: disk.on,
        volumes: [disk],
        workload: {
          ...vm.workload,
          ...{ compareAndWritePercent: 0, unmapPercent: 0, writeSamePercent: 0 },
          synchronizePercent: 0,
          thinkUs: thinkMs * 1000,
          queueDepth: Math.min(vm.workload.queueDepth, QUEUE_DEPTH_MAX),
        },
      },
    ],
    move: { ...base.move, vm: GUEST, to: 'host-there' },
    nextMoves: [],
    events: [],
    timing: {
      ...base.timing,
      beforeMs: BEFORE_IOS * thinkMs,
      afterMs: Math.max(AFTER_MS_MIN, AFTER_TRIPS * rttMs),
    },
  };
  return policy === 'stretched-array' ? withPair(scenario, rttMs) : scenario;
}

/** Two arrays keep a leg each, at the first two sites; the one that is near the guest leads, as its hypervisor asks for. */
function withPair(scenario: Scenario, rttMs: number): Scenario {
  const { array, fabrics, hosts } = scenario;
  const [here, there] = SITES;
  const silenceMs = Math.max(SILENCE_MS_MIN, SILENCE_TRIPS * rttMs);
  return {
    ...scenario,
    // How far they are from each other is said by `apart`.
    sites: [{ name: here }, { name: there }],
    fabrics: fabrics.slice(0, 2).map((one) => ({ ...one, site: one.name })),
    hosts: hosts.map((one, i) => ({
      ...one,
      site: SITES[i]!,
      ports: [here, there],
      paths: 'near' as const,
    })),
    array: {
      ...array,
      name: LEGS[0],
      ports: [here],
      luns: array.luns.slice(0, 1),
      stretched: {
        ...{ name: LEGS[1], site: there, ports: [there] },
        ...{ winner: 'witness' as const, witness: { lies: 'none' as const } },
        ...{ silenceMs, heartbeatMs: silenceMs / SIGNS_OF_LIFE, winnerMs: silenceMs },
        ...{ generation: 'new' as const, lead: 'follows-hosts' as const, leadAfterIos: 1 },
      },
    },
  };
}

/** What stands at one of the sites and reaches others by long cables. */
const SITE_OF: ReadonlyMap<string, string> = new Map([
  ...SITES.map((site) => [`host-${site}`, site] as const),
  ...LEGS.map((leg, i) => [leg, SITES[i]!] as const),
]);

/** Whether a cable of a host, or of an array of a pair, leads to another site than its own; what joins caches stands at the first. */
export function isLong({ ends, fabric, kind }: Pick<Cable, 'ends' | 'fabric' | 'kind'>): boolean {
  if (kind === 'lan') return ends.some(({ node }) => node === `host-${SITES[1]}`);
  return ends.some(({ node }) => (SITE_OF.get(node) ?? fabric) !== fabric);
}

/** Whether a cable is of the way between two arrays of a pair. */
export const isBetweenArrays = (cable: Pick<Cable, 'ends' | 'fabric' | 'kind'>): boolean =>
  isLong(cable) && cable.ends.some(({ node }) => LEGS.some((leg) => leg === node));

/** Sites apart by a round trip; each unit of the array is at one site, and its port there shows it alone, unless units are stretched. */
export function apart(topology: Topology, rttMs: number): Topology {
  const oneWayNs = Math.round((rttMs * MILLISECOND) / 2);
  return {
    ...topology,
    cables: topology.cables.map((cable) => {
      if (!isLong(cable)) return cable;
      const propagationNs = (cable.link?.propagationNs ?? 0) + oneWayNs;
      return { ...cable, link: { ...cable.link, propagationNs } };
    }),
    nodes: topology.nodes.map((node) => {
      if (node.kind !== 'array' || node.pair !== undefined) return node;
      const masks = node.masks.map((mask) => ({
        ...mask,
        luns: mask.luns.map((one) => ({ ...one, ports: [one.unit] })),
      }));
      return { ...node, masks };
    }),
  };
}
