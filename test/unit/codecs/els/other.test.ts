/** Small and rare services: what tshark 4.0.17 reads, and layouts as FC-LS and FC-PH print them. */
import { describe, test } from 'vitest';
import { AuthMessage } from '../../../../src/codecs/els/authentication.ts';
import {
  advc,
  advcAccept,
  authEls,
  authElsAccept,
  bareAccepts,
  bareRequests,
  csr,
  csrAccept,
  csu,
  echo,
  echoAccept,
  estc,
  ests,
  estsAccept,
  evfp,
  evfpAccept,
  lka,
  lkaAccept,
  testEls,
} from '../../../../src/codecs/els/other.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('services that carry data', () => {
  // fcels.opcode: ECHO 10h, TEST 11h; ESTC 0Ch by fc_els.h.
  test.each([
    ['ECHO', echo, '10000000 a1b2c3'],
    ['LS_ACC ECHO', echoAccept, '02000000 a1b2c3'],
    ['TEST', testEls, '11000000 a1b2c3'],
    ['ESTC', estc, '0c000000 a1b2c3'],
  ] as const)('%s', (kind, by, hex) => {
    expectVector(by, hex, { kind, data: parseHex('a1b2c3') }, 4);
  });
});

describe('services that are a word', () => {
  test.each([
    ['LKA', lka, '80000000'],
    ['LS_ACC LKA', lkaAccept, '02000000'],
    ['ESTS', ests, '0b000000'],
    ['LS_ACC AUTH_ELS', authElsAccept, '02000000'],
  ] as const)('%s', (kind, by, hex) => {
    expectVector(by, hex, { kind });
  });
});

describe('clock synchronization', () => {
  test('CSR asks for a quality and is granted one, CSU tells the time', () => {
    const qualityOfService = {
      mode: 1,
      accuracy: 2,
      implementedMsb: 3,
      implementedLsb: 4,
      updatePeriod: 5,
    };
    expectVector(csr, '68000000 01020304 00000005', { kind: 'CSR', qualityOfService });
    expectVector(csrAccept, '02000000 01020304 00000005', { kind: 'LS_ACC CSR', qualityOfService });
    expectVector(csu, '69000000 0102030405060708', { clockCount: 0x0102_0304_0506_0708n });
  });
});

describe('service parameters as in PLOGI', () => {
  test.each([
    ['LS_ACC ESTS', estsAccept, '02'],
    ['ADVC', advc, '0d'],
    ['LS_ACC ADVC', advcAccept, '02'],
  ] as const)('%s: 116 bytes', (kind, by, command) => {
    const zeros = '00'.repeat(16);
    const hex = `${command}000000 2020000a8000084000ff001f000007d0 2000525400aa0001 1000525400aa0001
      ${zeros} ${zeros} 880000000000084000ff000000010000 ${zeros} ${zeros}`;
    expectVector(by, hex, { kind, common: { bbCredit: 10 }, class3: { options: 0x8800 } });
  });
});

describe('EVFP', () => {
  test('request and accept hold the message where there is one', () => {
    const message = { messageCode: 2, transactionId: 7, coreName: 0x1000_0000_c9aa_bb01n };
    const hex = '01020007 10000000c9aabb01';
    expectVector(evfp, `7f000000 ${hex}`, { kind: 'EVFP', message }, 13);
    expectVector(evfpAccept, `02000000 ${hex}`, { kind: 'LS_ACC EVFP', message }, 13);
  });
});

describe('AUTH_ELS', () => {
  test('flags, message, version, length, transaction, payload (tshark: AUTH_Reject, 4, 7)', () => {
    const hex = '90 00 0a 01 00000004 00000007 01050000';
    const fields = {
      messageCode: AuthMessage.AUTH_Reject,
      transactionId: 7,
      payload: parseHex('01050000'),
    };
    expectVector(authEls, hex, { ...fields, protocolVersion: 1, payloadLengthBytes: 4 });
    expectEncoded(authEls, fields, hex);
  });
});

describe('services without a public layout', () => {
  test('have codes: LCLM by fc_els.h, RTIN and RFCN by bfa_fc.h, QSA by fc_els.h', () => {
    const codes = { LCLM: 0x25, RTIN: 0x77, QSA: 0x7e, RFCN: 0x97 };
    for (const [name, code] of Object.entries(codes)) {
      const key = name as keyof typeof codes;
      const hex = `${code.toString(16).padStart(2, '0')}000000`;
      expectEncoded(bareRequests[key], { payload: parseHex('0102') }, `${hex}0102`);
      expectEncoded(bareAccepts[key], { payload: parseHex('03') }, '0200000003');
    }
  });
});
