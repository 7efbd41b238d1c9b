/** Asymmetric logical unit access states. Source: SPC-5, 5.17 and REPORT TARGET PORT GROUPS. */

/** ASYMMETRIC ACCESS STATE (4 bits). */
export const AccessState = {
  ACTIVE_OPTIMIZED: 0x0,
  ACTIVE_NON_OPTIMIZED: 0x1,
  STANDBY: 0x2,
  UNAVAILABLE: 0x3,
  LOGICAL_BLOCK_DEPENDENT: 0x4,
  OFFLINE: 0xe,
  TRANSITIONING: 0xf,
} as const;

/** Which states a target port group can be in. */
export const SupportedStates = {
  T_SUP: 0x80,
  O_SUP: 0x40,
  LBD_SUP: 0x10,
  U_SUP: 0x08,
  S_SUP: 0x04,
  AN_SUP: 0x02,
  AO_SUP: 0x01,
} as const;

/** STATUS CODE: why the state last changed. */
export const AccessStatus = {
  NONE: 0x00,
  BY_SET_TARGET_PORT_GROUPS: 0x01,
  IMPLICIT: 0x02,
} as const;

/** TPGS of standard INQUIRY data: which kinds of asymmetric access there are. */
export const Tpgs = { NONE: 0, IMPLICIT: 1, EXPLICIT: 2, IMPLICIT_AND_EXPLICIT: 3 } as const;
