/** Operation codes and service actions beside tshark -G values of Wireshark 4.0.17. */
import { describe, expect, test } from 'vitest';
import {
  MaintenanceIn,
  MaintenanceOut,
  Opcode,
  ServiceActionIn16,
  ServiceActionOut16,
  ThirdPartyCopyIn,
  ThirdPartyCopyOut,
  VariableLength,
} from '../../../../src/codecs/scsi/opcode.ts';

describe('operation codes', () => {
  // Those that scsi.spc.opcode or scsi_sbc.opcode of tshark names as we do.
  test.each([
    ['TEST UNIT READY', 0x00],
    ['REQUEST SENSE', 0x03],
    ['FORMAT UNIT', 0x04],
    ['REASSIGN BLOCKS', 0x07],
    ['READ(6)', 0x08],
    ['WRITE(6)', 0x0a],
    ['INQUIRY', 0x12],
    ['MODE SELECT(6)', 0x15],
    ['RESERVE(6)', 0x16],
    ['RELEASE(6)', 0x17],
    ['COPY', 0x18],
    ['MODE SENSE(6)', 0x1a],
    ['START STOP UNIT', 0x1b],
    ['RECEIVE DIAGNOSTIC RESULTS', 0x1c],
    ['SEND DIAGNOSTIC', 0x1d],
    ['PREVENT ALLOW MEDIUM REMOVAL', 0x1e],
    ['READ CAPACITY(10)', 0x25],
    ['READ(10)', 0x28],
    ['WRITE(10)', 0x2a],
    ['SEEK(10)', 0x2b],
    ['WRITE AND VERIFY(10)', 0x2e],
    ['VERIFY(10)', 0x2f],
    ['SET LIMITS(10)', 0x33],
    ['PRE-FETCH(10)', 0x34],
    ['SYNCHRONIZE CACHE(10)', 0x35],
    ['LOCK UNLOCK CACHE(10)', 0x36],
    ['READ DEFECT DATA(10)', 0x37],
    ['COMPARE', 0x39],
    ['COPY AND VERIFY', 0x3a],
    ['READ LONG(10)', 0x3e],
    ['CHANGE DEFINITION', 0x40],
    ['WRITE SAME(10)', 0x41],
    ['UNMAP', 0x42],
    ['SANITIZE', 0x48],
    ['LOG SELECT', 0x4c],
    ['LOG SENSE', 0x4d],
    ['XDWRITE(10)', 0x50],
    ['XPWRITE(10)', 0x51],
    ['XDREAD(10)', 0x52],
    ['XDWRITEREAD(10)', 0x53],
    ['MODE SELECT(10)', 0x55],
    ['RESERVE(10)', 0x56],
    ['RELEASE(10)', 0x57],
    ['MODE SENSE(10)', 0x5a],
    ['PERSISTENT RESERVE IN', 0x5e],
    ['PERSISTENT RESERVE OUT', 0x5f],
    ['WRITE BUFFER(10)', 0x3b],
    ['READ BUFFER(10)', 0x3c],
    ['WRITE LONG(10)', 0x3f],
    ['VARIABLE LENGTH CDB', 0x7f],
    ['XDWRITE EXTENDED(16)', 0x80],
    ['REBUILD(16)', 0x81],
    ['REGENERATE(16)', 0x82],
    ['ACCESS CONTROL IN', 0x86],
    ['ACCESS CONTROL OUT', 0x87],
    ['READ(16)', 0x88],
    ['WRITE(16)', 0x8a],
    ['ORWRITE(16)', 0x8b],
    ['WRITE AND VERIFY(16)', 0x8e],
    ['VERIFY(16)', 0x8f],
    ['PRE-FETCH(16)', 0x90],
    ['SYNCHRONIZE CACHE(16)', 0x91],
    ['LOCK UNLOCK CACHE(16)', 0x92],
    ['WRITE SAME(16)', 0x93],
    ['WRITE ATOMIC(16)', 0x9c],
    ['SERVICE ACTION IN(16)', 0x9e],
    ['SERVICE ACTION OUT(16)', 0x9f],
    ['REPORT LUNS', 0xa0],
    ['READ(12)', 0xa8],
    ['WRITE(12)', 0xaa],
    ['WRITE AND VERIFY(12)', 0xae],
    ['VERIFY(12)', 0xaf],
    ['SET LIMITS(12)', 0xb3],
    ['READ DEFECT DATA(12)', 0xb7],
  ] as const)('%s', (name, code) => expect(Opcode[name]).toBe(code));

  // Of another name there, or of none: SPC-5, SBC-4, SAT-4; include/scsi/scsi_proto.h of Linux 6.1.
  test.each([
    ['VARIABLE LENGTH CDB', 0x7f],
    ['THIRD-PARTY COPY OUT', 0x83],
    ['THIRD-PARTY COPY IN', 0x84],
    ['ATA PASS-THROUGH(16)', 0x85],
    ['COMPARE AND WRITE', 0x89],
    ['READ ATTRIBUTE', 0x8c],
    ['WRITE ATTRIBUTE', 0x8d],
    ['ZBC OUT', 0x94],
    ['ZBC IN', 0x95],
    ['WRITE STREAM(16)', 0x9a],
    ['ATA PASS-THROUGH(12)', 0xa1],
    ['SECURITY PROTOCOL IN', 0xa2],
    ['MAINTENANCE IN', 0xa3],
    ['MAINTENANCE OUT', 0xa4],
    ['SECURITY PROTOCOL OUT', 0xb5],
    ['VOLUME SET IN', 0xbe],
    ['VOLUME SET OUT', 0xbf],
  ] as const)('%s', (name, code) => expect(Opcode[name]).toBe(code));

  test('no code has two names', () => {
    expect(new Set(Object.values(Opcode)).size).toBe(Object.keys(Opcode).length);
  });
});

// scsi_proto.h of Linux 6.1: MI_REPORT_…, MO_SET_…, SAI_…, variable length opcodes; tshark:
// scsi_sbc.sa, scsi.extcopy.service_action, scsi.recv_copy.service_action, scsi.mpi.service_action.
describe('service actions', () => {
  test('maintenance', () => {
    expect(MaintenanceIn).toMatchObject({
      'REPORT IDENTIFYING INFORMATION': 0x05,
      'REPORT TARGET PORT GROUPS': 0x0a,
      'REPORT ALIASES': 0x0b,
      'REPORT SUPPORTED OPERATION CODES': 0x0c,
      'REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS': 0x0d,
      'REPORT PRIORITY': 0x0e,
      'REPORT TIMESTAMP': 0x0f,
      'MANAGEMENT PROTOCOL IN': 0x10,
    });
    expect(MaintenanceOut).toMatchObject({
      'SET IDENTIFYING INFORMATION': 0x06,
      'SET TARGET PORT GROUPS': 0x0a,
      'CHANGE ALIASES': 0x0b,
      'SET PRIORITY': 0x0e,
      'SET TIMESTAMP': 0x0f,
      'MANAGEMENT PROTOCOL OUT': 0x10,
    });
  });

  test('of 16 bytes', () => {
    expect(ServiceActionIn16).toMatchObject({
      'READ CAPACITY(16)': 0x10,
      'READ LONG(16)': 0x11,
      'GET LBA STATUS(16)': 0x12,
      'REPORT REFERRALS': 0x13,
    });
    expect(ServiceActionOut16['WRITE LONG(16)']).toBe(0x11);
    expect(ServiceActionOut16['WRITE SCATTERED(16)']).toBe(0x12);
  });

  test('third-party copies', () => {
    expect(ThirdPartyCopyOut).toEqual({
      'EXTENDED COPY(LID1)': 0,
      'EXTENDED COPY(LID4)': 1,
      'POPULATE TOKEN': 0x10,
      'WRITE USING TOKEN': 0x11,
      'COPY OPERATION ABORT': 0x1c,
    });
    expect(ThirdPartyCopyIn).toMatchObject({
      'RECEIVE COPY STATUS(LID1)': 0,
      'RECEIVE COPY DATA(LID1)': 1,
      'RECEIVE COPY OPERATING PARAMETERS': 3,
      'RECEIVE COPY FAILURE DETAILS(LID1)': 4,
      'RECEIVE COPY STATUS(LID4)': 5,
      'RECEIVE COPY DATA(LID4)': 6,
      'RECEIVE ROD TOKEN INFORMATION': 7,
    });
  });

  test('of 32 bytes', () => {
    expect(VariableLength).toMatchObject({
      'XDREAD(32)': 3,
      'XDWRITE(32)': 4,
      'XPWRITE(32)': 6,
      'XDWRITEREAD(32)': 7,
      'READ(32)': 9,
      'VERIFY(32)': 0xa,
      'WRITE(32)': 0xb,
      'WRITE SAME(32)': 0xd,
    });
  });
});
