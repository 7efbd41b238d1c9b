/** Codes of FIP: tshark -G values (fip.*) and Linux scsi/fc/fc_fip.h. */
import { describe, expect, it } from 'vitest';
import {
  FIP_NON_CRITICAL_FIRST,
  FIP_PRIORITY_DEFAULT,
  FIP_VENDOR_FIRST,
  FIP_VERSION,
  FipControl,
  FipDescriptorType,
  FipDiscovery,
  FipFlags,
  FipLinkService,
  FipOperation,
  FipVlan,
  FipVn2vn,
  FkaAdvPeriodFlags,
} from '../../../../src/codecs/fip/codes.ts';

describe('FIP codes', () => {
  it('operations and subcodes: fip.opcode, fip.disc_subcode and so on', () => {
    expect(FipOperation).toEqual({
      Discovery: 1,
      'Virtual Link Instantiation': 2,
      'FIP Control': 3,
      'FIP VLAN': 4,
      VN2VN: 5,
    });
    expect(FipDiscovery).toEqual({ Solicitation: 1, Advertisement: 2 });
    expect(FipLinkService).toEqual({ Request: 1, Reply: 2 });
    expect(FipControl).toEqual({ 'Keep Alive': 1, 'Clear Virtual Links': 2 });
    expect(FipVlan).toEqual({ Request: 1, Notification: 2, 'VN2VN Notification': 3 });
    expect(FipVn2vn).toEqual({
      'Probe Request': 1,
      'Probe Reply': 2,
      'Claim Notification': 3,
      'Claim Response': 4,
      Beacon: 5,
    });
  });

  it('descriptor types: fip.desc_type 1 to 15; 128 by FC-BB-6', () => {
    expect(Object.values(FipDescriptorType)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 128,
    ]);
    expect(FipDescriptorType['MAC address']).toBe(2);
    expect(FipDescriptorType.Name_Identifier).toBe(4);
    expect(FipDescriptorType.LOGO).toBe(9);
    expect(FipDescriptorType.FKA_ADV_Period).toBe(12);
    expect(FipDescriptorType.VLAN).toBe(14);
  });

  it('flags: enum fip_flag of fc_fip.h', () => {
    expect(FipFlags).toEqual({
      FP: 0x8000,
      SP: 0x4000,
      FCF: 0x0020,
      FDF: 0x0010,
      'REC/P2P': 0x0008,
      A: 0x0004,
      S: 0x0002,
      F: 0x0001,
    });
    expect(FkaAdvPeriodFlags).toEqual({ D: 1 });
  });

  it('limits: FIP_VER, FIP_DEF_PRI, FIP_DT_NON_CRITICAL and FIP_DT_VENDOR_BASE of fc_fip.h', () => {
    expect([FIP_VERSION, FIP_PRIORITY_DEFAULT]).toEqual([1, 128]);
    expect([FIP_NON_CRITICAL_FIRST, FIP_VENDOR_FIRST]).toEqual([128, 241]);
  });
});
