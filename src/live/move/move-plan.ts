/** A move between Linux guests: what may be asked for, and the mover's plan for it. */
import type { Wwn } from '../../codecs/layout/index.ts';
import type { VhbaIdentity } from '../../host/vhba-identity.ts';
import { SECOND } from '../../machine/machine.ts';
import type { MovePlan } from '../../mobility/plan.ts';

/** What is to be moved, and how. */
export interface LiveMoveRequest {
  /** Paths of the guests' command channels. */
  readonly from: string;
  readonly to: string;
  /** Names of the virtual machine, one for each port of the hosts, in the order of the ports. */
  readonly wwpns: readonly Wwn[];
  /** The second names of `wwpn-pair`. */
  readonly pair: readonly Wwn[];
  readonly strategy: 'same-wwpn' | 'wwpn-pair';
  /** The ports are deleted under the running writer. */
  readonly underLoad: boolean;
  /** Blocks to be acknowledged before and after. */
  readonly blocksBefore: number;
  readonly blocksAfter: number;
  /** The writer's pause between blocks. */
  readonly pauseMs: number;
  readonly seed: number;
}

/** The plan by which the mover carries a request out, from the guest `from` to the guest `to`. */
export function planOf({ wwpns, pair, strategy, underLoad }: LiveMoveRequest): MovePlan {
  const identities = (names: readonly Wwn[]): VhbaIdentity[] =>
    names.map((wwpn, port) => ({ port, wwpn, wwnn: wwpn }));
  const isPair = strategy === 'wwpn-pair';
  return {
    vm: 'vm',
    from: 'from',
    to: 'to',
    strategy,
    drain: 'wait',
    drainTimeoutNs: 30 * SECOND,
    // A running writer ends with its ports: they have to leave before it can go on.
    defences: isPair && !underLoad ? [] : ['logo-acknowledged'],
    quiesceNs: 0,
    rATovNs: 10 * SECOND,
    // The writer has come to an end by then: the first names may go while the second are at work.
    overlapNs: isPair ? 1 : 0,
    preCreated: false,
    joinTimeoutNs: 60 * SECOND,
    fallBack: 'none',
    fabrics: [],
    preCopyNs: 0,
    stateCopyNs: 0,
    source: identities(wwpns),
    destination: identities(isPair ? pair : wwpns),
  };
}
