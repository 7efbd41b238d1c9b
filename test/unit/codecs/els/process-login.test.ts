/** PRLI, PRLO, TPRLO, TPLS: sessions of Linux and ESXi, and what tshark 4.0.17 reads (fcels.prlilo.*). */
import { describe, expect, test } from 'vitest';
import { complete } from '../../../../src/codecs/els/parts.ts';
import {
  FcpServiceParameters,
  fcpPage,
  logoutParameterPage,
  NvmeServiceParameters,
  nvmePage,
  otherPage,
  PageFlags,
  PageResponse,
  prli,
  prliAccept,
  prlo,
  prloAccept,
  serviceParameterPage,
  ThirdPartyFlags,
  thirdPartyLogoutPage,
  tpls,
  tplsAccept,
  tprlo,
  tprloAccept,
} from '../../../../src/codecs/els/process-login.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('PRLI', () => {
  // fabric-npiv.pcap frame 33 and its accept in 35; the second from esxi-cisco frame 48.
  const request = '20100014080020000000000000000000000001a2';
  const accept = '0210001408002100000000000000000000000032';

  test('a Linux initiator', () => {
    const value = prli.decode(parseHex(request));
    expect(value.pageLengthBytes).toBe(16);
    expect(value.payloadLengthBytes).toBe(20);
    const [page] = value.pages;
    expect(page).toMatchObject({
      kind: 'FCP',
      type: 8,
      flags: PageFlags.ESTABLISH_IMAGE_PAIR,
      responseCode: 0,
      serviceParameters: 0x1a2,
    });
    expect(formatHex(prli.encode(value))).toBe(request);
  });

  test('lengths follow from the pages', () => {
    const page = complete(fcpPage, {
      flags: PageFlags.ESTABLISH_IMAGE_PAIR,
      serviceParameters: 0x1a2,
    });
    expect(formatHex(prli.encode({ pages: [page] }))).toBe(request);
    const both = prli.encode({ pages: [page, page] });
    expect(formatHex(both.subarray(0, 4))).toBe('20100024');
  });

  test('a target accepts', () => {
    const value = prliAccept.decode(parseHex(accept));
    expect(value.pages[0]).toMatchObject({ flags: 2, responseCode: 1, serviceParameters: 0x32 });
  });

  test('an NVMe page is 20 bytes long', () => {
    const page = complete(nvmePage, { serviceParameters: 0x20, firstBurstSize: 3 });
    const bytes = prli.encode({ pages: [page] });
    expect(formatHex(bytes)).toBe(`20140018${'2800000000000000000000000000002000000003'}`);
    expect(prli.decode(bytes).pages[0]).toMatchObject({ kind: 'NVMe', firstBurstSize: 3 });
  });

  test('pages that run past the payload are refused', () => {
    const bytes = parseHex(request);
    bytes[3] = 36;
    expect(() => prli.decode(bytes)).toThrow(CodecError);
    bytes[3] = 2;
    expect(() => prli.decode(bytes)).toThrow(CodecError);
  });

  test('pages of no bytes do not loop', () => {
    const bytes = parseHex(request);
    bytes[1] = 0;
    expect(() => prli.decode(bytes)).toThrow(CodecError);
  });

  test('PRLO has pages of the same size', () => {
    const bytes = parseHex('2110001408000000000000000000000000000000');
    expect(prlo.decode(bytes).pages).toHaveLength(1);
    expect(formatHex(prlo.encode(prlo.decode(bytes)))).toBe(formatHex(bytes));
  });

  test('pages of FC-4s: by their type, and as long as their layout', () => {
    const head = '002000 00000001 00000002'.replaceAll(' ', '');
    expectVector(fcpPage, `08${head} 00 0001a2`.replace('00 0001a2', '000001a2'), {
      flags: PageFlags.ESTABLISH_IMAGE_PAIR,
      originatorProcessAssociator: 1,
      responderProcessAssociator: 2,
      serviceParameters: 0x1a2,
    });
    expectVector(nvmePage, `28${head} 00000120 0000 0040`, {
      serviceParameters:
        NvmeServiceParameters.SEQUENCE_LEVEL_ERROR_RECOVERY |
        NvmeServiceParameters.INITIATOR_FUNCTION,
      firstBurstSize: 64,
    });
    expectVector(otherPage, `20${head} 12345678`, { type: 0x20, serviceParameters: 0x1234_5678 });
    const kinds = ['08', '28', '20'].map(
      (type) => serviceParameterPage.decode(parseHex(`${type}${head}0000000000000000`)).kind,
    );
    expect(kinds).toEqual(['FCP', 'NVMe', 'other']);
  });

  test('codes: the masks of fcels.fcpflags.* and fcels.prliloflags.*; FCP_SPPF_* of fc_fcp.h', () => {
    expect(Object.values(FcpServiceParameters)).toEqual([
      0x200, 0x100, 0x80, 0x40, 0x20, 0x10, 0x02, 0x01,
    ]);
    expect(FcpServiceParameters).toMatchObject({
      RETRY: 0x100,
      INITIATOR_FUNCTION: 0x20,
      TARGET_FUNCTION: 0x10,
      READ_FCP_XFER_RDY_DISABLED: 2,
      WRITE_FCP_XFER_RDY_DISABLED: 1,
    });
    expect(Object.values(PageResponse)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(PageFlags).toEqual({
      ORIGINATOR_PROCESS_ASSOCIATOR_VALID: 0x8,
      RESPONDER_PROCESS_ASSOCIATOR_VALID: 0x4,
      ESTABLISH_IMAGE_PAIR: 0x2,
    });
    // NVMEF_SPPF_* of Linux' scsi/fc and lpfc_hw4.h.
    expect(Object.values(NvmeServiceParameters)).toEqual([0x100, 0x80, 0x20, 0x10, 0x08, 0x01]);
  });
});

describe('PRLO and TPLS', () => {
  test('Page Length 16, Payload Length 20, FCP, associators (tshark)', () => {
    const PAGE = '08002000 00000001 00000002 00000000';
    const page = {
      type: 8,
      flags: PageFlags.ESTABLISH_IMAGE_PAIR,
      originatorProcessAssociator: 1,
      responderProcessAssociator: 2,
    };
    const fields = { pageLengthBytes: 16, payloadLengthBytes: 20, pages: [page] };
    expectVector(prlo, `21100014 ${PAGE}`, { kind: 'PRLO', ...fields });
    expectVector(prloAccept, `02100014 ${PAGE}`, { kind: 'LS_ACC PRLO', ...fields });
    expectVector(tpls, `23100014 ${PAGE}`, { kind: 'TPLS', ...fields });
    expectVector(tplsAccept, `02100014 ${PAGE}`, { kind: 'LS_ACC TPLS', ...fields });
    expectVector(logoutParameterPage, PAGE, page);
    expectEncoded(logoutParameterPage, {}, '08000000 00000000 00000000 00000000');
    expectEncoded(fcpPage, { serviceParameters: 0x22 }, '08000000 00000000 00000000 00000022');
  });
});

describe('TPRLO', () => {
  test('flags, associators and the third party’s N_Port_ID', () => {
    const PAGE = '08003000 00000001 00000002 00010203';
    const page = {
      type: 8,
      flags: ThirdPartyFlags.THIRD_PARTY_N_PORT_ID_VALID | ThirdPartyFlags.GLOBAL_PROCESS_LOGOUT,
      thirdPartyOriginatorProcessAssociator: 1,
      responderProcessAssociator: 2,
      thirdPartyNPortId: 0x01_0203,
    };
    expectVector(tprlo, `24100014 ${PAGE}`, { kind: 'TPRLO', pages: [page] });
    expectVector(tprloAccept, `02100014 ${PAGE}`, { kind: 'LS_ACC TPRLO', pages: [page] });
    expectVector(thirdPartyLogoutPage, PAGE, page);
    expectEncoded(thirdPartyLogoutPage, {}, '08000000 00000000 00000000 00000000');
    // The upper half of a byte: fcels.tprloflags.opav 0x80, rpav 0x40, npv 0x20, gprlo 0x10.
    expect(Object.values(ThirdPartyFlags)).toEqual([0x8, 0x4, 0x2, 0x1]);
  });
});
