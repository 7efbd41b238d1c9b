/** Codes of the TLV descriptors that diagnostic and virtual-entity services carry. */

/** Descriptor tags. Source: FC-LS-5, link service TLV descriptors. */
export const LsDescriptorTag = {
  LINK_SERVICE_REQUEST_INFORMATION: 0x0000_0001,
  N_PORT_ID: 0x0000_0003,
  SFP_DIAGNOSTICS: 0x0001_0000,
  PORT_SPEED: 0x0001_0001,
  LINK_ERROR_STATUS: 0x0001_0002,
  PORT_NAMES: 0x0001_0003,
  FEC_STATUS: 0x0001_0005,
  BUFFER_CREDIT: 0x0001_0006,
  OPTICAL_ELEMENT_DATA: 0x0001_0007,
  OPTICAL_PRODUCT_DATA: 0x0001_0008,
  PRIORITY_RANGE: 0x0001_0009,
  VEM_ID: 0x0001_000a,
  INSTANTIATED_VE: 0x0001_000b,
  DEINSTANTIATED_VE: 0x0001_000c,
  LINK_FAULT_CAPABILITY: 0x0001_000d,
  CONGESTION_SIGNALING_CAPABILITY: 0x0001_000f,
  LINK_INTEGRITY_NOTIFICATION: 0x0002_0001,
  DELIVERY_NOTIFICATION: 0x0002_0002,
  PEER_CONGESTION_NOTIFICATION: 0x0002_0003,
  CONGESTION_NOTIFICATION: 0x0002_0004,
  FPIN_REGISTRATION: 0x0003_0001,
} as const;

/** What went wrong on a link. Source: FC-LS-5, link integrity event types. */
export const LinkIntegrityEvent = {
  UNKNOWN: 0x0,
  LINK_FAILURE: 0x1,
  LOSS_OF_SYNCHRONIZATION: 0x2,
  LOSS_OF_SIGNAL: 0x3,
  PRIMITIVE_SEQUENCE_PROTOCOL_ERROR: 0x4,
  INVALID_TRANSMISSION_WORD: 0x5,
  INVALID_CRC: 0x6,
  DEVICE_SPECIFIC: 0xf,
} as const;

/** Why a frame was not delivered. Source: FC-LS-5, delivery notification reasons. */
export const DeliveryReason = {
  UNKNOWN: 0x0,
  TIMEOUT: 0x1,
  UNABLE_TO_ROUTE: 0x2,
  DEVICE_SPECIFIC: 0xf,
} as const;

/** Kind of congestion. Source: FC-LS-5, congestion event types. */
export const CongestionEvent = {
  CLEAR: 0x0,
  LOST_CREDIT: 0x1,
  CREDIT_STALL: 0x2,
  OVERSUBSCRIPTION: 0x3,
  DEVICE_SPECIFIC: 0xf,
} as const;

/** How bad a congestion is. Source: FC-LS-5, congestion notification. */
export const CongestionSeverity = { WARNING: 0xf1, ALARM: 0xf7 } as const;

/** Which congestion signals a port can send or take. Source: FC-LS-5, congestion signaling capability. */
export const SignalCapability = { NONE: 0, WARNING: 1, WARNING_AND_ALARM: 2 } as const;

/** Unit of a signal's period. Source: FC-LS-5, congestion signaling capability. */
export const SignalUnit = { SECONDS: 1, MILLISECONDS: 2 } as const;

/** Port speeds, one bit each. Source: FC-LS-3, RPSC and RDP port speed. */
export const PortSpeed = {
  '1 Gb/s': 0x8000,
  '2 Gb/s': 0x4000,
  '4 Gb/s': 0x2000,
  '10 Gb/s': 0x1000,
  '8 Gb/s': 0x0800,
  '16 Gb/s': 0x0400,
  '32 Gb/s': 0x0200,
  '64 Gb/s': 0x0100,
  '128 Gb/s': 0x0080,
  '256 Gb/s': 0x0040,
  UNKNOWN: 0x0002,
  NOT_ESTABLISHED: 0x0001,
} as const;

/** SFP flags; the upper bits tell the connector, the lower four the port's optics. Source: FC-LS-3, RDP. */
export const SfpFlags = { OPTICAL_PORT: 0x0010, DESCRIPTOR_VALID: 0x0020 } as const;

/** What an optical element's thresholds are about. Source: FC-LS-3, RDP optical element data. */
export const OpticalElement = {
  TEMPERATURE: 1,
  VOLTAGE: 2,
  TX_BIAS_CURRENT: 3,
  TX_POWER: 4,
  RX_POWER: 5,
} as const;

/** Thresholds that an optical element has passed. Source: FC-LS-3, RDP optical element data. */
export const OpticalElementFlags = {
  HIGH_ALARM: 0x8,
  LOW_ALARM: 0x4,
  HIGH_WARNING: 0x2,
  LOW_WARNING: 0x1,
} as const;
