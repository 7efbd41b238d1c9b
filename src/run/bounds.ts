/** The times that a scenario is judged by. */
import type { AuditBounds } from '../audit/verdict.ts';
import { MILLISECOND } from '../machine/machine.ts';
import type { Scenario } from '../scenario/schema.ts';

/** The bounds of a scenario; of several fabrics the slowest counts. */
export function boundsOf({ fabrics, timing }: Scenario): AuditBounds {
  return {
    guestTimeoutNs: timing.guestTimeoutMs * MILLISECOND,
    blackoutBudgetNs: timing.blackoutBudgetMs * MILLISECOND,
    rATovNs: Math.max(...fabrics.map((one) => one.rATovMs)) * MILLISECOND,
    fkaAdvPeriodNs: Math.max(...fabrics.map((one) => one.fkaAdvPeriodMs)) * MILLISECOND,
  };
}
