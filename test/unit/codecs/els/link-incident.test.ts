/** LIRR, RLIR, SRL: what tshark 4.0.17 reads, and the structures of Linux' fc_els.h (fc_els_clir, fc_els_clid). */
import { describe, expect, test } from 'vitest';
import { ElsCommand } from '../../../../src/codecs/els/codes.ts';
import {
  commonLinkIncidentDescriptor,
  commonLinkIncidentRecord,
  IncidentCode,
  IncidentQualifier,
  LirrFunction,
  lirr,
  lirrAccept,
  rlir,
  rlirAccept,
  SrlFlag,
  srl,
  srlAccept,
  TimeStampFormat,
} from '../../../../src/codecs/els/link-incident.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { sameAccept } from '../../../helpers/els.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('LIRR', () => {
  test('its function stands in the fifth byte: Set Reg: Always Receive (tshark)', () => {
    expectVector(lirr, '7a000000 02080000', {
      registrationFunction: LirrFunction.SET_UNCONDITIONALLY,
      registrationFormat: 8,
    });
    expectVector(lirrAccept, '02000000', { kind: 'LS_ACC LIRR' });
    expect(LirrFunction).toEqual({ SET_CONDITIONALLY: 1, SET_UNCONDITIONALLY: 2, CLEAR: 0xff });
  });
});

describe('RLIR', () => {
  const RECORD = `2000525400aa0001 1000525400aa0001 01 010203 2000000533d727c2 1000000533d727c2
    1000000533d727c3 00000007 00000009 000000 01 0102030405060708`;
  const record = {
    incidentPortName: 0x2000_5254_00aa_0001n,
    incidentNodeName: 0x1000_5254_00aa_0001n,
    incidentPortType: 1,
    incidentPortId: 0x01_0203,
    connectedPortName: 0x2000_0005_33d7_27c2n,
    connectedNodeName: 0x1000_0005_33d7_27c2n,
    fabricName: 0x1000_0005_33d7_27c3n,
    physicalPortNumber: 7,
    transactionId: 9,
    timeStampFormat: TimeStampFormat.TIME_SERVER,
    timeStamp: parseHex('0102030405060708'),
  };

  test('the record is 64 bytes in the order of fc_els_clir, the descriptor 4', () => {
    expectVector(commonLinkIncidentRecord, RECORD, record);
    expectVector(commonLinkIncidentDescriptor, '2a030107', {
      qualifier:
        IncidentQualifier.SWITCH | IncidentQualifier.LINK_NOT_OPERATIONAL | IncidentQualifier.LASER,
      code: IncidentCode.LOSS_OF_SIGNAL_OR_SYNCHRONIZATION,
      domainAndArea: 0x0107,
    });
    expect(Object.values(IncidentQualifier)).toEqual([0x20, 0x10, 0x08, 0x04, 0x02, 0x01]);
    expect(Object.values(IncidentCode)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('each part is as long as its length byte says', () => {
    expectVector(rlir, `79000000 08 40 04 02 ${RECORD} 2a030107 beef`, {
      format: 8,
      recordLengthBytes: 64,
      descriptorLengthBytes: 4,
      specificLengthBytes: 2,
      record,
      descriptor: { code: 3 },
      specific: parseHex('beef'),
    });
    expectVector(rlir, '79000000 00 00 00 00', { record: undefined, descriptor: undefined });
    expectVector(rlir, `79000000 00 10 00 00 ${'5a'.repeat(16)}`, {
      shortRecord: new Uint8Array(16).fill(0x5a),
      record: undefined,
    });
    expectVector(rlirAccept, '02000000', { kind: 'LS_ACC RLIR' });
  });
});

describe('SRL', () => {
  test('a flag in the fifth byte, then an address: Scan only specified FL Port (tshark)', () => {
    expectVector(srl, '7b000000 01010203', { flag: SrlFlag.ONE_FL_PORT, parameter: 0x01_0203 });
    expectEncoded(srl, { flag: SrlFlag.ENABLE_PERIODIC_SCAN, parameter: 300 }, '7b000000 0200012c');
    expect(Object.values(SrlFlag)).toEqual([0, 1, 2, 3]);
  });
});

test('the accept of SRL tells the period of the scans', () => {
  expect(sameAccept(ElsCommand.SRL, '0200012c')).toMatchObject({
    kind: 'LS_ACC SRL',
    scanPeriodSeconds: 300,
  });
  expect(formatHex(srlAccept.encode({}))).toBe('02000000');
});
