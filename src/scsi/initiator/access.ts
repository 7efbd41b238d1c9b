/**
 * Asymmetric access as an initiator sees it: the states of target port groups, and which to use first.
 *
 * Source: SPC-5, REPORT TARGET PORT GROUPS; the order is that of dm-multipath's `alua` prioritizer.
 */
import {
  AccessState,
  type CdbInput,
  ParameterDataFormat,
  targetPortGroupsData,
} from '../../codecs/scsi/index.ts';
import type { PathState } from '../../history/io.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';

/** The state of one target port group for one logical unit. */
export interface GroupAccess {
  /** TARGET PORT GROUP. */
  readonly id: number;
  /** `AccessState`. */
  readonly state: number;
}

/** What REPORT TARGET PORT GROUPS says of a logical unit. */
export interface AccessReport {
  readonly groups: readonly GroupAccess[];
  /** How long a group may be in transition, before nothing more is hoped for. */
  readonly transitionNs: Instant;
}

/** Where the target does not say how long a transition takes: ALUA_FAILOVER_TIMEOUT of Linux. */
const TRANSITION_NS: Instant = 60 * SECOND;
/** Bytes of REPORT TARGET PORT GROUPS data that are asked for. */
export const ACCESS_REPORT_BYTES = 4096;

/** Asks for the access states, and how long a transition may take. */
export const ASK_FOR_ACCESS: CdbInput = {
  kind: 'REPORT TARGET PORT GROUPS',
  parameterDataFormat: ParameterDataFormat.EXTENDED,
  allocationLengthBytes: ACCESS_REPORT_BYTES,
};

/** What REPORT TARGET PORT GROUPS data says. Errors: `CodecError`. */
export function readAccessReport(bytes: Uint8Array): AccessReport {
  const data = targetPortGroupsData.decode(bytes);
  if (data.kind === 'unknown') return { groups: [], transitionNs: TRANSITION_NS };
  const seconds = data.kind === 'extended' ? data.implicitTransitionTimeSeconds : 0;
  return {
    groups: data.groups.map(({ targetPortGroup: id, asymmetricAccessState: state }) => ({
      id,
      state,
    })),
    transitionNs: seconds === 0 ? TRANSITION_NS : seconds * SECOND,
  };
}

/** States that serve reads and writes, the best first. */
const SERVING: readonly number[] = [
  AccessState.ACTIVE_OPTIMIZED,
  AccessState.ACTIVE_NON_OPTIMIZED,
  AccessState.LOGICAL_BLOCK_DEPENDENT,
];
/** How many kinds of groups serve reads and writes. */
export const TIERS = SERVING.length;

/** Place of a state among those that serve, 0 the best; -1 where it serves nothing. */
export function tierOf(state: number): number {
  return SERVING.indexOf(state);
}

const NAMES: Readonly<Record<number, PathState>> = {
  [AccessState.ACTIVE_OPTIMIZED]: 'active-optimized',
  [AccessState.ACTIVE_NON_OPTIMIZED]: 'active-non-optimized',
  [AccessState.STANDBY]: 'standby',
  [AccessState.UNAVAILABLE]: 'unavailable',
  [AccessState.LOGICAL_BLOCK_DEPENDENT]: 'logical-block-dependent',
  [AccessState.OFFLINE]: 'offline',
  [AccessState.TRANSITIONING]: 'transitioning',
};

const SERVING_NAMES: ReadonlySet<PathState> = new Set(SERVING.map((state) => NAMES[state]!));

/** True for a path that serves reads and writes. */
export function isServing(state: PathState): boolean {
  return SERVING_NAMES.has(state);
}

/** An access state in words; one that is reserved serves nothing, as if it were unavailable. */
export function pathStateOf(state: number): PathState {
  return NAMES[state] ?? 'unavailable';
}
