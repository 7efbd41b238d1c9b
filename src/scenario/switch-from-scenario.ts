/** The switches of a scenario, with their zones. */
import { formatWwn, macFromWords, parseWwn } from '../codecs/layout/index.ts';
import { backupPorts, backupWwpn } from './backup-from-scenario.ts';
import { arrayWwpn, namesOn, targetPortsOf } from './identities.ts';
import { ALL_TARGET_PORTS, switchName } from './names.ts';
import { pairNamesOn } from './pair-from-scenario.ts';
import { dcbxOfSwitch, fcoePriorityOf } from './qos-from-scenario.ts';
import type { FabricScenario, Scenario } from './schema.ts';
import type { Cable, FcSwitchNode, PlannedMove, SwitchNode } from './topology.ts';

/** The switch of the fabric at a place of the scenario's list, a port for each of its cables. */
export function switchNode(
  scenario: Scenario,
  index: number,
  cables: readonly Cable[],
  moves: readonly PlannedMove[],
): SwitchNode {
  const fabric = scenario.fabrics[index]!;
  const { name } = fabric;
  return {
    name: switchName(name),
    kind: 'switch',
    fabric: name,
    ports: cablesTo(switchName(name), cables).map(() => ({ kind: 'vf-port', fabric: name })),
    options: {
      ...switchIdentity(name, index + 1),
      domain: fabric.domain,
      vlan: fabric.vlan,
      ...priorityFrom(scenario),
      ...dcbxOfSwitch(scenario, switchName(name), cables),
      ...(fabric.vlans === undefined ? {} : { vlans: fabric.vlans }),
      fipPriority: fabric.fipPriority,
      fkaAdvPeriodMs: fabric.fkaAdvPeriodMs,
      accessLists: fabric.accessLists,
      ...policiesOf(scenario, fabric, moves),
    },
  };
}

/** The priority of a switch's frames, where the scenario says one. */
export const priorityFrom = (scenario: Scenario): { readonly vlanPriority?: number } =>
  scenario.qos === undefined ? {} : { vlanPriority: fcoePriorityOf(scenario) };

/** The same with native links. */
export function nativeSwitchNode(
  scenario: Scenario,
  index: number,
  cables: readonly Cable[],
  moves: readonly PlannedMove[],
): FcSwitchNode {
  const fabric = scenario.fabrics[index]!;
  const { name } = fabric;
  const { fcfMac: _, ...identity } = switchIdentity(name, index + 1);
  const { bbCredit, bbScN } = scenario.links;
  return {
    name: switchName(name),
    kind: 'fc-switch',
    fabric: name,
    ports: cablesTo(switchName(name), cables).map(() => ({ kind: 'f-port', fabric: name })),
    options: {
      ...identity,
      domain: fabric.domain,
      bbCredit,
      bbScN,
      ...policiesOf(scenario, fabric, moves),
    },
  };
}

const cablesTo = (node: string, cables: readonly Cable[]): Cable[] =>
  cables.filter(({ ends }) => ends.some((end) => end.node === node));

/** What a switch does of its fabric's services, whatever its links are. */
function policiesOf(scenario: Scenario, fabric: FabricScenario, moves: readonly PlannedMove[]) {
  return {
    eDTovMs: fabric.eDTovMs,
    rATovMs: fabric.rATovMs,
    npivLoginsMax: fabric.npivLoginsMax,
    duplicateWwpn: fabric.duplicateWwpn,
    persistentFcIds: fabric.persistentFcIds,
    fcIdReuse: fabric.fcIdReuse,
    cleanAddress: fabric.cleanAddress,
    rscn: fabric.rscn,
    baseLogout: fabric.baseLogout,
    virtualWwpns: virtualWwpnsOn(fabric.name, moves),
    zoning: zoningOf(scenario, fabric),
  };
}

/** The names that stand for others when the fabric comes up: those of the first move of each guest. */
function virtualWwpnsOn(fabric: string, moves: readonly PlannedMove[]) {
  const first = moves.filter(
    ({ plan }, i) => moves.findIndex((one) => one.plan.vm === plan.vm) === i,
  );
  return first.flatMap(({ plan }) =>
    plan.fabrics.flatMap(({ name, wwpn, sourceWwpn }) =>
      name === fabric && wwpn !== sourceWwpn ? [{ wwpn, to: sourceWwpn }] : [],
    ),
  );
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

/** The zone set of a fabric, with the names behind its members. */
export function zoningOf(
  scenario: Scenario,
  fabric: Pick<FabricScenario, 'name' | 'zones' | 'zoning'>,
): NonNullable<SwitchNode['options']['zoning']> {
  const { vms } = scenario;
  const arrayPorts = targetPortsOf(scenario).flatMap((name, port) =>
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
  const agent = backupPorts(scenario).flatMap((name, port) =>
    name === fabric.name ? [backupWwpn(port)] : [],
  );
  const own = agent.length === 0 ? [] : [{ name: 'backup', members: [...agent, ...arrayPorts] }];
  const arrays = pairNamesOn(scenario, fabric.name);
  const pair = arrays.length === 0 ? [] : [{ name: 'pair', members: [...arrays, ...arrayPorts] }];
  return { enforced: fabric.zoning, zones: [...zones, ...own, ...pair], defaultZone: 'deny' };
}
