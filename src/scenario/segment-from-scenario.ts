/**
 * What lies between the hosts and the array of a scenario's fabric: its switch, or several behind a
 * bridge, an N_Port virtualizer in front of the hosts, and the cables.
 */
import { formatWwn, macFromWords } from '../codecs/layout/index.ts';
import type { CreditOptions } from '../link/credit.ts';
import { MICROSECOND, MILLISECOND } from '../machine/machine.ts';
import { enodePort } from './adapter-from-scenario.ts';
import { bridgeName, cableName, npvName, switchName } from './names.ts';
import { isIp, type Protocol } from './protocols.ts';
import type { FabricScenario, Scenario } from './schema.ts';
import { distancesOf, longLink, siteOf } from './sites-from-scenario.ts';
import {
  nativeSwitchNode,
  priorityFrom,
  switchIdentity,
  switchNode,
} from './switch-from-scenario.ts';
import type {
  ArrayNode,
  BackupNode,
  BridgeNode,
  Cable,
  FabricPlan,
  FcSwitchNode,
  HostNode,
  NpvNode,
  PlannedMove,
  SwitchNode,
} from './topology.ts';

type FurtherFcf = NonNullable<FabricScenario['furtherFcfs']>[number];

/** Numbers of the switches of a segment lie so far apart that those of all fabrics fit in between. */
const NUMBERS_OF_A_PLACE = 256;
/** Numbers of N_Port virtualizers, behind those of all switches; port names of their uplinks. */
const NPV_NUMBERS = 0x8000;
const NPV_PORT_NAMES = 0x2100_0200_fcf4_0000n;
/** Fabric_Names of fabrics that the scenario has no more of than a switch. */
const OTHER_FABRIC_NAMES = 0x2000_0200_fab1_0000n;

/** Fabrics that have a switch in the segment of another one, and nothing else here. */
export function otherFabrics({ fabrics }: Scenario): FabricPlan[] {
  const further = fabrics.flatMap(({ furtherFcfs = [], vlan }) =>
    furtherFcfs.flatMap(({ fabric, vlan: own = vlan }) =>
      fabric === undefined ? [] : [{ name: fabric, vlan: own }],
    ),
  );
  return further.filter((one, i) => further.findIndex(({ name }) => name === one.name) === i);
}

/** The VLAN of a fabric's cables: none on native links. */
export function vlanOf(
  { protocol }: Pick<Scenario, 'protocol'>,
  { vlan }: { readonly vlan: number },
): number {
  return protocol === 'fc' ? 0 : vlan;
}

/** The nodes between the ports of a fabric, by its place in the scenario's list. */
export function segmentOf(
  scenario: Scenario,
  index: number,
  cables: readonly Cable[],
  moves: readonly PlannedMove[],
): (SwitchNode | FcSwitchNode | BridgeNode | NpvNode)[] {
  const { fipSnooping, furtherFcfs = [], name } = scenario.fabrics[index]!;
  if (isIp(scenario.protocol)) return [lanOf(name, cables)];
  if (scenario.protocol === 'fc') return [nativeSwitchNode(scenario, index, cables, moves)];
  const first = switchNode(scenario, index, cables, moves);
  const at = (node: string) => cables.filter(({ ends }) => ends.some((end) => end.node === node));
  const bridge = bridgeName(name);
  return [
    first,
    ...furtherFcfs.map((one, i) => furtherSwitch(scenario, first, one, index, i + 1)),
    ...(furtherFcfs.length === 0
      ? []
      : [
          {
            name: bridge,
            kind: 'bridge' as const,
            fabric: name,
            ...(fipSnooping ? { snoops: true } : {}),
            ports: at(bridge).map(({ ends }) => ({
              kind: 'bridge-port' as const,
              fabric: name,
              isOfEnode: ends[1].node === bridge,
            })),
          },
        ]),
    ...npvOf(scenario, first, index, at(npvName(name)).length),
  ];
}

/** A LAN: one bridge, behind which everybody reaches everybody. */
function lanOf(fabric: string, cables: readonly Cable[]): BridgeNode {
  const name = bridgeName(fabric);
  const ports = cables.filter(({ ends }) => ends[1].node === name);
  const port = { kind: 'bridge-port', fabric, isOfEnode: false } as const;
  return { name, kind: 'bridge', fabric, ports: ports.map(() => port) };
}

const kindOf = (protocol: Protocol): Cable['kind'] =>
  protocol === 'fcoe' || protocol === 'fc' ? protocol : 'ethernet';

/** A virtualizer has names of its own, made as a switch's are, and an adapter's for each uplink. */
function npvOf(scenario: Scenario, first: SwitchNode, index: number, portCount: number): NpvNode[] {
  const { fkaAdvPeriodMs, name, npv, vlan } = scenario.fabrics[index]!;
  if (npv === undefined) return [];
  const { fcfMac, switchName: own } = switchIdentity(name, NPV_NUMBERS + index + 1);
  const uplinks = [...Array(npv.uplinks).keys()].map((uplink) => ({
    ...enodePort(scenario, name, {
      mac: macFromWords(0x0e00, (0xfcf4_0000 | ((index + 1) << 8) | uplink) >>> 0),
      wwpn: formatWwn(NPV_PORT_NAMES + BigInt((index + 1) * NUMBERS_OF_A_PLACE + uplink)),
    }),
  }));
  const servers = Math.max(0, portCount - npv.uplinks);
  return [
    {
      name: npvName(name),
      kind: 'npv',
      fabric: name,
      ports: [
        ...uplinks,
        ...Array.from({ length: servers }, () => ({ kind: 'vf-port' as const, fabric: name })),
      ],
      options: {
        name: `${first.options.name} edge`,
        fcfMac,
        switchName: own,
        vlan,
        ...priorityFrom(scenario),
        fkaAdvPeriodMs,
      },
    },
  ];
}

/** As the first switch but for what is its own; a switch of another fabric knows nobody here. */
function furtherSwitch(
  scenario: Scenario,
  first: SwitchNode,
  fcf: FurtherFcf,
  index: number,
  place: number,
): SwitchNode {
  const { domain, fabric = first.fabric, fipPriority, vlan = first.options.vlan ?? 0, vlans } = fcf;
  const identity = switchIdentity(
    `${first.fabric} ${place + 1}`,
    place * NUMBERS_OF_A_PLACE + index + 1,
  );
  const isOurs = fabric === first.fabric;
  const other = otherFabrics(scenario).findIndex(({ name }) => name === fabric);
  const fabricName = isOurs
    ? first.options.fabricName
    : formatWwn(OTHER_FABRIC_NAMES + BigInt(other + 1));
  return {
    ...first,
    name: switchName(first.fabric, place),
    fabric,
    ports: [{ kind: 'vf-port', fabric }],
    options: {
      ...first.options,
      ...identity,
      fabricName,
      domain,
      fipPriority,
      vlan,
      vlans: vlans ?? [vlan],
      ...(isOurs ? {} : { zoning: { enforced: 'hard', zones: [], defaultZone: 'deny' } }),
    },
  };
}

/** Ports of the array first, then those of the hosts and of who makes backups, each switch's ports counting up. */
export function cablesOf(
  scenario: Scenario,
  nodes: readonly (ArrayNode | HostNode | BackupNode)[],
): Cable[] {
  const { delayUs, gbps, holdMs } = scenario.links;
  const link = {
    rateBitsPerSecond: Math.round(gbps * 1e9),
    propagationNs: Math.round(delayUs * MICROSECOND),
  };
  const fabrics = new Map(scenario.fabrics.map((one) => [one.name, one]));
  const used = new Map<string, number>();
  const plug = (node: string): Cable['ends'][number] => {
    const port = used.get(node) ?? 0;
    used.set(node, port + 1);
    return { node, port };
  };
  const at = (name: string): FabricScenario => fabrics.get(name)!;
  const distances = distancesOf(scenario);
  // An N_Port virtualizer's uplinks are its first ports.
  for (const { name, npv } of scenario.fabrics) if (npv) used.set(npvName(name), npv.uplinks);
  const ofPorts = nodes.flatMap(({ kind, name: node, ports, site }) =>
    ports.map(
      ({ fabric }, port): Cable => ({
        name: cableName(node, port, fabric),
        kind: kindOf(scenario.protocol),
        fabric,
        vlan: vlanOf(scenario, at(fabric)),
        ends: [
          { node, port },
          plug(
            isIp(scenario.protocol)
              ? bridgeName(fabric)
              : kind === 'host'
                ? edgeOf(at(fabric))
                : coreOf(at(fabric)),
          ),
        ],
        ...longLink(
          scenario.protocol === 'fc' ? { ...link, credit: creditOf(at(fabric), holdMs) } : link,
          distances,
          [{ site }, siteOf(scenario, at(fabric))],
        ),
      }),
    ),
  );
  const uplinks = scenario.fabrics.flatMap((fabric) =>
    [...Array(fabric.npv?.uplinks ?? 0).keys()].map(
      (port): Cable => ({
        name: cableName(npvName(fabric.name), port, fabric.name),
        kind: 'fcoe',
        fabric: fabric.name,
        vlan: fabric.vlan,
        ends: [{ node: npvName(fabric.name), port }, plug(coreOf(fabric))],
        link,
        isTrunk: true,
      }),
    ),
  );
  const trunks = scenario.fabrics.flatMap(({ furtherFcfs, name, vlan }) => {
    if (furtherFcfs === undefined) return [];
    const own: Partial<FurtherFcf> = {};
    return [own, ...furtherFcfs].map(
      (fcf, place): Cable => ({
        name: cableName(switchName(name, place), 0, name),
        kind: 'fcoe',
        fabric: fcf.fabric ?? name,
        vlan: fcf.vlan ?? vlan,
        ends: [plug(bridgeName(name)), { node: switchName(name, place), port: 0 }],
        link,
        isTrunk: true,
        ...(fcf.plugged === false ? { isOut: true } : {}),
      }),
    );
  });
  return [...ofPorts, ...uplinks, ...trunks];
}

/** A native link has credit; its second end is the switch's, which forwards and keeps no frame for ever. */
const creditOf = ({ eDTovMs }: FabricScenario, holdMs: number): CreditOptions => ({
  eDTovNs: eDTovMs * MILLISECOND,
  ends: [{}, { holdNs: Math.round(holdMs * MILLISECOND), forwards: true }],
});

/** What the array and uplinks are plugged into. */
const coreOf = ({ furtherFcfs, name }: FabricScenario): string =>
  furtherFcfs === undefined ? switchName(name) : bridgeName(name);

/** What hosts are plugged into. */
const edgeOf = (fabric: FabricScenario): string =>
  fabric.npv === undefined ? coreOf(fabric) : npvName(fabric.name);
