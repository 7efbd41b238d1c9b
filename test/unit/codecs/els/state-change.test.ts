/** RSCN, SCN, SCR: what tshark 4.0.17 reads (fcels.rscn.*, fcels.scr.regn), and the layouts of Agilent's FCStruct.h. */
import { describe, expect, test } from 'vitest';
import { ElsCommand } from '../../../../src/codecs/els/codes.ts';
import {
  affectedPortIdPage,
  RscnAddressFormat,
  RscnEventQualifier,
  rscn,
  rscnAccept,
  ScrFunction,
  scn,
  scr,
  scrAccept,
} from '../../../../src/codecs/els/state-change.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { sameRequest as same, sameAccept } from '../../../helpers/els.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('RSCN', () => {
  test('pages: event qualifier in bits 5-2, address format in bits 1-0', () => {
    // tshark: Changed Name Server Object, Port Addr; Changed Service Object, Area Addr Group.
    const value = expectVector(rscn, '6104000c 04010203 0d040000', {
      pageLengthBytes: 4,
      payloadLengthBytes: 12,
    });
    expect(value.pages).toMatchObject([
      {
        eventQualifier: RscnEventQualifier.CHANGED_NAME_SERVER_OBJECT,
        addressFormat: RscnAddressFormat.PORT,
        nPortId: 0x01_0203,
      },
      {
        eventQualifier: RscnEventQualifier.CHANGED_SERVICE_OBJECT,
        addressFormat: RscnAddressFormat.AREA,
        nPortId: 0x04_0000,
      },
    ]);
    expectEncoded(rscn, { pages: [{ nPortId: 0x01_0203 }] }, '61040008 00010203');
    expectVector(affectedPortIdPage, '17000000', { eventQualifier: 5, addressFormat: 3 });
    expectVector(rscnAccept, '02000000', { kind: 'LS_ACC RSCN' });
  });

  test('codes: fcels.rscn.evqual and fcels.rscn.addrfmt; 5 by fc_els.h', () => {
    expect(Object.values(RscnEventQualifier)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Object.values(RscnAddressFormat)).toEqual([0, 1, 2, 3]);
    expect(RscnEventQualifier.CHANGED_SWITCH_CONFIGURATION).toBe(4);
    expect(RscnEventQualifier.REMOVED_OBJECT).toBe(5);
    expect(RscnAddressFormat.FABRIC).toBe(3);
  });

  test('pages that run past the payload, or have no length, are refused', () => {
    expect(() => rscn.decode(parseHex('61040010 00010203'))).toThrow(CodecError);
    expect(() => rscn.decode(parseHex('61000008 00010203'))).toThrow('pages of 0 bytes');
  });
});

describe('SCR', () => {
  test('its function is the last of eight bytes: Full Regn (tshark)', () => {
    expectVector(scr, '62000000 00000003', { registrationFunction: ScrFunction.FULL });
    expectEncoded(scr, { registrationFunction: ScrFunction.CLEAR }, '62000000 000000ff');
    expectVector(scrAccept, '02000000', { kind: 'LS_ACC SCR' });
    expect(Object.values(ScrFunction)).toEqual([1, 2, 3, 255]);
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

test('the accept of SCN is a word', () => {
  expect(sameAccept(ElsCommand.SCN, '02000000')).toMatchObject({ kind: 'LS_ACC SCN' });
});
