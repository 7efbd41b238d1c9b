/**
 * An initiator port that is not in the fabric: a cluster node behind another array port, say. What
 * it asks of a logical unit is told to the array itself, with its own login and mask, as if a cable
 * of its own led there.
 */
import {
  type AccessState,
  type CdbInput,
  cdb,
  PersistentReserveOut,
  persistentReserveOutList,
  ReservationType,
  ScsiStatus,
  setTargetPortGroupsList,
  TaskAttribute,
} from '../codecs/scsi/index.ts';
import { deviceOf, type InitiatorPort } from '../history/index.ts';
import type { AccessStateChange } from '../scsi/target/alua.ts';
import type { LogicalUnit } from '../scsi/target/logical-unit.ts';
import type { Nexus } from '../scsi/target/nexus.ts';
import type { ScsiTarget } from '../scsi/target/scsi-target.ts';
import type { CommandMirror, Reply } from '../scsi/transport.ts';

const KEY = 0x0151_dede_0001n;
/** An N_Port_ID that no fabric gives: none of the run's own ports has it. */
const ADDRESS = 0x00_0001;

/**
 * Registers a key of its own with a unit and takes the reservation there by PREEMPT, or PREEMPT AND ABORT, whoever
 * holds it; then logs out. Source: SPC-4, 5.13.11. Reserves where nobody holds it. `mirror`: where commands run that
 * are another array's matter too.
 */
export function preemptFromOutside(
  device: ScsiTarget,
  unit: LogicalUnit,
  by: InitiatorPort,
  aborts: boolean,
  mirror: CommandMirror | undefined,
): void {
  device.setMask(deviceOf(by), [{ lun: 0, lu: unit }]);
  const nexus = device.nexusBegan(by, 0, ADDRESS);
  if (nexus === undefined) return;
  const { REGISTER_AND_IGNORE_EXISTING_KEY, PREEMPT, PREEMPT_AND_ABORT, RESERVE } =
    PersistentReserveOut;
  const register = reserveOut(REGISTER_AND_IGNORE_EXISTING_KEY, 0n, KEY);
  askUntilTold(nexus, register, mirror, () => {
    const { reservation, registrations, namedHolder } = unit.reservations;
    const held = registrations.find(
      ({ pair }) =>
        pair.initiatorPort === namedHolder?.initiator && pair.targetPort === namedHolder.target,
    );
    const type = reservation?.type ?? ReservationType.WRITE_EXCLUSIVE;
    const preempt = aborts ? PREEMPT_AND_ABORT : PREEMPT;
    const taking =
      reservation === undefined
        ? reserveOut(RESERVE, KEY, 0n, type)
        : reserveOut(preempt, KEY, held?.key ?? 0n, type);
    askUntilTold(nexus, taking, mirror, () => device.nexusLost(nexus));
  });
}

/**
 * Sets access states of a unit by SET TARGET PORT GROUPS, and logs out; false where the array refuses it.
 * Source: SPC-5, SET TARGET PORT GROUPS.
 */
export function setGroupsFromOutside(
  device: ScsiTarget,
  unit: LogicalUnit,
  by: InitiatorPort,
  states: readonly AccessStateChange[],
): boolean {
  const groups = states.map(({ groupId: targetPortGroup, state }) => ({
    asymmetricAccessState: state as (typeof AccessState)[keyof typeof AccessState],
    targetPortGroup,
  }));
  const list = setTargetPortGroupsList.encode({ groups });
  const parameterListLengthBytes = list.length;
  const command: CdbInput = { kind: 'SET TARGET PORT GROUPS', parameterListLengthBytes };
  device.setMask(deviceOf(by), [{ lun: 0, lu: unit }]);
  const nexus = device.nexusBegan(by, 0, ADDRESS);
  if (nexus === undefined) return false;
  let isTaken = false;
  askUntilTold(nexus, { cdb: cdb.encode(command), list }, undefined, (status) => {
    isTaken = status === ScsiStatus.GOOD;
  });
  device.nexusLost(nexus);
  return isTaken;
}

/** A command with its data. */
interface Asked {
  readonly cdb: Uint8Array;
  readonly list: Uint8Array;
}

/** Unit attentions that one command lives through: each is told once. */
const TRIES_MAX = 8;

function reserveOut(
  serviceAction: number,
  reservationKey: bigint,
  serviceActionReservationKey: bigint,
  type = 0,
): Asked {
  const list = persistentReserveOutList.encode({ reservationKey, serviceActionReservationKey });
  const command: CdbInput = {
    kind: 'PERSISTENT RESERVE OUT',
    serviceAction:
      serviceAction as (typeof PersistentReserveOut)[keyof typeof PersistentReserveOut],
    type: type as (typeof ReservationType)[keyof typeof ReservationType],
    parameterListLengthBytes: list.length,
  };
  return { cdb: cdb.encode(command), list };
}

/** `then` hears the last status of a command that is sent again after each unit attention. */
function askUntilTold(
  nexus: Nexus,
  asked: Asked,
  mirror: CommandMirror | undefined,
  then: (status: number) => void,
  tag = 1,
): void {
  const onReply = ({ status }: Reply): void => {
    if (status !== ScsiStatus.CHECK_CONDITION || tag >= TRIES_MAX) then(status);
    else askUntilTold(nexus, asked, mirror, then, tag + 1);
  };
  const { SIMPLE } = TaskAttribute;
  const request = { lun: 0n, tag, attribute: SIMPLE, cdb: asked.cdb };
  nexus.submit(request, {
    enabled: (task) => {
      if (mirror === undefined) onReply(task.run(asked.list));
      else mirror.run(task, asked.list, onReply);
    },
    answered: (_task, reply) => onReply(reply),
    cleared: () => {},
  });
}
