/** Codes of SW_ILS: Open-FCoE's fc_ils.h (from FC-SW-4), packet-fcswils.h and tshark -G values. */
import { describe, expect, test } from 'vitest';
import {
  EnhancedCommit,
  SwIlsCommand,
  SwRjtExplanation,
  SwRjtReason,
} from '../../../../src/codecs/swils/codes.ts';

const COMMANDS =
  'SW_RJT 01 SW_ACC 02 ELP 10 EFP 11 DIA 12 RDI 13 HLO 14 LSU 15 LSA 16 BF 17 RCF 18 SW_RSCN 1b DRLIR 1e DSCN 20 LOOPD 21 MR 22 ' +
  'ACA 23 RCA 24 SFC 25 UFC 26 CEC 29 ENHANCED_COMMIT 2a ESC 30 ESS 31 MRRA 34 STR 35 EVFP 36 AUTH_ILS 40 FFI 50';

describe('SW_ILS codes', () => {
  test('commands', () => {
    const words = COMMANDS.split(' ');
    const expected = words.flatMap((word, i) =>
      i % 2 === 0 ? [[word, Number.parseInt(words[i + 1]!, 16)]] : [],
    );
    expect(Object.entries(SwIlsCommand)).toEqual(expected);
    expect(Object.values(EnhancedCommit)).toEqual([1, 2, 3, 4, 5]);
    expect(Object.values(SwRjtReason)).toEqual([1, 2, 3, 4, 5, 7, 9, 0x0b, 0x0c, 0xff]);
  });

  test('reasons: swils.rjt.reason of tshark', () => {
    expect(SwRjtReason).toMatchObject({
      INVALID_COMMAND_CODE: 0x1,
      INVALID_REVISION_LEVEL: 0x2,
      LOGICAL_ERROR: 0x3,
      INVALID_PAYLOAD_SIZE: 0x4,
      LOGICAL_BUSY: 0x5,
      PROTOCOL_ERROR: 0x7,
      UNABLE_TO_PERFORM: 0x9,
      COMMAND_NOT_SUPPORTED: 0xb,
      VENDOR_SPECIFIC: 0xff,
    });
  });

  test('explanations: swils.rjt.reasonexpl of tshark', () => {
    expect(SwRjtExplanation).toMatchObject({
      NO_ADDITIONAL_EXPLANATION: 0x0,
      CLASS_F_SERVICE_PARAMETER_ERROR: 0x1,
      CLASS_N_SERVICE_PARAMETER_ERROR: 0x3,
      UNKNOWN_FLOW_CONTROL_CODE: 0x4,
      INVALID_FLOW_CONTROL_PARAMETERS: 0x5,
      INVALID_PORT_NAME: 0xd,
      INVALID_SWITCH_NAME: 0xe,
      R_A_TOV_E_D_TOV_MISMATCH: 0xf,
      INVALID_DOMAIN_ID_LIST: 0x10,
      COMMAND_IN_PROGRESS: 0x19,
      INSUFFICIENT_RESOURCES: 0x29,
      DOMAIN_ID_NOT_AVAILABLE: 0x2a,
      INVALID_DOMAIN_ID: 0x2b,
      REQUEST_NOT_SUPPORTED: 0x2c,
      LINK_PARAMETERS_NOT_ESTABLISHED: 0x2d,
      REQUESTED_DOMAIN_IDS_NOT_AVAILABLE: 0x2e,
      E_PORT_ISOLATED: 0x2f,
    });
  });
});
