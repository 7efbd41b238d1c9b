/** Obsolete services: bytes written from the layouts of FC-PH-2 that Agilent's FCStruct.h has, and of drive manuals. */
import { describe, expect, test } from 'vitest';
import {
  ElsCommand,
  elsAccept,
  elsRequest,
  fact,
  nact,
  rnc,
  rncAccept,
  scn,
} from '../../../../src/codecs/els/index.ts';
import { CodecError, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';

const TOKEN = '0102030405060708090a0b0c';
const PARAMETERS = 'a5'.repeat(80);
const END = (id: string) => `${id}0000001100000022000000330000084${'0'}${'00'.repeat(12)}`;

const same = (hex: string) => {
  const bytes = parseHex(hex);
  const value = elsRequest.decode(bytes);
  expect(formatHex(elsRequest.encode(value))).toBe(formatHex(bytes));
  return value;
};

describe('alias identifiers', () => {
  test('GAID: token, service parameters, counted ports', () => {
    expect(same(`30000000${TOKEN}${PARAMETERS}000000020001020300040506`)).toMatchObject({
      kind: 'GAID',
      aliasToken: parseHex(TOKEN),
      portCount: 2,
      ports: [{ nPortId: 0x01_0203 }, { nPortId: 0x04_0506 }],
    });
    const accept = elsAccept(ElsCommand.GAID).decode(parseHex('0200000000fffb01'));
    expect(accept).toMatchObject({ kind: 'LS_ACC GAID', aliasId: 0xff_fb01 });
  });

  test('FACT and FDACT: alias, counted ports', () => {
    const ports = { aliasId: 0xff_fb01, ports: [{ nPortId: 0x01_0203 }] };
    expect(same('3100000000fffb010000000100010203')).toMatchObject({ kind: 'FACT', ...ports });
    expect(same('3200000000fffb010000000100010203')).toMatchObject({ kind: 'FDACT', ...ports });
    expect(formatHex(fact.encode(ports))).toBe('3100000000fffb010000000100010203');
  });

  test('NACT: token, alias, service parameters; NDACT: alias', () => {
    const hex = `33000000${TOKEN}00fffb01${PARAMETERS}`;
    expect(same(hex)).toMatchObject({ kind: 'NACT', aliasId: 0xff_fb01 });
    expect(nact.decode(parseHex(hex)).aliasServiceParameters).toEqual(parseHex(PARAMETERS));
    expect(same('3400000000fffb01')).toMatchObject({ kind: 'NDACT', aliasId: 0xff_fb01 });
  });
});

describe('virtual circuits', () => {
  test('QoSR: both ends, then credits', () => {
    expect(same(`4000000000000000${END('07010203')}${END('09040506')}0012${'0034'}`)).toMatchObject(
      {
        kind: 'QoSR',
        initiator: {
          vcId: 7,
          nPortId: 0x01_0203,
          maximumBandwidth: 0x11,
          minimumBandwidth: 0x22,
          maximumDelay: 0x33,
          dataFieldSize: 0x840,
        },
        recipient: { vcId: 9, nPortId: 0x04_0506 },
        liveVcCreditLimit: 0x12,
        endToEndCredit: 0x34,
      },
    );
  });

  test('RVCS: a port; its circuits', () => {
    expect(same('4100000000010203')).toMatchObject({ kind: 'RVCS', nPortId: 0x01_0203 });
    const bytes = parseHex('0200000000000000070102030904050608010203 0a040507');
    expect(elsAccept(ElsCommand.RVCS).decode(bytes)).toMatchObject({
      kind: 'LS_ACC RVCS',
      circuits: [
        { initiatorVcId: 7, initiatorId: 0x01_0203, recipientVcId: 9, recipientId: 0x04_0506 },
        { initiatorVcId: 8, initiatorId: 0x01_0203, recipientVcId: 10, recipientId: 0x04_0507 },
      ],
    });
  });
});

describe('SCN', () => {
  test('the affected ports, as in RSCN', () => {
    expect(same('2204000c0001020300040506')).toMatchObject({
      kind: 'SCN',
      pageLengthBytes: 4,
      payloadLengthBytes: 12,
      pages: [{ nPortId: 0x01_0203 }, { nPortId: 0x04_0506 }],
    });
    expect(formatHex(scn.encode({ pages: [{ nPortId: 0x01_0203 }] }))).toBe('2204000800010203');
  });
});

describe('RNC', () => {
  /** Sixteen bytes of head, FC-AL 4.5 and FC-PLDA 2.1. */
  const ACCEPT = `0200001800000000${Buffer.from('SEAGATE ').toString('hex')}00132d2d00251515`;

  test('asks, and is told standards with their revisions', () => {
    const value = rncAccept.decode(parseHex(ACCEPT));
    expect(value).toMatchObject({
      payloadLengthBytes: 24,
      vendorInformationLengthBytes: 0,
      vendorId: 'SEAGATE ',
      entries: [
        { flags: 0, document: 0x13, lowRevisionTenths: 45, highRevisionTenths: 45 },
        { flags: 0, document: 0x25, lowRevisionTenths: 21, highRevisionTenths: 21 },
      ],
    });
    expect(formatHex(rncAccept.encode(value))).toBe(ACCEPT);
    expect(formatHex(rnc.encode({ vendorId: '', entries: [] }))).toBe(
      `5300001000000000${'20'.repeat(8)}`,
    );
  });

  test('an extended entry is longer, and the vendor’s information stands at the end', () => {
    const hex = `5300001f80000003${'20'.repeat(8)}4013000000000008aabbccdd010203`;
    const value = rnc.decode(parseHex(hex));
    expect(value).toMatchObject({
      flags: 0x80,
      entries: [{ flags: 0x40, extension: { data: parseHex('aabbccdd') } }],
      vendorInformation: parseHex('010203'),
    });
    expect(formatHex(rnc.encode(value))).toBe(hex);
  });

  test('lengths that contradict one another are refused', () => {
    const head = (lengths: string) => parseHex(`5300${lengths}${'20'.repeat(8)}010203`);
    expect(() => rnc.decode(head('001000000003'))).toThrow(CodecError);
    expect(() => rnc.decode(head('000f00000000'))).toThrow(CodecError);
    expect(rnc.minBytes).toBe(16);
  });
});
