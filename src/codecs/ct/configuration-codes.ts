/** Codes of the fabric configuration server. */
import { type CtServer, GsType, ManagementSubtype } from './preamble.ts';

/** Where fabric configuration requests go. */
export const configurationServer: CtServer = {
  gsType: GsType.MANAGEMENT,
  gsSubtype: ManagementSubtype.FABRIC_CONFIGURATION,
};

/** Fabric configuration server request commands. Source: FC-GS-7, fabric configuration server. */
export const ConfigurationCommand = {
  GTIN: 0x0100,
  GIEL: 0x0101,
  GIET: 0x0111,
  GDID: 0x0112,
  GMID: 0x0113,
  GFN: 0x0114,
  GIELN: 0x0115,
  GMAL: 0x0116,
  GIEIL: 0x0117,
  GPL: 0x0118,
  GPT: 0x0121,
  GPPN: 0x0122,
  GAPNL: 0x0124,
  GPS: 0x0126,
  GATIN: 0x0128,
  GPLNL: 0x0191,
  GPLT: 0x0192,
  GPLML: 0x0193,
  GNPL: 0x01a1,
  GPNL: 0x01a2,
  GNID: 0x01b1,
  RIELN: 0x0215,
  RPL: 0x0280,
  RPLN: 0x0291,
  RPLT: 0x0292,
  RPLM: 0x0293,
  DPL: 0x0380,
  DPLN: 0x0391,
  DPLML: 0x0393,
  GCAP: 0xe020,
} as const;

/** Details of a fabric configuration server's refusal. Source: FC-GS-7. */
export const ConfigurationExplanation = {
  NO_ADDITIONAL_EXPLANATION: 0x00,
  INVALID_NAME_IDENTIFIER: 0x01,
  INTERCONNECT_ELEMENT_LIST_NOT_AVAILABLE: 0x10,
  INTERCONNECT_ELEMENT_TYPE_NOT_AVAILABLE: 0x11,
  DOMAIN_ID_NOT_AVAILABLE: 0x12,
  MANAGEMENT_ID_NOT_AVAILABLE: 0x13,
  FABRIC_NAME_NOT_AVAILABLE: 0x14,
  LOGICAL_NAME_NOT_AVAILABLE: 0x15,
  MANAGEMENT_ADDRESS_LIST_NOT_AVAILABLE: 0x16,
  INFORMATION_LIST_NOT_AVAILABLE: 0x17,
  PORT_LIST_NOT_AVAILABLE: 0x30,
  PORT_TYPE_NOT_AVAILABLE: 0x31,
  PHYSICAL_PORT_NUMBER_NOT_AVAILABLE: 0x32,
  ATTACHED_PORT_NAME_LIST_NOT_AVAILABLE: 0x34,
  PORT_STATE_NOT_AVAILABLE: 0x36,
  UNABLE_TO_REGISTER_LOGICAL_NAME: 0x50,
  PLATFORM_NAME_DOES_NOT_EXIST: 0x60,
  PLATFORM_NAME_ALREADY_EXISTS: 0x61,
  PLATFORM_NODE_NAME_DOES_NOT_EXIST: 0x62,
  PLATFORM_NODE_NAME_ALREADY_EXISTS: 0x63,
} as const;

/** What an interconnect element is. Source: FC-GS-7, interconnect element types. */
export const InterconnectElementType = { UNKNOWN: 0, SWITCH: 1, HUB: 2, BRIDGE: 3 } as const;
/** What a port sends with. Source: FC-GS-7, port transmitter types. */
export const PortTransmitterType = {
  UNKNOWN: 1,
  LONG_WAVE_LASER: 2,
  SHORT_WAVE_LASER: 3,
  LONG_WAVE_LASER_COST_REDUCED: 4,
  ELECTRICAL: 5,
} as const;
/** What carries a port's transmitter. Source: FC-GS-7, port module types. */
export const PortModuleType = {
  UNKNOWN: 1,
  OTHER: 2,
  GBIC: 3,
  EMBEDDED: 4,
  GLM: 5,
  GBIC_WITH_SERIAL_ID: 6,
  GBIC_WITHOUT_SERIAL_ID: 7,
  SFP_WITH_SERIAL_ID: 8,
  SFP_WITHOUT_SERIAL_ID: 9,
} as const;
/** State of a port. Source: FC-GS-7, port states. */
export const PortState = { UNKNOWN: 0, ONLINE: 1, OFFLINE: 2, TESTING: 3, FAULT: 4 } as const;
/** What a platform is. Source: FC-GS-7, platform types. */
export const PlatformType = {
  UNKNOWN: 1,
  OTHER: 2,
  GATEWAY: 5,
  CONVERTER: 6,
  HBA: 7,
  SOFTWARE_PROXY_AGENT: 8,
  STORAGE_DEVICE: 9,
  HOST_COMPUTER: 10,
  STORAGE_SUBSYSTEM: 11,
  MODULE: 12,
  SOFTWARE_DRIVER: 13,
  STORAGE_ACCESS_DEVICE: 14,
} as const;
/** What a fabric configuration server can do. Source: FC-GS-7, GCAP. */
export const ConfigurationCapability = { BASIC: 1, PLATFORM: 2, TOPOLOGY_DISCOVERY: 4 } as const;
