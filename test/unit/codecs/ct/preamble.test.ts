/** The CT_IU preamble: tshark 4.0.17 (fcct.*), Linux fc_gs.h, and what a Cisco switch answers. */
import { describe, expect, test } from 'vitest';
import { gpnId } from '../../../../src/codecs/ct/name-server-get.ts';
import {
  CtOptions,
  CtReason,
  CtResponse,
  ctAcc,
  ctPreamble,
  ctPreambleFor,
  ctReject,
  ctRejectFor,
  DirectorySubtype,
  GsType,
  ManagementSubtype,
  PREAMBLE_BYTES,
} from '../../../../src/codecs/ct/preamble.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('the preamble', () => {
  test('has each field where struct fc_ct_hdr of fc_gs.h has it', () => {
    expectVector(
      ctPreamble,
      '01 010203 fc 02 80 00 0172 0400 00 09 1004'.replace('1004', '10 04'),
      {
        revision: 1,
        inId: 0x01_0203,
        gsType: GsType.DIRECTORY,
        gsSubtype: DirectorySubtype.NAME_SERVER,
        options: CtOptions.EXCHANGE_MAPPING,
        command: 0x0172,
        maxResidualSizeWords: 0x400,
        reason: 9,
        explanation: 0x10,
        vendorSpecific: 4,
      },
    );
    expectEncoded(
      ctPreamble,
      { gsType: 0xfa, gsSubtype: 0x10, command: 0x200 },
      '01000000 fa100000 0200 0000 00000000',
    );
    expect(PREAMBLE_BYTES).toBe(ctPreamble.headBytes);
  });

  test('is filled up with what is not given', () => {
    const given = { gsType: 0xfc, gsSubtype: 2, command: 0x112 };
    expect(ctPreambleFor(given)).toEqual(ctPreamble.decode(ctPreamble.encode(given)));
  });
});

describe('answers', () => {
  test('a refusal goes back the way the request came', () => {
    const { preamble } = gpnId.decode(gpnId.encode({ portId: 1 }));
    const reject = ctRejectFor(preamble, 9, 1);
    // fabric-move-same.pcap, frame 696: the same refusal.
    expect(formatHex(ctReject.encode(reject))).toBe('01000000fc0200008001000000090100');
  });

  test('reason and explanation of a Cisco switch: esxi-cisco/fcoe1-both.pcap, frame 111', () => {
    expectVector(ctReject, '01000000 fa100000 8001 0000 00 09 10 00', {
      kind: 'CT_RJT',
      preamble: { command: CtResponse.CT_RJT, reason: 9, explanation: 0x10 },
    });
  });

  test('an accept of something keeps what follows', () => {
    const body = parseHex('abcd');
    expectVector(ctAcc, '01000000 fc020000 8002 0000 00000000 abcd', { kind: 'CT_ACC', body }, 3);
  });
});

describe('codes', () => {
  test('reasons: fc_gs.h and bfa_fc.h', () => {
    expect(Object.values(CtReason)).toEqual([1, 2, 3, 4, 5, 7, 9, 0x0b, 0x0d, 0x0e, 0xff]);
  });

  test('reasons that tshark names: fcdns.rply.reason', () => {
    expect(CtReason).toMatchObject({
      INVALID_COMMAND_CODE: 1,
      INVALID_VERSION_LEVEL: 2,
      LOGICAL_ERROR: 3,
      INVALID_CT_IU_SIZE: 4,
      LOGICAL_BUSY: 5,
      PROTOCOL_ERROR: 7,
      UNABLE_TO_PERFORM: 9,
      COMMAND_NOT_SUPPORTED: 11,
    });
    expect(CtResponse).toEqual({ CT_RJT: 0x8001, CT_ACC: 0x8002 });
  });

  test('services: fcct.gstype; servers of fc_gs.h and fc_ms.h', () => {
    expect(GsType).toEqual({
      VENDOR: 0xe0,
      KEY_DISTRIBUTION: 0xf7,
      ALIAS: 0xf8,
      MANAGEMENT: 0xfa,
      TIME: 0xfb,
      DIRECTORY: 0xfc,
      FABRIC_CONTROLLER: 0xfd,
    });
    expect(DirectorySubtype).toEqual({ NAME_SERVER: 2, IP_ADDRESS_SERVER: 3 });
    expect(ManagementSubtype).toMatchObject({
      FABRIC_CONFIGURATION: 0x01,
      UNZONED_NAME_SERVER: 0x02,
      FABRIC_ZONE: 0x03,
      FDMI: 0x10,
      APPLICATION: 0x20,
    });
  });
});
