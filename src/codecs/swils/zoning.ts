/** Zoning between switches: MR, ACA, RCA, SFC, UFC, MRRA, and the enhanced commit service. */
import {
  bytes,
  codec,
  derived,
  embed,
  fixedTail,
  type Infer,
  list,
  named,
  of,
  optional,
  reserved8,
  reserved16,
  rest,
  sized,
  type TailField,
  text,
  u8,
  u16,
  u32,
  when,
  withDefault,
} from '../layout/index.ts';
import { withoutLayout } from '../without-layout.ts';
import { EnhancedCommit, SwIlsCommand } from './codes.ts';
import { domainIdEntry } from './fabric.ts';
import { acceptHead, bareAccept, commandCode, head, plainRequest } from './parts.ts';
import {
  type ActiveZoneSet,
  type ActiveZoneSetInput,
  activeZoneSet,
  type FullZoneSet,
  type FullZoneSetInput,
  fullZoneSet,
} from './zoning-objects.ts';

/** How a zoning request ended. Source: FC-SW-6, MR response status. */
export const ZoningStatus = { SUCCESSFUL: 0, FABRIC_BUSY: 1, FAILED: 2 } as const;
/** Why. Source: FC-SW-6, MR response reason. */
export const ZoningReason = {
  NO_REASON: 0x0,
  INVALID_DATA_LENGTH: 0x1,
  UNSUPPORTED_COMMAND: 0x2,
  NOT_AUTHORIZED: 0x4,
  INVALID_REQUEST: 0x5,
  FABRIC_CHANGING: 0x6,
  UPDATE_NOT_STAGED: 0x7,
  INVALID_ZONE_SET_FORMAT: 0x8,
  INVALID_DATA: 0x9,
  CANNOT_MERGE: 0xa,
} as const;

/** The accept of every basic zoning request. Shape: 8 bytes. Source: FC-SW-6, MR accept. */
const zoningAccept = <const K extends string>(name: K) =>
  codec(
    `SW_ACC to ${name}`,
    `FC-SW-6, ${name} accept`,
    {
      ...acceptHead,
      reserved2: reserved8,
      status: withDefault(named(u8, ZoningStatus), 0),
      reason: withDefault(named(u8, ZoningReason), 0),
      vendorUnique: withDefault(u8, 0),
    },
    `SW_ACC ${name}`,
  );

/** Zoning protocol of MR. Source: FC-SW-6, MR protocol version. */
export const MergeProtocol = { BASIC: 0, ENHANCED: 1 } as const;
type Merge = { protocolVersion: number; activeLengthBytes: number; fullLengthBytes?: number };
const isBasic = (value: Merge): boolean => value.protocolVersion === MergeProtocol.BASIC;

/** Basic zoning always tells the full zone set's length, enhanced zoning never. */
const mergeFullLength: TailField<number | undefined, true> = {
  ...optional(when<Merge>(isBasic), fixedTail(u32)),
  default: (value, sizeOf) =>
    (value.protocolVersion ?? MergeProtocol.BASIC) === MergeProtocol.BASIC
      ? sizeOf('full')
      : undefined,
};

/**
 * Merge request: two switches compare their zoning.
 *
 * Shape: in basic zoning 4 bytes, the active zone set, the length of the full zone set (4) and
 * that; a length of zero leaves a set out. In enhanced zoning the
 * rest stays bytes (`enhanced`): layout: no public source.
 * Source: FC-SW-6, MR.
 */
export const mr = codec(
  'MR',
  'FC-SW-6, MR',
  {
    command: commandCode(SwIlsCommand.MR),
    protocolVersion: withDefault(named(u8, MergeProtocol), MergeProtocol.BASIC),
    activeLengthBytes: derived(u16, (_value, sizeOf) => sizeOf('active')),
    active: optional(
      when<Merge>((value) => isBasic(value) && value.activeLengthBytes > 0),
      sized(
        of<Merge>((value) => value.activeLengthBytes),
        embed<ActiveZoneSet, ActiveZoneSetInput>(activeZoneSet),
      ),
    ),
    fullLengthBytes: mergeFullLength,
    full: optional(
      when<Merge>((value) => (value.fullLengthBytes ?? 0) > 0),
      sized(
        of<Merge>((value) => value.fullLengthBytes ?? 0),
        embed<FullZoneSet, FullZoneSetInput>(fullZoneSet),
      ),
    ),
    enhanced: rest,
  },
  'MR',
);
export type Mr = Infer<typeof mr>;
/** Accept of MR. Shape: 8 bytes. */
export const mrAccept = zoningAccept('MR');

/** Acquire change authorization. Shape: 4 bytes and 4 per domain. Source: FC-SW-6, ACA. */
export const aca = codec(
  'ACA',
  'FC-SW-6, ACA',
  {
    command: commandCode(SwIlsCommand.ACA),
    reserved1: reserved8,
    domainsLengthBytes: derived(u16, (_value, sizeOf) => sizeOf('domains')),
    domains: sized(
      of<{ domainsLengthBytes: number }>((value) => value.domainsLengthBytes),
      list(domainIdEntry),
    ),
  },
  'ACA',
);
export type Aca = Infer<typeof aca>;
/** Accept of ACA. Shape: 8 bytes. */
export const acaAccept = zoningAccept('ACA');
/** Release change authorization. Shape: 4 bytes. Source: FC-SW-6, RCA. */
export const rca = plainRequest('RCA');
export type Rca = Infer<typeof rca>;
/** Accept of RCA. Shape: 8 bytes. */
export const rcaAccept = zoningAccept('RCA');

/** What is staged. Source: FC-SW-6, SFC operation request. */
export const SfcOperation = { ACTIVATE_ZONE_SET: 3, DEACTIVATE_ZONE_SET: 4 } as const;
type Stage = { zoneSetLengthBytes: number; fullLengthBytes: number };
/**
 * Stage fabric configuration.
 *
 * Shape: 4 bytes, the zone set to activate, the length of the full zone set (4) and that.
 * Source: FC-SW-6, SFC.
 */
export const sfc = codec(
  'SFC',
  'FC-SW-6, SFC',
  {
    command: commandCode(SwIlsCommand.SFC),
    operation: named(u8, SfcOperation),
    zoneSetLengthBytes: derived(u16, (_value, sizeOf) => sizeOf('zoneSet')),
    zoneSet: optional(
      when<Stage>((value) => value.zoneSetLengthBytes > 0),
      sized(
        of<Stage>((value) => value.zoneSetLengthBytes),
        embed<ActiveZoneSet, ActiveZoneSetInput>(activeZoneSet),
      ),
    ),
    fullLengthBytes: fixedTail(derived(u32, (_value, sizeOf) => sizeOf('full'))),
    full: optional(
      when<Stage>((value) => value.fullLengthBytes > 0),
      sized(
        of<Stage>((value) => value.fullLengthBytes),
        embed<FullZoneSet, FullZoneSetInput>(fullZoneSet),
      ),
    ),
  },
  'SFC',
);
export type Sfc = Infer<typeof sfc>;
/** Accept of SFC. Shape: 8 bytes. */
export const sfcAccept = zoningAccept('SFC');
/**
 * Update fabric configuration: what was staged takes force.
 *
 * Shape: 4 bytes.
 * Source: FC-SW-6, UFC.
 */
export const ufc = plainRequest('UFC');
export type Ufc = Infer<typeof ufc>;
/** Accept of UFC. Shape: 8 bytes. */
export const ufcAccept = zoningAccept('UFC');

const MRRA_REVISION = 1;
const VENDOR_BYTES = 8;
/**
 * Merge request resource allocation.
 *
 * Shape: 28 bytes.
 * Units: `sizeWords` 32-bit words.
 * Source: FC-SW-6, MRRA.
 */
export const mrra = codec(
  'MRRA',
  'FC-SW-6, MRRA',
  {
    ...head(SwIlsCommand.MRRA),
    revision: withDefault(u32, MRRA_REVISION),
    sizeWords: u32,
    vendorId: text(VENDOR_BYTES),
    vendorInformation: withDefault(bytes(8), new Uint8Array(8)),
  },
  'MRRA',
);
export type Mrra = Infer<typeof mrra>;
/** Whether the merge request fits. Source: FC-SW-6, MRRA response. */
export const MrraResponse = { AVAILABLE: 1, UNAVAILABLE: 2 } as const;
/** Accept of MRRA. Shape: 24 bytes. Source: FC-SW-6, MRRA accept. */
export const mrraAccept = codec(
  'SW_ACC to MRRA',
  'FC-SW-6, MRRA accept',
  {
    ...acceptHead,
    vendorId: text(VENDOR_BYTES),
    response: named(u32, MrraResponse),
    maximumSizeWords: u32,
    waitSeconds: u32,
  },
  'SW_ACC MRRA',
);
export type MrraAccept = Infer<typeof mrraAccept>;

/**
 * A request of the enhanced commit service: sub-command in the second byte.
 *
 * Layout: no public source.
 */
const enhanced = <const K extends keyof typeof EnhancedCommit>(name: K) =>
  codec(
    name,
    withoutLayout(`FC-SW-6, ${name}`),
    {
      command: commandCode(SwIlsCommand.ENHANCED_COMMIT),
      subCommand: withDefault(named(u8, EnhancedCommit), EnhancedCommit[name]),
      reserved1: reserved16,
      payload: rest,
    },
    name,
  );
/** Enhanced acquire change authorization. Shape: 4 bytes and a payload. */
export const eaca = enhanced('EACA');
/** Accept of EACA. Shape: 4 bytes and a payload. */
export const eacaAccept = bareAccept('EACA');
/** Enhanced stage fabric configuration. Shape: 4 bytes and a payload. */
export const esfc = enhanced('ESFC');
/** Accept of ESFC. Shape: 4 bytes and a payload. */
export const esfcAccept = bareAccept('ESFC');
/** Enhanced update fabric configuration. Shape: 4 bytes and a payload. */
export const eufc = enhanced('EUFC');
/** Accept of EUFC. Shape: 4 bytes and a payload. */
export const eufcAccept = bareAccept('EUFC');
/** Enhanced release change authorization. Shape: 4 bytes and a payload. */
export const erca = enhanced('ERCA');
/** Accept of ERCA. Shape: 4 bytes and a payload. */
export const ercaAccept = bareAccept('ERCA');
/** Transfer commit ownership. Shape: 4 bytes and a payload. */
export const tco = enhanced('TCO');
/** Accept of TCO. Shape: 4 bytes and a payload. */
export const tcoAccept = bareAccept('TCO');
