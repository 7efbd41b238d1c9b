/** Data and parameter lists of PERSISTENT RESERVE; layout: SPC-5, clause 6, and Linux target_core_pr.c. */
import { describe, expect, test } from 'vitest';
import { ReservationType } from '../../../../src/codecs/scsi/cdb-management.ts';
import {
  fullStatus,
  persistentReserveOutList,
  ReservationTypeMask,
  readFullStatusData,
  readKeysData,
  readReservationData,
  registerAndMoveList,
  reportCapabilitiesData,
} from '../../../../src/codecs/scsi/reservations.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

describe('persistent reservations', () => {
  const PORT = 0x2000_0025_b500_000fn;
  const fcId = '00 00000000000000 20000025b500000f 0000000000000000';

  test('keys', () => {
    checkVector(readKeysData, '00000007 00000010 0000000000000001 1122334455667788', {
      prgeneration: 7,
      keys: [1n, 0x1122_3344_5566_7788n],
    });
    checkVector(readKeysData, '00000000 00000000', { prgeneration: 0, keys: [] });
  });

  test('reservation: none, or one', () => {
    checkVector(readReservationData, '00000007 00000000', { prgeneration: 7, reservations: [] });
    checkVector(readReservationData, '00000007 00000010 1122334455667788 00000000 00 05 0000', {
      prgeneration: 7,
      reservations: [
        {
          reservationKey: 0x1122_3344_5566_7788n,
          scope: 0,
          type: ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY,
        },
      ],
    });
  });

  test('capabilities', () => {
    // As Linux's target answers: CRH, SIP_C, ATP_C, PTPL_C; TMV, PTPL_A; all six types.
    checkVector(reportCapabilitiesData, '0008 1d 81 ea01 0000', {
      crh: 1,
      sipC: 1,
      atpC: 1,
      ptplC: 1,
      tmv: 1,
      ptplA: 1,
      typeMask: 0xea01,
    });
  });

  test('full status with the TransportID of a Fibre Channel port', () => {
    checkVector(
      readFullStatusData,
      `00000002 00000030 1122334455667788 00000000 01 05 00000000 0002 00000018 ${fcId}`,
      {
        prgeneration: 2,
        descriptors: [
          {
            reservationKey: 0x1122_3344_5566_7788n,
            rHolder: 1,
            type: 5,
            relativeTargetPort: 2,
            transportId: { kind: 'Fibre Channel', portName: PORT },
          },
        ],
      },
    );
  });

  test('parameter list of REGISTER, and with SPEC_I_PT', () => {
    checkVector(persistentReserveOutList, '0000000000000000 1122334455667788 00000000 01 00 0000', {
      reservationKey: 0n,
      serviceActionReservationKey: 0x1122_3344_5566_7788n,
      aptpl: 1,
    });
    checkVector(
      persistentReserveOutList,
      `0000000000000000 0000000000000009 00000000 08 00 0000 00000018 ${fcId}`,
      {
        serviceActionReservationKey: 9n,
        specIPt: 1,
        transportIdData: { transportIds: [{ kind: 'Fibre Channel', portName: PORT }] },
      },
    );
  });

  test('REGISTER AND MOVE to an iSCSI port', () => {
    checkVector(
      registerAndMoveList,
      `0000000000000001 0000000000000002 00 03 0007 0000000c
       05 00 0008 69716e2e61000000`,
      {
        reservationKey: 1n,
        serviceActionReservationKey: 2n,
        unreg: 1,
        aptpl: 1,
        relativeTargetPort: 7,
        transportId: { kind: 'iSCSI', iscsiName: 'iqn.a\0\0\0' },
      },
    );
  });

  test('each flag has its bit', () => {
    checkFixedVector(reportCapabilitiesData, '0008 88 30 0000 0000', {
      rlrC: 1,
      crh: 0,
      sipC: 1,
      atpC: 0,
      ptplC: 0,
      tmv: 0,
      allowCommands: 3,
      ptplA: 0,
      typeMask: 0,
    });
    checkFixedVector(persistentReserveOutList, `${'00'.repeat(20)} 04 00 0000`, { allTgPt: 1 });
    checkVector(fullStatus, `0000000000000001 00000000 02 08 00000000 0003 00000018 ${fcId}`, {
      reservationKey: 1n,
      allTgPt: 1,
      rHolder: 0,
      type: ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS,
      relativeTargetPort: 3,
      transportId: { kind: 'Fibre Channel', portName: PORT },
    });
  });

  // PR_OUT type mask of SPC-5, table "PERSISTENT RESERVATION TYPE MASK"; sg_persist --report-capabilities.
  test('the type mask', () => {
    expect(ReservationTypeMask).toEqual({
      WR_EX_AR: 0x8000,
      EX_AC_RO: 0x4000,
      WR_EX_RO: 0x2000,
      EX_AC: 0x0800,
      WR_EX: 0x0200,
      EX_AC_AR: 0x0001,
    });
  });
});
