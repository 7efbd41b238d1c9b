/** REC, RRQ, RTV: what tshark 4.0.17 reads (fcels.*). */
import { describe, expect, test } from 'vitest';
import {
  ExchangeStatus,
  rec,
  recAccept,
  rrq,
  rrqAccept,
  rtv,
  rtvAccept,
  TimeoutQualifier,
} from '../../../../src/codecs/els/exchange.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const ids = { originatorId: 0x01_0203, oxId: 0x12, rxId: 0x34 };

describe('REC and RRQ', () => {
  test('name an exchange by its originator and both ids', () => {
    expectVector(rec, '13000000 00010203 00120034', { kind: 'REC', ...ids });
    expectVector(rrq, '12000000 00010203 00120034', { kind: 'RRQ', ...ids });
    expectVector(rrqAccept, '02000000', { kind: 'LS_ACC RRQ' });
    expectEncoded(rec, ids, '13000000 00010203 00120034');
  });

  test('the accept of REC: both ends, bytes transferred, state of the exchange', () => {
    // tshark: Sequence Responder, Sequence Initiative, Exchange Complete; FC4 value 0x1000.
    expectVector(recAccept, '02000000 00120034 00010203 00040506 00001000 e0000000', {
      ...ids,
      responderId: 0x04_0506,
      fc4Value: 0x1000,
      eStat:
        ExchangeStatus.RESPONDER + ExchangeStatus.SEQUENCE_INITIATIVE + ExchangeStatus.COMPLETED,
    });
  });

  test('state bits are ESB_ST_* of fc_fs.h', () => {
    expect(ExchangeStatus).toEqual({
      RESPONDER: 2 ** 31,
      SEQUENCE_INITIATIVE: 2 ** 30,
      COMPLETED: 2 ** 29,
      ENDED_ABNORMALLY: 2 ** 28,
      RECOVERY_QUALIFIER_ACTIVE: 2 ** 26,
      OX_ID_INVALID: 2 ** 23,
      RX_ID_INVALID: 2 ** 22,
    });
  });
});

describe('RTV', () => {
  test('R_A_TOV and E_D_TOV of Linux: linux/vn2vn-login.pcap, frames 24 and 26', () => {
    expectVector(rtv, '0e000000', { kind: 'RTV' });
    expectVector(rtvAccept, '02000000 00000fa0 000007d0 00000000', {
      rATovMs: 4000,
      eDTov: 2000,
      qualifier: 0,
    });
  });

  test('the qualifier is FC_ELS_RTV_EDRES and FC_ELS_RTV_RTTOV of fc_els.h', () => {
    expect(TimeoutQualifier).toEqual({ E_D_TOV_IN_NS: 1 << 26, R_T_TOV_100_US: 1 << 19 });
  });
});
