/** CDBs about paths and rights. Layout: SPC-5, clause 6; SPC-2; codes: tshark -G values. */
import { expect, test } from 'vitest';
import * as m from '../../../../src/codecs/scsi/cdb-management.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

/** Every field that is no constant has a value of its own, as tshark 4.0.17 reads it where it does. */
const vectors = [
  [
    m.reportTargetPortGroups,
    'a3 2a 00000000 00000100 00 00',
    { parameterDataFormat: m.ParameterDataFormat.EXTENDED, allocationLengthBytes: 256 },
  ],
  [m.setTargetPortGroups, 'a4 0a 00000000 00000008 00 00', { parameterListLengthBytes: 8 }],
  [
    m.reportSupportedOperationCodes,
    'a3 0c 82 8a 0001 00000200 00 00',
    {
      rctd: 1,
      reportingOptions: m.ReportingOptions.ONE_WITH_SERVICE_ACTION,
      requestedOperationCode: 0x8a,
      requestedServiceAction: 1,
      allocationLengthBytes: 512,
    },
  ],
  [
    m.reportSupportedTaskManagementFunctions,
    'a3 0d 80 000000 00000010 00 00',
    { repd: 1, allocationLengthBytes: 16 },
  ],
  [
    m.reportIdentifyingInformation,
    'a3 05 0000 0000 00000100 04 00',
    { allocationLengthBytes: 256, informationType: 2 },
  ],
  [
    m.setIdentifyingInformation,
    'a4 06 0000 0000 00000100 04 00',
    { parameterListLengthBytes: 256, informationType: 2 },
  ],
  [m.reportAliases, 'a3 0b 00000000 00000100 00 00', { allocationLengthBytes: 256 }],
  [m.changeAliases, 'a4 0b 00000000 00000100 00 00', { parameterListLengthBytes: 256 }],
  [
    m.reportPriority,
    'a3 0e 40 000000 00000100 00 00',
    { priorityReported: 1, allocationLengthBytes: 256 },
  ],
  [
    m.setPriority,
    'a4 0e 80 000000 00000018 00 00',
    { nexusToSet: 2, parameterListLengthBytes: 24 },
  ],
  [m.reportTimestamp, 'a3 0f 00000000 0000000c 00 00', { allocationLengthBytes: 12 }],
  [m.setTimestamp, 'a4 0f 00000000 0000000c 00 00', { parameterListLengthBytes: 12 }],
  [m.removeITNexus, 'a4 0c 00000000 00000020 00 00', { parameterListLengthBytes: 32 }],
  [
    m.persistentReserveIn,
    '5e 03 0000000000 0200 00',
    { serviceAction: m.PersistentReserveIn.READ_FULL_STATUS, allocationLengthBytes: 512 },
  ],
  [
    m.persistentReserveOut,
    '5f 07 15 0000 00000018 00',
    {
      serviceAction: m.PersistentReserveOut.REGISTER_AND_MOVE,
      scope: 1,
      type: m.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY,
      parameterListLengthBytes: 24,
    },
  ],
  [m.reserve6, '16 00000000 00', {}],
  [m.release6, '17 00000000 00', {}],
  [
    m.reserve10,
    '56 12 00 07 000000 0008 00',
    { thirdParty: 1, longId: 1, thirdPartyDeviceId: 7, parameterListLengthBytes: 8 },
  ],
  [
    m.release10,
    '57 02 00 00 000000 0008 00',
    { thirdParty: 0, longId: 1, parameterListLengthBytes: 8 },
  ],
] as const;

test.each(vectors.map(([codec, hex, value]) => [codec.kind, codec, hex, value] as const))(
  '%s',
  (kind, codec, hex, value) => checkFixedVector(codec, hex, { kind, ...value }),
);

test('every CDB of the file has a vector', () => {
  const tested = new Set<object>(vectors.map(([codec]) => codec));
  const missing = Object.entries(m).filter(
    ([, one]) => typeof one === 'object' && 'decode' in one && !tested.has(one),
  );
  expect(missing.map(([name]) => name)).toEqual([]);
});

test('codes of scsi.persresvin.svcaction, .persresvout.svcaction, .persresv.type, .report_opcodes.options', () => {
  expect(Object.values(m.PersistentReserveIn)).toEqual([0, 1, 2, 3]);
  expect(Object.values(m.PersistentReserveOut)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(m.PersistentReserveOut).toMatchObject({ PREEMPT: 4, REGISTER_AND_IGNORE_EXISTING_KEY: 6 });
  expect(m.ReservationType).toEqual({
    WRITE_EXCLUSIVE: 1,
    EXCLUSIVE_ACCESS: 3,
    WRITE_EXCLUSIVE_REGISTRANTS_ONLY: 5,
    EXCLUSIVE_ACCESS_REGISTRANTS_ONLY: 6,
    WRITE_EXCLUSIVE_ALL_REGISTRANTS: 7,
    EXCLUSIVE_ACCESS_ALL_REGISTRANTS: 8,
  });
  expect(m.ReservationScope).toEqual({ LU_SCOPE: 0, EXTENT: 1, ELEMENT: 2 });
  expect(Object.values(m.ReportingOptions)).toEqual([0, 1, 2, 3]);
});
