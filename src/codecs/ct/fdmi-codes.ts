/** Codes of the fabric device management interface. */
import { type CtServer, GsType, ManagementSubtype } from './preamble.ts';

/** Where FDMI requests go. */
export const fdmiServer: CtServer = {
  gsType: GsType.MANAGEMENT,
  gsSubtype: ManagementSubtype.FDMI,
};

/** FDMI request commands. Source: FC-GS-7, FDMI. */
export const FdmiCommand = {
  GRHL: 0x0100,
  GHAT: 0x0101,
  GRPL: 0x0102,
  GPAT: 0x0110,
  GPAS: 0x0120,
  RHBA: 0x0200,
  RHAT: 0x0201,
  RPRT: 0x0210,
  RPA: 0x0211,
  DHBA: 0x0300,
  DHAT: 0x0301,
  DPRT: 0x0310,
  DPA: 0x0311,
} as const;

/** Details of an FDMI refusal. Source: FC-GS-7, FDMI reason code explanations. */
export const FdmiExplanation = {
  NO_ADDITIONAL_EXPLANATION: 0x00,
  HBA_ALREADY_REGISTERED: 0x10,
  HBA_ATTRIBUTE_NOT_REGISTERED: 0x11,
  HBA_ATTRIBUTE_MULTIPLE: 0x12,
  HBA_ATTRIBUTE_LENGTH_INVALID: 0x13,
  HBA_ATTRIBUTE_NOT_PRESENT: 0x14,
  PORT_NOT_IN_HBA_PORT_LIST: 0x15,
  HBA_IDENTIFIER_NOT_IN_PORT_LIST: 0x16,
  PORT_ATTRIBUTE_NOT_REGISTERED: 0x20,
  PORT_NOT_REGISTERED: 0x21,
  PORT_ATTRIBUTE_MULTIPLE: 0x22,
  PORT_ATTRIBUTE_LENGTH_INVALID: 0x23,
  PORT_ALREADY_REGISTERED: 0x24,
} as const;

/** Attributes of an HBA. Source: FC-GS-7, HBA attribute types. */
export const HbaAttributeType = {
  NODE_NAME: 0x0001,
  MANUFACTURER: 0x0002,
  SERIAL_NUMBER: 0x0003,
  MODEL: 0x0004,
  MODEL_DESCRIPTION: 0x0005,
  HARDWARE_VERSION: 0x0006,
  DRIVER_VERSION: 0x0007,
  OPTION_ROM_VERSION: 0x0008,
  FIRMWARE_VERSION: 0x0009,
  OS_NAME_AND_VERSION: 0x000a,
  MAX_CT_PAYLOAD_LENGTH: 0x000b,
  NODE_SYMBOLIC_NAME: 0x000c,
  VENDOR_SPECIFIC_INFORMATION: 0x000d,
  NUMBER_OF_PORTS: 0x000e,
  FABRIC_NAME: 0x000f,
  BOOT_BIOS_VERSION: 0x0010,
  BOOT_BIOS_STATE: 0x0011,
  VENDOR_IDENTIFIER: 0x00e0,
} as const;

/** Attributes of a port. Source: FC-GS-7, port attribute types. */
export const PortAttributeType = {
  SUPPORTED_FC4_TYPES: 0x0001,
  SUPPORTED_SPEED: 0x0002,
  CURRENT_SPEED: 0x0003,
  MAX_FRAME_SIZE: 0x0004,
  OS_DEVICE_NAME: 0x0005,
  HOST_NAME: 0x0006,
  NODE_NAME: 0x0007,
  PORT_NAME: 0x0008,
  PORT_SYMBOLIC_NAME: 0x0009,
  PORT_TYPE: 0x000a,
  SUPPORTED_CLASS_OF_SERVICE: 0x000b,
  PORT_FABRIC_NAME: 0x000c,
  ACTIVE_FC4_TYPES: 0x000d,
  PORT_STATE: 0x0101,
  DISCOVERED_PORTS: 0x0102,
  PORT_IDENTIFIER: 0x0103,
} as const;

/** Speeds of a port: other bits than those of RPSC. Source: FC-GS-7, port speed. */
export const FdmiPortSpeed = {
  '1 Gb/s': 0x0000_0001,
  '2 Gb/s': 0x0000_0002,
  '10 Gb/s': 0x0000_0004,
  '4 Gb/s': 0x0000_0008,
  '8 Gb/s': 0x0000_0010,
  '16 Gb/s': 0x0000_0020,
  UNKNOWN: 0x0000_8000,
} as const;
