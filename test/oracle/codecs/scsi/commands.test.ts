import { describe, expect, test } from 'vitest';
import { type CdbInput, cdb } from '../../../../src/codecs/scsi/index.ts';
import { hasTshark } from '../../../helpers/shared-captures.ts';
import { isNumber, tsharkScsi } from '../../../helpers/tshark-scsi.ts';

type Expected = Readonly<Record<string, number | bigint>>;

const LBA32 = 0x1234_5678;
const LBA64 = 0x1234_5678_9abc_def0n;
const COUNT16 = 0x9abc;
const COUNT32 = 0x9abc_def0;
const group = { groupNumber: 0x15 } as const;
const GROUP = { 'scsi_sbc.group': 0x15 } as const;

const lba10 = { 'scsi_sbc.rdwr10.lba': LBA32 } as const;
const lba16 = { 'scsi_sbc.rdwr16.lba': LBA64 } as const;
const blocks10 = { 'scsi_sbc.rdwr10.xferlen': COUNT16 } as const;
const blocks12 = { 'scsi_sbc.rdwr12.xferlen': COUNT32 } as const;

/** What is encoded, and what tshark must read in it. */
const rows: readonly (readonly [CdbInput, Expected])[] = [
  [
    // tshark leaves out the highest of the 21 bits.
    { kind: 'READ(6)', lba: 0xa_3456, transferLengthBlocks: 7 },
    { 'scsi_sbc.rdwr6.lba': 0xa_3456, 'scsi_sbc.rdwr6.xferlen': 7 },
  ],
  [
    { kind: 'WRITE(6)', lba: 0x1_2345, transferLengthBlocks: 8 },
    { 'scsi_sbc.rdwr6.lba': 0x1_2345, 'scsi_sbc.rdwr6.xferlen': 8 },
  ],
  [
    { kind: 'READ(10)', rdprotect: 5, dpo: 1, lba: LBA32, ...group, transferLengthBlocks: COUNT16 },
    {
      'scsi_sbc.rdprotect': 5,
      'scsi_sbc.dpo': 1,
      'scsi_sbc.fua': 0,
      ...lba10,
      ...GROUP,
      ...blocks10,
    },
  ],
  [
    { kind: 'READ(12)', fua: 1, lba: LBA32, ...group, transferLengthBlocks: COUNT32 },
    { 'scsi_sbc.dpo': 0, 'scsi_sbc.fua': 1, ...lba10, ...GROUP, ...blocks12 },
  ],
  [
    { kind: 'READ(16)', rdprotect: 3, fua: 1, lba: LBA64, ...group, transferLengthBlocks: COUNT32 },
    { 'scsi_sbc.rdprotect': 3, 'scsi_sbc.fua': 1, ...lba16, ...GROUP, ...blocks12 },
  ],
  [
    {
      kind: 'WRITE(10)',
      wrprotect: 5,
      dpo: 1,
      lba: LBA32,
      ...group,
      transferLengthBlocks: COUNT16,
    },
    { 'scsi_sbc.wrprotect': 5, 'scsi_sbc.dpo': 1, ...lba10, ...GROUP, ...blocks10 },
  ],
  [
    { kind: 'WRITE(12)', fua: 1, lba: LBA32, ...group, transferLengthBlocks: COUNT32 },
    { 'scsi_sbc.fua': 1, ...lba10, ...GROUP, ...blocks12 },
  ],
  [
    {
      kind: 'WRITE(16)',
      wrprotect: 3,
      fua: 1,
      lba: LBA64,
      ...group,
      transferLengthBlocks: COUNT32,
    },
    { 'scsi_sbc.wrprotect': 3, 'scsi_sbc.fua': 1, ...lba16, ...GROUP, ...blocks12 },
  ],
  [
    {
      kind: 'VERIFY(10)',
      vrprotect: 3,
      bytchk: 1,
      lba: LBA32,
      ...group,
      verificationLengthBlocks: COUNT16,
    },
    {
      'scsi_sbc.vrprotect': 3,
      'scsi_sbc.bytchk': 1,
      'scsi_sbc.verify.lba': LBA32,
      ...GROUP,
      'scsi_sbc.verify.vlen': COUNT16,
    },
  ],
  [
    { kind: 'VERIFY(12)', dpo: 1, lba: LBA32, ...group, verificationLengthBlocks: COUNT32 },
    {
      'scsi_sbc.dpo': 1,
      'scsi_sbc.bytchk': 0,
      'scsi_sbc.verify.lba': LBA32,
      ...GROUP,
      'scsi_sbc.verify.vlen32': COUNT32,
    },
  ],
  [
    { kind: 'VERIFY(16)', bytchk: 1, lba: LBA64, ...group, verificationLengthBlocks: COUNT32 },
    {
      'scsi_sbc.bytchk': 1,
      'scsi_sbc.verify.lba64': LBA64,
      ...GROUP,
      'scsi_sbc.verify.vlen32': COUNT32,
    },
  ],
  [
    {
      kind: 'WRITE AND VERIFY(10)',
      bytchk: 1,
      lba: LBA32,
      ...group,
      transferLengthBlocks: COUNT16,
    },
    {
      'scsi_sbc.bytchk': 1,
      'scsi_sbc.wrverify.lba': LBA32,
      ...GROUP,
      'scsi_sbc.wrverify.xferlen': COUNT16,
    },
  ],
  [
    {
      kind: 'WRITE AND VERIFY(12)',
      wrprotect: 2,
      lba: LBA32,
      ...group,
      transferLengthBlocks: COUNT32,
    },
    {
      'scsi_sbc.wrprotect': 2,
      'scsi_sbc.wrverify.lba': LBA32,
      ...GROUP,
      'scsi_sbc.wrverify.xferlen32': COUNT32,
    },
  ],
  [
    { kind: 'WRITE AND VERIFY(16)', dpo: 1, lba: LBA64, ...group, transferLengthBlocks: COUNT32 },
    {
      'scsi_sbc.dpo': 1,
      'scsi_sbc.wrverify.lba64': LBA64,
      ...GROUP,
      'scsi_sbc.wrverify.xferlen32': COUNT32,
    },
  ],
  [
    { kind: 'WRITE SAME(10)', anchor: 1, lba: LBA32, ...group, numberOfBlocks: COUNT16 },
    {
      'scsi_sbc.anchor': 1,
      'scsi_sbc.unmap': 0,
      ...lba10,
      ...GROUP,
      'scsi_sbc.alloclen16': COUNT16,
    },
  ],
  [
    { kind: 'WRITE SAME(16)', unmap: 1, ndob: 1, lba: LBA64, ...group, numberOfBlocks: COUNT32 },
    { 'scsi_sbc.anchor': 0, 'scsi_sbc.unmap': 1, ...lba16, ...GROUP, ...blocks12 },
  ],
  [
    { kind: 'COMPARE AND WRITE', fua: 1, lba: LBA64, ...group, numberOfBlocks: 0x9a },
    { 'scsi_sbc.fua': 1, ...lba16, 'scsi_sbc.rdwr12.xferlen': 0x9a, ...GROUP },
  ],
  [
    { kind: 'ORWRITE(16)', fua: 1, lba: LBA64, ...group, transferLengthBlocks: COUNT32 },
    { 'scsi_sbc.fua': 1, ...lba16, ...blocks12, ...GROUP },
  ],
  [
    { kind: 'WRITE ATOMIC(16)', dpo: 1, lba: LBA64, ...group, transferLengthBlocks: COUNT16 },
    { 'scsi_sbc.dpo': 1, ...lba16, 'scsi_sbc.rdwr12.xferlen': COUNT16, ...GROUP },
  ],
  [
    { kind: 'PRE-FETCH(10)', immed: 1, lba: LBA32, ...group, prefetchLengthBlocks: COUNT16 },
    { 'scsi_sbc.prefetch.immediate': 1, ...lba10, ...GROUP, ...blocks10 },
  ],
  [
    { kind: 'PRE-FETCH(16)', immed: 1, lba: LBA64, ...group, prefetchLengthBlocks: COUNT32 },
    { 'scsi_sbc.prefetch.immediate': 1, ...lba16, ...GROUP, ...blocks12 },
  ],
  [
    { kind: 'SYNCHRONIZE CACHE(10)', immed: 1, lba: LBA32, ...group, numberOfBlocks: COUNT16 },
    { 'scsi_sbc.synccache.immediate': 1, ...lba10, ...GROUP, ...blocks10 },
  ],
  [
    { kind: 'SYNCHRONIZE CACHE(16)', lba: LBA64, ...group, numberOfBlocks: COUNT32 },
    { 'scsi_sbc.synccache.immediate': 0, ...lba16, ...GROUP, ...blocks12 },
  ],
  [
    {
      kind: 'FORMAT UNIT',
      longlist: 1,
      fmtdata: 1,
      cmplst: 1,
      defectListFormat: 5,
      vendorSpecific: 0x77,
    },
    {
      'scsi_sbc.format_unit.longlist': 1,
      'scsi_sbc.format_unit.fmtdata': 1,
      'scsi_sbc.format_unit.cmplist': 1,
      'scsi_sbc.defect_list_format': 5,
      'scsi_sbc.formatunit.vendor': 0x77,
    },
  ],
  [
    { kind: 'REASSIGN BLOCKS', longlba: 1, longlist: 0 },
    { 'scsi_sbc.reassignblocks.longlba': 1, 'scsi_sbc.reassignblocks.longlist': 0 },
  ],
  [
    { kind: 'START STOP UNIT', immed: 1, powerCondition: 3, loej: 1, start: 0 },
    {
      'scsi_sbc.ssu.immediate': 1,
      'scsi_sbc.ssu.pwr': 3,
      'scsi_sbc.ssu.loej': 1,
      'scsi_sbc.ssu.start': 0,
    },
  ],
  [
    { kind: 'UNMAP', anchor: 1, ...group, parameterListLengthBytes: 40 },
    { 'scsi_sbc.unmap.anchor': 1, ...GROUP, 'scsi_sbc.alloclen16': 40 },
  ],
  [
    { kind: 'SANITIZE', immed: 1, ause: 1, serviceAction: 1, parameterListLengthBytes: 0x1234 },
    {
      'scsi_sbc.sanitize.immed': 1,
      'scsi_sbc.sanitize.ause': 1,
      'scsi_sbc.sanitize.sa': 1,
      'scsi_sbc.alloclen16': 0x1234,
    },
  ],
  [
    { kind: 'READ LONG(10)', correct: 1, lba: LBA32, byteTransferLengthBytes: 520 },
    { 'scsi_sbc.corrct': 1, ...lba10, 'scsi_sbc.alloclen16': 520 },
  ],
  [
    { kind: 'WRITE LONG(10)', lba: LBA32, byteTransferLengthBytes: 520 },
    { ...lba10, 'scsi_sbc.alloclen16': 520 },
  ],
  [
    { kind: 'READ LONG(16)', lba: LBA64, byteTransferLengthBytes: 520 },
    { 'scsi_sbc.sa': 0x11, 'scsi_sbc.lba64_add': LBA64, 'scsi_sbc.alloclen16': 520 },
  ],
  [
    { kind: 'WRITE LONG(16)', lba: LBA64, byteTransferLengthBytes: 520 },
    { 'scsi_sbc.sa': 0x11, 'scsi_sbc.lba64_add': LBA64, 'scsi_sbc.alloclen16': 520 },
  ],
  [
    {
      kind: 'READ DEFECT DATA(10)',
      reqPlist: 1,
      defectListFormat: 5,
      allocationLengthBytes: 0x1234,
    },
    {
      'scsi_sbc.req_plist': 1,
      'scsi_sbc.req_glist': 0,
      'scsi_sbc.defect_list_format': 5,
      'scsi_sbc.alloclen16': 0x1234,
    },
  ],
  [
    {
      kind: 'READ DEFECT DATA(12)',
      reqGlist: 1,
      defectListFormat: 4,
      allocationLengthBytes: LBA32,
    },
    {
      'scsi_sbc.req_plist': 0,
      'scsi_sbc.req_glist': 1,
      'scsi_sbc.defect_list_format': 4,
      'scsi_sbc.alloclen32': LBA32,
    },
  ],
  [
    { kind: 'XDREAD(10)', xorpinfo: 1, lba: LBA32, ...group, transferLengthBlocks: COUNT16 },
    { 'scsi_sbc.xorpinfo': 1, ...lba10, ...GROUP, ...blocks10 },
  ],
  [
    {
      kind: 'XDWRITE(10)',
      dpo: 1,
      disableWrite: 1,
      lba: LBA32,
      ...group,
      transferLengthBlocks: COUNT16,
    },
    { 'scsi_sbc.dpo': 1, 'scsi_sbc.disable_write': 1, ...lba10, ...GROUP, ...blocks10 },
  ],
  [
    {
      kind: 'XPWRITE(10)',
      fua: 1,
      xorpinfo: 1,
      lba: LBA32,
      ...group,
      transferLengthBlocks: COUNT16,
    },
    { 'scsi_sbc.fua': 1, 'scsi_sbc.xorpinfo': 1, ...lba10, ...GROUP, ...blocks10 },
  ],
  [
    {
      kind: 'XDWRITEREAD(10)',
      disableWrite: 1,
      xorpinfo: 0,
      lba: LBA32,
      transferLengthBlocks: COUNT16,
    },
    { 'scsi_sbc.disable_write': 1, 'scsi_sbc.xorpinfo': 0, ...lba10, ...blocks10 },
  ],
  [{ kind: 'TEST UNIT READY', control: 4 }, { 'scsi.cdb.control.naca': 1 }],
  [{ kind: 'REQUEST SENSE', allocationLengthBytes: 252 }, { 'scsi.cdb.alloclen': 252 }],
  [
    { kind: 'INQUIRY', evpd: 1, pageCode: 0x83, allocationLengthBytes: 0x1234 },
    { 'scsi.inquiry.evpd.pagecode': 0x83, 'scsi.cdb.alloclen16': 0x1234 },
  ],
  [
    { kind: 'REPORT LUNS', selectReport: 2, allocationLengthBytes: LBA32 },
    { 'scsi.spc.select_report': 2, 'scsi.cdb.alloclen32': LBA32 },
  ],
  [
    { kind: 'MODE SENSE(6)', dbd: 1, pageControl: 2, pageCode: 0x1c, allocationLengthBytes: 255 },
    {
      'scsi.mode.flags': 8,
      'scsi.mode.pc': 2,
      'scsi.mode.spc.pagecode': 0x1c,
      'scsi.cdb.alloclen': 255,
    },
  ],
  [
    {
      kind: 'MODE SENSE(10)',
      llbaa: 1,
      pageControl: 3,
      pageCode: 0x3f,
      allocationLengthBytes: 0x1234,
    },
    {
      'scsi.mode.flags': 0x10,
      'scsi.mode.pc': 3,
      'scsi.mode.spc.pagecode': 0x3f,
      'scsi.cdb.alloclen16': 0x1234,
    },
  ],
  [
    { kind: 'MODE SELECT(6)', pf: 1, sp: 1, parameterListLengthBytes: 24 },
    { 'scsi.cdb.mode.flags': 0x11, 'scsi.cdb.paramlen': 24 },
  ],
  [
    { kind: 'MODE SELECT(10)', pf: 0, sp: 1, parameterListLengthBytes: 0x1234 },
    { 'scsi.cdb.mode.flags': 1, 'scsi.cdb.paramlen16': 0x1234 },
  ],
  [
    // tshark reads one byte of the two of the parameter pointer: it is left out here.
    { kind: 'LOG SENSE', sp: 1, pageControl: 1, pageCode: 0x0d, allocationLengthBytes: 0x5678 },
    {
      'scsi.log.sp': 1,
      'scsi.log.pc': 1,
      'scsi.log.pagecode': 0x0d,
      'scsi.cdb.alloclen16': 0x5678,
    },
  ],
  [
    { kind: 'LOG SELECT', pcr: 1, pageControl: 2, pageCode: 0, parameterListLengthBytes: 0x1234 },
    { 'scsi.log.pcr': 1, 'scsi.log.sp': 0, 'scsi.log.pc': 2, 'scsi.cdb.paramlen16': 0x1234 },
  ],
  [
    {
      kind: 'SEND DIAGNOSTIC',
      selfTestCode: 5,
      pf: 1,
      devoffl: 1,
      parameterListLengthBytes: 0x1234,
    },
    {
      'scsi.spc.senddiag.code': 5,
      'scsi.spc.senddiag.pf': 1,
      'scsi.spc.senddiag.devoff': 1,
      'scsi.spc.senddiag.unitoff': 0,
      'scsi.cdb.paramlen16': 0x1234,
    },
  ],
  [{ kind: 'PREVENT ALLOW MEDIUM REMOVAL', prevent: 1 }, { 'scsi.prevent_allow.prevent': 1 }],
  [
    {
      kind: 'WRITE BUFFER(10)',
      mode: 2,
      bufferId: 7,
      bufferOffset: 0x12_3456,
      parameterListLengthBytes: 0x78_9abc,
    },
    {
      'scsi.spc.wb.mode': 2,
      'scsi.spc.sb.bufid': 7,
      'scsi.spc.wb.bufoff': 0x12_3456,
      'scsi.cdb.paramlen24': 0x78_9abc,
    },
  ],
  [
    { kind: 'PERSISTENT RESERVE IN', serviceAction: 3, allocationLengthBytes: 0x1234 },
    { 'scsi.persresvin.svcaction': 3, 'scsi.cdb.alloclen16': 0x1234 },
  ],
  [
    { kind: 'PERSISTENT RESERVE OUT', serviceAction: 5, type: 6, parameterListLengthBytes: 24 },
    {
      'scsi.persresvout.svcaction': 5,
      'scsi.persresv.scope': 0,
      'scsi.persresv.type': 6,
      'scsi.cdb.paramlen16': 24,
    },
  ],
  [
    { kind: 'RESERVE(10)', thirdParty: 1, thirdPartyDeviceId: 5, parameterListLengthBytes: 8 },
    { 'scsi.release.flags': 0x10, 'scsi.cdb.paramlen16': 8 },
  ],
  [
    { kind: 'RELEASE(10)', thirdParty: 1, thirdPartyDeviceId: 5, parameterListLengthBytes: 8 },
    { 'scsi.release.flags': 0x10, 'scsi.cdb.paramlen16': 8 },
  ],
  [
    {
      kind: 'REPORT SUPPORTED OPERATION CODES',
      rctd: 1,
      reportingOptions: 2,
      requestedOperationCode: 0xa3,
      requestedServiceAction: 0x0a,
      allocationLengthBytes: LBA32,
    },
    {
      'scsi.mpi.service_action': 0x0c,
      'scsi.report_opcodes.rctd': 1,
      'scsi.report_opcodes.options': 2,
      'scsi.report_opcodes.requested_operation_code': 0xa3,
      'scsi.report_opcodes.requested_service_action': 0x0a,
      'scsi.cdb.alloclen32': LBA32,
    },
  ],
  [
    { kind: 'EXTENDED COPY(LID1)', parameterListLengthBytes: 108 },
    { 'scsi.extcopy.service_action': 0, 'scsi.extcopy.param_list_len': 108 },
  ],
  [
    { kind: 'RECEIVE COPY OPERATING PARAMETERS', allocationLengthBytes: 128 },
    { 'scsi.recv_copy.service_action': 3, 'scsi.cdb.alloclen32': 128 },
  ],
  [
    { kind: 'GET LBA STATUS(16)', startingLba: LBA64, allocationLengthBytes: 64 },
    { 'scsi_sbc.sa': 0x12, 'scsi_sbc.get_lba_status.start_lba': LBA64, 'scsi_sbc.alloclen32': 64 },
  ],
  [
    { kind: 'READ CAPACITY(16)', allocationLengthBytes: 32 },
    { 'scsi_sbc.sa': 0x10, 'scsi_sbc.alloclen32': 32 },
  ],
];

describe.skipIf(!hasTshark)('commands as tshark reads them (skipped without tshark)', () => {
  const fields = [...new Set(rows.flatMap(([, expected]) => Object.keys(expected)))];
  const read = hasTshark
    ? tsharkScsi(
        rows.map(([command]) => ({ cdb: cdb.encode(command) })),
        ['scsi_sbc.opcode', ...fields],
      )
    : [];

  test.each(rows.map(([command, expected], i) => [command.kind, i, expected] as const))(
    '%s',
    (_kind, i, expected) => {
      expect(read[i]?.get('scsi_sbc.opcode')).toHaveLength(1);
      for (const [field, value] of Object.entries(expected)) {
        const cells = read[i]?.get(field);
        expect(cells, field).toHaveLength(1);
        expect(isNumber(cells?.[0], value), `${field}: ${cells?.[0]}, not ${value}`).toBe(true);
      }
    },
  );
});
