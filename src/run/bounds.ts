/** The times that a scenario is judged by. */
import type { AuditBounds, LanBounds } from '../audit/verdict.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { LanScenario, Scenario } from '../scenario/schema.ts';

/** The bounds of a scenario; of several fabrics the slowest counts. */
export function boundsOf({ fabrics, lan, timing }: Scenario): AuditBounds {
  return {
    guestTimeoutNs: timing.guestTimeoutMs * MILLISECOND,
    blackoutBudgetNs: timing.blackoutBudgetMs * MILLISECOND,
    rATovNs: Math.max(...fabrics.map((one) => one.rATovMs)) * MILLISECOND,
    fkaAdvPeriodNs: Math.max(...fabrics.map((one) => one.fkaAdvPeriodMs)) * MILLISECOND,
    ...(lan === undefined ? {} : { lan: lanBounds(lan) }),
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
