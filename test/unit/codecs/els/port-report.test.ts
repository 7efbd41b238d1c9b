/** RPBC and SBRP: bytes written from the tables of FC-LS rev 1.61. */
import { describe, expect, test } from 'vitest';
import { ElsCommand } from '../../../../src/codecs/els/codes.ts';
import {
  elsBufferParameters,
  errorSeconds,
  rpbc,
  SbrpAcceptFlags,
  SbrpFlags,
  sbrp,
} from '../../../../src/codecs/els/port-report.ts';
import { formatHex } from '../../../../src/codecs/layout/text.ts';
import { sameRequest as same, sameAccept } from '../../../helpers/els.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

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

test('buffer parameters are one word: bit 31 and bits 11-0', () => {
  expectVector(elsBufferParameters, '80000840', {
    multiFrameSequences: 1,
    receiveDataFieldSizeBytes: 2112,
  });
  const least = { errorFlags: 1, errorWindow: 2, errorInterval: 3, errorThreshold: 4 };
  expectEncoded(sbrp, least, '7c000000 00000001 00020003 00000004');
  expect(SbrpFlags).toEqual({ SET: 1, REPORT: 2 });
  expect(SbrpAcceptFlags.NOT_ACCEPTED).toBe(0x8000_0000);
});
