/** FCP_CMND, held against the standard's layout and what Linux sends. */
import { describe, expect, test } from 'vitest';
import {
  CDB_FIELD_BYTES,
  cdbFields,
  cdbOf,
  type FcpCmndInput,
  fcpCmnd,
} from '../../../../src/codecs/fcp/cmnd.ts';
import { TaskAttribute, TaskManagement } from '../../../../src/codecs/fcp/names.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { lunField } from '../../../../src/codecs/scsi/lun.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';
import { expectVector } from '../../../helpers/vector.ts';

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

  test('INQUIRY of Linux: linux/fabric-vlan.pcap, frame 34', () => {
    // fcp.lun 0, fcp.crn 0, fcp.taskattr Simple, RDDATA, fcp.dl 36.
    const value = expectVector(
      fcpCmnd,
      '0000000000000000 00 00 00 02 12000000240000000000000000000000 00000024',
      { lun: 0n, crn: 0, taskAttribute: TaskAttribute.SIMPLE, rddata: 1, wrdata: 0, fcpDl: 36 },
    );
    expect(value.cdb).toHaveLength(CDB_FIELD_BYTES);
    expect(cdbOf(value)).toBe(value.cdb);
  });

  test('a CDB is cut into its two fields', () => {
    const { cdb, additionalCdb } = cdbFields(new Uint8Array(18).fill(7));
    expect([cdb.length, additionalCdb]).toEqual([16, Uint8Array.of(7, 7, 0, 0)]);
    expect(cdbFields(new Uint8Array(6)).additionalCdb).toHaveLength(0);
  });
});
