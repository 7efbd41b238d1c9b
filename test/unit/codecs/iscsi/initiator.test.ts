/** PDUs of initiators: bytes of libiscsi 1.19.0 and iPXE, from fixtures/iscsi. */
import { describe, expect, test } from 'vitest';
import { iscsiPdu } from '../../../../src/codecs/iscsi/index.ts';
import { pdusOf } from '../../../helpers/iscsi-pdus.ts';
import { expectVector } from '../../../helpers/vector.ts';

describe('as libiscsi sends them', () => {
  test('TEST UNIT READY', () => {
    expectVector(
      iscsiPdu,
      `01810000 00000000 0001000000000000 68c50902 00000000 47654841 00000001
       00000000 00000000 00000000 00000000`,
      {
        kind: 'SCSI Command',
        final: 1,
        read: 0,
        write: 0,
        taskAttribute: 1,
        lun: 1n << 48n,
        initiatorTaskTag: 0x68c5_0902,
        expectedDataTransferLengthBytes: 0,
        cmdSn: 0x4765_4841,
        expStatSn: 1,
      },
    );
  });

  test('a login that begins at the operational stage', async () => {
    const [login] = (await pdusOf('iscsi-test-cu-tgt')).of('Login Request');
    expect(login).toMatchObject({
      immediate: 1,
      transit: 1,
      continue: 0,
      currentStage: 1,
      nextStage: 3,
      versionMax: 0,
      tsih: 0,
      initiatorTaskTag: 0x68c5_0901,
      cmdSn: 0x4765_4841,
      dataSegmentLengthBytes: 432,
    });
  });
});

// The layout of RFC 7143, 11.7; tshark reads the same (test/oracle).
test('data that were asked for: the tag of the R2T, a number, a place', () => {
  expectVector(
    iscsiPdu,
    `05800000 00000002 0001000000000000 00000009 00000007 00000000 00000005
     00000000 00000001 00000200 00000000 abcd0000`,
    {
      kind: 'SCSI Data-Out',
      final: 1,
      initiatorTaskTag: 9,
      targetTransferTag: 7,
      dataSn: 1,
      bufferOffset: 512,
      data: Uint8Array.of(0xab, 0xcd),
    },
  );
});

// The layout of RFC 7143, 11.5; tshark reads the same (test/oracle).
test('ABORT TASK: what is aborted, and its CmdSN', () => {
  expectVector(
    iscsiPdu,
    `42810000 00000000 0001000000000000 00000009 00000008 00000011 00000005
     00000010 00000000 00000000 00000000`,
    {
      kind: 'Task Management Function Request',
      immediate: 1,
      function: 1,
      initiatorTaskTag: 9,
      referencedTaskTag: 8,
      cmdSn: 0x11,
      refCmdSn: 0x10,
    },
  );
});

test('all that each initiator reserves is zero', async () => {
  for (const name of ['iscsi-test-cu-tgt', 'ipxe-login-read-tgt'] as const) {
    const { all } = await pdusOf(name);
    expect(all.length).toBeGreaterThan(10);
    for (const pdu of all)
      for (const [key, value] of Object.entries(pdu))
        if (/^reserved/.test(key) && typeof value === 'number')
          expect(value, `${pdu.kind} ${key}`).toBe(0);
  }
});
