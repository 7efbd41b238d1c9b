/** Fast fabric initialization: bytes written from the tables of FC-LS rev 1.61. */
import { describe, expect, test } from 'vitest';
import { FfiMurFunction, ffiDtm } from '../../../../src/codecs/els/avionics.ts';
import { ElsCommand } from '../../../../src/codecs/els/codes.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { sameRequest as same, sameAccept } from '../../../helpers/els.ts';

describe('fast fabric initialization for avionics', () => {
  const RECORDS = '5a'.repeat(16);
  const map = { incarnationNumber: 7, recordCount: 2, records: parseHex(RECORDS) };
  const body = `00001c0000000700000002${RECORDS}`;

  test('the topology map: length, incarnation, counted records', () => {
    expect(same(`a0${body}`)).toMatchObject({ kind: 'FFI_DTM', payloadLengthBytes: 28, ...map });
    expect(same(`a4${body}`)).toMatchObject({ kind: 'FFI_RMUN', ...map });
    expect(sameAccept(ElsCommand.FFI_RTM, `02${body}`)).toMatchObject({
      kind: 'LS_ACC FFI_RTM',
      ...map,
    });
    expect(formatHex(ffiDtm.encode(map))).toBe(`a0${body}`);
    expect(() => ffiDtm.decode(parseHex('a000000b0000000700000002'))).toThrow(CodecError);
  });

  test('registration, and the services that are a word', () => {
    expect(same('a300000000000003')).toMatchObject({ kind: 'FFI_MUR', registrationFunction: 3 });
    expect(same('a1000000').kind).toBe('FFI_RTM');
    expect(same('a2000000').kind).toBe('FFI_PSS');
    expect(same('a5000000').kind).toBe('FFI_SMU');
    expect(same('a6000000').kind).toBe('FFI_RMU');
    for (const name of ['FFI_DTM', 'FFI_PSS', 'FFI_MUR', 'FFI_SMU', 'FFI_RMU'] as const)
      expect(sameAccept(ElsCommand[name], '02000000').kind).toBe(`LS_ACC ${name}`);
  });

  test('a port registers for all updates, or for none', () => {
    expect(FfiMurFunction).toEqual({ FULL: 3, CLEAR: 255 });
  });
});
