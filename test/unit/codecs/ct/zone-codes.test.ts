/** Codes of the zone server: tshark -G values (fcfzs.*), packet-fcfzs.h, fc_ms.h of H. Reinecke's fc_els. */
import { describe, expect, test } from 'vitest';
import {
  EnhancedZoneCommand,
  ZoneCapability,
  ZoneCommand,
  ZoneEnforcement,
  ZoneExplanation,
  ZoneMemberType,
  zoneServer,
} from '../../../../src/codecs/ct/zone-codes.ts';
import { expectCommands } from '../../../helpers/ct.ts';

/** packet-fcfzs.h. */
const ZONES =
  'GZC 0100 GEST 0111 GZSN 0112 GZD 0113 GZM 0114 GAZS 0115 GZS 0116 ADZS 0200 AZSD 0201 AZS 0202 DZS 0203 AZM 0204 AZD 0205 RZM 0300 RZD 0301 RZS 0302';
/** fc_ms.h of H. Reinecke's fc_els, "From T11.org FC-GS-7 Rev 10.0". */
const ENHANCED_ZONES =
  'GAR 0117 GZA 0120 GZAB 0121 GZSE 0122 GZDE 0123 GZME 0124 GZAL 0125 GAZSE 0126 GAL 0128 GAM 0129 GAPZ 012a GFEZ 0142 AZSDE 0211 ' +
  'AZSE 0212 DZSE 0213 CZS 0220 AZ 0221 AZME 0224 CZ 0225 CZA 0226 SZA 0227 SZAB 0228 CA 0229 AAM 022a AAPZ 022b SFEZ 0242 RZ 0321 ' +
  'RZME 0324 RAPZ 0325 RAM 032a DLZS 032b DLZ 032c DLA 032d DLZA 032e SSB 7ff9 SSE 7ffa CMIT 7ffb SPCMIT 7ffc';

describe('codes of the zone server', () => {
  test('commands, basic and enhanced', () => {
    expectCommands(ZoneCommand, [0xfa, 0x03], ZONES);
    expectCommands(EnhancedZoneCommand, [0xfa, 0x03], ENHANCED_ZONES);
    expect(zoneServer).toEqual({ gsType: 0xfa, gsSubtype: 0x03 });
  });

  test('explanations: fcfzs.rjtdetail', () => {
    expect(Object.values(ZoneExplanation)).toEqual([
      0x00, 0x01, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a,
    ]);
    expect(ZoneExplanation.NO_ZONE_SET_ACTIVE).toBe(0x11);
    expect(ZoneExplanation.INVALID_ZONE_SET_DEFINITION).toBe(0x1a);
  });

  test('member types: fcfzs.zonembr.idtype', () => {
    expect(ZoneMemberType).toEqual({
      N_PORT_NAME: 0x01,
      DOMAIN_PORT: 0x02,
      N_PORT_ID: 0x03,
      NODE_NAME: 0x04,
      N_PORT_NAME_LUN: 0xe1,
      DOMAIN_PORT_LUN: 0xe2,
      N_PORT_ID_LUN: 0xe3,
    });
  });

  test('flags: the masks of fcfzs.gzc.flags.* and fcfzs.*_zone_set.enforced', () => {
    expect(ZoneCapability).toEqual({ HARD_ZONES: 0x80, SOFT_ZONES: 0x40, ZONE_SET_DATABASE: 0x01 });
    expect(ZoneEnforcement).toEqual({ SOFT_ZONE_SET: 0x80, HARD_ZONE_SET: 0x40 });
  });
});
