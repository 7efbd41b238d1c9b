/** A move between Linux guests: what may be asked for, and the mover's plan for it. */
import { parse } from 'node:path';
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

/** What the guests of a move are called. */
export interface GuestNames {
  readonly from: string;
  readonly to: string;
}

/** Guests are called as their command channels are; by the whole path where that tells them not apart. */
export function guestNamesOf({ from, to }: Pick<LiveMoveRequest, 'from' | 'to'>): GuestNames {
  const names = { from: parse(from).name, to: parse(to).name };
  return names.from === names.to ? { from, to } : names;
}

/** The plan by which the mover carries a request out, from one guest to the other. */
export function planOf(
  { wwpns, pair, strategy, underLoad }: LiveMoveRequest,
  { from, to }: GuestNames,
): MovePlan {
  const identities = (names: readonly Wwn[]): VhbaIdentity[] =>
    names.map((wwpn, port) => ({ port, wwpn, wwnn: wwpn }));
  const isPair = strategy === 'wwpn-pair';
  return {
    vm: 'vm',
    from,
    to,
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
    preflight: 'disk',
    fallBack: 'none',
    fabrics: [],
    preCopyNs: 0,
    stateCopyNs: 0,
    source: identities(wwpns),
    destination: identities(isPair ? pair : wwpns),
  };
}
