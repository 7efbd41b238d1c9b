/** RESERVE and RELEASE of SPC-2, and PERSISTENT RESERVE IN. */
import {
  fullStatus,
  PersistentReserveIn,
  ReservationType,
  ReservationTypeMask,
  readFullStatusData,
  readKeysData,
  readReservationData,
  reportCapabilitiesData,
  SenseCode,
} from '../../../codecs/scsi/index.ts';
import { transportIdOf } from '../../port-identity.ts';
import { type Command, cdbs, command, type Invocation } from '../command.ts';
import type { LogicalUnit } from '../logical-unit.ts';
import {
  data,
  GOOD,
  illegalRequest,
  invalidFieldInCdb,
  RESERVATION_CONFLICT,
  type Reply,
} from '../reply.ts';
import type { Reservations } from '../reservations.ts';

/** A reservation that ends with a login at one device is nothing that another could keep. */
const unlessShared = (lu: LogicalUnit): Reply | undefined =>
  lu.isShared ? illegalRequest(SenseCode.INVALID_COMMAND_OPERATION_CODE) : undefined;

/** Third-party and extent reservations are not supported. */
function checkReserve10(cdb: {
  thirdParty: number;
  longId: number;
  obsolete1: number;
}): Reply | undefined {
  if (cdb.thirdParty === 1) return invalidFieldInCdb(1, 4);
  if (cdb.longId === 1) return invalidFieldInCdb(1, 1);
  return cdb.obsolete1 === 1 ? invalidFieldInCdb(1, 0) : undefined;
}

/** In the 6-byte commands the upper 5 bits of byte 1 are those of third parties and extents. */
function checkReserve6(cdb: { obsolete1: number }): Reply | undefined {
  return ((cdb.obsolete1 >>> 24) & 0x1f) === 0 ? undefined : invalidFieldInCdb(1, 4);
}

const reserve = {
  reservation: 'own',
  allowedBySpc2: true,
  isKnown: (lu: LogicalUnit) => !lu.isShared,
  access: 'standby',
  needsReady: false,
  run: ({ lu, task }: Invocation) =>
    lu.reservations.reserveSpc2(task.nexus) === 'good' ? GOOD : RESERVATION_CONFLICT,
} as const;
const release = {
  ...reserve,
  run: ({ lu, task }: Invocation) =>
    lu.reservations.releaseSpc2(task.nexus) === 'good' ? GOOD : RESERVATION_CONFLICT,
} as const;

/** The key of the holder; a reservation that all registrants hold has none. */
function holderKey(reservations: Reservations): bigint {
  const { reservation } = reservations;
  if (reservation === undefined || isAllRegistrants(reservation.type)) return 0n;
  return reservations.keyOf(reservation.holder) ?? 0n;
}

function isAllRegistrants(type: number): boolean {
  return (
    type === ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS ||
    type === ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS
  );
}

function readKeys({ lu }: Invocation): Uint8Array {
  const { generation: prgeneration, registrations } = lu.reservations;
  return readKeysData.encode({ prgeneration, keys: registrations.map((one) => one.key) });
}

function readReservation({ lu }: Invocation): Uint8Array {
  const { generation: prgeneration, reservation } = lu.reservations;
  return readReservationData.encode({
    prgeneration,
    reservations:
      reservation === undefined
        ? []
        : [
            {
              reservationKey: holderKey(lu.reservations),
              obsolete1: 0,
              reserved1: 0,
              scope: 0,
              type: reservation.type,
              obsolete2: 0,
            },
          ],
  });
}

const ALL_TYPES = Object.values(ReservationTypeMask).reduce((all, one) => all | one, 0);

/**
 * CRH: RESERVE and RELEASE are compatible, where a unit has them; SIP_C, ATP_C: other initiator and all target ports can
 * be registered; PTPL_C, PTPL_A: persistence through power loss, and whether it is on.
 */
function reportCapabilities({ lu }: Invocation): Uint8Array {
  return reportCapabilitiesData.encode({
    crh: lu.isShared ? 0 : 1,
    sipC: 1,
    atpC: 1,
    ptplC: 1,
    tmv: 1,
    ptplA: lu.reservations.aptpl ? 1 : 0,
    typeMask: ALL_TYPES,
  });
}

function readFullStatus({ target, lu }: Invocation): Uint8Array {
  const { reservations } = lu;
  const { reservation } = reservations;
  return readFullStatusData.encode({
    prgeneration: reservations.generation,
    descriptors: reservations.registrations.flatMap(({ pair, key }) => {
      const transportId = transportIdOf(pair.initiatorPort);
      if (transportId === undefined) return [];
      const holds = reservations.holds(pair);
      return fullStatus.decode(
        fullStatus.encode({
          reservationKey: key,
          rHolder: holds ? 1 : 0,
          type: holds ? (reservation?.type ?? 0) : 0,
          relativeTargetPort: target.ports[pair.targetPortIndex]!.relativeId,
          transportId,
        }),
      );
    }),
  });
}

/** With an SPC-2 reservation in place persistent reservations answer nobody. */
function persistentIn(
  name: string,
  serviceAction: number,
  report: (invocation: Invocation) => Uint8Array,
): Command {
  return command(cdbs['PERSISTENT RESERVE IN'], {
    name,
    serviceAction,
    reservation: 'allowed',
    access: 'standby',
    needsReady: false,
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    run: (invocation, cdb) =>
      invocation.lu.reservations.spc2Holder === undefined
        ? data(report(invocation), cdb.allocationLengthBytes)
        : RESERVATION_CONFLICT,
  });
}

/** PERSISTENT RESERVE IN, RESERVE and RELEASE. Source: SPC-5; SPC-2. */
export const reserveCommands: readonly Command[] = [
  command(cdbs['RESERVE(6)'], {
    ...reserve,
    check: (cdb, lu) => unlessShared(lu) ?? checkReserve6(cdb),
  }),
  command(cdbs['RELEASE(6)'], {
    ...release,
    check: (cdb, lu) => unlessShared(lu) ?? checkReserve6(cdb),
  }),
  command(cdbs['RESERVE(10)'], {
    ...reserve,
    check: (cdb, lu) => unlessShared(lu) ?? checkReserve10(cdb),
  }),
  command(cdbs['RELEASE(10)'], {
    ...release,
    check: (cdb, lu) => unlessShared(lu) ?? checkReserve10(cdb),
  }),
  persistentIn('READ KEYS', PersistentReserveIn.READ_KEYS, readKeys),
  persistentIn('READ RESERVATION', PersistentReserveIn.READ_RESERVATION, readReservation),
  persistentIn('REPORT CAPABILITIES', PersistentReserveIn.REPORT_CAPABILITIES, reportCapabilities),
  persistentIn('READ FULL STATUS', PersistentReserveIn.READ_FULL_STATUS, readFullStatus),
];
