/** The times that a scenario is judged by. */
import type { AuditBounds, LanBounds, QosBounds } from '../audit/verdict.ts';
import { QUANTUM_BYTES_PER_PERCENT } from '../link/group-scheduler.ts';
import { responseNs } from '../link/headroom.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { LanScenario, Scenario } from '../scenario/schema.ts';

/** The bounds of a scenario; of several fabrics the slowest counts. */
export function boundsOf({ fabrics, lan, links, qos, timing }: Scenario): AuditBounds {
  return {
    guestTimeoutNs: timing.guestTimeoutMs * MILLISECOND,
    blackoutBudgetNs: timing.blackoutBudgetMs * MILLISECOND,
    rATovNs: Math.max(...fabrics.map((one) => one.rATovMs)) * MILLISECOND,
    fkaAdvPeriodNs: Math.max(...fabrics.map((one) => one.fkaAdvPeriodMs)) * MILLISECOND,
    ...(lan === undefined ? {} : { lan: lanBounds(lan) }),
    ...(qos === undefined ? {} : { qos: qosBounds(qos, links) }),
  };
}

function qosBounds(
  { largestBytes, pauseBoundMs }: NonNullable<Scenario['qos']>,
  { gbps }: Scenario['links'],
): QosBounds {
  return {
    pauseNs: Math.round(pauseBoundMs * MILLISECOND),
    responseNs: responseNs(gbps * 1e9),
    largestBytes,
    quantumBytes: 100 * QUANTUM_BYTES_PER_PERCENT,
  };
}

function lanBounds(lan: LanScenario): LanBounds {
  return {
    convergeNs: lan.convergeMs * MILLISECOND,
    blackoutNs: lan.blackoutMs * MILLISECOND,
    agreeNs: lan.agreeMs * MILLISECOND,
    duplicateMoves: lan.duplicateMoves,
    duplicateWindowNs: lan.duplicateWindowMs * MILLISECOND,
  };
}
