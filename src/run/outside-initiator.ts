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

const KEY = 0x0151_dede_0001n;
/** An N_Port_ID that no fabric gives: none of the run's own ports has it. */
const ADDRESS = 0x00_0001;

/**
 * Registers a key of its own with a unit and takes the reservation there by PREEMPT, whoever holds
 * it; then logs out. Source: SPC-4, 5.13.11. Reserves where nobody holds it.
 */
export function preemptFromOutside(device: ScsiTarget, unit: LogicalUnit, by: InitiatorPort): void {
  device.setMask(deviceOf(by), [{ lun: 0, lu: unit }]);
  const nexus = device.nexusBegan(by, 0, ADDRESS);
  if (nexus === undefined) return;
  const { REGISTER_AND_IGNORE_EXISTING_KEY, PREEMPT, RESERVE } = PersistentReserveOut;
  send(nexus, REGISTER_AND_IGNORE_EXISTING_KEY, 0n, KEY);
  const { reservation, registrations, namedHolder } = unit.reservations;
  const held = registrations.find(
    ({ pair }) =>
      pair.initiatorPort === namedHolder?.initiator && pair.targetPort === namedHolder.target,
  );
  const type = reservation?.type ?? ReservationType.WRITE_EXCLUSIVE;
  if (reservation === undefined) send(nexus, RESERVE, KEY, 0n, type);
  else send(nexus, PREEMPT, KEY, held?.key ?? 0n, type);
  device.nexusLost(nexus);
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
  const status = askUntilTold(nexus, cdb.encode(command), list);
  device.nexusLost(nexus);
  return status === ScsiStatus.GOOD;
}

/** Unit attentions that one command lives through: each is told once. */
const TRIES_MAX = 8;

function send(
  nexus: Nexus,
  serviceAction: number,
  reservationKey: bigint,
  serviceActionReservationKey: bigint,
  type = 0,
): void {
  const list = persistentReserveOutList.encode({ reservationKey, serviceActionReservationKey });
  const command: CdbInput = {
    kind: 'PERSISTENT RESERVE OUT',
    serviceAction:
      serviceAction as (typeof PersistentReserveOut)[keyof typeof PersistentReserveOut],
    type: type as (typeof ReservationType)[keyof typeof ReservationType],
    parameterListLengthBytes: list.length,
  };
  askUntilTold(nexus, cdb.encode(command), list);
}

/** The last status of a command that is sent again after each unit attention. */
function askUntilTold(nexus: Nexus, cdbBytes: Uint8Array, list: Uint8Array): number | undefined {
  let status: number | undefined = ScsiStatus.CHECK_CONDITION;
  for (let tag = 1; tag <= TRIES_MAX && status === ScsiStatus.CHECK_CONDITION; tag++)
    status = ask(nexus, tag, cdbBytes, list);
  return status;
}

/** The status of one command, which ends at once; `undefined` for one that must wait for others. */
function ask(
  nexus: Nexus,
  tag: number,
  cdbBytes: Uint8Array,
  dataOut: Uint8Array,
): number | undefined {
  let status: number | undefined;
  const { SIMPLE } = TaskAttribute;
  const request = { lun: 0n, tag, attribute: SIMPLE, cdb: cdbBytes };
  nexus.submit(request, {
    enabled: (task) => {
      status = task.run(dataOut).status;
    },
    answered: (_task, reply) => {
      status = reply.status;
    },
    cleared: () => {},
  });
  return status;
}
