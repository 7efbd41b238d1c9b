import { describe, expect, test } from 'vitest';
import {
  cdbFields,
  cdbOf,
  EXTENDED_FLAT_LUN_MAX,
  type FcpCmndInput,
  fcpCmnd,
  fcpRsp,
  fcpXferRdy,
  formatLun,
  lunField,
  lunNumber,
  REPORT_LUNS_WELL_KNOWN_LUN,
  RetryDelayScope,
  RspCode,
  RspFlags,
  retryDelayOf,
  ScsiStatus,
  TaskAttribute,
  TaskManagement,
} from '../../../../src/codecs/fcp/index.ts';
import { CodecError, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkEveryLength, checkTiled } from '../every-length.ts';

describe('FCP_CMND', () => {
  // FCP-4, FCP_CMND IU: LUN 8, CRN, priority and attribute, task management, lengths and direction,
  // CDB 16, FCP_DL 4. Here: WRITE(10) of 8 blocks to LUN 5, ordered, CRN 7, priority 9.
  const write = parseHex(
    '0005000000000000 07 4a 00 01 2a000000100000000800000000000000 00001000'.replaceAll(' ', ''),
  );

  test('each field lies where the standard says', () => {
    const one = fcpCmnd.decode(write);
    expect(one).toMatchObject({
      lun: 0x0005_0000_0000_0000n,
      crn: 7,
      priority: 9,
      taskAttribute: TaskAttribute.ORDERED,
      taskManagementFlags: 0,
      additionalCdbLengthWords: 0,
      rddata: 0,
      wrdata: 1,
      fcpDl: 4096,
    });
    expect(formatHex(cdbOf(one).subarray(0, 10))).toBe('2a000000100000000800');
    expect(formatHex(fcpCmnd.encode(one))).toBe(formatHex(write));
    checkTiled(fcpCmnd, write);
  });

  test('every length gives a value or a CodecError', () => {
    expect(checkEveryLength(fcpCmnd, write)).toBe(1);
  });

  test('a short CDB is padded with zeros, also over what was in its place', () => {
    const value: FcpCmndInput = { lun: 0n, cdb: Uint8Array.from([0x12, 0, 0, 0, 36]), fcpDl: 36 };
    const target = new Uint8Array(32).fill(0xa5);
    expect(fcpCmnd.write(target, 0, value)).toBe(32);
    expect(formatHex(target.subarray(12, 28))).toBe('12000000240000000000000000000000');
  });

  test('a CDB of 32 bytes goes on behind the field', () => {
    const cdb = Uint8Array.from({ length: 32 }, (_, i) => i);
    const bytes = fcpCmnd.encode({ lun: 0n, ...cdbFields(cdb), rddata: 1, fcpDl: 512 });
    expect(bytes.length).toBe(48);
    // 4 words in the upper 6 bits, RDDATA in bit 1.
    expect(bytes[11]).toBe((4 << 2) | 2);
    expect(cdbOf(fcpCmnd.decode(bytes))).toEqual(cdb);
    checkEveryLength(fcpCmnd, bytes);
  });

  test('a bidirectional command has a second length', () => {
    const bytes = fcpCmnd.encode({
      lun: 0n,
      rddata: 1,
      wrdata: 1,
      fcpDl: 0x1000,
      fcpBidirectionalReadDl: 0x2000,
    });
    expect(formatHex(bytes.subarray(28))).toBe('0000100000002000');
    expect(fcpCmnd.decode(bytes).fcpBidirectionalReadDl).toBe(0x2000);
  });

  test('task management', () => {
    const bytes = fcpCmnd.encode({
      lun: lunField(1),
      taskManagementFlags: TaskManagement.LOGICAL_UNIT_RESET,
    });
    expect(bytes[10]).toBe(0x10);
    expect(fcpCmnd.spans(bytes).find(({ path }) => path === 'taskManagementFlags')?.text).toContain(
      'LOGICAL_UNIT_RESET',
    );
  });

  test('a value that does not fit is refused', () => {
    expect(() => fcpCmnd.encode({ lun: 0n, cdb: new Uint8Array(17) })).toThrow(CodecError);
    expect(() => fcpCmnd.encode({ lun: 0n, additionalCdb: new Uint8Array(3) })).toThrow(CodecError);
  });
});

describe('FCP_XFER_RDY', () => {
  test('offset, burst length, four reserved bytes', () => {
    const bytes = parseHex('00010000000080000000000a');
    const one = fcpXferRdy.decode(bytes);
    expect(one).toMatchObject({
      relativeOffset: 0x1_0000,
      burstLengthBytes: 0x8000,
      reserved1: 10,
    });
    expect(formatHex(fcpXferRdy.encode(one))).toBe(formatHex(bytes));
    expect(checkEveryLength(fcpXferRdy, bytes)).toBe(1);
  });
});

describe('FCP_RSP', () => {
  // CHECK CONDITION with 18 bytes of sense: UNIT ATTENTION 29/00.
  const checkCondition = parseHex(
    '0000000000000000 0000 02 02 00000000 00000012 00000000 70000600000000 0a 00000000 2900 00 000000'.replaceAll(
      ' ',
      '',
    ),
  );

  test('CHECK CONDITION with sense', () => {
    const one = fcpRsp.decode(checkCondition);
    expect(one).toMatchObject({
      flags: RspFlags.SNS_LEN_VALID,
      scsiStatus: ScsiStatus.CHECK_CONDITION,
      residualCount: 0,
      senseLengthBytes: 18,
      rspLengthBytes: 0,
      rspInfo: undefined,
    });
    expect(one.senseData.length).toBe(18);
    const { senseData, scsiStatus } = one;
    expect(formatHex(fcpRsp.encode({ senseData, scsiStatus }))).toBe(formatHex(checkCondition));
    expect(checkEveryLength(fcpRsp, checkCondition)).toBe(1);
    checkTiled(fcpRsp, checkCondition);
  });

  test('response information of a task management function, 4 and 8 bytes long', () => {
    for (const reserved2 of [new Uint8Array(0), new Uint8Array(4)]) {
      const rspInfo = { reserved1: 0, rspCode: RspCode.TASK_MANAGEMENT_REJECTED, reserved2 };
      const bytes = fcpRsp.encode({ rspInfo });
      expect(bytes.length).toBe(28 + reserved2.length);
      expect([bytes[10], bytes[23], bytes[27]]).toEqual([1, 4 + reserved2.length, 4]);
      expect(fcpRsp.decode(bytes).rspInfo?.rspCode).toBe(4);
      checkEveryLength(fcpRsp, bytes);
    }
  });

  test('a length whose flag is not set counts nothing', () => {
    const bytes = parseHex(`${'00'.repeat(10)}0800000000100000001200000008`.padEnd(48, '0'));
    const one = fcpRsp.decode(bytes);
    expect(one.residualCount).toBe(16);
    expect(one.senseData.length).toBe(0);
    expect(one.rspInfo).toBeUndefined();
    expect(formatHex(fcpRsp.encode(one))).toBe(formatHex(bytes));
  });

  test('the residual of a bidirectional read stands behind the sense', () => {
    const bytes = fcpRsp.encode({
      senseData: Uint8Array.from([0x72]),
      bidirectionalReadResidual: 9,
    });
    expect(formatHex(bytes.subarray(24))).toBe('7200000009');
    expect(bytes[10]).toBe(RspFlags.BIDI_RSP | RspFlags.SNS_LEN_VALID);
    checkEveryLength(fcpRsp, bytes);
  });
});

describe('LUN', () => {
  // SAM-5, 4.7: peripheral device addressing, flat space addressing, extended flat space addressing.
  test.each([
    [0, 0x0000_0000_0000_0000n],
    [255, 0x00ff_0000_0000_0000n],
    [256, 0x4100_0000_0000_0000n],
    [16_383, 0x7fff_0000_0000_0000n],
    [16_384, 0xd200_4000_0000_0000n],
    [EXTENDED_FLAT_LUN_MAX, 0xd2ff_ffff_0000_0000n],
  ])('%i', (number, field) => {
    expect(lunField(number)).toBe(field);
    expect(lunNumber(field)).toBe(number);
    expect(formatLun(field)).toBe(String(number));
  });

  test('other addresses have no number', () => {
    for (const field of [
      REPORT_LUNS_WELL_KNOWN_LUN,
      0x0102_0000_0000_0000n, // bus 1
      0x0001_0002_0000_0000n, // two levels
      0x8144_0000_0000_0000n, // logical unit addressing
      0x0001_0000_0000_0001n,
    ]) {
      expect(lunNumber(field)).toBeUndefined();
    }
    expect(formatLun(REPORT_LUNS_WELL_KNOWN_LUN)).toContain('REPORT LUNS');
    expect(formatLun(0x0102_0000_0000_0000n)).toBe('0x0102000000000000');
    expect(() => lunField(-1)).toThrow(RangeError);
    expect(() => lunField(EXTENDED_FLAT_LUN_MAX + 1)).toThrow(RangeError);
  });

  test('flat space addressing may carry small numbers too', () => {
    expect(lunNumber(0x4005_0000_0000_0000n)).toBe(5);
  });
});

describe('retry delay timer', () => {
  const { BUSY, TASK_SET_FULL, GOOD } = ScsiStatus;

  // SAM-5, status qualifier: scope in the upper 2 bits, units of 100 ms up to 3FEFh.
  test.each([
    [BUSY, 0x0000, { kind: 'none' }],
    [BUSY, 0x4001, { kind: 'wait', scope: RetryDelayScope.I_T_NEXUS, delayMs: 100 }],
    [TASK_SET_FULL, 0x3fef, { kind: 'wait', scope: 0, delayMs: 1_636_700 }],
    [BUSY, 0x7ff0, { kind: 'reserved', scope: 1 }],
    [BUSY, 0xbffe, { kind: 'stop', scope: RetryDelayScope.LOGICAL_UNIT }],
    [BUSY, 0x3fff, { kind: 'crowded', scope: 0 }],
    [TASK_SET_FULL, 0x3fff, { kind: 'reserved', scope: 0 }],
    [GOOD, 0x0010, { kind: 'none' }],
  ] as const)('status %i, timer %i', (scsiStatus, retryDelayTimer, expected) => {
    expect(retryDelayOf({ scsiStatus, retryDelayTimer })).toEqual(expected);
  });
});
