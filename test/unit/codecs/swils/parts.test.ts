/** What SW_ILS payloads share. Bytes: fc-raw/0002-rjt.fc, the refusal of a Brocade switch. */
import { describe, expect, test } from 'vitest';
import { codec, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import { SwIlsCommand, SwRjtExplanation, SwRjtReason } from '../../../../src/codecs/swils/codes.ts';
import { swIlsRequest } from '../../../../src/codecs/swils/family.ts';
import {
  acceptHead,
  bareAccept,
  bareRequest,
  commandCode,
  head,
  plainAccept,
  plainRequest,
  swAcc,
  swRjt,
} from '../../../../src/codecs/swils/parts.ts';
import { captureFile, haveCaptures } from '../../../helpers/fc-payloads.ts';
import { checkFixedVector, checkRead, checkVector } from '../../../helpers/vector.ts';

describe('SW_RJT', () => {
  test('reason and explanation stand behind a reserved byte', () => {
    checkFixedVector(swRjt, '01000000 00 09 19 00', {
      kind: 'SW_RJT',
      reason: SwRjtReason.UNABLE_TO_PERFORM,
      explanation: SwRjtExplanation.COMMAND_IN_PROGRESS,
      vendorSpecific: 0,
    });
  });
});

describe.skipIf(!haveCaptures)('payloads of switches (skipped without ../shared/captures)', () => {
  test('SW_RJT', () => {
    const bytes = captureFile('fc-raw/0002-rjt.fc');
    const value = swIlsRequest.decode(bytes);
    expect(value).toMatchObject({ kind: 'SW_RJT', reason: 9, explanation: 0x19 });
    expect(formatHex(swIlsRequest.encode(value))).toBe(formatHex(bytes));
  });
});

describe('SW_ACC and requests without a body', () => {
  test('the first word is a code and three reserved bytes', () => {
    checkFixedVector(
      codec('a head', 'none', head(SwIlsCommand.BF)),
      '17000000',
      { command: 0x17 },
      {},
    );
    checkFixedVector(codec('an accept', 'none', acceptHead), '02000000', { command: 2 }, {});
    checkFixedVector(codec('a code', 'none', { command: commandCode(0x22) }), '22', {}, {});
    checkFixedVector(plainRequest('RCF'), '18000000', { kind: 'RCF' }, {});
    checkFixedVector(plainAccept('RCF'), '02000000', { kind: 'SW_ACC RCF' }, {});
  });

  test('what nobody lays out in public stays a payload', () => {
    checkVector(bareRequest('DSCN'), '20000000 aabb', { kind: 'DSCN', payload: parseHex('aabb') });
    checkVector(bareAccept('DSCN'), '02000000 cc', {
      kind: 'SW_ACC DSCN',
      payload: parseHex('cc'),
    });
    expect(bareRequest('DSCN').source).toContain('no public source');
    checkRead(swAcc, '02000000 0102', { kind: 'SW_ACC', body: parseHex('0102') });
  });
});
