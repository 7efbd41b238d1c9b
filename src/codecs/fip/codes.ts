/**
 * Code tables of FIP, the FCoE Initialization Protocol.
 * Source: FC-BB-5 and FC-BB-6, FIP; Linux scsi/fc/fc_fip.h.
 */

/** FIP operation codes. FFF8h to FFFEh are the vendors'. */
export const FipOperation = {
  Discovery: 0x0001,
  'Virtual Link Instantiation': 0x0002,
  'FIP Control': 0x0003,
  'FIP VLAN': 0x0004,
  VN2VN: 0x0005,
} as const;

/** Subcodes of a Discovery operation. */
export const FipDiscovery = { Solicitation: 1, Advertisement: 2 } as const;
/** Subcodes of a Virtual Link Instantiation operation: an ELS inside FIP. */
export const FipLinkService = { Request: 1, Reply: 2 } as const;
/** Subcodes of a FIP Control operation. */
export const FipControl = { 'Keep Alive': 1, 'Clear Virtual Links': 2 } as const;
/** Subcodes of a FIP VLAN operation. */
export const FipVlan = { Request: 1, Notification: 2, 'VN2VN Notification': 3 } as const;
/** Subcodes of a VN2VN operation. */
export const FipVn2vn = {
  'Probe Request': 1,
  'Probe Reply': 2,
  'Claim Notification': 3,
  'Claim Response': 4,
  Beacon: 5,
} as const;

/** Flags of the FIP header. REC/P2P: recorded address in a VN2VN probe, or point to point. */
export const FipFlags = {
  FP: 0x8000,
  SP: 0x4000,
  FCF: 0x0020,
  FDF: 0x0010,
  'REC/P2P': 0x0008,
  A: 0x0004,
  S: 0x0002,
  F: 0x0001,
} as const;

/** Version that every FIP header names. */
export const FIP_VERSION = 1;
/** Default of the Priority descriptor. The lower number wins. */
export const FIP_PRIORITY_DEFAULT = 128;
/** Descriptor types below this one are critical: a receiver that does not know one drops the frame. */
export const FIP_NON_CRITICAL_FIRST = 128;
/** Descriptor types from here on are the vendors'. */
export const FIP_VENDOR_FIRST = 241;

/** FIP descriptor types. */
export const FipDescriptorType = {
  Priority: 1,
  'MAC address': 2,
  'FC-MAP': 3,
  Name_Identifier: 4,
  Fabric: 5,
  'Max FCoE Size': 6,
  FLOGI: 7,
  'NPIV FDISC': 8,
  LOGO: 9,
  ELP: 10,
  'Vx_Port Identification': 11,
  FKA_ADV_Period: 12,
  Vendor_ID: 13,
  VLAN: 14,
  'FC-4 Attributes': 15,
  'Clear Virtual Links Reason': 128,
} as const;

/** Flags of the FKA_ADV_Period descriptor. D: the ENode need not send keep-alives. */
export const FkaAdvPeriodFlags = { D: 0x01 } as const;
