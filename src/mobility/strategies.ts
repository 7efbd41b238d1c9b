/** Strategies: in which order the names leave and join. Source: docs of the vendors named. */
import type { MovePlan, MoveSteps, Strategy } from './plan.ts';
import {
  checkFabrics,
  enter,
  handOver,
  joinAndCompare,
  leave,
  sourceView,
  stunAndDrain,
  transaction,
} from './steps.ts';

/**
 * The virtual machine owns two WWPNs per fabric; the second one logs in on the destination while
 * the guest still runs on the first (IBM PowerVM, Microsoft Hyper-V). The comparison of what both
 * see is the preflight.
 */
function wwpnPair(plan: MovePlan): MoveSteps {
  return transaction(
    plan,
    function* () {
      yield* checkFabrics(plan);
      const source = yield* sourceView(plan);
      yield* enter('join', 'the second WWPNs log in and look at their logical units');
      yield* joinAndCompare(plan, source);
      return source;
    },
    function* (_source, left) {
      yield* stunAndDrain(plan);
      left.yet = true;
      yield* leave(plan);
      yield* handOver(plan);
    },
  );
}

/**
 * One WWPN per fabric, which leaves the source before it joins the destination (VMware, libvirt).
 * What the destination will see can only be compared after the join.
 */
function sameWwpn(plan: MovePlan): MoveSteps {
  return transaction(
    plan,
    function* () {
      yield* checkFabrics(plan);
      return yield* sourceView(plan);
    },
    function* (source, left) {
      yield* stunAndDrain(plan);
      left.yet = true;
      yield* leave(plan);
      yield* enter('join', 'the same WWPNs log in on the destination');
      yield* joinAndCompare(plan, source);
      yield* handOver(plan);
    },
  );
}

const strategies: Readonly<Record<Strategy, (plan: MovePlan) => MoveSteps>> = {
  'wwpn-pair': wwpnPair,
  'same-wwpn': sameWwpn,
};

/** The steps of a plan by its strategy. */
export function stepsOf(plan: MovePlan): MoveSteps {
  return strategies[plan.strategy](plan);
}
