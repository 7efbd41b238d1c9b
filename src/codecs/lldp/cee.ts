/**
 * DCBX as Converged Enhanced Ethernet had it before the standard: one organizationally specific
 * TLV that holds TLVs of its own.
 * Source: DCB Capability Exchange Protocol 1.01; Wireshark epan/dissectors/packet-lldp.c.
 */
import {
  bit,
  bytes,
  codec,
  derived,
  family,
  type Infer,
  type InferInput,
  list,
  named,
  reservedBits,
  rest,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { LldpOui, organizationHead, TLV_HEAD_BYTES, tlvAt } from './tlv.ts';

const SOURCE = 'DCBX 1.01';

/** Types of the TLVs inside. */
export const CeeType = {
  Control: 1,
  'Priority Groups': 2,
  'Priority-based Flow Control': 3,
  'Application Protocol': 4,
  'Logical Link Down': 6,
} as const;

const FEATURE_BYTES = 4;
const head = (type: number, fixed: number, key?: string) => ({
  type: withDefault(named(bit(7), CeeType), type),
  lengthBytes: derived(bit(9), (_, sizeOf) => fixed + (key === undefined ? 0 : sizeOf(key))),
  operatingVersion: withDefault(u8, 0),
  maximumVersion: withDefault(u8, 0),
});
const feature = (type: number, fixed: number, key?: string) => ({
  ...head(type, FEATURE_BYTES + fixed, key),
  enabled: withDefault(bit(1), 0),
  willing: withDefault(bit(1), 0),
  error: withDefault(bit(1), 0),
  reserved: reservedBits(5),
  subtype: withDefault(u8, 0),
});

/** Sequence and acknowledgement numbers of the exchange. Shape: 12 bytes. */
export const ceeControl = codec(
  'CEE Control',
  SOURCE,
  { ...head(CeeType.Control, 10), sequence: u32, acknowledgement: u32 },
  'control',
);

/**
 * Priority groups: a group for each priority (15: no limit), and bandwidth in percent by group.
 *
 * Shape: 19 bytes.
 */
export const ceePriorityGroups = codec(
  'CEE Priority Groups',
  SOURCE,
  {
    ...feature(CeeType['Priority Groups'], 13),
    priority0: bit(4),
    priority1: bit(4),
    priority2: bit(4),
    priority3: bit(4),
    priority4: bit(4),
    priority5: bit(4),
    priority6: bit(4),
    priority7: bit(4),
    bandwidthPercent: bytes(8),
    trafficClasses: u8,
  },
  'priorityGroups',
);

/** Priority-based flow control: a bit for each priority, bit 0 priority 0. Shape: 8 bytes. */
export const ceePfc = codec(
  'CEE Priority-based Flow Control',
  SOURCE,
  {
    ...feature(CeeType['Priority-based Flow Control'], 2),
    enabledPriorities: u8,
    trafficClasses: u8,
  },
  'pfc',
);

/** What the protocol number of a CEE application entry is. */
export const CeeSelector = { EtherType: 0, 'TCP or UDP port': 1 } as const;

/** A protocol and the priorities it may use. Shape: 6 bytes. */
export const ceeApplication = codec('CEE application entry', SOURCE, {
  protocolId: u16,
  ouiUpper: bit(6),
  selector: named(bit(2), CeeSelector),
  ouiLower: u16,
  priorityMap: u8,
});
export type CeeApplication = Infer<typeof ceeApplication>;

/** Which protocols go by which priorities. Shape: 6 bytes and 6 an application. */
export const ceeApplicationProtocol = codec(
  'CEE Application Protocol',
  SOURCE,
  {
    ...feature(CeeType['Application Protocol'], 0, 'applications'),
    applications: list(ceeApplication),
  },
  'applicationProtocol',
);

/**
 * FCoE's or the LAN's logical link is down: why a link that is up carries nothing.
 *
 * Shape: 6 bytes and the status.
 */
export const ceeLogicalLinkDown = codec(
  'CEE Logical Link Down',
  SOURCE,
  { ...feature(CeeType['Logical Link Down'], 0, 'status'), status: rest },
  'logicalLinkDown',
);

/**
 * Any TLV inside a CEE TLV.
 *
 * Shape: 2 bytes and `lengthBytes`.
 * Errors: `bad-length` for one that runs past the CEE TLV.
 */
export const ceeTlv = family('CEE TLV', SOURCE, {
  members: {
    1: ceeControl,
    2: ceePriorityGroups,
    3: ceePfc,
    4: ceeApplicationProtocol,
    6: ceeLogicalLinkDown,
  },
  peekBytes: TLV_HEAD_BYTES,
  spoilsItself: true,
  select(source, at) {
    const { type } = tlvAt(source, at);
    return (type >= 1 && type <= 4) || type === 6 ? (type as 1) : undefined;
  },
  extent: (source, at) => TLV_HEAD_BYTES + tlvAt(source, at).lengthBytes,
});
export type CeeTlv = Infer<typeof ceeTlv>;
export type CeeTlvInput = InferInput<typeof ceeTlv>;

/** Subtypes of the CEE organization's TLV: the first version, and 1.01. */
export const CeeSubtype = { 'Cisco, Intel, Nuova': 1, CEE: 2 } as const;

/** DCBX as CEE: an organizationally specific TLV that holds TLVs. Shape: 6 bytes and TLVs. */
export const lldpCee = codec(
  'LLDP DCBX CEE',
  SOURCE,
  {
    ...organizationHead(LldpOui['DCBX CEE'], CeeSubtype, CeeSubtype.CEE, 0, 'tlvs'),
    tlvs: list(ceeTlv),
  },
  'cee',
);
export type LldpCee = Infer<typeof lldpCee>;
