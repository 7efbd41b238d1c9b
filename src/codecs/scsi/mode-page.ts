/** Mode pages: the settings of a logical unit. Source: SPC-5, 7.5; SBC-4, 6.5; FCP-4, 10. */
import {
  bit,
  codec,
  derived,
  family,
  hex,
  type Infer,
  type InferInput,
  list,
  named,
  reserved8,
  reserved16,
  reserved24,
  reservedBits,
  reservedBytes,
  rest,
  type Table,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { ProtocolIdentifier } from './designation.ts';
import { option, optionByte } from './parts.ts';
import { bytesOf } from './shape.ts';

/** PAGE CODE of pages for block devices and all devices; 3Fh asks for all of them. */
export const ModePageCode = {
  VENDOR_SPECIFIC: 0x00,
  READ_WRITE_ERROR_RECOVERY: 0x01,
  DISCONNECT_RECONNECT: 0x02,
  FORMAT_DEVICE: 0x03,
  RIGID_DISK_GEOMETRY: 0x04,
  VERIFY_ERROR_RECOVERY: 0x07,
  CACHING: 0x08,
  CONTROL: 0x0a,
  NOTCH_AND_PARTITION: 0x0c,
  PROTOCOL_SPECIFIC_LOGICAL_UNIT: 0x18,
  PROTOCOL_SPECIFIC_PORT: 0x19,
  POWER_CONDITION: 0x1a,
  INFORMATIONAL_EXCEPTIONS_CONTROL: 0x1c,
  ALL: 0x3f,
} as const;

const opening = (code: number, spf: number) => ({
  ps: option(1),
  spf: withDefault(bit(1), spf),
  pageCode: withDefault(named(bit(6), ModePageCode), code),
});

function page<const K extends string, F extends Table>(
  kind: K,
  code: number,
  source: string,
  fields: F,
) {
  return codec(
    `Mode page: ${kind}`,
    source,
    { ...opening(code, 0), pageLengthBytes: derived(u8, bytesOf(fields)), ...fields },
    kind,
  );
}

function subpage<const K extends string, F extends Table>(
  kind: K,
  code: number,
  subpageCode: number,
  source: string,
  fields: F,
) {
  return codec(
    `Mode page: ${kind}`,
    source,
    {
      ...opening(code, 1),
      subpageCode: withDefault(u8, subpageCode),
      pageLengthBytes: derived(u16, bytesOf(fields)),
      ...fields,
    },
    kind,
  );
}

const readWriteErrorRecovery = page(
  'read-write error recovery',
  ModePageCode.READ_WRITE_ERROR_RECOVERY,
  'SBC-4, Read-Write Error Recovery mode page',
  {
    awre: option(1),
    arre: option(1),
    tb: option(1),
    rc: option(1),
    eer: option(1),
    per: option(1),
    dte: option(1),
    dcr: option(1),
    readRetryCount: optionByte,
    obsolete1: reserved24,
    lbpere: option(1),
    reserved1: reservedBits(7),
    writeRetryCount: optionByte,
    reserved2: reserved8,
    recoveryTimeLimitMs: withDefault(u16, 0),
  },
);

/** Limits in units of the transport; over Fibre Channel bursts count 512 bytes. */
const disconnectReconnect = page(
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

const verifyErrorRecovery = page(
  'verify error recovery',
  ModePageCode.VERIFY_ERROR_RECOVERY,
  'SBC-4, Verify Error Recovery mode page',
  {
    reserved1: reservedBits(4),
    eer: option(1),
    per: option(1),
    dte: option(1),
    dcr: option(1),
    verifyRetryCount: optionByte,
    obsolete1: reserved8,
    reserved2: reservedBytes(5),
    verifyRecoveryTimeLimitMs: withDefault(u16, 0),
  },
);

const caching = page('caching', ModePageCode.CACHING, 'SBC-4, Caching mode page', {
  ic: option(1),
  abpf: option(1),
  cap: option(1),
  disc: option(1),
  size: option(1),
  wce: option(1),
  mf: option(1),
  rcd: option(1),
  demandReadRetentionPriority: option(4),
  writeRetentionPriority: option(4),
  disablePrefetchTransferLengthBlocks: withDefault(u16, 0),
  minimumPrefetchBlocks: withDefault(u16, 0),
  maximumPrefetchBlocks: withDefault(u16, 0),
  maximumPrefetchCeilingBlocks: withDefault(u16, 0),
  fsw: option(1),
  lbcss: option(1),
  dra: option(1),
  vendorSpecific: option(2),
  syncProg: option(2),
  nvDis: option(1),
  numberOfCacheSegments: optionByte,
  cacheSegmentSize: withDefault(u16, 0),
  reserved1: reserved8,
  obsolete1: reserved24,
});

/** TST: one task set for all I_T nexuses, or one for each. */
export const TaskSetType = { ONE_FOR_ALL: 0, ONE_PER_NEXUS: 1 } as const;
/** QUEUE ALGORITHM MODIFIER. */
export const QueueAlgorithm = { RESTRICTED: 0, UNRESTRICTED: 1 } as const;
/** QERR: what a CHECK CONDITION does to the other commands of the task set. */
export const Qerr = { CONTINUE: 0, ABORT_ALL: 1, ABORT_OF_THE_NEXUS: 3 } as const;
/** UA_INTLCK_CTRL. */
export const UaInterlock = { CLEAR: 0, KEEP: 2, KEEP_AND_ESTABLISH: 3 } as const;

const control = page('control', ModePageCode.CONTROL, 'SPC-5, Control mode page', {
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

/** IALUAE: implicit asymmetric access is on. */
const controlExtension = subpage(
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

/** EPDC: precise delivery checking by CRN. */
const fcLogicalUnit = page(
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

const fcPort = page(
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

const powerCondition = page(
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

const informationalExceptions = page(
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

const thresholdDescriptor = codec(
  'Threshold descriptor',
  'SBC-4, Logical Block Provisioning mode page',
  {
    enabled: option(1),
    reserved1: reservedBits(1),
    thresholdType: option(3),
    thresholdArming: option(3),
    thresholdResource: u8,
    reserved2: reserved16,
    thresholdCount: u32,
  },
);

const logicalBlockProvisioning = subpage(
  'logical block provisioning',
  ModePageCode.INFORMATIONAL_EXCEPTIONS_CONTROL,
  0x02,
  'SBC-4, Logical Block Provisioning mode page',
  {
    reserved1: reservedBits(7),
    situa: option(1),
    reserved2: reservedBytes(11),
    thresholds: list(thresholdDescriptor),
  },
);

/** A page without a layout of its own here, or one cut by the allocation length. */
const otherPage = codec(
  'Mode page',
  'SPC-5, mode page format',
  {
    ps: option(1),
    spf: withDefault(bit(1), 0),
    pageCode: named(bit(6), ModePageCode),
    pageLengthBytes: derived(u8, bytesOf({ parameters: rest })),
    parameters: rest,
  },
  'mode page',
);
const otherSubpage = codec(
  'Mode subpage',
  'SPC-5, subpage mode page format',
  {
    ps: option(1),
    spf: withDefault(bit(1), 1),
    pageCode: named(bit(6), ModePageCode),
    subpageCode: hex(u8),
    pageLengthBytes: derived(u16, bytesOf({ parameters: rest })),
    parameters: rest,
  },
  'mode subpage',
);

/** Subpages: page code x 256 + subpage code. */
const Subpage = { CONTROL_EXTENSION: 0x0a01, LOGICAL_BLOCK_PROVISIONING: 0x1c02 } as const;

const members = {
  [ModePageCode.READ_WRITE_ERROR_RECOVERY]: readWriteErrorRecovery,
  [ModePageCode.DISCONNECT_RECONNECT]: disconnectReconnect,
  [ModePageCode.VERIFY_ERROR_RECOVERY]: verifyErrorRecovery,
  [ModePageCode.CACHING]: caching,
  [ModePageCode.CONTROL]: control,
  [ModePageCode.PROTOCOL_SPECIFIC_LOGICAL_UNIT]: fcLogicalUnit,
  [ModePageCode.PROTOCOL_SPECIFIC_PORT]: fcPort,
  [ModePageCode.POWER_CONDITION]: powerCondition,
  [ModePageCode.INFORMATIONAL_EXCEPTIONS_CONTROL]: informationalExceptions,
  [Subpage.CONTROL_EXTENSION]: controlExtension,
  [Subpage.LOGICAL_BLOCK_PROVISIONING]: logicalBlockProvisioning,
} as const;

/** Page code and, for a subpage, page code x 256 + subpage code. */
function keyAt(bytes: Uint8Array, at: number): number {
  const code = bytes[at]! & 0x3f;
  return (bytes[at]! & 0x40) === 0 ? code : code * 256 + (bytes[at + 1] ?? 0);
}

const lengthAt = (bytes: Uint8Array, at: number, end: number): number => {
  if ((bytes[at]! & 0x40) === 0) return 2 + bytes[at + 1]!;
  return end - at < 4 ? end - at : 4 + bytes[at + 2]! * 256 + bytes[at + 3]!;
};

/**
 * Any mode page: as many bytes as its length says, or as are there.
 *
 * A page that is not in the table, one that is shorter than its table and one that was cut decode
 * to kind `mode page` or `mode subpage`, their parameters as bytes. Errors: `truncated` below 2.
 */
export const modePage = family('Mode page', 'SPC-5, 7.5', {
  members: { ...members, otherPage, otherSubpage },
  select(bytes, at, end) {
    const isSubpage = (bytes[at]! & 0x40) !== 0;
    if (isSubpage && end - at < 4) return undefined;
    const key = keyAt(bytes, at);
    if (key in members) {
      const member = key as keyof typeof members;
      if (end - at >= members[member].minBytes) return member;
    }
    return isSubpage ? 'otherSubpage' : 'otherPage';
  },
  peekBytes: 2,
  extent: (bytes, at, end) => Math.min(lengthAt(bytes, at, end), end - at),
});
export type ModePage = Infer<typeof modePage>;
export type ModePageInput = InferInput<typeof modePage>;
