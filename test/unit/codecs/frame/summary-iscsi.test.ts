/** PDUs, segments and special frames in one line each. */
import { expect, test } from 'vitest';
import {
  decodeFcip,
  decodeFrame,
  decodeIscsiPdu,
  type IscsiPduInput,
  iscsiPdu,
  summarize,
} from '../../../../src/codecs/index.ts';
import { specialFrame } from '../../../helpers/fcip-capture.ts';
import { tcpFrame } from '../../../helpers/tcp-frames.ts';

const isid = new Uint8Array(6);
const PDUS: readonly (readonly [IscsiPduInput, string])[] = [
  [{ kind: 'NOP-Out' }, 'iSCSI NOP-Out'],
  [
    {
      kind: 'Task Management Function Request',
      function: 1,
      lun: 1n << 48n,
      initiatorTaskTag: 3,
      referencedTaskTag: 2,
    },
    'iSCSI Task Management Function Request ITT 00000003 ABORT TASK LUN 1 task 00000002',
  ],
  [
    { kind: 'Task Management Function Response', response: 1, initiatorTaskTag: 3 },
    'iSCSI Task Management Function Response ITT 00000003 task does not exist',
  ],
  [
    { kind: 'Login Response', isid, initiatorTaskTag: 1, status: 0x0203 },
    'iSCSI Login Response ITT 00000001 not found security',
  ],
  [
    {
      kind: 'SCSI Data-In',
      initiatorTaskTag: 1,
      bufferOffset: 512,
      hasStatus: 1,
      underflow: 1,
      residualCount: 4,
    },
    'iSCSI SCSI Data-In ITT 00000001 offset 512 length 0 GOOD residual 4',
  ],
  [
    {
      kind: 'R2T',
      initiatorTaskTag: 1,
      targetTransferTag: 9,
      desiredDataTransferLengthBytes: 8192,
    },
    'iSCSI R2T ITT 00000001 TTT 00000009 offset 0 length 8192',
  ],
  [
    { kind: 'Asynchronous Message', asyncEvent: 1 },
    'iSCSI Asynchronous Message target requests logout',
  ],
  [
    { kind: 'Logout Request', reason: 1, initiatorTaskTag: 1 },
    'iSCSI Logout Request ITT 00000001 close the connection',
  ],
  [{ kind: 'SNACK Request', type: 1 }, 'iSCSI SNACK Request status'],
  [{ kind: 'Reject', reason: 4 }, 'iSCSI Reject protocol error'],
  [{ kind: 'Reject', reason: 0x77 }, 'iSCSI Reject code 119'],
];

test.each(PDUS)('%o', (pdu, text) => {
  expect(summarize(decodeIscsiPdu(iscsiPdu.encode(pdu)))).toBe(text);
});

test('an opcode of a vendor', () => {
  const bytes = new Uint8Array(48);
  bytes[0] = 0x1c;
  expect(summarize(decodeIscsiPdu(bytes))).toBe('iSCSI opcode 1ch');
});

test('the frame that opens an FCIP connection', () => {
  expect(summarize(decodeFcip(specialFrame()))).toBe(
    'FCIP special frame 10:00:00:00:00:00:00:01 → 10:00:00:00:00:00:00:02',
  );
});

test('a segment', () => {
  const bytes = tcpFrame({
    from: [1, 5],
    to: [2, 443],
    seq: 7,
    ack: 9,
    payload: new Uint8Array(3),
  });
  expect(summarize(decodeFrame(bytes))).toBe(
    'TCP 10.0.0.1:5 → 10.0.0.2:443 ACK seq 7 ack 9 length 3',
  );
});
