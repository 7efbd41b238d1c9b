/** Application server: which application of a virtual machine stands behind which tag of a frame (VMID). */
import {
  codec,
  derived,
  fcId,
  flags,
  type Infer,
  list,
  of,
  reserved8,
  reserved24,
  text,
  u8,
  u32,
  withDefault,
} from '../layout/index.ts';
import { EntryControl } from './name-server-codes.ts';
import { accept, bareAccept, bareRequest, listUntil, request } from './parts.ts';
import { type CtServer, GsType, ManagementSubtype } from './preamble.ts';

/** Where application server requests go. */
export const applicationServer: CtServer = {
  gsType: GsType.MANAGEMENT,
  gsSubtype: ManagementSubtype.APPLICATION,
};

/** Application server request commands. Source: FC-GS-8, application server; Linux lpfc_hw.h. */
export const ApplicationCommand = {
  GAPPIA_ENT: 0x0100,
  GALLAPPIA: 0x0101,
  GALLAPPIA_ID: 0x0102,
  GAPPIA_IDAPP: 0x0103,
  RAPP_IDENT: 0x0200,
  DAPP_IDENT: 0x0300,
  DALLAPP_ID: 0x0301,
} as const;

/** Details of an application server's refusal. Source: Linux lpfc_hw.h. */
export const ApplicationExplanation = {
  NO_ADDITIONAL_EXPLANATION: 0x00,
  APPLICATION_ID_NOT_AVAILABLE: 0x40,
} as const;

const SOURCE = 'FC-GS-8, application server';
type Name = keyof typeof ApplicationCommand;
type Body = Parameters<typeof request>[4];
const ask = <const K extends Name, F extends Body>(name: K, body: F) =>
  request(applicationServer, SOURCE, name, ApplicationCommand[name], body);
const answer = <const K extends Name, F extends Body>(name: K, body: F) =>
  accept(applicationServer, SOURCE, name, body);

const ENTITY_BYTES = 255;
const entity = {
  identifierLengthBytes: derived(u8, (value) => String(value.identifier ?? '').length),
  identifier: text(ENTITY_BYTES, '\0'),
} as const;

/** Entity identifier: the UUID of a virtual machine. Shape: 256 bytes, padded with zeros. Source: FC-GS-8. */
export const entityIdentifier = codec('entity identifier', SOURCE, entity);
/** What `entityIdentifier` decodes. */
export type EntityIdentifier = Infer<typeof entityIdentifier>;

/** An application identifier of a port's entity. Shape: 264 bytes. Source: FC-GS-8. */
export const applicationIdentifier = codec('application identifier', SOURCE, {
  reserved1: reserved8,
  portId: fcId,
  applicationId: u32,
  ...entity,
});
/** What `applicationIdentifier` decodes. */
export type ApplicationIdentifier = Infer<typeof applicationIdentifier>;

/** The same behind a control byte that marks the last of a list. Shape: 268 bytes. Source: FC-GS-8. */
export const applicationIdentifierEntry = codec('application identifier entry', SOURCE, {
  control: withDefault(flags(u8, EntryControl), 0),
  reserved1: reserved24,
  reserved2: reserved8,
  portId: fcId,
  applicationId: u32,
  ...entity,
});
/** What `applicationIdentifierEntry` decodes. */
export type ApplicationIdentifierEntry = Infer<typeof applicationIdentifierEntry>;

const port = { reserved1: reserved8, portId: fcId } as const;
const entities = {
  ...port,
  entityCount: derived(u32, (value) => (Array.isArray(value.entities) ? value.entities.length : 0)),
  entities: list(entityIdentifier, {
    count: of<{ entityCount: number }>((value) => value.entityCount),
  }),
} as const;
const entryList = {
  applications: listUntil(
    applicationIdentifierEntry,
    (entry) => (entry.control & EntryControl.LAST) !== 0,
  ),
} as const;
const assigned = {
  applicationCount: derived(u32, (value) =>
    Array.isArray(value.applications) ? value.applications.length : 0,
  ),
  applications: list(applicationIdentifier, {
    count: of<{ applicationCount: number }>((value) => value.applicationCount),
  }),
} as const;
const bare = <const K extends Name>(name: K) =>
  bareRequest(applicationServer, SOURCE, name, ApplicationCommand[name]);
const bareAnswer = <const K extends Name>(name: K) => bareAccept(applicationServer, SOURCE, name);

/** Get the application identifier of an entity. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gappiaEnt = bare('GAPPIA_ENT');
/** Accept of GAPPIA_ENT. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gappiaEntAccept = bareAnswer('GAPPIA_ENT');
/** Get all application identifiers. Shape: 16 bytes. */
export const gallappia = ask('GALLAPPIA', {});
/** Accept of GALLAPPIA. Shape: 16 bytes and 268 per application. */
export const gallappiaAccept = answer('GALLAPPIA', entryList);
/** Get all application identifiers of a port. Shape: 20 bytes. */
export const gallappiaId = ask('GALLAPPIA_ID', port);
/** Accept of GALLAPPIA_ID. Shape: 16 bytes and 268 per application. */
export const gallappiaIdAccept = answer('GALLAPPIA_ID', entryList);
/** Get the entity of a port's application identifier. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gappiaIdapp = bare('GAPPIA_IDAPP');
/** Accept of GAPPIA_IDAPP. Shape: 16 bytes and `payload`. Layout: no public source. */
export const gappiaIdappAccept = bareAnswer('GAPPIA_IDAPP');
/**
 * Register entities of a port; the answer assigns their application identifiers.
 *
 * Shape: 24 bytes and 256 per entity.
 */
export const rappIdent = ask('RAPP_IDENT', entities);
/** Accept of RAPP_IDENT. Shape: 20 bytes and 264 per application. */
export const rappIdentAccept = answer('RAPP_IDENT', assigned);
/** Deregister these entities; the answer tells what was removed. Shape: 24 bytes and 256 per entity. */
export const dappIdent = ask('DAPP_IDENT', entities);
/**
 * Accept of DAPP_IDENT: what was removed, as lpfc reads it (lpfc_cmpl_ct_cmd_vmid).
 *
 * Shape: 20 bytes and 264 per application.
 */
export const dappIdentAccept = answer('DAPP_IDENT', assigned);
/** Deregister all entities of a port. Shape: 20 bytes. */
export const dallappId = ask('DALLAPP_ID', port);
/** Accept of DALLAPP_ID. Shape: 16 bytes. */
export const dallappIdAccept = answer('DALLAPP_ID', {});

/** Application server requests by name. */
export const applicationRequests = {
  GAPPIA_ENT: gappiaEnt,
  GALLAPPIA: gallappia,
  GALLAPPIA_ID: gallappiaId,
  GAPPIA_IDAPP: gappiaIdapp,
  RAPP_IDENT: rappIdent,
  DAPP_IDENT: dappIdent,
  DALLAPP_ID: dallappId,
} as const;
/** Accepts of the application server by the name of the request. */
export const applicationAccepts = {
  GAPPIA_ENT: gappiaEntAccept,
  GALLAPPIA: gallappiaAccept,
  GALLAPPIA_ID: gallappiaIdAccept,
  GAPPIA_IDAPP: gappiaIdappAccept,
  RAPP_IDENT: rappIdentAccept,
  DAPP_IDENT: dappIdentAccept,
  DALLAPP_ID: dallappIdAccept,
} as const;
