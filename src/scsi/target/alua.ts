/**
 * Asymmetric logical unit access: which target port group serves a logical unit, and how well.
 *
 * Source: SPC-5, asymmetric logical unit access; state codes of REPORT TARGET PORT GROUPS.
 */
import { AccessState, AccessStatus, SenseCode } from '../../codecs/scsi/index.ts';

/** Target ports that always have one state together. */
export interface TargetPortGroup {
  /** TARGET PORT GROUP, 16 bits. */
  readonly id: number;
  /** RELATIVE TARGET PORT IDENTIFIERs, 1 to 65535. */
  readonly relativePortIds: readonly number[];
  /** `AccessState` to begin with; active/optimized when left out. */
  readonly state?: number;
  /** PREF; left out, the first group is preferred. */
  readonly preferred?: boolean;
}

/** Who may change access states: the device by itself, an initiator by SET TARGET PORT GROUPS, or either. */
export const ACCESS_CHANGES = ['implicit', 'explicit', 'both'] as const;
/** One of `ACCESS_CHANGES`. */
export type AccessChanges = (typeof ACCESS_CHANGES)[number];

/** How well a command must be served: by any group, also by a standby one, only by an active one. */
export type AccessNeed = 'any' | 'standby' | 'active';

/** The state of one group for one logical unit. */
export interface GroupState {
  readonly group: TargetPortGroup;
  /** `AccessState`. */
  state: number;
  /** `AccessStatus`: what changed the state last. */
  status: number;
  preferred: boolean;
}

/** Additional sense codes of a refusal, under NOT READY. */
const REFUSALS: Readonly<Record<number, number>> = {
  [AccessState.TRANSITIONING]: SenseCode.ASYMMETRIC_ACCESS_STATE_TRANSITION,
  [AccessState.STANDBY]: SenseCode.TARGET_PORT_IN_STANDBY_STATE,
  [AccessState.UNAVAILABLE]: SenseCode.TARGET_PORT_IN_UNAVAILABLE_STATE,
  [AccessState.OFFLINE]: SenseCode.NOT_READY_OFFLINE,
};

/** True for a state in which a group serves reads and writes. */
const isActive = (state: number): boolean => REFUSALS[state] === undefined;

/** What SET TARGET PORT GROUPS may ask for. */
const SETTABLE: ReadonlySet<number> = new Set<number>([
  AccessState.ACTIVE_OPTIMIZED,
  AccessState.ACTIVE_NON_OPTIMIZED,
  AccessState.STANDBY,
  AccessState.UNAVAILABLE,
]);

/** True where a command may ask for this state. */
export function isSettable(state: number): boolean {
  return SETTABLE.has(state);
}

/** A state wanted for a group. */
export interface AccessStateChange {
  readonly groupId: number;
  /** `AccessState`. */
  readonly state: number;
}

/** The states of all groups for one logical unit. */
export class AccessStates {
  readonly groups: readonly GroupState[];
  readonly changes: AccessChanges;
  readonly #byPort = new Map<number, GroupState>();

  constructor(groups: readonly TargetPortGroup[], changes: AccessChanges = 'both') {
    this.changes = changes;
    this.groups = groups.map((group, i) => ({
      group,
      state: group.state ?? AccessState.ACTIVE_OPTIMIZED,
      status: AccessStatus.NONE,
      preferred: group.preferred ?? i === 0,
    }));
    for (const one of this.groups) {
      for (const id of one.group.relativePortIds)
        if (!this.#byPort.has(id)) this.#byPort.set(id, one);
    }
  }

  ofGroup(groupId: number): GroupState | undefined {
    return this.groups.find((one) => one.group.id === groupId);
  }

  ofPort(relativePortId: number): GroupState | undefined {
    return this.#byPort.get(relativePortId);
  }

  /** The additional sense code that refuses a command at a port, `undefined` where it may run. */
  refusal(relativePortId: number, need: AccessNeed): number | undefined {
    if (need === 'any') return undefined;
    const state = this.ofPort(relativePortId)?.state ?? AccessState.ACTIVE_OPTIMIZED;
    if (need === 'standby' && state === AccessState.STANDBY) return undefined;
    return REFUSALS[state];
  }

  /** Initiators may change states: SET TARGET PORT GROUPS is there. */
  get changesOnRequest(): boolean {
    return this.changes !== 'implicit';
  }

  /** The active groups that changes would leave serving no reads and writes. */
  losing(changes: readonly AccessStateChange[]): ReadonlySet<GroupState> {
    const wanted = new Map(changes.map(({ groupId, state }) => [groupId, state]));
    return new Set(
      this.groups.filter(
        ({ group, state }) => isActive(state) && !isActive(wanted.get(group.id) ?? state),
      ),
    );
  }

  /**
   * Sets states. True when one changed, which every other nexus must be told.
   * Errors: `RangeError` for a group that does not exist.
   */
  apply(changes: readonly AccessStateChange[], status: number): boolean {
    let changed = false;
    for (const { groupId, state } of changes) {
      const one = this.ofGroup(groupId);
      if (one === undefined) throw new RangeError(`there is no target port group ${groupId}`);
      if (one.state === state) continue;
      one.state = state;
      one.status = status;
      changed = true;
    }
    return changed;
  }
}
