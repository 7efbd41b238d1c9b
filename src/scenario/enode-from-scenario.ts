/** An FCoE port of a host or an array, as a scenario has it. */
import { FCF_DEFAULTS } from '../fabric/fcoe/options.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { Scenario } from './schema.ts';
import type { EnodePortPlan } from './topology.ts';

/** Collecting advertisements for longer than this brings nothing where FCFs answer at once. */
const FCF_SELECTION_DELAY_NS = 50 * MILLISECOND;

/** A port on a fabric; it looks for its VLAN where the fabric has one. */
export function enodePort(
  scenario: Scenario,
  fabric: string,
  identity: Pick<EnodePortPlan, 'mac' | 'wwpn' | 'vlanChoice'>,
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
