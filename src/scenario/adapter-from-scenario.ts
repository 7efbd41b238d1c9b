/** A port of a host or an array, as a scenario has it: an ENode, or an N_Port on a native link. */
import { FCF_DEFAULTS } from '../fabric/fcoe/options.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { dcbxOfNode, fcoePriorityOf } from './qos-from-scenario.ts';
import type { Scenario } from './schema.ts';
import type { AdapterPortPlan, EnodePortPlan } from './topology.ts';

/** Collecting advertisements for longer than this brings nothing where FCFs answer at once. */
const FCF_SELECTION_DELAY_NS = 50 * MILLISECOND;

/** A port of a node on a fabric; it looks for its VLAN where the fabric has one. */
export function enodePort(
  scenario: Scenario,
  fabric: string,
  identity: Pick<EnodePortPlan, 'mac' | 'wwpn' | 'vlanChoice'>,
  node?: string,
): EnodePortPlan {
  const { vlan } = scenario.fabrics.find((one) => one.name === fabric)!;
  const exchange = node === undefined ? {} : dcbxOfNode(scenario, node);
  // What it is to learn it does not know yet.
  const learns = exchange.dcbx?.willing === true;
  return {
    kind: 'enode',
    fabric,
    ...identity,
    vlanDiscovery: vlan !== 0,
    vlan,
    vlanPriority: learns ? FCF_DEFAULTS.vlanPriority : fcoePriorityOf(scenario, node),
    ...exchange,
    ...(scenario.qos?.notices === true ? { notices: true } : {}),
    fcfSelectionDelayNs: FCF_SELECTION_DELAY_NS,
  };
}

/** A port on a fabric, of the kind that the scenario's protocol asks for. */
export function adapterPort(
  scenario: Scenario,
  fabric: string,
  identity: Pick<EnodePortPlan, 'mac' | 'wwpn' | 'vlanChoice'>,
  node?: string,
): AdapterPortPlan {
  if (scenario.protocol !== 'fc') return enodePort(scenario, fabric, identity, node);
  const { bbCredit, bbScN } = scenario.links;
  return { kind: 'n-port', fabric, wwpn: identity.wwpn, bbCredit, bbScN };
}
