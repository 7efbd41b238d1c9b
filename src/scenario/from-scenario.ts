/**
 * The topology of a scenario. Names, addresses and WWNs that the scenario leaves open are made from
 * its names and places, so that the same scenario gives the same frames everywhere.
 */
import { formatWwn, macFromWords, parseWwn } from '../codecs/layout/index.ts';
import { AccessState } from '../codecs/scsi/index.ts';
import { FCF_DEFAULTS } from '../fabric/fcoe/options.ts';
import { MILLISECOND } from '../machine/machine.ts';
import {
  allNamesOf,
  arrayWwpn,
  guestNames,
  hostWwpn,
  identitiesOf,
  namesOn,
  planOf,
  wwpnsOf,
} from './identities.ts';
import { ALL_TARGET_PORTS, cableName, MOVER_NAME, switchName } from './names.ts';
import type { FabricScenario, Scenario, VmScenario } from './schema.ts';
import type {
  ArrayNode,
  Cable,
  EnodePortPlan,
  GuestPlan,
  HostNode,
  MaskPlan,
  PlannedMove,
  SwitchNode,
  Topology,
} from './topology.ts';

const MICROSECOND_NS = 1000;
/** Collecting advertisements for longer than this brings nothing where each fabric has one FCF. */
const FCF_SELECTION_DELAY_NS = 50 * MILLISECOND;

/** Lays a scenario out. */
export function topologyOf(scenario: Scenario): Topology {
  const { fabrics, hosts, name, vms } = scenario;
  const move: PlannedMove = { mover: MOVER_NAME, plan: planOf(scenario) };
  const array = arrayNode(scenario);
  const hostNodes = hosts.map((_, index) => hostNode(scenario, index));
  const cables = cablesOf(scenario, [array, ...hostNodes]);
  return {
    name,
    sites: [],
    fabrics: fabrics.map((fabric) => ({ name: fabric.name, vlan: fabric.vlan })),
    nodes: [
      ...fabrics.map((_, index) => switchNode(scenario, index, cables, move)),
      ...hostNodes,
      array,
      { name: MOVER_NAME, kind: 'mover', ports: [] },
    ],
    cables,
    guests: vms.map((vm, index) => guestOf(scenario, vm, index, move)),
    moves: [move],
  };
}

/** Ports of the array first, then those of the hosts, each switch's ports counting up. */
function cablesOf(scenario: Scenario, nodes: readonly (ArrayNode | HostNode)[]): Cable[] {
  const { delayUs, gbps } = scenario.links;
  const link = {
    rateBitsPerSecond: Math.round(gbps * 1e9),
    propagationNs: Math.round(delayUs * MICROSECOND_NS),
  };
  const used = new Map<string, number>();
  return nodes.flatMap(({ name: node, ports }) =>
    ports.map(({ fabric, vlan }, port): Cable => {
      const there = used.get(fabric) ?? 0;
      used.set(fabric, there + 1);
      return {
        name: cableName(node, port, fabric),
        kind: 'fcoe',
        fabric,
        vlan,
        ends: [
          { node, port },
          { node: switchName(fabric), port: there },
        ],
        link,
      };
    }),
  );
}

function switchNode(
  scenario: Scenario,
  index: number,
  cables: readonly Cable[],
  { plan }: PlannedMove,
): SwitchNode {
  const fabric = scenario.fabrics[index]!;
  const { name } = fabric;
  return {
    name: switchName(name),
    kind: 'switch',
    fabric: name,
    ports: cables
      .filter((one) => one.fabric === name)
      .map(() => ({ kind: 'vf-port', fabric: name })),
    options: {
      ...switchIdentity(name, index + 1),
      domain: fabric.domain,
      vlan: fabric.vlan,
      fkaAdvPeriodMs: fabric.fkaAdvPeriodMs,
      eDTovMs: fabric.eDTovMs,
      rATovMs: fabric.rATovMs,
      npivLoginsMax: fabric.npivLoginsMax,
      duplicateWwpn: fabric.duplicateWwpn,
      persistentFcIds: fabric.persistentFcIds,
      fcIdReuse: fabric.fcIdReuse,
      cleanAddress: fabric.cleanAddress,
      accessLists: fabric.accessLists,
      rscn: fabric.rscn,
      baseLogout: fabric.baseLogout,
      virtualWwpns: plan.fabrics.flatMap(({ name: on, wwpn, sourceWwpn }) =>
        on === name && wwpn !== sourceWwpn ? [{ wwpn, to: sourceWwpn }] : [],
      ),
      zoning: zoningOf(scenario, fabric),
    },
  };
}

/** Names and addresses of the n-th switch, from 1. */
export function switchIdentity(
  name: string,
  number: number,
): Pick<SwitchNode['options'], 'name' | 'fcfMac' | 'fabricName' | 'switchName'> {
  return {
    name,
    fcfMac: macFromWords(0x0e00, (0xfcf0_0000 | number) >>> 0),
    fabricName: formatWwn(0x2000_0200_fab0_0000n + BigInt(number)),
    switchName: formatWwn(0x1000_0200_fcf0_0000n + BigInt(number)),
  };
}

function zoningOf(
  scenario: Scenario,
  fabric: FabricScenario,
): NonNullable<SwitchNode['options']['zoning']> {
  const { array, vms } = scenario;
  const arrayPorts = array.ports.flatMap((name, port) =>
    name === fabric.name ? [arrayWwpn(port)] : [],
  );
  const namesOfVm = (index: number): string[] => namesOn(scenario, vms[index]!, index, fabric.name);
  const membersOf = (member: string): string[] => {
    if (member === ALL_TARGET_PORTS) return arrayPorts;
    const index = vms.findIndex((vm) => vm.name === member);
    return index >= 0 ? namesOfVm(index) : [formatWwn(parseWwn(member))];
  };
  const zones =
    fabric.zones?.map((zone) => ({ name: zone.name, members: zone.members.flatMap(membersOf) })) ??
    vms.map((vm, index) => ({ name: vm.name, members: [...namesOfVm(index), ...arrayPorts] }));
  return { enforced: fabric.zoning, zones, defaultZone: 'deny' };
}

function enodePort(
  scenario: Scenario,
  fabric: string,
  identity: Pick<EnodePortPlan, 'mac' | 'wwpn'>,
): EnodePortPlan {
  const { vlan } = scenario.fabrics.find((one) => one.name === fabric)!;
  return {
    kind: 'enode',
    fabric,
    ...identity,
    vlanDiscovery: vlan !== 0,
    vlan,
    vlanPriority: FCF_DEFAULTS.vlanPriority,
    fcfSelectionDelayNs: FCF_SELECTION_DELAY_NS,
  };
}

function hostNode(scenario: Scenario, index: number): HostNode {
  const { fabrics, hosts, timing } = scenario;
  const { name, npiv, ports } = hosts[index]!;
  const rATovMs = Math.max(...fabrics.map((one) => one.rATovMs));
  return {
    name,
    kind: 'host',
    ports: ports.map((fabric, port) => {
      const mac = macFromWords(0x0025, (0xb500_0000 | ((index + 1) << 8) | port) >>> 0);
      return enodePort(scenario, fabric, { mac, wwpn: hostWwpn(index, port) });
    }),
    options: {
      nodeName: formatWwn(0x2000_0025_b500_0000n + BigInt(index + 1)),
      npiv,
      policy: {
        commandTimeoutNs: timing.commandTimeoutMs * MILLISECOND,
        lateWriteWaitNs: (timing.lateWriteWaitMs ?? rATovMs) * MILLISECOND,
        guestTimeoutNs: timing.guestTimeoutMs * MILLISECOND,
      },
    },
  };
}

/** Name and address of the n-th target port, from 0. */
export function targetPortIdentity(port: number): Pick<EnodePortPlan, 'mac' | 'wwpn'> {
  return { mac: macFromWords(0x0060, (0x1600_0000 | (port + 1)) >>> 0), wwpn: arrayWwpn(port) };
}

/** The array's name as a node of the fabric. */
export const ARRAY_NODE_NAME: string = formatWwn(0x5006_0160_0000_0000n);

function arrayNode(scenario: Scenario): ArrayNode {
  const { array, move } = scenario;
  const targetPortGroups = array.targetPortGroups?.map(({ id, ports, state, preferred }) => ({
    id,
    // Port n has the relative identifier n + 1.
    relativePortIds: ports.map((port) => port + 1),
    state: ACCESS_STATES[state],
    ...(preferred === undefined ? {} : { preferred }),
  }));
  return {
    name: array.name,
    kind: 'array',
    ports: array.ports.map((fabric, port) => enodePort(scenario, fabric, targetPortIdentity(port))),
    options: {
      nodeName: ARRAY_NODE_NAME,
      powerOnAttention: array.powerOnAttention,
      retry: array.retry,
      firstBurst: array.firstBurst,
      oxIdEpochs: move.defences.includes('oxid-epochs'),
      confirm: array.confirm,
      destageNs: array.destageMs * MILLISECOND,
      ...(targetPortGroups === undefined ? {} : { targetPortGroups }),
      service: {
        readNs: Math.round(array.readUs * MICROSECOND_NS),
        writeNs: Math.round(array.writeUs * MICROSECOND_NS),
        jitterNs: Math.round(array.jitterUs * MICROSECOND_NS),
      },
    },
    units: array.luns.map(({ name, blocks, file }) => ({
      name,
      blocks,
      ...(file === undefined ? {} : { file }),
      writeCache: array.writeCache,
    })),
    defaultMask: [],
    masks: masksOf(scenario),
  };
}

const ACCESS_STATES = {
  'active-optimized': AccessState.ACTIVE_OPTIMIZED,
  'active-non-optimized': AccessState.ACTIVE_NON_OPTIMIZED,
  standby: AccessState.STANDBY,
  unavailable: AccessState.UNAVAILABLE,
  transitioning: AccessState.TRANSITIONING,
} as const;

/** Those that the scenario says; or for every virtual machine its logical units in their order. */
function masksOf(scenario: Scenario): MaskPlan[] {
  const { array, vms } = scenario;
  const units = new Map(array.luns.map((one, index) => [one.name, index]));
  const of = (wwpns: readonly string[], luns: readonly (readonly [number, string])[]) => {
    const view = luns.map(([lun, name]) => ({ lun, unit: units.get(name)! }));
    return wwpns.map((wwpn): MaskPlan => ({ wwpn, luns: view }));
  };
  if (array.masks === undefined) {
    return vms.flatMap((vm, index) =>
      of(
        allNamesOf(scenario, vm, index),
        vm.luns.map((name, lun) => [lun, name]),
      ),
    );
  }
  return array.masks.flatMap((mask) => {
    const index = vms.findIndex((vm) => vm.name === mask.for);
    const wwpns =
      index < 0 ? [formatWwn(parseWwn(mask.for))] : allNamesOf(scenario, vms[index]!, index);
    return of(
      wwpns,
      Object.entries(mask.luns).map(([lun, name]) => [Number(lun), name]),
    );
  });
}

function guestOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
  { plan }: PlannedMove,
): GuestPlan {
  const { thinkUs, ...workload } = vm.workload;
  return {
    name: vm.name,
    host: vm.host,
    units: vm.luns.length,
    names: guestNames(scenario, vm, index),
    identities: vm.name === plan.vm ? plan.source : identitiesOf(scenario, vm, index, vm.host, 0),
    workload: {
      writerId: index + 1,
      ...workload,
      thinkNs: Math.round(thinkUs * MICROSECOND_NS),
    },
    stream: `guest ${vm.name}`,
    ...reservationOf(scenario, vm, index),
  };
}

/** The reservation of a guest; on each fabric the second of its names succeeds the first. */
function reservationOf(
  scenario: Scenario,
  vm: VmScenario,
  index: number,
): Pick<GuestPlan, 'reservation'> {
  if (vm.reservation === undefined) return {};
  const successors = scenario.fabrics.flatMap((fabric): [string, string][] => {
    const [first, second] = wwpnsOf(scenario, vm, index, fabric.name);
    return first === undefined || second === undefined ? [] : [[first, second]];
  });
  return { reservation: { ...vm.reservation, successors } };
}
