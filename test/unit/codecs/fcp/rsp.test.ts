/** FCP_XFER_RDY and FCP_RSP, held against the standard's layout and what targets answer. */
import { describe, expect, test } from 'vitest';
import { RspCode, RspFlags, ScsiStatus } from '../../../../src/codecs/fcp/names.ts';
import { fcpRsp, fcpRspInfo, fcpXferRdy } from '../../../../src/codecs/fcp/rsp.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';
import { expectVector } from '../../../helpers/vector.ts';

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

  test('RSP_INFO stands alone too: RSP_CODE in the fourth byte', () => {
    expectVector(fcpRspInfo, '00000009', { rspCode: RspCode.INCORRECT_LUN }, 1);
    expectVector(fcpRspInfo, '00000005 00000000', { rspCode: RspCode.TASK_MANAGEMENT_FAILED }, 5);
  });

  test('of a Storwize: esxi-cisco/fcoe1-both.pcap, frame 55', () => {
    // tshark: Flags 0x0a (Resid Under, SNS Vld), Check Condition, FCP_RESID 3064, FCP_SNS_LEN 40.
    const sense = 'f0000600000000100000000029000000'.padEnd(80, '0');
    const value = expectVector(
      fcpRsp,
      `00000000000000000000 0a 02 00000bf8 00000028 00000000 ${sense}`,
      {
        retryDelayTimer: 0,
        flags: RspFlags.RESID_UNDER | RspFlags.SNS_LEN_VALID,
        scsiStatus: ScsiStatus.CHECK_CONDITION,
        residualCount: 3064,
        senseLengthBytes: 40,
        rspLengthBytes: 0,
      },
    );
    expect(formatHex(value.senseData)).toBe(sense);
  });

  test('with a residual of a bidirectional read: field/28-fcp-variety.pcap, frame 10', () => {
    // tshark: Flags 0xc0 (Bidi Rsp, Bidi Read Resid Under), Bidirectional Read Resid 512.
    expectVector(fcpRsp, '00000000000000000000 c00000000000000000000000000000000200', {
      flags: RspFlags.BIDI_RSP | RspFlags.BIDI_READ_RESID_UNDER,
      bidirectionalReadResidual: 512,
    });
  });

  test('of task management: field/28-fcp-variety.pcap, frame 15', () => {
    // tshark: RSP_CODE Task Management Function Complete (0x00), FCP_RSP_LEN 8.
    expectVector(
      fcpRsp,
      '0000000000000000 0000 01 00 00000000 00000000 00000008 0000000000000000',
      {
        flags: RspFlags.RSP_LEN_VALID,
        rspLengthBytes: 8,
        rspInfo: { rspCode: RspCode.TASK_MANAGEMENT_COMPLETE, reserved2: new Uint8Array(4) },
      },
    );
  });

  test('the timer stands in front of the flags', () => {
    expect(fcpRsp.decode(fcpRsp.encode({ retryDelayTimer: 0x4001 })).retryDelayTimer).toBe(0x4001);
    expect(formatHex(fcpRsp.encode({ retryDelayTimer: 0x4001 })).slice(16, 22)).toBe('400100');
  });
});
