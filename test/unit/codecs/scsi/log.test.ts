/** Log pages; layout: SPC-5, 7.3, as sg_logs reads them; codes: tshark -G values, scsi.log.pagecode. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  LogPageCode,
  logPage,
  logParameter,
  ParameterFormat,
} from '../../../../src/codecs/scsi/log.ts';
import { checkRead, checkVector } from '../../../helpers/vector.ts';

describe('log pages', () => {
  test('which there are', () => {
    checkVector(logPage, '00 00 0003 00 0d 2f', {
      kind: 'supported log pages',
      ds: 0,
      pageLengthBytes: 3,
      pages: [0, LogPageCode.TEMPERATURE, LogPageCode.INFORMATIONAL_EXCEPTIONS],
    });
  });

  test('which subpages there are', () => {
    checkVector(logPage, '40 ff 0004 0000 1901', {
      kind: 'supported log pages and subpages',
      spf: 1,
      subpageCode: 0xff,
      subpages: [
        { pageCode: 0, subpageCode: 0 },
        { pageCode: 0x19, subpageCode: 1 },
      ],
    });
  });

  test('the temperature: two parameters of 2 bytes', () => {
    checkVector(logPage, '8d 00 000c 0000 03 02 001e 0001 03 02 0041', {
      kind: 'log page',
      ds: 1,
      spf: 0,
      pageCode: LogPageCode.TEMPERATURE,
      parameters: [
        {
          parameterCode: 0,
          formatAndLinking: ParameterFormat.BINARY_LIST,
          parameterValue: parseHex('001e'),
        },
        { parameterCode: 1, formatAndLinking: 3, parameterValue: parseHex('0041') },
      ],
    });
  });

  test('a parameter and its flags', () => {
    checkVector(logParameter, '8001 a2 01 ff', {
      parameterCode: 0x8001,
      du: 1,
      tsd: 1,
      formatAndLinking: ParameterFormat.UNBOUNDED_COUNTER,
      parameterLengthBytes: 1,
      parameterValue: parseHex('ff'),
    });
  });

  test('a parameter that the allocation length cuts is dropped', () => {
    checkRead(logParameter, '0000 03 04 0102', {
      parameterLengthBytes: 4,
      parameterValue: parseHex('0102'),
    });
    const page = logPage.decode(parseHex('0d00000c000003'));
    expect(page).toMatchObject({ pageLengthBytes: 12, parameters: [] });
  });

  test('page codes', () => {
    expect(LogPageCode).toMatchObject({
      BUFFER_OVERRUN_UNDERRUN: 1,
      WRITE_ERROR_COUNTERS: 2,
      READ_ERROR_COUNTERS: 3,
      READ_REVERSE_ERROR_COUNTERS: 4,
      VERIFY_ERROR_COUNTERS: 5,
      NON_MEDIUM_ERRORS: 6,
      LAST_ERROR_EVENTS: 7,
      FORMAT_STATUS: 8,
      LAST_DEFERRED_ERRORS: 0xb,
      TEMPERATURE: 0xd,
      START_STOP_CYCLE_COUNTER: 0xe,
      APPLICATION_CLIENT: 0xf,
      SELF_TEST_RESULTS: 0x10,
      TAPE_ALERT: 0x2e,
      INFORMATIONAL_EXCEPTIONS: 0x2f,
    });
    expect(Object.values(ParameterFormat)).toEqual([0, 1, 2, 3]);
  });
});
