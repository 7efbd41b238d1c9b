/** CDBs of third-party copies, security, attributes, ATA. Layout: SPC-5, clause 6; SAT-4; SCSI-2. */
import { expect, test } from 'vitest';
import * as m from '../../../../src/codecs/scsi/cdb-copy.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

/** Every field that is no constant has a value of its own, as tshark 4.0.17 reads it where it does. */
const vectors = [
  [m.extendedCopyLid1, '83 00 0000000000000000 00000100 00 00', { parameterListLengthBytes: 256 }],
  [m.extendedCopyLid4, '83 01 0000000000000000 00000100 00 00', { parameterListLengthBytes: 256 }],
  [
    m.populateToken,
    '83 10 00000000 00000007 00000028 2a 00',
    { listIdentifier: 7, parameterListLengthBytes: 40, groupNumber: 0x2a },
  ],
  [
    m.writeUsingToken,
    '83 11 00000000 00000007 00000228 2a 00',
    { listIdentifier: 7, parameterListLengthBytes: 552, groupNumber: 0x2a },
  ],
  [m.copyOperationAbort, '83 1c 00000007 000000000000000000 00', { listIdentifier: 7 }],
  [
    m.receiveCopyStatusLid1,
    '84 00 07 00000000000000 00000100 00 00',
    { listIdentifier: 7, allocationLengthBytes: 256 },
  ],
  [
    m.receiveCopyDataLid1,
    '84 01 07 00000000000000 00000100 00 00',
    { listIdentifier: 7, allocationLengthBytes: 256 },
  ],
  [
    m.receiveCopyFailureDetailsLid1,
    '84 04 07 00000000000000 00000100 00 00',
    { listIdentifier: 7, allocationLengthBytes: 256 },
  ],
  [
    m.receiveCopyStatusLid4,
    '84 05 00000007 00000000 00000100 00 00',
    { listIdentifier: 7, allocationLengthBytes: 256 },
  ],
  [
    m.receiveCopyDataLid4,
    '84 06 00000007 00000000 00000100 00 00',
    { listIdentifier: 7, allocationLengthBytes: 256 },
  ],
  [
    m.receiveRodTokenInformation,
    '84 07 00000007 00000000 00000100 00 00',
    { listIdentifier: 7, allocationLengthBytes: 256 },
  ],
  [
    m.receiveCopyOperatingParameters,
    '84 03 0000000000000000 00000100 00 00',
    { allocationLengthBytes: 256 },
  ],
  [m.reportAllRodTokens, '84 08 0000000000000000 00000100 00 00', { allocationLengthBytes: 256 }],
  [m.copyCommand, '18 01 000100 00', { pad: 1, parameterListLengthBytes: 256 }],
  [m.compareCommand, '39 01 00 000100 000000 00', { pad: 1, parameterListLengthBytes: 256 }],
  [
    m.copyAndVerify,
    '3a 02 00 000100 000000 00',
    { bytchk: 1, pad: 0, parameterListLengthBytes: 256 },
  ],
  [
    m.changeDefinition,
    '40 00 01 03 00000000 10 00',
    { save: 1, definitionParameter: 3, parameterDataLengthBytes: 16 },
  ],
  [
    m.accessControlIn,
    '86 01 0102030405060708 00000100 00 00',
    {
      serviceAction: 1,
      managementIdentifierKey: 0x0102_0304_0506_0708n,
      allocationLengthBytes: 256,
    },
  ],
  [
    m.accessControlOut,
    '87 02 0000000000000000 00000100 00 00',
    { serviceAction: 2, parameterListLengthBytes: 256 },
  ],
  [
    m.securityProtocolIn,
    'a2 ef 0001 80 00 00000001 00 00',
    { securityProtocol: 0xef, securityProtocolSpecific: 1, inc512: 1, allocationLength: 1 },
  ],
  [
    m.securityProtocolOut,
    'b5 ef 0002 00 00 00000200 00 00',
    { securityProtocol: 0xef, securityProtocolSpecific: 2, inc512: 0, transferLength: 512 },
  ],
  [
    m.readAttribute,
    '8c 01 000000 02 00 03 0004 00000200 01 00',
    {
      serviceAction: 1,
      logicalVolumeNumber: 2,
      partitionNumber: 3,
      firstAttributeIdentifier: 4,
      allocationLengthBytes: 512,
      cache: 1,
    },
  ],
  [
    m.writeAttribute,
    '8d 01 000000 02 00 03 0000 00000200 00 00',
    { wtc: 1, logicalVolumeNumber: 2, partitionNumber: 3, parameterListLengthBytes: 512 },
  ],
  [
    m.ataPassThrough12,
    'a1 08 2e 01 02 03 04 05 40 ec 00 00',
    {
      protocol: m.AtaProtocol.PIO_DATA_IN,
      offLine: 0,
      ckCond: 1,
      tType: 0,
      tDir: 1,
      bytBlok: 1,
      tLength: 2,
      features: 1,
      sectorCount: 2,
      lbaLow: 3,
      lbaMid: 4,
      lbaHigh: 5,
      device: 0x40,
      ataCommand: 0xec,
    },
  ],
  [
    m.ataPassThrough16,
    '85 29 d1 0001 0002 0003 0004 0005 40 ec 00',
    {
      multipleCount: 1,
      protocol: 4,
      extend: 1,
      offLine: 3,
      ckCond: 0,
      tType: 1,
      tDir: 0,
      bytBlok: 0,
      tLength: 1,
      features: 1,
      sectorCount: 2,
      lbaLow: 3,
      lbaMid: 4,
      lbaHigh: 5,
      device: 0x40,
      ataCommand: 0xec,
    },
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

test('protocols of the ATA pass-through: SAT-4, PROTOCOL field; 7 is gone, 15 asks for the answer', () => {
  expect(Object.values(m.AtaProtocol)).toEqual([0, 1, 3, 4, 5, 6, 8, 9, 10, 11, 12, 15]);
});
