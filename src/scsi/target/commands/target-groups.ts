/** REPORT and SET TARGET PORT GROUPS: asymmetric access as initiators see and steer it. */
import { CodecError } from '../../../codecs/layout/index.ts';
import {
  AccessStatus,
  ParameterDataFormat,
  SenseCode,
  SupportedStates,
  setTargetPortGroupsList,
  type TargetPortGroup,
  targetPortGroup,
  targetPortGroupsData,
} from '../../../codecs/scsi/index.ts';
import { type AccessStateChange, type GroupState, isSettable } from '../alua.ts';
import { type Command, cdbs, command, type Invocation } from '../command.ts';
import { PARAMETER_LIST_BYTES_MAX } from '../limits.ts';
import type { LogicalUnit } from '../logical-unit.ts';
import type { ItNexus } from '../nexus.ts';
import {
  data,
  GOOD,
  illegalRequest,
  invalidFieldInCdb,
  invalidFieldInParameterList,
  type Reply,
} from '../reply.ts';

/** States that `alua.ts` knows. */
const SUPPORTED =
  SupportedStates.T_SUP |
  SupportedStates.O_SUP |
  SupportedStates.U_SUP |
  SupportedStates.S_SUP |
  SupportedStates.AN_SUP |
  SupportedStates.AO_SUP;

/** How long an initiator should wait for an implicit transition: the default of initiators. */
const IMPLICIT_TRANSITION_SECONDS = 60;

function describe({ group, state, status, preferred }: GroupState): TargetPortGroup {
  return targetPortGroup.decode(
    targetPortGroup.encode({
      pref: preferred ? 1 : 0,
      asymmetricAccessState: state,
      supportedStates: SUPPORTED,
      targetPortGroup: group.id,
      statusCode: status,
      targetPorts: group.relativePortIds.map((relativeTargetPort) => ({
        obsolete1: 0,
        relativeTargetPort,
      })),
    }),
  );
}

const LIST_HEAD_BYTES = 4;
const DESCRIPTOR_BYTES = 4;

/** What a parameter list asks for, or why it is refused as a whole. */
function changesOf({ lu, dataOut }: Invocation): AccessStateChange[] | Reply {
  let groups: { asymmetricAccessState: number; targetPortGroup: number }[];
  try {
    ({ groups } = setTargetPortGroupsList.decode(dataOut));
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return illegalRequest(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  }
  const changes: AccessStateChange[] = [];
  for (const [i, one] of groups.entries()) {
    const at = LIST_HEAD_BYTES + i * DESCRIPTOR_BYTES;
    if (!isSettable(one.asymmetricAccessState)) return invalidFieldInParameterList(at, 3);
    if (lu.access.ofGroup(one.targetPortGroup) === undefined) {
      return invalidFieldInParameterList(at + 2);
    }
    changes.push({ groupId: one.targetPortGroup, state: one.asymmetricAccessState });
  }
  return changes;
}

/**
 * The fence of an explicit change: what was let in at a group that loses access, its data still to come or its
 * medium still busy, ends here. A write of the old path has come before the GOOD of this command, or never comes.
 */
function fence({ target, lu, task }: Invocation, changes: readonly AccessStateChange[]): void {
  const losing = lu.access.losing(changes);
  if (losing.size === 0) return;
  const loses = ({ targetPortIndex }: ItNexus): boolean => {
    const state = lu.access.ofPort(target.ports[targetPortIndex]!.relativeId);
    return state !== undefined && losing.has(state);
  };
  target.clearTasksOf(lu, loses, task, 'access-lost');
}

function setGroups(invocation: Invocation): Reply {
  const { target, lu, task, dataOut } = invocation;
  if (dataOut.length === 0) return GOOD;
  const changes = changesOf(invocation);
  if ('status' in changes) return changes;
  fence(invocation, changes);
  for (const { groupId, state } of changes) target.observer.onAccess?.(lu, groupId, state, true);
  if (lu.access.apply(changes, AccessStatus.BY_SET_TARGET_PORT_GROUPS)) {
    target.notifyOthers(lu, task.nexus.pair, SenseCode.ASYMMETRIC_ACCESS_STATE_CHANGED);
  }
  return GOOD;
}

const isKnown = ({ access }: LogicalUnit): boolean => access.changesOnRequest;

/** REPORT and SET TARGET PORT GROUPS. Source: SPC-5. */
export const targetGroupCommands: readonly Command[] = [
  command(cdbs['REPORT TARGET PORT GROUPS'], {
    reservation: 'allowed',
    allowedBySpc2: true,
    access: 'any',
    needsReady: false,
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    check: (cdb) =>
      cdb.parameterDataFormat > ParameterDataFormat.EXTENDED ? invalidFieldInCdb(1, 7) : undefined,
    run: ({ lu }, cdb) => {
      const groups = lu.access.groups.map(describe);
      return data(
        targetPortGroupsData.encode(
          cdb.parameterDataFormat === ParameterDataFormat.EXTENDED
            ? {
                kind: 'extended',
                implicitTransitionTimeSeconds: IMPLICIT_TRANSITION_SECONDS,
                groups,
              }
            : { kind: 'length only', groups },
        ),
        cdb.allocationLengthBytes,
      );
    },
  }),
  command(cdbs['SET TARGET PORT GROUPS'], {
    reservation: 'write',
    access: 'any',
    needsReady: false,
    dataOutBytes: (cdb) => cdb.parameterListLengthBytes,
    isKnown,
    check: (cdb, lu) => {
      // As any service action that is not there.
      if (!isKnown(lu)) return invalidFieldInCdb(1, 4);
      return cdb.parameterListLengthBytes > PARAMETER_LIST_BYTES_MAX
        ? invalidFieldInCdb(6)
        : undefined;
    },
    run: setGroups,
  }),
];
