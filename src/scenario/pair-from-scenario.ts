/**
 * The second array of a scenario with stretched units, and what the first has for it: ports by which each is the
 * other's initiator, units that only the two see, the groups of target ports that hosts see of both.
 */
import { ISCSI_TCP_PORT } from '../codecs/iscsi/index.ts';
import { formatWwn, macFromWords } from '../codecs/layout/index.ts';
import { AccessState } from '../codecs/scsi/index.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { adapterPort } from './adapter-from-scenario.ts';
import { arrayWwpn } from './identities.ts';
import { arrayIpPort, pairIpPort, targetNameOf } from './ip-from-scenario.ts';
import { isIp } from './protocols.ts';
import type { Scenario } from './schema.ts';
import { siteOf } from './sites-from-scenario.ts';
import type {
  AdapterPortPlan,
  ArrayNode,
  IpPortPlan,
  MaskPlan,
  PairPlan,
  UnitPlan,
} from './topology.ts';

/** Target port groups: the first array's and the second's. */
const GROUPS = [1, 2] as const;
type Which = 0 | 1;

/** Fabrics of the target ports of an array of the pair. */
function targetFabrics({ array }: Scenario, which: Which): readonly string[] {
  return which === 0 ? array.ports : (array.stretched?.ports ?? []);
}

/** The place of an array's first target port among those of both. */
const firstOf = (scenario: Scenario, which: Which): number =>
  which === 0 ? 0 : scenario.array.ports.length;

/** The fabrics by which an array reaches the other: those of its target ports, each once. */
export function pairFabrics(scenario: Scenario, which: Which): string[] {
  if (scenario.array.stretched === undefined) return [];
  return [...new Set(targetFabrics(scenario, which === 0 ? 1 : 0))];
}

/** The name of a port by which an array reaches the other. */
export const pairWwpn = (which: Which, port: number): string =>
  formatWwn(0x5006_0160_0001_0000n + BigInt(which * 256 + port));

/** Those ports. */
export function pairPorts(scenario: Scenario, which: Which): (AdapterPortPlan | IpPortPlan)[] {
  const isLan = isIp(scenario.protocol);
  return pairFabrics(scenario, which).map((fabric, port) =>
    isLan
      ? pairIpPort(scenario, fabric, which, port)
      : adapterPort(scenario, fabric, {
          mac: macFromWords(0x0060, (0x1700_0000 | (which << 8) | port) >>> 0),
          wwpn: pairWwpn(which, port),
        }),
  );
}

/** Who else is in the zone of a fabric's target ports: the arrays as each other's initiators. */
export function pairNamesOn(scenario: Scenario, fabric: string): string[] {
  return ([0, 1] as const).flatMap((which) =>
    pairFabrics(scenario, which).flatMap((name, port) =>
      name === fabric ? [pairWwpn(which, port)] : [],
    ),
  );
}

/** How an array is called on the LANs, as a target and as an initiator. */
const nameOfSide = ({ array }: Scenario, which: Which): string =>
  targetNameOf(which === 0 ? array.name : array.stretched!.name);

/** The other's portals, by the places of its target ports among those of both. */
function peerPortals(
  scenario: Scenario,
  which: Which,
  theirs: readonly number[],
): NonNullable<PairPlan['iscsi']> {
  return {
    initiator: nameOfSide(scenario, which),
    portals: theirs.map((port, i) => ({
      target: nameOfSide(scenario, which === 0 ? 1 : 0),
      groupTag: i + 1,
      address: arrayIpPort(scenario, port).address,
      port: ISCSI_TCP_PORT,
    })),
  };
}

/** What an array is told of its pair; nothing where it has none. */
export function pairPlan(scenario: Scenario, which: Which): { readonly pair?: PairPlan } {
  const { array, fabrics } = scenario;
  const { stretched } = array;
  if (stretched === undefined) return {};
  const other = which === 0 ? 1 : 0;
  const isLan = isIp(scenario.protocol);
  const theirs = targetFabrics(scenario, other).map((_, port) => firstOf(scenario, other) + port);
  const peerPorts = isLan ? [] : theirs.map(arrayWwpn);
  const site = which === 0 ? array.name : stretched.name;
  const ns = (milliseconds: number): number => Math.round(milliseconds * MILLISECOND);
  const pair: PairPlan = {
    ports: pairFabrics(scenario, which).length,
    peerPorts,
    ...(isLan ? { iscsi: peerPortals(scenario, which, theirs) } : {}),
    peerFirstPortId: firstOf(scenario, other) + 1,
    site,
    preferred: which === 0,
    rule: stretched.winner,
    generation: stretched.generation,
    heartbeatNs: ns(stretched.heartbeatMs),
    silenceNs: ns(stretched.silenceMs),
    winnerNs: ns(stretched.winnerMs),
    groups: [GROUPS[which]],
    peerGroups: [GROUPS[other]],
    lead: stretched.lead,
    leadAfterIos: stretched.leadAfterIos,
  };
  return fabrics.length === 0 ? {} : { pair };
}

/** Options of an array that hosts see as one with the other: its ports are numbered on, and both have both groups. */
export function pairOptions(
  scenario: Scenario,
  which: Which,
): Pick<ArrayNode['options'], 'targetPortGroups' | 'firstPortId'> {
  if (scenario.array.stretched === undefined) return {};
  const idsOf = (one: Which): number[] =>
    targetFabrics(scenario, one).map((_, port) => firstOf(scenario, one) + port + 1);
  const { ACTIVE_NON_OPTIMIZED, ACTIVE_OPTIMIZED } = AccessState;
  return {
    firstPortId: firstOf(scenario, which) + 1,
    targetPortGroups: [
      { id: GROUPS[0], relativePortIds: idsOf(0), state: ACTIVE_OPTIMIZED, preferred: true },
      { id: GROUPS[1], relativePortIds: idsOf(1), state: ACTIVE_NON_OPTIMIZED, preferred: false },
    ],
  };
}

/** Units of an array of the pair: as hosts see them, then one for records, then a leg and a way in for each. */
export function pairUnits(scenario: Scenario, which: Which, own: readonly UnitPlan[]): UnitPlan[] {
  const { array } = scenario;
  const { stretched } = array;
  if (stretched === undefined) return [...own];
  const here = which === 0 ? array.name : stretched.name;
  const hosts = own.map(
    (unit, of): UnitPlan => ({
      ...unit,
      pair: {
        role: 'hosts',
        ...(which === 0 ? {} : { sameAs: { device: array.name, index: of } }),
      },
    }),
  );
  const record: UnitPlan = {
    name: `records at ${here}`,
    blocks: 1,
    writeCache: 'protected',
    pair: { role: 'record' },
  };
  const behind = own.flatMap((unit, of): UnitPlan[] => {
    const { blocks, writeCache } = unit;
    const size = blocks === undefined ? {} : { blocks };
    return [
      { name: `${unit.name} (leg at ${here})`, ...size, writeCache, pair: { role: 'leg', of } },
      { name: `${unit.name} (by ${here})`, ...size, writeCache, pair: { role: 'forward', of } },
    ];
  });
  return [...hosts, record, ...behind];
}

/** What the other array of the pair sees of one: the record unit under LUN 0, the others in their order. */
export function pairMasks(scenario: Scenario, which: Which): MaskPlan[] {
  const first = scenario.array.luns.length;
  const other = which === 0 ? 1 : 0;
  const luns = [...Array(1 + 2 * first).keys()].map((lun) => ({ lun, unit: first + lun }));
  if (isIp(scenario.protocol)) return [{ initiator: nameOfSide(scenario, other), luns }];
  return pairFabrics(scenario, other).map((_, port) => ({
    initiator: pairWwpn(other, port),
    luns,
  }));
}

/** The second array, but for what it has like the first. */
export function secondArray(
  scenario: Scenario,
  first: ArrayNode,
  own: readonly UnitPlan[],
): ArrayNode[] {
  const { array } = scenario;
  const { stretched } = array;
  if (stretched === undefined) return [];
  const ports = stretched.ports.map((fabric, i) => {
    const port = array.ports.length + i;
    if (isIp(scenario.protocol)) return arrayIpPort(scenario, port);
    const mac = macFromWords(0x0060, (0x1600_0000 | (port + 1)) >>> 0);
    return adapterPort(scenario, fabric, { mac, wwpn: arrayWwpn(port) });
  });
  const guests = first.masks.filter(({ luns }) => luns.every(({ unit }) => unit < own.length));
  return [
    {
      ...first,
      name: stretched.name,
      ...siteOf(scenario, stretched),
      ports: [...ports, ...pairPorts(scenario, 1)],
      options: {
        ...first.options,
        nodeName: formatWwn(0x5006_0160_0000_8000n),
        ...pairOptions(scenario, 1),
      },
      ...(first.ip === undefined
        ? {}
        : { ip: { iscsi: { targetName: targetNameOf(stretched.name) } } }),
      ...pairPlan(scenario, 1),
      units: pairUnits(scenario, 1, own),
      masks: [...guests, ...pairMasks(scenario, 1)],
    },
  ];
}
