/** Fabric shortest path first: HLO, LSU, LSA. They have no accepts. */
import {
  bytes,
  codec,
  derived,
  type FixedField,
  family,
  flags,
  hex,
  type Infer,
  list,
  named,
  of,
  reserved8,
  reserved16,
  reserved24,
  reserved32,
  u8,
  u16,
  u24,
  u32,
  withDefault,
} from '../layout/index.ts';
import { SwIlsCommand } from './codes.ts';
import { commandCode } from './parts.ts';

const FSPF_VERSION = 2;
const NO_AUTHENTICATION = new Uint8Array(8);

/** FSPF header. Shape: 20 bytes with the command. Source: FC-SW-6, FSPF header. */
const fspfHead = (code: number) => ({
  command: commandCode(code),
  reserved1: reserved24,
  version: withDefault(u8, FSPF_VERSION),
  areaNumber: withDefault(u8, 0),
  authenticationType: withDefault(u8, 0),
  reserved2: reserved8,
  reserved3: reserved24,
  originatingDomainId: u8,
  authentication: withDefault(bytes(8), NO_AUTHENTICATION),
});

/**
 * Hello: a neighbour is there.
 *
 * Shape: 40 bytes. Units: both intervals in seconds.
 * Source: FC-SW-6, HLO.
 */
export const hlo = codec(
  'HLO',
  'FC-SW-6, HLO',
  {
    ...fspfHead(SwIlsCommand.HLO),
    options: reserved32,
    helloIntervalSeconds: u32,
    deadIntervalSeconds: u32,
    reserved4: reserved24,
    recipientDomainId: u8,
    reserved5: reserved8,
    originatingPortIndex: u24,
  },
  'HLO',
);
export type Hlo = Infer<typeof hlo>;

/** Kinds of link state records. Source: FC-SW-6, link state record types. */
export const LinkStateRecordType = { SWITCH_LINK: 0x01, AREA_SUMMARY: 0x02 } as const;

const RECORD_HEAD_BYTES = 24;
const recordHead = {
  type: withDefault(named(u8, LinkStateRecordType), LinkStateRecordType.SWITCH_LINK),
  reserved1: reserved8,
  ageSeconds: u16,
  options: reserved32,
  reserved2: reserved24,
  linkStateId: u8,
  reserved3: reserved24,
  advertisingDomainId: u8,
  incarnationNumber: hex(u32),
  checksum: hex(u16),
} as const;

/** Link state record header. Shape: 24 bytes. Source: FC-SW-6, link state record header. */
export const linkStateRecordHeader = codec('link state record header', 'FC-SW-6, LSA', {
  ...recordHead,
  recordLengthBytes: u16,
});
export type LinkStateRecordHeader = Infer<typeof linkStateRecordHeader>;

/** Kinds of links. Source: FC-SW-6, link types. */
export const FspfLinkType = { POINT_TO_POINT: 0x01 } as const;
const LINK_BYTES = 16;
/**
 * A link to a neighbour; `linkId` is its domain.
 *
 * Shape: 16 bytes.
 * Source: FC-SW-6, link descriptor.
 */
export const linkDescriptor = codec('link descriptor', 'FC-SW-6, LSU', {
  reserved1: reserved8,
  linkId: u24,
  reserved2: reserved8,
  outputPortIndex: u24,
  reserved3: reserved8,
  neighborPortIndex: u24,
  linkType: withDefault(named(u8, FspfLinkType), FspfLinkType.POINT_TO_POINT),
  reserved4: reserved8,
  linkCost: u16,
});
export type LinkDescriptor = Infer<typeof linkDescriptor>;

const LINK_LIST_HEAD_BYTES = 4;
const switchLinkLength: FixedField<number, true> = derived(
  u16,
  (_value, sizeOf) => RECORD_HEAD_BYTES + LINK_LIST_HEAD_BYTES + sizeOf('links'),
);
/**
 * Switch link record: all links of a switch.
 *
 * Shape: 28 bytes and 16 per link.
 * Source: FC-SW-6, switch link record.
 */
export const switchLinkRecord = codec(
  'switch link record',
  'FC-SW-6, LSU',
  {
    ...recordHead,
    recordLengthBytes: switchLinkLength,
    reserved4: reserved16,
    linkCount: derived(u16, (_value, sizeOf) => sizeOf('links') / LINK_BYTES),
    links: list(linkDescriptor, { count: of<{ linkCount: number }>((value) => value.linkCount) }),
  },
  'SWITCH_LINK',
);
export type SwitchLinkRecord = Infer<typeof switchLinkRecord>;

/**
 * A link state record by its type, as long as it says itself.
 *
 * Shape: 24 bytes and more, as its length says.
 * Source: FC-SW-6, link state records.
 */
export const linkStateRecord = family('link state record', 'FC-SW-6, LSU', {
  members: { SWITCH_LINK: switchLinkRecord },
  select: (raw, at) => (raw[at] === LinkStateRecordType.SWITCH_LINK ? 'SWITCH_LINK' : undefined),
  peekBytes: RECORD_HEAD_BYTES,
  extent: (raw, at) => u16.read(raw, at + 22, 0),
});
export type LinkStateRecord = Infer<typeof linkStateRecord>;

/** Why records are sent. Source: FC-SW-6, LSU flags. */
export const LinkStateFlags = { DATABASE_EXCHANGE: 0x01, DATABASE_COMPLETE: 0x02 } as const;
const countOf = (value: Readonly<Record<string, unknown>>): number =>
  Array.isArray(value.records) ? value.records.length : 0;
const count = of<{ recordCount: number }>((value) => value.recordCount);

/** Link state update. Shape: 28 bytes and records. Source: FC-SW-6, LSU. */
export const lsu = codec(
  'LSU',
  'FC-SW-6, LSU',
  {
    ...fspfHead(SwIlsCommand.LSU),
    reserved4: reserved24,
    flags: withDefault(flags(u8, LinkStateFlags), 0),
    recordCount: derived(u32, countOf),
    records: list(linkStateRecord, { count }),
  },
  'LSU',
);
export type Lsu = Infer<typeof lsu>;

/**
 * Link state acknowledgement: the headers of what came.
 *
 * Shape: 28 bytes and 24 per record.
 * Source: FC-SW-6, LSA.
 */
export const lsa = codec(
  'LSA',
  'FC-SW-6, LSA',
  {
    ...fspfHead(SwIlsCommand.LSA),
    reserved4: reserved24,
    flags: withDefault(flags(u8, LinkStateFlags), 0),
    recordCount: derived(u32, countOf),
    records: list(linkStateRecordHeader, { count }),
  },
  'LSA',
);
export type Lsa = Infer<typeof lsa>;
