/** Common and class service parameters: what the two ends of a login tell each other. */
import {
  bit,
  codec,
  type FixedField,
  flags,
  type Infer,
  type InferInput,
  reserved16,
  reservedBits,
  reservedBytes,
  rest,
  struct,
  u8,
  u16,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';

/** Feature bits of a FLOGI or FDISC request. Bit 8000 asks for several N_Port_IDs. */
export const FlogiFeatures = {
  MULTIPLE_N_PORT_ID_SUPPORT: 0x8000,
  VIRTUAL_FABRICS: 0x4000,
  VALID_VENDOR_VERSION_LEVEL: 0x2000,
  F_PORT: 0x1000,
  ALTERNATE_BB_CREDIT: 0x0800,
  E_D_TOV_IN_NS: 0x0400,
  MULTICAST: 0x0200,
  BROADCAST: 0x0100,
  HUNT_GROUP: 0x0080,
  QUERY_BUFFER_CONDITIONS: 0x0040,
  SECURITY: 0x0020,
  CLOCK_SYNCHRONIZATION: 0x0010,
  R_T_TOV_100_US: 0x0008,
  DYNAMIC_HALF_DUPLEX: 0x0004,
  PAYLOAD_256_BYTES: 0x0001,
} as const;

/**
 * Feature bits of the accept of a FLOGI or FDISC. Bit 8000 says that no other port held the
 * N_Port_ID lately (clean address); bit 2000 that more N_Port_IDs may be asked for by FDISC.
 */
export const FlogiAcceptFeatures = {
  CLEAN_ADDRESS: 0x8000,
  VIRTUAL_FABRICS: 0x4000,
  MULTIPLE_N_PORT_ID_ASSIGNMENT: 0x2000,
  F_PORT: 0x1000,
  ALTERNATE_BB_CREDIT: 0x0800,
  E_D_TOV_IN_NS: 0x0400,
  MULTICAST: 0x0200,
  BROADCAST: 0x0100,
  HUNT_GROUP: 0x0080,
  QUERY_BUFFER_CONDITIONS: 0x0040,
  SECURITY: 0x0020,
  CLOCK_SYNCHRONIZATION: 0x0010,
  R_T_TOV_100_US: 0x0008,
  DYNAMIC_HALF_DUPLEX: 0x0004,
  PAYLOAD_256_BYTES: 0x0001,
} as const;

/** Feature bits of PLOGI and PDISC, and of their accepts. Bit 8000 is about relative offsets. */
export const PlogiFeatures = {
  CONTINUOUSLY_INCREASING_RELATIVE_OFFSET: 0x8000,
  RANDOM_RELATIVE_OFFSET: 0x4000,
  VALID_VENDOR_VERSION_LEVEL: 0x2000,
  F_PORT: 0x1000,
  ALTERNATE_BB_CREDIT: 0x0800,
  E_D_TOV_IN_NS: 0x0400,
  MULTICAST: 0x0200,
  APPLICATION_HEADER: 0x0100,
  PRIORITY_TAGGING: 0x0080,
  QUERY_BUFFER_CONDITIONS: 0x0040,
  SECURITY: 0x0020,
  CLOCK_SYNCHRONIZATION: 0x0010,
  DYNAMIC_HALF_DUPLEX: 0x0004,
  CONTINUOUSLY_INCREASING_SEQ_CNT: 0x0002,
  PAYLOAD_256_BYTES: 0x0001,
} as const;

/** FC-PH version that every port names: 20h in both bytes. */
const FC_PH_VERSION = 0x20;

const linkParameters = {
  highestVersion: withDefault(u8, FC_PH_VERSION),
  lowestVersion: withDefault(u8, FC_PH_VERSION),
  bbCredit: u16,
} as const;
const receiveSize = {
  bbScN: withDefault(bit(4), 0),
  bbReceiveDataFieldSizeBytes: bit(12),
} as const;

/**
 * Common service parameters of a FLOGI or FDISC request.
 *
 * Shape: 16 bytes. Units: `bbReceiveDataFieldSizeBytes` bytes. The two timer words are reserved
 * in a request to a fabric, but two N_Ports without a fabric fill them.
 * Source: FC-LS-3, FLOGI common service parameters.
 */
export const flogiServiceParameters = codec(
  'FLOGI common service parameters',
  'FC-LS-3, common service parameters (FLOGI)',
  {
    ...linkParameters,
    features: flags(u16, FlogiFeatures),
    ...receiveSize,
    rATovMs: withDefault(u32, 0),
    eDTov: withDefault(u32, 0),
  },
);
/** What `flogiServiceParameters` decodes. */
export interface FlogiServiceParameters extends Infer<typeof flogiServiceParameters> {}
/** What `flogiServiceParameters` encodes. */
export interface FlogiServiceParametersInput extends InferInput<typeof flogiServiceParameters> {}

/**
 * Common service parameters of the accept of a FLOGI or FDISC.
 *
 * Shape: 16 bytes. Units: `rATovMs` milliseconds; `eDTov` milliseconds, or nanoseconds when
 * `features` has `E_D_TOV_IN_NS` (see `eDTovNs`).
 * Source: FC-LS-3, FLOGI LS_ACC common service parameters.
 */
export const flogiAcceptServiceParameters = codec(
  'FLOGI LS_ACC common service parameters',
  'FC-LS-3, common service parameters (FLOGI LS_ACC)',
  {
    ...linkParameters,
    features: flags(u16, FlogiAcceptFeatures),
    ...receiveSize,
    rATovMs: u32,
    eDTov: u32,
  },
);
/** What `flogiAcceptServiceParameters` decodes. */
export interface FlogiAcceptServiceParameters extends Infer<typeof flogiAcceptServiceParameters> {}
/** What `flogiAcceptServiceParameters` encodes. */
export interface FlogiAcceptServiceParametersInput
  extends InferInput<typeof flogiAcceptServiceParameters> {}

/**
 * Common service parameters of PLOGI and PDISC, request and accept.
 *
 * Shape: 16 bytes. Units: `eDTov` as in the FLOGI accept; `relativeOffsetByCategory` has one bit
 * per information category.
 * Source: FC-LS-3, PLOGI common service parameters.
 */
export const plogiServiceParameters = codec(
  'PLOGI common service parameters',
  'FC-LS-3, common service parameters (PLOGI)',
  {
    ...linkParameters,
    features: flags(u16, PlogiFeatures),
    ...receiveSize,
    totalConcurrentSequences: u16,
    relativeOffsetByCategory: withDefault(u16, 0),
    eDTov: withDefault(u32, 0),
  },
);
/** What `plogiServiceParameters` decodes. */
export interface PlogiServiceParameters extends Infer<typeof plogiServiceParameters> {}
/** What `plogiServiceParameters` encodes. */
export interface PlogiServiceParametersInput extends InferInput<typeof plogiServiceParameters> {}

/** E_D_TOV of common service parameters in nanoseconds, whatever unit the sender chose. */
export function eDTovNs(parameters: { features: number; eDTov: number }): number {
  const inNs = (parameters.features & FlogiAcceptFeatures.E_D_TOV_IN_NS) !== 0;
  return inNs ? parameters.eDTov : parameters.eDTov * 1_000_000;
}

/** Service options of a class. `PREFERENCE` and `PRIORITY` concern CS_CTL. */
export const ClassOptions = {
  VALID: 0x8000,
  INTERMIX: 0x4000,
  SEQUENTIAL_DELIVERY: 0x0800,
  DEDICATED_SIMPLEX: 0x0400,
  CAMP_ON: 0x0200,
  PRIORITY: 0x0080,
  PREFERENCE: 0x0040,
} as const;

/** Initiator control of a class; the initial process associator takes bits 13-12. */
export const InitiatorControl = {
  INITIAL_PROCESS_ASSOCIATOR_SUPPORTED: 0x1000,
  INITIAL_PROCESS_ASSOCIATOR_REQUIRED: 0x2000,
  ACK_0: 0x0800,
  ACK_GENERATION_ASSISTANCE: 0x0200,
  CLOCK_SYNCHRONIZATION: 0x0010,
} as const;

/** Recipient control of a class; the error policy takes bits 12-11, categories per sequence 9-8. */
export const RecipientControl = {
  ACK_0: 0x8000,
  X_ID_INTERLOCK: 0x2000,
  ERROR_POLICY_PROCESS: 0x1000,
  TWO_CATEGORIES_PER_SEQUENCE: 0x0100,
  MANY_CATEGORIES_PER_SEQUENCE: 0x0300,
  CLOCK_SYNCHRONIZATION: 0x0008,
} as const;

/**
 * Service parameters of one class.
 *
 * Shape: 16 bytes. Units: `receiveDataFieldSizeBytes` bytes.
 * Source: FC-LS-3, class service parameters.
 */
export const classParameters = codec(
  'class service parameters',
  'FC-LS-3, class service parameters',
  {
    options: flags(u16, ClassOptions),
    initiatorControl: withDefault(flags(u16, InitiatorControl), 0),
    recipientControl: withDefault(flags(u16, RecipientControl), 0),
    reserved1: reservedBits(4),
    receiveDataFieldSizeBytes: withDefault(bit(12), 0),
    concurrentSequences: withDefault(u16, 0),
    endToEndCredit: withDefault(u16, 0),
    openSequencesPerExchange: withDefault(u16, 0),
    reserved2: reserved16,
  },
);
/** What `classParameters` decodes. */
export interface ClassParameters extends Infer<typeof classParameters> {}
/** What `classParameters` encodes. */
export interface ClassParametersInput extends InferInput<typeof classParameters> {}
/** `ClassParameters` as a field. */
export type ClassParametersField = FixedField<ClassParameters, true, ClassParametersInput>;

/** Parameters of a class that a port does not support: all zero. */
export const noClass: ClassParameters = classParameters.decode(new Uint8Array(16));

/**
 * Quality of service of clock synchronization.
 *
 * Shape: 8 bytes.
 * Source: FC-LS-3, clock synchronization quality of service.
 */
export const clockSyncQos = codec(
  'clock synchronization quality of service',
  'FC-LS-3, clock synchronization',
  {
    mode: u8,
    accuracy: u8,
    implementedMsb: u8,
    implementedLsb: u8,
    updatePeriod: u32,
  },
);
/** What `clockSyncQos` decodes. */
export type ClockSyncQos = Infer<typeof clockSyncQos>;

const noClockSync: ClockSyncQos = {
  mode: 0,
  accuracy: 0,
  implementedMsb: 0,
  implementedLsb: 0,
  updatePeriod: 0,
};

/**
 * What the long form of a login adds.
 *
 * Shape: 140 bytes behind the vendor version level, so that the payload is 256 bytes, and then
 * login extension data where there is some.
 * Source: FC-LS-3, FLOGI payload with the payload bit.
 */
export const loginExtension = codec('login extension', 'FC-LS-3, FLOGI payload', {
  servicesAvailability: u64,
  loginExtensionDataLength: withDefault(u32, 0),
  reserved1: reservedBytes(120),
  clockSynchronizationQos: withDefault(struct(clockSyncQos), noClockSync),
  loginExtensionData: rest,
});
/** What `loginExtension` decodes. */
export type LoginExtension = Infer<typeof loginExtension>;
