/** Parameter lists of EXTENDED COPY and data of the RECEIVE COPY commands; layout: SPC-5, clause 6, as tshark reads the LID1 list. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import * as m from '../../../../src/codecs/scsi/copy.ts';
import { checkFixedVector, checkRead, checkVector } from '../../../helpers/vector.ts';

const CSCD = 'e4 00 0000 01 03 00 08 2000000000000001 000000000000000000000000 00 000200';
const SEGMENT = '02 00 0018 0000 0001 0000 0008 0000000000000064 00000000000000c8';
const cscd = {
  kind: 'identification descriptor',
  designatorType: 3,
  designatorLengthBytes: 8,
  designator: parseHex('2000000000000001000000000000000000000000'),
  diskBlockLengthBytes: 512,
};
const segment = {
  kind: 'block to block',
  sourceCscd: 0,
  destinationCscd: 1,
  numberOfBlocks: 8,
  sourceLba: 100n,
  destinationLba: 200n,
};
const usage = { str: 1, listIdUsage: m.ListIdUsage.NO_HOLD, priority: 5 };

describe('EXTENDED COPY', () => {
  test('LID1: 16 bytes, then descriptors and inline data', () => {
    checkVector(
      m.extendedCopyLid1List,
      `07 35 0020 00000000 0000001c 00000002 ${CSCD} ${SEGMENT} abcd`,
      {
        listIdentifier: 7,
        ...usage,
        cscdListLengthBytes: 32,
        segmentListLengthBytes: 28,
        inlineDataLengthBytes: 2,
        cscds: [cscd],
        segments: [segment],
        inlineData: parseHex('abcd'),
      },
    );
    checkVector(m.extendedCopyLid1List, '00'.repeat(16), { cscds: [], segments: [] }, {});
  });

  test('LID4: 48 bytes, its list identifier in bytes 20 to 23', () => {
    checkVector(
      m.extendedCopyLid4List,
      `01 35 0020 ${'00'.repeat(11)} 03 ff 000000 00000007 ${'00'.repeat(18)} 0020 001c 0002
       ${CSCD} ${SEGMENT} abcd`,
      {
        parameterListFormat: 1,
        ...usage,
        headerCscdListLengthBytes: 32,
        gSense: 1,
        immed: 1,
        headerCscdTypeCode: 0xff,
        listIdentifier: 7,
        cscdListLengthBytes: 32,
        segmentListLengthBytes: 28,
        inlineDataLengthBytes: 2,
        cscds: [cscd],
        segments: [segment],
        inlineData: parseHex('abcd'),
      },
    );
  });
});

describe('RECEIVE COPY of the 1-byte list identifier', () => {
  test('status', () => {
    checkFixedVector(m.receiveCopyStatusLid1Data, '00000008 81 0003 01 00000400', {
      availableDataBytes: 8,
      hdd: 1,
      copyCommandStatus: m.CopyStatus.COMPLETED,
      segmentsProcessed: 3,
      transferCountUnits: m.TransferCountUnits.KIBIBYTES,
      transferCount: 1024,
    });
  });

  test('held data, also cut', () => {
    checkVector(m.receiveCopyDataLid1Data, '00000002 abcd', { heldData: parseHex('abcd') });
    checkRead(m.receiveCopyDataLid1Data, '00000004 abcd', {
      availableDataBytes: 4,
      heldData: parseHex('abcd'),
    });
  });

  test('failure details: status in byte 56, sense data from byte 60', () => {
    checkVector(m.receiveCopyFailureDetailsData, `0000003a ${'00'.repeat(52)} 02 00 0002 7005`, {
      availableDataBytes: 58,
      extendedCopyCommandStatus: 2,
      senseDataLengthBytes: 2,
      senseData: parseHex('7005'),
    });
  });

  test('operating parameters: 44 bytes and the types known', () => {
    checkVector(
      m.receiveCopyOperatingParametersData,
      `0000002a 01 000000 0004 0002 00000400 00001000 00000005 00000010 00000200 0000 0003 01
       09 0a 0b 000000 02 02 e4`,
      {
        availableDataBytes: 42,
        snlid: 1,
        maximumCscdDescriptorCount: 4,
        maximumSegmentDescriptorCount: 2,
        maximumDescriptorListLengthBytes: 1024,
        maximumSegmentLengthBytes: 4096,
        maximumInlineDataLengthBytes: 5,
        heldDataLimitBytes: 16,
        maximumStreamTransferSizeBytes: 512,
        totalConcurrentCopies: 3,
        maximumConcurrentCopies: 1,
        dataSegmentGranularityLog2: 9,
        inlineDataGranularityLog2: 10,
        heldDataGranularityLog2: 11,
        implementedDescriptors: [2, 0xe4],
      },
    );
  });
});

describe('RECEIVE COPY of the 4-byte list identifier', () => {
  const status = {
    responseToServiceAction: 1,
    hdd: 1,
    copyOperationStatus: m.CopyOperationStatus.IN_PROGRESS_FOREGROUND,
    operationCounter: 7,
    estimatedStatusUpdateDelayMs: 255,
    extendedCopyCompletionStatus: 2,
    transferCountUnits: 1,
    transferCount: 8n,
    segmentsProcessed: 3,
  };
  const STATUS = (sense: string) =>
    `01 91 0007 000000ff 02 ${sense} ${sense} 01 0000000000000008 0003 000000000000`;

  test('status', () => {
    checkVector(m.receiveCopyStatusLid4Data, `0000001e ${STATUS('02')} 7005`, {
      availableDataBytes: 30,
      ...status,
      senseDataFieldLengthBytes: 2,
      senseDataLengthBytes: 2,
      senseData: parseHex('7005'),
    });
  });

  test('ROD token information', () => {
    checkVector(m.receiveRodTokenInformationData, `00000024 ${STATUS('00')} 00000004 01020304`, {
      availableDataBytes: 36,
      ...status,
      senseData: new Uint8Array(0),
      rodTokenDescriptorsLengthBytes: 4,
      rodTokenDescriptors: parseHex('01020304'),
    });
  });

  test('codes of SPC-5', () => {
    expect(m.CopyOperationStatus).toMatchObject({
      COMPLETED: 1,
      COMPLETED_WITH_ERRORS: 2,
      IN_PROGRESS: 0x10,
      IN_PROGRESS_FOREGROUND: 0x11,
      IN_PROGRESS_BACKGROUND: 0x12,
      TERMINATED: 0x60,
    });
    expect(m.CopyStatus).toEqual({ IN_PROGRESS: 0, COMPLETED: 1, COMPLETED_WITH_ERRORS: 2 });
    expect(Object.values(m.TransferCountUnits)).toEqual([0, 1, 2, 3, 4, 5, 6, 0xf1]);
    expect(m.ListIdUsage).toEqual({ HOLD: 0, NO_HOLD: 2, NO_LIST_ID: 3 });
  });
});
