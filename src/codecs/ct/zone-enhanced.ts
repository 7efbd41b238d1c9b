/**
 * Fabric zone server: enhanced zoning.
 *
 * The codes are public, the layouts are not, but for that of GFEZ: what follows the preamble of
 * the others is their `payload`.
 */
import {
  codec,
  derived,
  hex,
  type Infer,
  list,
  of,
  reserved24,
  u8,
  u32,
  wwn,
} from '../layout/index.ts';
import { accept, bareAccept, bareRequest, request } from './parts.ts';
import { EnhancedZoneCommand, zoneServer } from './zone-codes.ts';

const SOURCE = 'FC-GS-7, enhanced zoning';

/** A switch, and whether it can do enhanced zoning. Shape: 12 bytes. Source: san_zoning.c of fc_els. */
export const enhancedZoningEntry = codec('enhanced zoning entry', `${SOURCE}, GFEZ accept`, {
  switchName: wwn,
  flags: hex(u32),
});
/** What `enhancedZoningEntry` decodes. */
export type EnhancedZoningEntry = Infer<typeof enhancedZoningEntry>;

/** Get fabric enhanced zoning support status. Shape: 16 bytes, the preamble alone. Source: san_zoning.c of fc_els. */
export const gfez = request(zoneServer, SOURCE, 'GFEZ', EnhancedZoneCommand.GFEZ, {});
/** Accept of GFEZ. Shape: 24 bytes and 12 per switch. Source: san_zoning.c of fc_els. */
export const gfezAccept = accept(zoneServer, SOURCE, 'GFEZ', {
  flags: hex(u32),
  reserved1: reserved24,
  entryCount: derived(u8, (value) => (Array.isArray(value.entries) ? value.entries.length : 0)),
  entries: list(enhancedZoningEntry, {
    count: of<{ entryCount: number }>((value) => value.entryCount),
    mayBeCut: true,
  }),
});

type BareName = Exclude<keyof typeof EnhancedZoneCommand, 'GFEZ'>;
type Bare = { readonly [K in BareName]: ReturnType<typeof bareRequest<K>> };
type BareAnswers = { readonly [K in BareName]: ReturnType<typeof bareAccept<K>> };

const bareCommands = Object.entries(EnhancedZoneCommand).filter(
  (entry): entry is [BareName, (typeof EnhancedZoneCommand)[BareName]] => entry[0] !== 'GFEZ',
);

/** Requests of enhanced zoning by name. Layout of all but GFEZ: no public source. */
export const enhancedZoneRequests: Bare & { readonly GFEZ: typeof gfez } = {
  ...(Object.fromEntries(
    bareCommands.map(([name, code]) => [name, bareRequest(zoneServer, SOURCE, name, code)]),
  ) as unknown as Bare),
  GFEZ: gfez,
};
/** Their accepts. Layout of all but GFEZ: no public source. */
export const enhancedZoneAccepts: BareAnswers & { readonly GFEZ: typeof gfezAccept } = {
  ...(Object.fromEntries(
    bareCommands.map(([name]) => [name, bareAccept(zoneServer, SOURCE, name)]),
  ) as unknown as BareAnswers),
  GFEZ: gfezAccept,
};
