/**
 * What lies between the hosts and the array of a scenario's fabric: its switch, or several behind a
 * bridge, and the cables.
 */
import { formatWwn } from '../codecs/layout/index.ts';
import { MICROSECOND } from '../machine/machine.ts';
import { bridgeName, cableName, switchName } from './names.ts';
import type { FabricScenario, Scenario } from './schema.ts';
import { switchIdentity, switchNode } from './switch-from-scenario.ts';
import type {
  ArrayNode,
  BridgeNode,
  Cable,
  FabricPlan,
  HostNode,
  PlannedMove,
  SwitchNode,
} from './topology.ts';

type FurtherFcf = NonNullable<FabricScenario['furtherFcfs']>[number];

/** Numbers of the switches of a segment lie so far apart that those of all fabrics fit in between. */
const NUMBERS_OF_A_PLACE = 256;
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

/** The nodes of the segment of a fabric, by its place in the scenario's list. */
export function segmentOf(
  scenario: Scenario,
  index: number,
  cables: readonly Cable[],
  moves: readonly PlannedMove[],
): (SwitchNode | BridgeNode)[] {
  const { furtherFcfs, name } = scenario.fabrics[index]!;
  const first = switchNode(scenario, index, cables, moves);
  if (furtherFcfs === undefined) return [first];
  const bridge = bridgeName(name);
  const atBridge = cables.filter(({ ends }) => ends.some((end) => end.node === bridge));
  return [
    first,
    ...furtherFcfs.map((one, i) => furtherSwitch(scenario, first, one, index, i + 1)),
    {
      name: bridge,
      kind: 'bridge',
      fabric: name,
      ports: atBridge.map(({ isTrunk }) => ({
        kind: 'bridge-port',
        fabric: name,
        isOfEnode: isTrunk !== true,
      })),
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

/** Ports of the array first, then those of the hosts, each switch's ports counting up. */
export function cablesOf(scenario: Scenario, nodes: readonly (ArrayNode | HostNode)[]): Cable[] {
  const { delayUs, gbps } = scenario.links;
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
  const ofPorts = nodes.flatMap(({ name: node, ports }) =>
    ports.map(
      ({ fabric, vlan }, port): Cable => ({
        name: cableName(node, port, fabric),
        kind: 'fcoe',
        fabric,
        vlan,
        ends: [{ node, port }, plug(coreOf(fabrics.get(fabric)!))],
        link,
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
  return [...ofPorts, ...trunks];
}

/** What the ports of a fabric are plugged into. */
const coreOf = ({ furtherFcfs, name }: FabricScenario): string =>
  furtherFcfs === undefined ? switchName(name) : bridgeName(name);
