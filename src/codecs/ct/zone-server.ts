/** Fabric zone server: basic zoning. */
import {
  derived,
  embed,
  flags,
  list,
  of,
  reserved24,
  u8,
  u32,
  withDefault,
} from '../layout/index.ts';
import { accept, request } from './parts.ts';
import { ZoneCapability, ZoneCommand, ZoneEnforcement, zoneServer } from './zone-codes.ts';
import {
  type ZoneMembersField,
  zoneListEntry,
  zoneMember,
  zoneMembers,
  zoneName,
  zoneNameObject,
  zoneSet,
} from './zone-objects.ts';

const SOURCE = 'FC-GS-7, fabric zone server';
type Name = keyof typeof ZoneCommand;
type Body = Parameters<typeof request>[4];
const ask = <const K extends Name, F extends Body>(name: K, body: F) =>
  request(zoneServer, SOURCE, name, ZoneCommand[name], body);
const answer = <const K extends Name, F extends Body>(name: K, body: F) =>
  accept(zoneServer, SOURCE, name, body);

const entries = {
  entryCount: derived(u32, (value) => (Array.isArray(value.entries) ? value.entries.length : 0)),
  entries: list(zoneListEntry, {
    count: of<{ entryCount: number }>((value) => value.entryCount),
  }),
} as const;
const someMembers: ZoneMembersField = list(zoneMember, { mayBeCut: true });
const namedMembers = { ...zoneName, members: someMembers } as const;
/** A zone set's name, then the name of one of its zones. */
const zoneOfSet = { zoneSet: embed(zoneNameObject), zone: embed(zoneNameObject) } as const;

/** Get capabilities. Shape: 16 bytes. */
export const gzc = ask('GZC', {});
/** Accept of GZC. Shape: 24 bytes. */
export const gzcAccept = answer('GZC', {
  capabilities: flags(u8, ZoneCapability),
  reserved1: reserved24,
  vendorCapabilities: withDefault(u32, 0),
});
/** Get enforcement state. Shape: 16 bytes. */
export const gest = ask('GEST', {});
/** Accept of GEST. Shape: 24 bytes. */
export const gestAccept = answer('GEST', {
  state: flags(u8, ZoneEnforcement),
  reserved1: reserved24,
  vendorState: withDefault(u32, 0),
});
/** Get zone set list: names and how many zones each has. Shape: 16 bytes. */
export const gzsn = ask('GZSN', {});
/** Accept of GZSN. Shape: 20 bytes and the entries. */
export const gzsnAccept = answer('GZSN', entries);
/** Get the zones of a zone set: names and how many members each has. Shape: 20 bytes and the name in whole words. */
export const gzd = ask('GZD', zoneName);
/** Accept of GZD. Shape: 20 bytes and the entries. */
export const gzdAccept = answer('GZD', entries);
/** Get the members of a zone. Shape: 20 bytes and the name in whole words. */
export const gzm = ask('GZM', zoneName);
/** Accept of GZM. Shape: 20 bytes and the members. */
export const gzmAccept = answer('GZM', zoneMembers);
/** Get active zone set. Shape: 16 bytes. */
export const gazs = ask('GAZS', {});
/** Accept of GAZS. Shape: 24 bytes, the name in whole words, and the zones. */
export const gazsAccept = answer('GAZS', zoneSet);
/** Get a zone set. Shape: 20 bytes and the name in whole words. */
export const gzs = ask('GZS', zoneName);
/** Accept of GZS. Shape: 24 bytes, the name in whole words, and the zones. */
export const gzsAccept = answer('GZS', zoneSet);
/** Add zone set. Shape: 24 bytes, the name in whole words, and the zones. */
export const adzs = ask('ADZS', zoneSet);
/** Accept of ADZS. Shape: 16 bytes. */
export const adzsAccept = answer('ADZS', {});
/** Activate this zone set, directly. Shape: 24 bytes, the name in whole words, and the zones. */
export const azsd = ask('AZSD', zoneSet);
/** Accept of AZSD. Shape: 16 bytes. */
export const azsdAccept = answer('AZSD', {});
/** Activate a zone set by name. Shape: 20 bytes and the name in whole words. */
export const azs = ask('AZS', zoneName);
/** Accept of AZS. Shape: 16 bytes. */
export const azsAccept = answer('AZS', {});
/** Deactivate the active zone set. Shape: 16 bytes. */
export const dzs = ask('DZS', {});
/** Accept of DZS. Shape: 16 bytes. */
export const dzsAccept = answer('DZS', {});
/** Add members to a zone. Shape: 20 bytes, the name in whole words, and the members. */
export const azm = ask('AZM', namedMembers);
/** Accept of AZM. Shape: 16 bytes. */
export const azmAccept = answer('AZM', {});
/** Add a zone to a zone set. Shape: 24 bytes and two names in whole words. */
export const azd = ask('AZD', zoneOfSet);
/** Accept of AZD. Shape: 16 bytes. */
export const azdAccept = answer('AZD', {});
/** Remove a zone from a zone set. Shape: 24 bytes and two names in whole words. */
export const rzd = ask('RZD', zoneOfSet);
/** Accept of RZD. Shape: 16 bytes. */
export const rzdAccept = answer('RZD', {});
/** Remove members from a zone. Shape: 20 bytes, the name in whole words, and the members. */
export const rzm = ask('RZM', namedMembers);
/** Accept of RZM. Shape: 16 bytes. */
export const rzmAccept = answer('RZM', {});
/** Remove a zone set. Shape: 20 bytes and the name in whole words. */
export const rzs = ask('RZS', zoneName);
/** Accept of RZS. Shape: 16 bytes. */
export const rzsAccept = answer('RZS', {});

/** Zone server requests by name. */
export const zoneRequests = {
  GZC: gzc,
  GEST: gest,
  GZSN: gzsn,
  GZD: gzd,
  GZM: gzm,
  GAZS: gazs,
  GZS: gzs,
  ADZS: adzs,
  AZSD: azsd,
  AZS: azs,
  DZS: dzs,
  AZM: azm,
  AZD: azd,
  RZM: rzm,
  RZD: rzd,
  RZS: rzs,
} as const;
/** Zone server accepts by the name of the request. */
export const zoneAccepts = {
  GZC: gzcAccept,
  GEST: gestAccept,
  GZSN: gzsnAccept,
  GZD: gzdAccept,
  GZM: gzmAccept,
  GAZS: gazsAccept,
  GZS: gzsAccept,
  ADZS: adzsAccept,
  AZSD: azsdAccept,
  AZS: azsAccept,
  DZS: dzsAccept,
  AZM: azmAccept,
  AZD: azdAccept,
  RZM: rzmAccept,
  RZD: rzdAccept,
  RZS: rzsAccept,
} as const;
