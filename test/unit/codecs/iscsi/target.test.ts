/** PDUs of targets: bytes of tgt 1.0.85, from fixtures/iscsi. */
import { expect, test } from 'vitest';
import { iscsiPdu, LoginStage } from '../../../../src/codecs/iscsi/index.ts';
import { pdusOf } from '../../../helpers/iscsi-pdus.ts';
import { expectVector } from '../../../helpers/vector.ts';

test('CHECK CONDITION with sense data: 18 bytes behind their length', () => {
  const value = expectVector(
    iscsiPdu,
    `21800002 00000014 0000000000000000 68c50902 00000000 00000001 47654842 476548c2
     00000000 00000000 00000000
     0012 700006000000000a00000000290000000000`,
    {
      kind: 'SCSI Response',
      response: 0,
      status: 2,
      initiatorTaskTag: 0x68c5_0902,
      statSn: 1,
      expCmdSn: 0x4765_4842,
      maxCmdSn: 0x4765_48c2,
    },
  );
  expect(value).toHaveProperty('data.senseLengthBytes', 18);
});

test('a login is answered with a TSIH and the full feature phase', async () => {
  const [answer] = (await pdusOf('iscsi-test-cu-tgt')).of('Login Response');
  expect(answer).toMatchObject({ transit: 1, nextStage: LoginStage['full feature'], status: 0 });
  expect(answer!.tsih).not.toBe(0);
});

// The layout of RFC 7143, 11.8; tshark reads the same (test/oracle).
test('R2T: what is wanted, and how often it was', () => {
  expectVector(
    iscsiPdu,
    `31800000 00000000 0001000000000000 00000009 00000007 00000005 00000011
     00000090 00000002 00000200 00002000`,
    {
      kind: 'R2T',
      initiatorTaskTag: 9,
      targetTransferTag: 7,
      r2tSn: 2,
      bufferOffset: 512,
      desiredDataTransferLengthBytes: 8192,
    },
  );
});

test('data that end with their status', async () => {
  const data = (await pdusOf('iscsi-test-cu-tgt')).of('SCSI Data-In');
  const last = data.filter((one) => one.hasStatus === 1);
  expect(last.length).toBeGreaterThan(0);
  for (const one of last) expect(one).toMatchObject({ final: 1, status: 0 });
});

test('a rejected PDU is quoted by its header', () => {
  const header = iscsiPdu.encode({ kind: 'NOP-Out' });
  const reject = iscsiPdu.decode(iscsiPdu.encode({ kind: 'Reject', reason: 9, data: header }));
  expect(reject).toMatchObject({ initiatorTaskTag: 0xffff_ffff, dataSegmentLengthBytes: 48 });
});
