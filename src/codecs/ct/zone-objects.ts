/** Zone sets, zones and zone members as they stand in zone server requests. */
import {
  bytes,
  codec,
  derived,
  type FamilyCodec,
  type FixedField,
  family,
  fcId,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved8,
  reserved24,
  reserved32,
  rest,
  restText,
  sized,
  type Table,
  type TailField,
  u8,
  u16,
  u32,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { ZoneMemberType } from './zone-codes.ts';

const SOURCE = 'FC-GS-7, fabric zone server';
const WORD_BYTES = 4;

/** Zeros that fill a name up to whole words. */
export const fillBytes = (length: number): number =>
  (WORD_BYTES - (length % WORD_BYTES)) % WORD_BYTES;

type NameFields = {
  nameLengthBytes: FixedField<number, true>;
  reservedName: FixedField<number, true>;
  name: TailField<string, true>;
  fill: TailField<Uint8Array, true>;
};

/** A zone or zone set name: length, three reserved bytes, characters, filled up to whole words. */
export const zoneName: NameFields = {
  nameLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('name')),
  reservedName: reserved24,
  name: sized(
    of<{ nameLengthBytes: number }>((value) => value.nameLengthBytes),
    restText,
  ),
  fill: {
    ...sized(
      of<{ nameLengthBytes: number }>((value) => fillBytes(value.nameLengthBytes)),
      rest,
    ),
    default: (_value, sizeOf) => new Uint8Array(fillBytes(sizeOf('name'))),
  },
};

/** A name by itself. Shape: 4 bytes and whole words. Source: FC-GS-7, zone name. */
export const zoneNameObject = codec('zone name', `${SOURCE}, zone name`, zoneName);
/** What `zoneNameObject` decodes. */
export type ZoneNameObject = Infer<typeof zoneNameObject>;

type MemberName = keyof typeof ZoneMemberType;
const member = <const K extends MemberName, F extends Table>(kind: K, body: F) => {
  const table: MemberHead & F = {
    type: withDefault(named(u8, ZoneMemberType), ZoneMemberType[kind]),
    reserved1: reserved24,
    ...body,
  };
  return codec('zone member', `${SOURCE}, zone member`, table, kind);
};
type MemberHead = { type: FixedField<number, true>; reserved1: FixedField<number, true> };

const domainPort = {
  reserved2: reserved8,
  domainId: u8,
  portNumber: u16,
  reserved3: reserved32,
} as const;
const nPortId = { nPortId: fcId, reserved2: reserved8, reserved3: reserved32 } as const;
const lun = { lun: bytes(8) } as const;

const members = {
  N_PORT_NAME: member('N_PORT_NAME', { portName: wwn }),
  DOMAIN_PORT: member('DOMAIN_PORT', domainPort),
  N_PORT_ID: member('N_PORT_ID', nPortId),
  NODE_NAME: member('NODE_NAME', { nodeName: wwn }),
  N_PORT_NAME_LUN: member('N_PORT_NAME_LUN', { portName: wwn, ...lun }),
  DOMAIN_PORT_LUN: member('DOMAIN_PORT_LUN', { ...domainPort, ...lun }),
  N_PORT_ID_LUN: member('N_PORT_ID_LUN', { ...nPortId, ...lun }),
} as const;

const memberKinds = new Map<number, MemberName>(
  Object.entries(ZoneMemberType).map(([kind, type]) => [type, kind as MemberName]),
);
const MEMBER_BYTES = 12;
const LUN_MEMBER_BYTES = 20;
const FIRST_LUN_TYPE = ZoneMemberType.N_PORT_NAME_LUN;

/** A zone member by its type. Shape: 12 bytes, 20 with a LUN. Source: FC-GS-7, zone member. */
export const zoneMember: FamilyCodec<typeof members> = family(
  'zone member',
  `${SOURCE}, zone member`,
  {
    members,
    select(raw, at, end) {
      const kind = memberKinds.get(raw[at]!);
      return kind !== undefined && end - at >= members[kind].minBytes ? kind : undefined;
    },
    peekBytes: 1,
    extent: (raw, at) => {
      const type = raw[at]!;
      const withLun = type >= FIRST_LUN_TYPE && type <= ZoneMemberType.N_PORT_ID_LUN;
      return withLun ? LUN_MEMBER_BYTES : MEMBER_BYTES;
    },
  },
);
/** What `zoneMember` decodes. */
export type ZoneMember = Infer<typeof zoneMember>;
/** A list of zone members. */
export interface ZoneMembersField
  extends TailField<ZoneMember[], false, readonly InferInput<typeof zoneMember>[]> {}

const countOf = (key: string) => (value: Readonly<Record<string, unknown>>) => {
  const elements = value[key];
  return Array.isArray(elements) ? elements.length : 0;
};

/** Members of a zone: a count, then that many. */
export const zoneMembers: {
  readonly memberCount: FixedField<number, true>;
  readonly members: ZoneMembersField;
} = {
  memberCount: derived(u32, countOf('members')),
  members: list(zoneMember, {
    count: of<{ memberCount: number }>((value) => value.memberCount),
  }),
};

/** A zone: name and members. Shape: 8 bytes, the name in whole words, and the members. Source: FC-GS-7, zone. */
export const zone = codec('zone', `${SOURCE}, zone`, { ...zoneName, ...zoneMembers });
/** What `zone` decodes. */
export interface Zone extends Infer<typeof zone> {}
/** What `zone` encodes. */
export interface ZoneInput extends InferInput<typeof zone> {}

/** A zone set: name and zones. Source: FC-GS-7, zone set. */
export const zoneSet = {
  ...zoneName,
  zoneCount: derived(u32, countOf('zones')),
  zones: list<Zone, ZoneInput>(zone, {
    count: of<{ zoneCount: number }>((value) => value.zoneCount),
  }),
} as const;

/**
 * A name and how many elements are behind it.
 *
 * Shape: 8 bytes and the name in whole words.
 * Source: FC-GS-7, GZSN and GZD accepts.
 */
export const zoneListEntry = codec('zone list entry', SOURCE, { ...zoneName, elementCount: u32 });
/** What `zoneListEntry` decodes. */
export type ZoneListEntry = Infer<typeof zoneListEntry>;
