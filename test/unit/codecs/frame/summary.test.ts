/** Frames in one line. */
import { describe, expect, it } from 'vitest';
import { Eof } from '../../../../src/codecs/fcoe/codes.ts';
import { fcpCmnd } from '../../../../src/codecs/fcp/cmnd.ts';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import { summarize } from '../../../../src/codecs/frame/summary.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { COMMAND, fcoe, READ } from '../../../helpers/frames.ts';

describe('summarize', () => {
  const where = '010e01 → 020001 OX_ID 0012';

  it.each([
    ['a command', COMMAND, READ, `SCSI READ(10) ${where} LUN 0 LBA 0x1234 length 8`],
    [
      'task management',
      COMMAND,
      fcpCmnd.encode({ lun: 1n << 48n, taskManagementFlags: 0x10 }),
      `FCP task management LOGICAL UNIT RESET ${where} LUN 1`,
    ],
    [
      'XFER_RDY',
      { ...COMMAND, rCtl: 5 },
      parseHex('00000000 00002000 00000000'),
      `XFER_RDY ${where} offset 0 burst 8192`,
    ],
    [
      'CHECK CONDITION',
      { ...COMMAND, rCtl: 7 },
      parseHex(`0000000000000000 0000 02 02 00000000 00000012 00000000
        70 00 06 00000000 0a 00000000 29 07 00 000000`),
      `FCP_RSP CHECK CONDITION ${where} UNIT ATTENTION 29/07 I_T NEXUS LOSS OCCURRED`,
    ],
    [
      'ABTS of an exchange',
      { ...COMMAND, rCtl: 0x81, type: 0 },
      new Uint8Array(0),
      `ABTS ${where} aborts exchange`,
    ],
    [
      'ABTS of a sequence',
      { ...COMMAND, rCtl: 0x81, type: 0, parameter: 1 },
      new Uint8Array(0),
      `ABTS ${where} aborts sequence`,
    ],
    [
      'BA_RJT',
      { ...COMMAND, rCtl: 0x85, type: 0 },
      parseHex('00030300'),
      `BA_RJT ${where} logical error, invalid OX_ID-RX_ID combination`,
    ],
    [
      'LS_RJT',
      { ...COMMAND, rCtl: 0x23, type: 1, fCtl: 0x99_0000 },
      parseHex('01000000 00 03 0d 00'),
      `LS_RJT ${where} logical error, invalid port name`,
    ],
    [
      'F_RJT',
      { ...COMMAND, rCtl: 0xc3, parameter: 0x0216_0000 },
      new Uint8Array(0),
      `F_RJT ${where} login required`,
    ],
  ] as const)('%s', (_name, header, payload, expected) => {
    expect(summarize(decodeFrame(fcoe(header, payload)))).toBe(expected);
  });

  it('says what is wrong with a frame', () => {
    const bytes = fcoe(COMMAND, READ);
    bytes[bytes.length - 4] = Eof.EOFni;
    bytes[bytes.length - 5]! ^= 0xff;
    expect(summarize(decodeFrame(bytes))).toMatch(/\[EOFni\] \[bad FC CRC\]$/);
    expect(summarize(decodeFrame(fcoe(COMMAND, new Uint8Array(4))))).toContain(
      '[malformed: FCP_CMND',
    );
    const cut = decodeFrame(bytes.subarray(0, 60), { originalLength: bytes.length });
    expect(summarize(cut)).toMatch(/\[cut\]$/);
  });
});
