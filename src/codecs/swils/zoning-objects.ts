/** Zoning objects as switches exchange them: zone sets, zones, aliases, members. */
import { zoneName } from '../ct/zone-objects.ts';
import {
  bytes,
  codec,
  derived,
  type FamilyCodec,
  type FixedField,
  family,
  fcId,
  hex,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  optional,
  reserved8,
  reserved16,
  type Table,
  type TailField,
  u8,
  u16,
  u32,
  when,
  withDefault,
  wwn,
} from '../layout/index.ts';

/** Kinds of zoning objects. Source: FC-SW-6, zoning object types. */
export const ZoningObjectType = { ZONE_SET: 1, ZONE: 2, ZONE_ALIAS: 3 } as const;
/** How a member is named. Source: FC-SW-6, zone member types. */
export const ZoningMemberType = {
  N_PORT_NAME: 0x01,
  DOMAIN_PORT: 0x02,
  N_PORT_ID: 0x03,
  ALIAS: 0x04,
  N_PORT_NAME_LUN: 0xe1,
  DOMAIN_PORT_LUN: 0xe2,
  N_PORT_ID_LUN: 0xe3,
} as const;

const SOURCE = 'FC-SW-6, zoning objects';
const MEMBER_HEAD_BYTES = 4;
type MemberName = keyof typeof ZoningMemberType;
type MemberHead = {
  type: FixedField<number, true>;
  reserved1: FixedField<number, true>;
  flags: FixedField<number, true>;
  identifierLengthBytes: FixedField<number, true>;
};

function member<const K extends MemberName, F extends Table>(
  kind: K,
  identifierLengthBytes: FixedField<number, true>,
  body: F,
) {
  const table: MemberHead & F = {
    type: withDefault(named(u8, ZoningMemberType), ZoningMemberType[kind]),
    reserved1: reserved8,
    flags: withDefault(hex(u8), 0),
    identifierLengthBytes,
    ...body,
  };
  return codec('zone member', SOURCE, table, kind);
}

const lengthOf = (bytesOfIdentifier: number) => withDefault(u8, bytesOfIdentifier);
const domainPort = { reserved2: reserved8, domainId: u8, portNumber: u16 } as const;
const lun = { lun: bytes(8) } as const;

const members = {
  N_PORT_NAME: member('N_PORT_NAME', lengthOf(8), { portName: wwn }),
  DOMAIN_PORT: member('DOMAIN_PORT', lengthOf(4), domainPort),
  N_PORT_ID: member('N_PORT_ID', lengthOf(4), { nPortId: fcId, reserved2: reserved8 }),
  ALIAS: member(
    'ALIAS',
    derived(u8, (_value, sizeOf) => 4 + sizeOf('name') + sizeOf('fill')),
    zoneName,
  ),
  N_PORT_NAME_LUN: member('N_PORT_NAME_LUN', lengthOf(16), { portName: wwn, ...lun }),
  DOMAIN_PORT_LUN: member('DOMAIN_PORT_LUN', lengthOf(12), { ...domainPort, ...lun }),
  N_PORT_ID_LUN: member('N_PORT_ID_LUN', lengthOf(12), {
    nPortId: fcId,
    reserved2: reserved8,
    ...lun,
  }),
} as const;

const kinds = new Map<number, MemberName>(
  Object.entries(ZoningMemberType).map(([kind, type]) => [type, kind as MemberName]),
);

/**
 * A zone member by its type; one of another type, or too short for it, stays bytes.
 *
 * Shape: 4 bytes and `identifierLengthBytes`.
 * Source: FC-SW-6, zone member.
 */
export const zoningMember: FamilyCodec<typeof members> = family('zone member', SOURCE, {
  members,
  select(raw, at, end) {
    const kind = kinds.get(raw[at]!);
    if (kind === undefined || end - at < members[kind].minBytes) return undefined;
    if (kind !== 'ALIAS') return kind;
    return end - at >= members.ALIAS.minBytes + raw[at + MEMBER_HEAD_BYTES]! ? kind : undefined;
  },
  peekBytes: MEMBER_HEAD_BYTES,
  extent: (raw, at) => MEMBER_HEAD_BYTES + raw[at + 3]!,
});
export type ZoningMember = Infer<typeof zoningMember>;
/** A list of zone members. */
export interface ZoningMembersField
  extends TailField<ZoningMember[], false, readonly InferInput<typeof zoningMember>[]> {}

const objectHead = {
  type: named(u8, ZoningObjectType),
  protocol: withDefault(u8, 0),
  reserved1: reserved16,
  ...zoneName,
} as const;
const countOf = (key: string) => (value: Readonly<Record<string, unknown>>) => {
  const elements = value[key];
  return Array.isArray(elements) ? elements.length : 0;
};
const count = of<{ memberCount: number }>((value) => value.memberCount);
const listedMembers: ZoningMembersField = list(zoningMember, { count });

/**
 * A zone or an alias: a name and members.
 *
 * Shape: 12 bytes and members, the name besides.
 * Source: FC-SW-6, zone object.
 */
export const zoneObject = codec('zone object', SOURCE, {
  ...objectHead,
  memberCount: derived(u32, countOf('members')),
  members: listedMembers,
});
/** What `zoneObject` decodes. */
export interface ZoneObject extends Infer<typeof zoneObject> {}
/** What `zoneObject` encodes. */
export interface ZoneObjectInput extends InferInput<typeof zoneObject> {}

type Typed = { type: number };
const isSet = when<Typed>((value) => value.type === ZoningObjectType.ZONE_SET);
const isNoSet = when<Typed>((value) => value.type !== ZoningObjectType.ZONE_SET);

/**
 * A zoning object: a zone set holds `zones`, a zone or an alias holds `members`.
 *
 * Shape: 12 bytes and zones or members, the name besides.
 * Source: FC-SW-6, zoning objects.
 */
export const zoningObject = codec('zoning object', SOURCE, {
  ...objectHead,
  memberCount: derived(u32, (value) => countOf('zones')(value) + countOf('members')(value)),
  zones: optional(isSet, list<ZoneObject, ZoneObjectInput>(zoneObject, { count })),
  members: optional(isNoSet, listedMembers),
});
export type ZoningObject = Infer<typeof zoningObject>;

const objects = {
  objectCount: derived(u32, countOf('objects')),
  objects: list(zoningObject, {
    count: of<{ objectCount: number }>((value) => value.objectCount),
  }),
} as const;

/**
 * A zone set in force or to be: its name and its objects.
 *
 * Shape: 8 bytes and objects, the name besides.
 * Source: FC-SW-6, MR.
 */
export const activeZoneSet = codec('active zone set', 'FC-SW-6, MR', { ...zoneName, ...objects });
/** What `activeZoneSet` decodes. */
export interface ActiveZoneSet extends Infer<typeof activeZoneSet> {}
/** What `activeZoneSet` encodes. */
export interface ActiveZoneSetInput extends InferInput<typeof activeZoneSet> {}
/** All zone sets that a switch knows. Shape: 4 bytes and objects. Source: FC-SW-6, MR. */
export const fullZoneSet = codec('full zone set', 'FC-SW-6, MR', objects);
/** What `fullZoneSet` decodes. */
export interface FullZoneSet extends Infer<typeof fullZoneSet> {}
/** What `fullZoneSet` encodes. */
export interface FullZoneSetInput extends InferInput<typeof fullZoneSet> {}
