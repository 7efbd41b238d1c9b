/** Mode pages of every device type, and those of Fibre Channel. Source: SPC-5, 7.5; FCP-4, 10. */
import {
  bit,
  named,
  reserved8,
  reserved16,
  reservedBits,
  reservedBytes,
  rest,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { ProtocolIdentifier } from './designation.ts';
import { ModePageCode, page, subpage } from './mode-page-parts.ts';
import { option, optionByte } from './parts.ts';

/** Limits in units of the transport; over Fibre Channel bursts count 512 bytes. Shape: 16 bytes. */
export const disconnectReconnect = page(
  'disconnect-reconnect',
  ModePageCode.DISCONNECT_RECONNECT,
  'SPC-5, Disconnect-Reconnect mode page; FCP-4, 10.2',
  {
    bufferFullRatio: optionByte,
    bufferEmptyRatio: optionByte,
    busInactivityLimit: withDefault(u16, 0),
    disconnectTimeLimit: withDefault(u16, 0),
    connectTimeLimit: withDefault(u16, 0),
    maximumBurstSize: withDefault(u16, 0),
    emdp: option(1),
    fairArbitration: option(3),
    dimm: option(1),
    dtdc: option(3),
    reserved1: reserved8,
    firstBurstSize: withDefault(u16, 0),
  },
);

/** TST: one task set for all I_T nexuses, or one for each. */
export const TaskSetType = { ONE_FOR_ALL: 0, ONE_PER_NEXUS: 1 } as const;
/** QUEUE ALGORITHM MODIFIER. */
export const QueueAlgorithm = { RESTRICTED: 0, UNRESTRICTED: 1 } as const;
/** QERR: what a CHECK CONDITION does to the other commands of the task set. */
export const Qerr = { CONTINUE: 0, ABORT_ALL: 1, ABORT_OF_THE_NEXUS: 3 } as const;
/** UA_INTLCK_CTRL. */
export const UaInterlock = { CLEAR: 0, KEEP: 2, KEEP_AND_ESTABLISH: 3 } as const;

/**
 * How the task set is run: one for all nexuses or one each, what errors do to other commands.
 *
 * Shape: 12 bytes.
 * Units: the busy time-out in 100 ms, the self-test in seconds.
 */
export const control = page('control', ModePageCode.CONTROL, 'SPC-5, Control mode page', {
  tst: withDefault(named(bit(3), TaskSetType), TaskSetType.ONE_FOR_ALL),
  tmfOnly: option(1),
  dpicz: option(1),
  dSense: option(1),
  gltsd: option(1),
  rlec: option(1),
  queueAlgorithmModifier: withDefault(named(bit(4), QueueAlgorithm), QueueAlgorithm.RESTRICTED),
  nuar: option(1),
  qerr: withDefault(named(bit(2), Qerr), Qerr.CONTINUE),
  /** DQUE of SPC-2. */
  obsolete1: reservedBits(1),
  vendorSpecific: option(1),
  rac: option(1),
  uaIntlckCtrl: withDefault(named(bit(2), UaInterlock), UaInterlock.CLEAR),
  swp: option(1),
  /** RAERP, UAAERP and EAERP of SPC-2. */
  obsolete2: reservedBits(3),
  ato: option(1),
  tas: option(1),
  atmpe: option(1),
  rwwp: option(1),
  sblp: option(1),
  autoloadMode: option(3),
  obsolete3: reserved16,
  busyTimeoutPeriod100Ms: withDefault(u16, 0),
  extendedSelfTestCompletionTimeSeconds: withDefault(u16, 0),
});

/** IALUAE: implicit asymmetric access is on. Shape: 32 bytes. */
export const controlExtension = subpage(
  'control extension',
  ModePageCode.CONTROL,
  0x01,
  'SPC-5, Control Extension mode page',
  {
    reserved1: reservedBits(4),
    dlc: option(1),
    tcmos: option(1),
    scsip: option(1),
    ialuae: option(1),
    reserved2: reservedBits(4),
    initialCommandPriority: option(4),
    maximumSenseDataLengthBytes: optionByte,
    reserved3: reservedBytes(25),
  },
);

const protocolIdentifier = {
  reserved1: reservedBits(4),
  protocolIdentifier: withDefault(
    named(bit(4), ProtocolIdentifier),
    ProtocolIdentifier.FIBRE_CHANNEL,
  ),
} as const;

/** EPDC: precise delivery checking by CRN. Shape: 8 bytes. */
export const fcLogicalUnit = page(
  'FC logical unit',
  ModePageCode.PROTOCOL_SPECIFIC_LOGICAL_UNIT,
  'FCP-4, Fibre Channel Logical Unit Control mode page',
  {
    ...protocolIdentifier,
    reserved2: reservedBits(7),
    epdc: option(1),
    reserved3: reservedBytes(4),
  },
);

/** RR_TOV UNITS. */
export const RrTovUnits = { NONE: 0, MS_1: 1, MS_100: 3, SECONDS_10: 5 } as const;

/** What a target port of Fibre Channel does at a loop and with FLOGI; RR_TOV. Shape: 8 bytes. */
export const fcPort = page(
  'FC port',
  ModePageCode.PROTOCOL_SPECIFIC_PORT,
  'FCP-4, Fibre Channel Port Control mode page',
  {
    ...protocolIdentifier,
    dtfd: option(1),
    plpb: option(1),
    ddis: option(1),
    dlm: option(1),
    rha: option(1),
    alwi: option(1),
    dtipe: option(1),
    dtoli: option(1),
    reserved2: reserved16,
    reserved3: reservedBits(5),
    rrTovUnits: withDefault(named(bit(3), RrTovUnits), RrTovUnits.NONE),
    rrTov: optionByte,
  },
);

/**
 * When the unit goes idle and to standby.
 *
 * Shape: 12 bytes, 40 since SPC-4.
 * Units: timers in 100 ms.
 */
export const powerCondition = page(
  'power condition',
  ModePageCode.POWER_CONDITION,
  'SPC-5, Power Condition mode page',
  {
    pmBgPrecedence: option(2),
    reserved1: reservedBits(5),
    standbyY: option(1),
    reserved2: reservedBits(4),
    idleC: option(1),
    idleB: option(1),
    idleA: option(1),
    standbyZ: option(1),
    idleATimer100Ms: withDefault(u32, 0),
    standbyZTimer100Ms: withDefault(u32, 0),
    /** The timers idle_b, idle_c and standby_y since SPC-4. */
    otherTimers: rest,
  },
);

/** MRIE: how informational exceptions are told. */
export const Mrie = {
  NONE: 0x0,
  ASYNCHRONOUS_EVENT: 0x1,
  UNIT_ATTENTION: 0x2,
  CONDITIONAL_RECOVERED_ERROR: 0x3,
  UNCONDITIONAL_RECOVERED_ERROR: 0x4,
  NO_SENSE: 0x5,
  ON_REQUEST: 0x6,
} as const;

/**
 * Whether and how failures that are foreseen are told.
 *
 * Shape: 12 bytes.
 * Units: the interval in 100 ms.
 */
export const informationalExceptions = page(
  'informational exceptions control',
  ModePageCode.INFORMATIONAL_EXCEPTIONS_CONTROL,
  'SPC-5, Informational Exceptions Control mode page',
  {
    perf: option(1),
    reserved1: reservedBits(1),
    ebf: option(1),
    ewasc: option(1),
    dexcpt: option(1),
    test: option(1),
    ebackerr: option(1),
    logerr: option(1),
    reserved2: reservedBits(4),
    mrie: withDefault(named(bit(4), Mrie), Mrie.NONE),
    intervalTimer100Ms: withDefault(u32, 0),
    reportCount: withDefault(u32, 0),
  },
);
