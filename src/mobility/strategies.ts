/** Strategies: in which order the names leave and join. Source: docs of the vendors named. */
import type { LuView } from '../scsi/initiator/multipath.ts';
import type { MovePlan, MoveSteps, Strategy } from './plan.ts';
import {
  ask,
  askFabric,
  assignNames,
  awaitsTargets,
  checkFabrics,
  checkForecast,
  checkOwnPorts,
  clearOldLinks,
  enter,
  handOver,
  joinAndCompare,
  leave,
  namesOf,
  onFabrics,
  pause,
  quiesce,
  type Steps,
  sourceView,
  stun,
  stunAndDrain,
  transaction,
} from './steps.ts';

function* preflight(plan: MovePlan): Steps<readonly LuView[]> {
  checkForecast(plan);
  yield* checkFabrics(plan);
  return yield* sourceView(plan);
}

/**
 * The virtual machine owns two WWPNs per fabric; the second one logs in on the destination while
 * the guest still runs on the first (IBM PowerVM, Microsoft Hyper-V). The comparison of what both
 * see is the preflight. Where no LOGO is waited for, the first one leaves when the guest runs again. Over iSCSI
 * the second one is another session.
 */
function wwpnPair(plan: MovePlan): MoveSteps {
  return transaction(
    plan,
    function* () {
      const source = yield* preflight(plan);
      yield* enter(
        'join',
        `${namesOf(plan, 'the second WWPNs', 'other sessions')} log in and look at their logical units`,
      );
      yield* joinAndCompare(plan, source);
      return source;
    },
    function* (_source, progress) {
      const waits = awaitsTargets(plan);
      yield* stunAndDrain(plan, progress);
      if (waits) yield* leave(plan, progress);
      yield* clearOldLinks(plan);
      yield* quiesce(plan);
      yield* handOver(plan, progress);
      if (waits) return;
      yield* pause(plan.overlapNs);
      yield* ask(plan.from, { command: 'leave', vm: plan.vm });
    },
  );
}

/**
 * One WWPN per fabric, which leaves the source before it joins the destination (VMware, HP
 * Integrity). What the destination will see can only be compared after the join; unless the port
 * has been made on the destination beforehand (libvirt), which is a duplicate login. Over iSCSI the target ends
 * the session of the same name and ISID when the destination logs in.
 */
function sameWwpn(plan: MovePlan): MoveSteps {
  return transaction(
    plan,
    function* () {
      const source = yield* preflight(plan);
      if (plan.preCreated) {
        yield* enter(
          'join',
          `${namesOf(plan, 'the same WWPNs', 'the same sessions')} log in on the destination, in use as they are`,
        );
        yield* joinAndCompare(plan, source);
      }
      return source;
    },
    function* (source, progress) {
      yield* stunAndDrain(plan, progress);
      yield* leave(plan, progress);
      yield* clearOldLinks(plan);
      yield* quiesce(plan);
      if (!plan.preCreated) {
        yield* enter(
          'join',
          `${namesOf(plan, 'the same WWPNs', 'the same sessions')} log in on the destination`,
        );
        yield* joinAndCompare(plan, source);
      }
      yield* handOver(plan, progress);
    },
  );
}

/**
 * Every host port keeps its own name; the switch puts the guest's in its place, and moves that from
 * one port to the other (Cisco FlexAttach and NPV, Brocade FA-PWWN).
 */
function proxy(plan: MovePlan): MoveSteps {
  return transaction(
    plan,
    () => preflight(plan),
    function* (source, progress) {
      yield* stunAndDrain(plan, progress);
      yield* leave(plan, progress);
      yield* clearOldLinks(plan);
      yield* quiesce(plan);
      yield* enter('join', 'the switches give the virtual WWPNs to the destination, which logs in');
      yield* assignNames(plan, 'destination');
      yield* joinAndCompare(plan, source);
      yield* handOver(plan, progress);
    },
  );
}

/**
 * The guest is shut down: what it had under way ends by itself, its ports log out, log in elsewhere
 * under the same names, and it starts again (HPE Virtual Connect, Cisco UCS service profiles).
 */
function cold(plan: MovePlan): MoveSteps {
  return transaction(
    plan,
    () => preflight(plan),
    function* (source, progress) {
      yield* enter('drain', 'the guest is shut down');
      yield* ask(plan.from, { command: 'stop', vm: plan.vm });
      yield* stunAndDrain(plan, progress);
      yield* leave(plan, progress);
      yield* clearOldLinks(plan);
      yield* quiesce(plan);
      yield* enter(
        'join',
        `${namesOf(plan, 'the same WWPNs', 'the same sessions')} log in on the destination`,
      );
      yield* joinAndCompare(plan, source);
      yield* handOver(plan, progress);
    },
  );
}

/**
 * Clean-sheet: the fabric moves the login itself. The switches fence the source, frames that are
 * under way come to an end (all commands have ended, or R_A_TOV passes), and the login goes over to the
 * destination's port with its N_Port_ID. Targets notice nothing.
 */
function handoff(plan: MovePlan): MoveSteps {
  return transaction(
    plan,
    () => preflight(plan),
    function* (source, progress) {
      const { ports } = yield* ask(plan.to, { command: 'fabrics' });
      yield* stunAndDrain(plan, progress);
      progress.left = true;
      yield* enter('leave', 'the switches take no more frames from the source');
      yield* onFabrics(plan, 'fence');
      const { logins } = yield* ask(plan.from, { command: 'give-logins', vm: plan.vm });
      yield* ask(plan.from, { command: 'leave', vm: plan.vm });
      if (plan.drain !== 'wait') {
        yield* enter('quiesce', 'frames that are late die out');
        yield* pause(plan.quiesceNs);
      }
      yield* enter('join', 'the switches carry the logins over');
      for (const { name, wwpn, destinationPort } of plan.fabrics) {
        const behind = ports[destinationPort]!.wwpn;
        yield* askFabric(name, { command: 'rebind', wwpn, behind });
      }
      yield* joinAndCompare(plan, source, logins);
      yield* handOver(plan, progress);
    },
  );
}

/**
 * The initiator is in the guest. Its connections and sessions are memory, which goes over while it stands still, with what
 * is under way; the LAN learns where its MAC address is now. Segments that come late are TCP's to drop.
 */
function inGuest(plan: MovePlan): MoveSteps {
  return transaction(
    plan,
    function* () {
      checkOwnPorts(plan);
      return yield* preflight(plan);
    },
    function* (_source, progress) {
      yield* stun(plan, progress);
      yield* handOver(plan, progress);
    },
  );
}

const strategies: Readonly<Record<Strategy, (plan: MovePlan) => MoveSteps>> = {
  'wwpn-pair': wwpnPair,
  'other-isid': wwpnPair,
  'random-isid': wwpnPair,
  'same-wwpn': sameWwpn,
  'same-isid': sameWwpn,
  proxy,
  cold,
  handoff,
  'in-guest': inGuest,
};

/** The steps of a plan by its strategy. */
export function stepsOf(plan: MovePlan): MoveSteps {
  return strategies[plan.strategy](plan);
}
