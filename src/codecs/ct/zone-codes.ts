/** Codes of the fabric zone server. */
import { type CtServer, GsType, ManagementSubtype } from './preamble.ts';

/** Where zone server requests go. */
export const zoneServer: CtServer = {
  gsType: GsType.MANAGEMENT,
  gsSubtype: ManagementSubtype.FABRIC_ZONE,
};

/** Zone server request commands. Source: FC-GS-7, fabric zone server. */
export const ZoneCommand = {
  GZC: 0x0100,
  GEST: 0x0111,
  GZSN: 0x0112,
  GZD: 0x0113,
  GZM: 0x0114,
  GAZS: 0x0115,
  GZS: 0x0116,
  ADZS: 0x0200,
  AZSD: 0x0201,
  AZS: 0x0202,
  DZS: 0x0203,
  AZM: 0x0204,
  AZD: 0x0205,
  RZM: 0x0300,
  RZD: 0x0301,
  RZS: 0x0302,
} as const;

/**
 * Commands of enhanced zoning: zone attributes, aliases, peer zones, and the session that a commit
 * ends. Source: FC-GS-7, enhanced zoning; fc_ms.h of H. Reinecke's fc_els tools.
 */
export const EnhancedZoneCommand = {
  GAR: 0x0117,
  GZA: 0x0120,
  GZAB: 0x0121,
  GZSE: 0x0122,
  GZDE: 0x0123,
  GZME: 0x0124,
  GZAL: 0x0125,
  GAZSE: 0x0126,
  GAL: 0x0128,
  GAM: 0x0129,
  GAPZ: 0x012a,
  GFEZ: 0x0142,
  AZSDE: 0x0211,
  AZSE: 0x0212,
  DZSE: 0x0213,
  CZS: 0x0220,
  AZ: 0x0221,
  AZME: 0x0224,
  CZ: 0x0225,
  CZA: 0x0226,
  SZA: 0x0227,
  SZAB: 0x0228,
  CA: 0x0229,
  AAM: 0x022a,
  AAPZ: 0x022b,
  SFEZ: 0x0242,
  RZ: 0x0321,
  RZME: 0x0324,
  RAPZ: 0x0325,
  RAM: 0x032a,
  DLZS: 0x032b,
  DLZ: 0x032c,
  DLA: 0x032d,
  DLZA: 0x032e,
  SSB: 0x7ff9,
  SSE: 0x7ffa,
  CMIT: 0x7ffb,
  SPCMIT: 0x7ffc,
} as const;

/** Details of a zone server's refusal. Source: FC-GS-7, zone server reason code explanations. */
export const ZoneExplanation = {
  NO_ADDITIONAL_EXPLANATION: 0x00,
  ZONES_NOT_SUPPORTED: 0x01,
  ZONE_SET_NAME_UNKNOWN: 0x10,
  NO_ZONE_SET_ACTIVE: 0x11,
  ZONE_NAME_UNKNOWN: 0x12,
  ZONE_STATE_UNKNOWN: 0x13,
  INCORRECT_PAYLOAD_LENGTH: 0x14,
  ZONE_SET_TOO_LARGE: 0x15,
  DEACTIVATE_ZONE_SET_FAILED: 0x16,
  REQUEST_NOT_SUPPORTED: 0x17,
  CAPABILITY_NOT_SUPPORTED: 0x18,
  ZONE_MEMBER_TYPE_NOT_SUPPORTED: 0x19,
  INVALID_ZONE_SET_DEFINITION: 0x1a,
} as const;

/** How a zone member is named. Source: FC-GS-7, zone member identifier types. */
export const ZoneMemberType = {
  N_PORT_NAME: 0x01,
  DOMAIN_PORT: 0x02,
  N_PORT_ID: 0x03,
  NODE_NAME: 0x04,
  N_PORT_NAME_LUN: 0xe1,
  DOMAIN_PORT_LUN: 0xe2,
  N_PORT_ID_LUN: 0xe3,
} as const;

/** What a zone server can do. Source: FC-GS-7, GZC. */
export const ZoneCapability = {
  HARD_ZONES: 0x80,
  SOFT_ZONES: 0x40,
  ZONE_SET_DATABASE: 0x01,
} as const;
/** Which zones are in force. Source: FC-GS-7, GEST. */
export const ZoneEnforcement = { SOFT_ZONE_SET: 0x80, HARD_ZONE_SET: 0x40 } as const;
