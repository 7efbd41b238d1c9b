/** FIP messages in one line: sessions of ESXi on a Cisco FCF and of Linux. */
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import { summarizeFip } from '../../../../src/codecs/frame/summary-fip.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';

const fip = (hex: string) => decodeFrame(parseHex(`0efc00010e01 02fcf0000001 8914 ${hex}`));

describe('a FIP message in a line', () => {
  it.each([
    // esxi-cisco/fcoe1-both.pcap, frames 3, 1 and 2.
    [
      `1000 0001 0002 000c 8007 0101 0080 0202 8c604f18a7b6 0403 0000 1000000533d727c2
        0504 039b 000efc00 1000000533d727c2 0c02 0000 00001f40`,
      'FIP Discovery Advertisement priority 128 8c:60:4f:18:a7:b6 name 10:00:00:05:33:d7:27:c2 ' +
        'fabric 10:00:00:05:33:d7:27:c2 FC-MAP 0e:fc:00 VF_ID 923 FKA 8000 ms [FP A S F]',
    ],
    [
      '1000 0004 0002 0003 0000 0202 8c604f18a7b6 0e01 039b',
      'FIP VLAN Notification 8c:60:4f:18:a7:b6 VLAN 923',
    ],
    [
      '1000 0001 0001 0006 8000 0202 001b21847463 0403 0000 1000001b21847463 0601 086e',
      'FIP Discovery Solicitation 00:1b:21:84:74:63 name 10:00:00:1b:21:84:74:63 max FCoE size 2158 [FP]',
    ],
    // linux/vn2vn-login.pcap, frame 12 without its names: a beacon.
    [
      '1000 0005 0005 0005 0000 0b05 0efd00000001 00000001 2000525400bb0001',
      'FIP VN2VN Beacon 000001 WWPN 20:00:52:54:00:bb:00:01',
    ],
    [
      '1000 0003 0002 0005 8000 0202 000dec000001 0403 0000 2000000dec000001',
      'FIP Clear Virtual Links 00:0d:ec:00:00:01 name 20:00:00:0d:ec:00:00:01 all VN_Ports [FP]',
    ],
  ])('%#', (hex, text) => {
    expect(summarizeFip(fip(hex))).toBe(text);
  });

  it('is its login where it holds one, with the address that is granted', () => {
    const logo = `1000 0002 0001 000d 8000 090b 0000 22fffffe 00010e01 01290000 00000000 0001ffff
      00000000 05000000 00010e01 2000001b21847463 0202 0efc00010e01`;
    expect(summarizeFip(fip(logo))).toBe(
      'FIP LOGO 010e01 → fffffe OX_ID 0001 N_Port_ID 010e01 WWPN 20:00:00:1b:21:84:74:63 MAC 0e:fc:00:01:0e:01',
    );
  });

  it('names what a refusal answers by the descriptor it lies in', () => {
    const reject = `1000 0002 0002 0009 8000 0809 0000 2300aa00 00fffffe 01990000 00000000 0001ffff
      00000000 01000000 00092900`;
    expect(summarizeFip(fip(reject))).toBe(
      'FIP LS_RJT (FDISC) fffffe → 00aa00 OX_ID 0001 unable to perform, insufficient resources for login',
    );
  });

  it('that is none has no more to say', () => {
    expect(summarizeFip(fip('1000'))).toBe('FIP');
  });
});
