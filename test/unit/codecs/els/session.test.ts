/** LS_RJT, LOGO, ADISC: what tshark 4.0.17 reads (fcels.*). */
import { describe, test } from 'vitest';
import { LsRjtExplanation, LsRjtReason } from '../../../../src/codecs/els/codes.ts';
import {
  adisc,
  adiscAccept,
  logo,
  logoAccept,
  lsAcc,
  lsRjt,
} from '../../../../src/codecs/els/session.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const PORT = '2000525400aa0001';
const NODE = '1000525400aa0001';
const names = { portName: 0x2000_5254_00aa_0001n, nodeName: 0x1000_5254_00aa_0001n };

describe('LS_RJT', () => {
  test('four bytes are reserved, then reason, explanation and the vendor', () => {
    // tshark: Unable to Perform Cmd (0x09), Command Not Supported (0x2c), Vendor Unique 0x7f.
    expectVector(lsRjt, '01000000 00092c7f', {
      reason: LsRjtReason.UNABLE_TO_PERFORM,
      explanation: LsRjtExplanation.REQUEST_NOT_SUPPORTED,
      vendorSpecific: 0x7f,
    });
    expectEncoded(lsRjt, { reason: 0x0b }, '01000000 000b0000');
  });
});

describe('an accept of something', () => {
  test('keeps what follows its first word', () => {
    expectVector(lsAcc, '02000000 abcd', { kind: 'LS_ACC', body: parseHex('abcd') }, 3);
  });
});

describe('LOGO', () => {
  test('N_Port_ID and name: esxi-cisco/fcoe1-both.pcap, frame 26', () => {
    expectVector(logo, '05000000 00010800 50050768021031e6', {
      nPortId: 0x01_0800,
      portName: 0x5005_0768_0210_31e6n,
    });
    expectEncoded(
      logo,
      { nPortId: 0x01_0203, portName: names.portName },
      `05000000 00010203 ${PORT}`,
    );
    expectVector(logoAccept, '02000000', { kind: 'LS_ACC LOGO' });
  });
});

describe('ADISC', () => {
  test('Hard Address, port name, node name, N_Port_ID (tshark)', () => {
    const BODY = `00 0a0b0c ${PORT} ${NODE} 00 010203`;
    const body = { hardAddress: 0x0a_0b0c, ...names, nPortId: 0x01_0203 };
    expectVector(adisc, `52000000 ${BODY}`, { kind: 'ADISC', ...body });
    expectVector(adiscAccept, `02000000 ${BODY}`, { kind: 'LS_ACC ADISC', ...body });
    expectEncoded(adisc, { ...names, nPortId: 1 }, `52000000 00000000 ${PORT} ${NODE} 00000001`);
  });
});
