/** CDBs that every logical unit knows. Layout: SPC-5, clause 6; codes: tshark -G values. */
import { expect, test } from 'vitest';
import * as m from '../../../../src/codecs/scsi/cdb-primary.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

/** Every field that is no constant has a value of its own, as tshark 4.0.17 reads it where it does. */
const vectors = [
  [m.testUnitReady, '000000000000', {}],
  [m.requestSense, '03 01 0000 12 00', { desc: 1, allocationLengthBytes: 18 }],
  [
    m.inquiry,
    '12 01 83 1234 04',
    { evpd: 1, pageCode: 0x83, allocationLengthBytes: 0x1234, control: 4 },
  ],
  [
    m.reportLuns,
    'a0 00 02 000000 00001000 00 00',
    { selectReport: m.SelectReport.ALL, allocationLengthBytes: 0x1000 },
  ],
  [
    m.modeSense6,
    '1a 08 88 01 c0 00',
    {
      dbd: 1,
      pageControl: m.PageControl.DEFAULT,
      pageCode: 8,
      subpageCode: 1,
      allocationLengthBytes: 0xc0,
    },
  ],
  [
    m.modeSense10,
    '5a 18 7f ff 000000 0200 00',
    {
      llbaa: 1,
      dbd: 1,
      pageControl: m.PageControl.CHANGEABLE,
      pageCode: 0x3f,
      subpageCode: 0xff,
      allocationLengthBytes: 512,
    },
  ],
  [m.modeSelect6, '15 13 0000 18 00', { pf: 1, rtd: 1, sp: 1, parameterListLengthBytes: 24 }],
  [m.modeSelect10, '55 11 0000000000 0118 00', { sp: 1, parameterListLengthBytes: 280 }],
  [
    m.logSense,
    '4d 01 4d 02 00 0001 0200 00',
    {
      sp: 1,
      pageControl: m.LogPageControl.CUMULATIVE,
      pageCode: 0x0d,
      subpageCode: 2,
      parameterPointer: 1,
      allocationLengthBytes: 512,
    },
  ],
  [
    m.logSelect,
    '4c 03 cd 01 000000 0020 00',
    {
      pcr: 1,
      sp: 1,
      pageControl: m.LogPageControl.DEFAULT_CUMULATIVE,
      pageCode: 0x0d,
      subpageCode: 1,
      parameterListLengthBytes: 32,
    },
  ],
  [
    m.sendDiagnostic,
    '1d 36 00 0010 00',
    { selfTestCode: 1, pf: 1, selftest: 1, devoffl: 1, unitoffl: 0, parameterListLengthBytes: 16 },
  ],
  [
    m.receiveDiagnosticResults,
    '1c 01 02 0100 00',
    { pcv: 1, pageCode: 2, allocationLengthBytes: 256 },
  ],
  [m.preventAllowMediumRemoval, '1e 000000 01 00', { prevent: 1 }],
  [
    m.readBuffer10,
    '3c 2a 07 000102 000300 00',
    {
      modeSpecific: 1,
      mode: m.BufferMode.ECHO_BUFFER,
      bufferId: 7,
      bufferOffset: 0x102,
      allocationLengthBytes: 0x300,
    },
  ],
  [
    m.readBuffer16,
    '9b 1c 0000000000000102 00000300 07 00',
    {
      mode: m.BufferMode.ERROR_HISTORY,
      bufferOffset: 0x102n,
      allocationLengthBytes: 0x300,
      bufferId: 7,
    },
  ],
  [
    m.writeBuffer10,
    '3b 05 01 000200 000400 00',
    {
      mode: m.BufferMode.DOWNLOAD_MICROCODE_AND_SAVE,
      bufferId: 1,
      bufferOffset: 0x200,
      parameterListLengthBytes: 0x400,
    },
  ],
] as const;

test.each(vectors.map(([codec, hex, value]) => [codec.kind, codec, hex, value] as const))(
  '%s',
  (kind, codec, hex, value) => checkFixedVector(codec, hex, { kind, ...value }),
);

test('every CDB of the file has a vector', () => {
  const tested = new Set<object>(vectors.map(([codec]) => codec));
  const missing = Object.entries(m).filter(
    ([, one]) => typeof one === 'object' && 'decode' in one && !tested.has(one),
  );
  expect(missing.map(([name]) => name)).toEqual([]);
});

test('codes of scsi.spc.select_report, scsi.mode.pc, scsi.log.pc, scsi.spc.wb.mode', () => {
  expect(m.SelectReport).toMatchObject({ ADDRESSED: 0, WELL_KNOWN: 1, ALL: 2 });
  expect(m.PageControl).toEqual({ CURRENT: 0, CHANGEABLE: 1, DEFAULT: 2, SAVED: 3 });
  expect(Object.values(m.LogPageControl)).toEqual([0, 1, 2, 3]);
  expect(m.BufferMode).toMatchObject({
    COMBINED_HEADER_AND_DATA: 0,
    VENDOR_SPECIFIC: 1,
    DATA: 2,
    DOWNLOAD_MICROCODE: 4,
    DOWNLOAD_MICROCODE_AND_SAVE: 5,
    DOWNLOAD_MICROCODE_WITH_OFFSETS: 6,
    DOWNLOAD_MICROCODE_WITH_OFFSETS_AND_SAVE: 7,
    ECHO_BUFFER: 10,
  });
});
