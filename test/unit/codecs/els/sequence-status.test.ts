/** ABTX, RCS, RES, RSS, RSI, SRR: what tshark 4.0.17 reads, and the structures of Linux' fc_fs.h and fc_fcp.h. */
import { describe, expect, test } from 'vitest';
import { ExchangeStatus } from '../../../../src/codecs/els/exchange.ts';
import {
  abtx,
  abtxAccept,
  ConnectionStatus,
  RecoveryQualifier,
  rcs,
  rcsAccept,
  res,
  resAccept,
  rsi,
  rsiAccept,
  rss,
  rssAccept,
  SequenceStatus,
  shortSequenceStatus,
  srr,
  srrAccept,
} from '../../../../src/codecs/els/sequence-status.ts';
import { RCtl } from '../../../../src/codecs/fc/codes.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const ids = { oxId: 0x12, rxId: 0x34 };

describe('ABTX and RSI', () => {
  test('recovery qualifier 0x80, originator 01.02.03, OX_ID and RX_ID', () => {
    // tshark agrees on ABTX; of RSI it shows the two ids the other way round, against FC-LS.
    const fields = {
      recoveryQualifier: RecoveryQualifier.REQUIRED,
      originatorId: 0x01_0203,
      ...ids,
      associationHeader: new Uint8Array(0),
    };
    expectVector(abtx, '06000000 80010203 00120034', fields);
    expectVector(rsi, '0a000000 80010203 00120034', fields);
    expectVector(abtxAccept, '02000000', { kind: 'LS_ACC ABTX' });
    expectVector(rsiAccept, '02000000', { kind: 'LS_ACC RSI' });
  });

  test('an association header may follow', () => {
    const associationHeader = new Uint8Array(32).fill(7);
    const hex = `06000000 00010203 00120034 ${'07'.repeat(32)}`;
    expectEncoded(abtx, { originatorId: 0x01_0203, ...ids, associationHeader }, hex);
    expect(abtx.decode(parseHex(hex)).associationHeader).toEqual(associationHeader);
  });
});

describe('RCS', () => {
  test('a port; the state of its connection', () => {
    expectVector(rcs, '07000000 00010203', { nPortId: 0x01_0203 });
    expectVector(rcsAccept, '02000000 20010203', {
      status: ConnectionStatus.CONNECTION_ESTABLISHED,
      nPortId: 0x01_0203,
    });
    expect(Object.values(ConnectionStatus)).toEqual([0x80, 0x40, 0x20, 0x10]);
  });
});

describe('RES', () => {
  test('asks by originator and ids', () => {
    expectVector(res, '08000000 00010203 00120034', { originatorId: 0x01_0203, ...ids });
  });

  test('is told an exchange status block as struct fc_esb lays it out', () => {
    // fc_esb: CS_CTL, OX_ID, RX_ID, originator, responder, E_STAT, service parameters, sequences.
    const block = `02000000 05000000 00120034 00010203 00040506 e0000000 00000000 ${'5a'.repeat(112)}`;
    const sequence = '01 00 0002 0003 c008';
    expectVector(
      resAccept,
      block + sequence,
      {
        csCtl: 5,
        ...ids,
        originatorId: 0x01_0203,
        responderId: 0x04_0506,
        eStat: 0xe000_0000,
        serviceParameters: new Uint8Array(112).fill(0x5a),
        sequences: [{ seqId: 1, lowestSeqCnt: 2, highestSeqCnt: 3, sStat: 0xc008 }],
      },
      9,
    );
    expectVector(shortSequenceStatus, sequence, { seqId: 1, sStat: 0xc008 });
    expect(ExchangeStatus.COMPLETED).toBe(0x2000_0000);
  });
});

describe('RSS', () => {
  test('asks for a sequence; is told struct fc_ssb', () => {
    expectVector(rss, '09000000 07010203 00120034', { seqId: 7, originatorId: 0x01_0203, ...ids });
    expectVector(rssAccept, '02000000 0700 0002 0003 c008 0004 05 00 0012 0034', {
      seqId: 7,
      lowestSeqCnt: 2,
      highestSeqCnt: 3,
      sStat: SequenceStatus.RECIPIENT | SequenceStatus.ACTIVE | SequenceStatus.LAST_ACK_SENT,
      errorSeqCnt: 4,
      csCtl: 5,
      ...ids,
    });
    // SSB_ST_* of fc_fs.h.
    expect(Object.values(SequenceStatus)).toEqual([
      0x8000, 0x4000, 0x1000, 0x0200, 0x0100, 0x0080, 0x0040, 0x0008,
    ]);
  });
});

describe('SRR', () => {
  test('exchange, offset and the unit that is wanted: field/23-rec-srr-recovery.pcap, frame 8', () => {
    expectVector(srr, '14000000 03eafee9 00000800 01000000', {
      oxId: 0x3ea,
      rxId: 0xfee9,
      relativeOffset: 2048,
      rCtl: RCtl['Solicited Data'],
    });
    expectEncoded(
      srr,
      { ...ids, relativeOffset: 2112, rCtl: RCtl['Solicited Data'] },
      '14000000 00120034 00000840 01000000',
    );
    expectVector(srrAccept, '02000000', { kind: 'LS_ACC SRR' });
  });
});
