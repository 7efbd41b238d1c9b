/** MAC addresses of FCoE. */
import { describe, expect, it } from 'vitest';
import {
  FC_MAP_DEFAULT,
  FC_MAP_VN2VN,
  fcMapOf,
  formatFcMap,
  fpma,
  isFpma,
  nPortIdOf,
  WellKnownMac,
} from '../../../../src/codecs/fcoe/address.ts';

describe('FPMA', () => {
  it('joins FC-MAP and N_Port_ID', () => {
    expect(fpma(0x0e_fc00, 0x01_0e01)).toBe('0e:fc:00:01:0e:01');
    expect(fpma(0x0e_fcff, 0xff_ffff)).toBe('0e:fc:ff:ff:ff:ff');
    expect(fcMapOf('0E-FC-12-01-0E-01')).toBe(0x0e_fc12);
    expect(nPortIdOf('0e:fc:00:01:0e:01')).toBe(0x01_0e01);
    expect(isFpma('0e:fc:00:01:0e:01', 0x0e_fc00, 0x01_0e01)).toBe(true);
    expect(isFpma('0e:fc:00:01:0e:02', 0x0e_fc00, 0x01_0e01)).toBe(false);
    expect(() => fpma(0x0e_fc00, 0x100_0000)).toThrow(RangeError);
  });

  it('is what a switch grants: FC_ID 010e01 in esxi-cisco/fcoe1-both.pcap', () => {
    expect(fpma(FC_MAP_DEFAULT, 0x01_0e01)).toBe('0e:fc:00:01:0e:01');
    // FC-MAP of VN2VN networks: the senders of fixtures/vn2vn-login.pcap.
    expect(fpma(FC_MAP_VN2VN, 0x00_bb02).slice(0, 8)).toBe('0e:fd:00');
  });

  it('refuses what is no 24-bit number and what is no MAC address', () => {
    for (const wrong of [-1, 0.5, 0x100_0000])
      expect(() => fpma(wrong, 1)).toThrow(`FC-MAP and N_Port_ID are 24-bit numbers, not ${wrong}`);
    expect(() => fcMapOf('0e:fc:00')).toThrow(TypeError);
    expect(() => nPortIdOf('')).toThrow(TypeError);
  });

  it('has a text for its FC-MAP', () => {
    expect(formatFcMap(0x0e_fc00)).toBe('0e:fc:00');
    expect(formatFcMap(0x0a_0b0c)).toBe('0a:0b:0c');
  });
});

describe('well-known addresses', () => {
  it('are those of fc_fip.h and fc_fcoe.h', () => {
    expect(Object.values(WellKnownMac)).toEqual([
      '01:10:18:01:00:00',
      '01:10:18:01:00:01',
      '01:10:18:01:00:02',
      '01:10:18:01:00:04',
      '01:10:18:01:00:05',
      '0e:fc:00:ff:ff:fe',
    ]);
  });

  it('are where captures send: solicitation to all FCFs, advertisement to all ENodes', () => {
    // esxi-cisco/fcoe1-both.pcap: eth.dst of the frames with fip.disc_subcode 1 and 2.
    expect(WellKnownMac['All-FCF-MACs']).toBe('01:10:18:01:00:02');
    expect(WellKnownMac['All-ENode-MACs']).toBe('01:10:18:01:00:01');
  });
});
