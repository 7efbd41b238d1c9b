/** RPBC, SBRP, the accept of SRL and the services of avionics: bytes written from the tables of FC-LS rev 1.61. */
import { describe, expect, test } from 'vitest';
import {
  ElsCommand,
  elsAccept,
  elsRequest,
  errorSeconds,
  ffiDtm,
  rpbc,
  SbrpFlags,
  sbrp,
  srlAccept,
} from '../../../../src/codecs/els/index.ts';
import { CodecError, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';

/** A request, decoded; encoded it is the same, cut it is a value or an error. */
const same = (hex: string) => {
  const bytes = parseHex(hex);
  const value = elsRequest.decode(bytes);
  expect(formatHex(elsRequest.encode(value))).toBe(hex);
  cutAnywhere(bytes, (cut) => elsRequest.encode(elsRequest.decode(cut)));
  return value;
};
const sameAccept = (command: number, hex: string) => {
  const accept = elsAccept(command);
  const bytes = parseHex(hex);
  const value = accept.decode(bytes);
  expect(formatHex(accept.encode(value))).toBe(hex);
  cutAnywhere(bytes, (cut) => accept.encode(accept.decode(cut)));
  return value;
};

function cutAnywhere(bytes: Uint8Array, again: (cut: Uint8Array) => Uint8Array): void {
  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.subarray(0, length);
    try {
      expect(again(cut)).toEqual(cut);
    } catch (error) {
      expect(error).toBeInstanceOf(CodecError);
    }
  }
}

describe('RPBC', () => {
  test('bit 31 for several frames, bits 11-0 for the size', () => {
    const buffers = { multiFrameSequences: 1, receiveDataFieldSizeBytes: 2112 };
    expect(same('580000008000084000010203')).toMatchObject({
      kind: 'RPBC',
      buffers,
      originatorId: 0x01_0203,
    });
    expect(formatHex(rpbc.encode({ buffers: { receiveDataFieldSizeBytes: 128 } }))).toBe(
      '580000000000008000000000',
    );
    expect(sameAccept(ElsCommand.RPBC, '0200000080000840')).toMatchObject({
      kind: 'LS_ACC RPBC',
      buffers,
    });
  });
});

describe('SBRP', () => {
  test('window and interval as base value and exponent, then the threshold', () => {
    const parameters = {
      errorWindowExponent: 0,
      errorWindow: 0x300,
      errorIntervalExponent: 1,
      errorInterval: 15,
      errorThreshold: 15,
    };
    const hex = '7c000000000000010300100f0000000f';
    expect(same(hex)).toMatchObject({ kind: 'SBRP', errorFlags: SbrpFlags.SET, ...parameters });
    expect(formatHex(sbrp.encode({ errorFlags: SbrpFlags.SET, ...parameters }))).toBe(hex);
    const accept = sameAccept(ElsCommand.SBRP, '02000000800000000300000000000000');
    expect(accept).toMatchObject({
      kind: 'LS_ACC SBRP',
      acceptFlags: 0x8000_0000,
      errorWindow: 0x300,
      errorInterval: 0,
    });
  });

  test('the durations that the standard gives as examples', () => {
    expect(errorSeconds(0x300, 0)).toBe(0x300);
    expect(errorSeconds(15, 1)).toBe(1.5);
  });
});

test('the accept of SRL tells the period of the scans', () => {
  expect(sameAccept(ElsCommand.SRL, '0200012c')).toMatchObject({
    kind: 'LS_ACC SRL',
    scanPeriodSeconds: 300,
  });
  expect(formatHex(srlAccept.encode({}))).toBe('02000000');
});

test('the accept of SCN is a word', () => {
  expect(sameAccept(ElsCommand.SCN, '02000000')).toMatchObject({ kind: 'LS_ACC SCN' });
});

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
});
