/** Command codes, and reasons and explanations of LS_RJT. */
import { describe, expect, test } from 'vitest';
import { ElsCommand, LsRjtExplanation, LsRjtReason } from '../../../../src/codecs/els/codes.ts';
import { elsAccepts, elsRequests } from '../../../../src/codecs/els/family.ts';
import { codesOf } from '../../../helpers/codes.ts';

/** Codes as Linux has them: include/uapi/scsi/fc/fc_els.h, lpfc_hw.h (LCB, QFPA, UVEM). */
const LINUX_COMMANDS =
  'LS_RJT 01 LS_ACC 02 PLOGI 03 FLOGI 04 LOGO 05 ABTX 06 RCS 07 RES 08 RSS 09 RSI 0a ESTS 0b ESTC 0c ADVC 0d RTV 0e RLS 0f ' +
  'ECHO 10 TEST 11 RRQ 12 REC 13 SRR 14 FPIN 16 EDC 17 RDP 18 RDF 19 PRLI 20 PRLO 21 SCN 22 TPLS 23 TPRLO 24 LCLM 25 ' +
  'GAID 30 FACT 31 FDACT 32 NACT 33 NDACT 34 QoSR 40 RVCS 41 PDISC 50 FDISC 51 ADISC 52 RNC 53 FARP-REQ 54 FARP-REPLY 55 ' +
  'RPS 56 RPL 57 RPBC 58 FAN 60 RSCN 61 SCR 62 RNFT 63 CSR 68 CSU 69 LINIT 70 LSTS 72 RNID 78 RLIR 79 LIRR 7a SRL 7b ' +
  'SBRP 7c RPSC 7d QSA 7e EVFP 7f LKA 80 AUTH_ELS 90 LCB 81 QFPA b0 UVEM b1';
/** Codes that Linux' drivers/scsi/bfa/bfa_fc.h adds. */
const BFA_COMMANDS = 'RTIN 77 RFCN 97';
/** Codes that Wireshark's packet-fcels.h adds: RFC 4172. */
const IFCP_COMMANDS = 'CBIND e0 UNBIND e4';
/** Codes that FC-LS rev 1.61 adds, as Xiotech's fc.h does. */
const AVIONICS_COMMANDS =
  'FFI_DTM a0 FFI_RTM a1 FFI_PSS a2 FFI_MUR a3 FFI_RMUN a4 FFI_SMU a5 FFI_RMU a6';
const COMMANDS = `${LINUX_COMMANDS} ${BFA_COMMANDS} ${IFCP_COMMANDS} ${AVIONICS_COMMANDS}`;

describe('ELS codes', () => {
  test('commands are those of Linux, RFC 4172 and FC-LS, and no others', () => {
    const expected = codesOf(COMMANDS).sort(([, a], [, b]) => a - b);
    expect(Object.entries(ElsCommand).sort(([, a], [, b]) => a - b)).toEqual(expected);
  });

  test('every command has a codec whose kind is its name', () => {
    for (const [name] of codesOf(COMMANDS)) {
      if (name === 'LS_ACC') continue;
      expect(elsRequests[name as keyof typeof elsRequests]?.kind, name).toBe(name);
    }
    for (const [name, codec] of Object.entries(elsAccepts))
      expect(codec.kind).toBe(`LS_ACC ${name}`);
  });

  test('LS_RJT reasons (fc_els.h) and explanations (packet-fcels.c, lpfc_hw.h, FC-LS rev 1.61)', () => {
    expect(Object.values(LsRjtReason)).toEqual([1, 3, 5, 7, 9, 0xb, 0xd, 0xe, 0x20, 0xff]);
    expect(Object.values(LsRjtExplanation)).toEqual([
      0x00, 0x01, 0x03, 0x05, 0x07, 0x09, 0x0b, 0x0d, 0x0e, 0x0f, 0x11, 0x13, 0x15, 0x17, 0x19,
      0x1e, 0x1f, 0x21, 0x23, 0x25, 0x27, 0x29, 0x2a, 0x2c, 0x2d, 0x30, 0x31, 0x32, 0x33, 0x34,
      0x35, 0x36, 0x37, 0x38, 0x40, 0x41, 0x42, 0x44, 0x46, 0x48, 0x50, 0x51, 0x52, 0x62,
    ]);
    expect(LsRjtExplanation.N_PORT_LOGIN_REQUIRED).toBe(0x1e);
    expect(LsRjtExplanation.INSUFFICIENT_RESOURCES_FOR_LOGIN).toBe(0x29);
    expect(LsRjtExplanation.INVALID_OX_ID_RX_ID).toBe(0x17);
  });

  test('refusals are those that tshark names: fcels.rjt.reason and fcels.rjt.detail', () => {
    expect(LsRjtReason).toMatchObject({
      INVALID_COMMAND_CODE: 1,
      LOGICAL_ERROR: 3,
      LOGICAL_BUSY: 5,
      PROTOCOL_ERROR: 7,
      UNABLE_TO_PERFORM: 9,
      COMMAND_NOT_SUPPORTED: 11,
      COMMAND_IN_PROGRESS: 14,
      FIP_ERROR: 32,
      VENDOR_SPECIFIC: 255,
    });
    expect(LsRjtExplanation).toMatchObject({
      SERVICE_PARAMETER_OPTIONS: 1,
      SERVICE_PARAMETER_RECEIVE_SIZE: 7,
      INVALID_PORT_NAME: 13,
      INVALID_NODE_NAME: 14,
      INVALID_COMMON_SERVICE_PARAMETERS: 15,
      INVALID_ORIGINATOR_S_ID: 21,
      REQUEST_IN_PROGRESS: 25,
      INVALID_N_PORT_ID: 31,
      UNABLE_TO_SUPPLY_DATA: 42,
      REQUEST_NOT_SUPPORTED: 44,
      INVALID_PAYLOAD_LENGTH: 45,
      NO_ALIAS_IDS: 48,
      QOS_PARAMETER_ERROR: 64,
      VC_ID_NOT_FOUND: 65,
      INVALID_PORT_OR_NODE_NAME: 68,
      AUTHENTICATION_REQUIRED: 72,
      NOT_A_NEIGHBOR: 98,
    });
  });
});
