/** How long the links of a scenario let a frame live: what their own timers say, which is less than R_A_TOV. */
import { MICROSECOND, MILLISECOND } from '../machine/machine.ts';
import type { FabricScenario, Scenario } from './schema.ts';

/** Switches and bridges between a host and the array. */
const switchesOn = ({ furtherFcfs, npv }: FabricScenario): number =>
  1 + (npv === undefined ? 0 : 1) + (furtherFcfs === undefined ? 0 : 1);

/**
 * Longest life of a frame by the timers of its links, in whole milliseconds as nanoseconds: at its sender it waits no
 * longer than a pause may last, or an adapter bears to have no credit; each switch discards what it has held for its
 * hold time; and the way itself takes its time. `undefined` where links have no such timers.
 */
export function frameLifeNs(
  scenario: Pick<Scenario, 'fabrics' | 'links' | 'protocol' | 'qos'>,
): number | undefined {
  const { fabrics, links, protocol, qos } = scenario;
  const isNative = protocol === 'fc';
  const holdMs = isNative ? links.holdMs : qos?.holdMs;
  if (holdMs === undefined) return undefined;
  const lives = fabrics.map((fabric) => {
    const waitMs = isNative ? fabric.eDTovMs : (qos?.pauseBoundMs ?? 0);
    const switches = switchesOn(fabric);
    const wayMs = ((switches + 1) * links.delayUs * MICROSECOND) / MILLISECOND;
    return waitMs + switches * holdMs + wayMs;
  });
  return Math.ceil(Math.max(...lives)) * MILLISECOND;
}
