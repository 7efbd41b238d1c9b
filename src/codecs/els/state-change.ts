/** State change notification: RSCN and the registration for it, SCR. */
import {
  bit,
  codec,
  derived,
  fcId,
  type Infer,
  named,
  of,
  reservedBits,
  reservedBytes,
  sized,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import { nPortEntry } from './alias.ts';
import { ElsCommand } from './codes.ts';
import { commandCode, pages, plainAccept } from './parts.ts';

/** What happened to the affected ports. Source: FC-LS-3, RSCN event qualifier. */
export const RscnEventQualifier = {
  NOT_SPECIFIED: 0,
  CHANGED_NAME_SERVER_OBJECT: 1,
  CHANGED_PORT_ATTRIBUTE: 2,
  CHANGED_SERVICE_OBJECT: 3,
  CHANGED_SWITCH_CONFIGURATION: 4,
  REMOVED_OBJECT: 5,
} as const;

/** How much of the affected address counts. Source: FC-LS-3, RSCN address format. */
export const RscnAddressFormat = { PORT: 0, AREA: 1, DOMAIN: 2, FABRIC: 3 } as const;

/** Generic affected Port_ID page. Shape: 4 bytes. Source: FC-LS-3, RSCN. */
export const affectedPortIdPage = codec('affected Port_ID page', 'FC-LS-3, RSCN', {
  reserved1: reservedBits(2),
  eventQualifier: withDefault(named(bit(4), RscnEventQualifier), 0),
  addressFormat: withDefault(named(bit(2), RscnAddressFormat), 0),
  nPortId: fcId,
});
/** What `affectedPortIdPage` decodes. */
export type AffectedPortIdPage = Infer<typeof affectedPortIdPage>;

const PAGE_BYTES = 4;

/**
 * Registered state change notification.
 *
 * Shape: 4 bytes and 4 per page. Units: `payloadLengthBytes` counts the first word too.
 * Errors: `bad-length` when the pages run past the payload.
 * Source: FC-LS-3, RSCN.
 */
export const rscn = codec(
  'RSCN',
  'FC-LS-3, RSCN',
  {
    command: commandCode(ElsCommand.RSCN),
    pageLengthBytes: withDefault(u8, PAGE_BYTES),
    payloadLengthBytes: derived(u16, (_value, sizeOf) => 4 + sizeOf('pages')),
    pages: sized(
      of<{ payloadLengthBytes: number }>((value) => value.payloadLengthBytes - 4),
      pages(
        affectedPortIdPage,
        of<{ pageLengthBytes: number }>((value) => value.pageLengthBytes),
      ),
      { mayLack: true },
    ),
  },
  'RSCN',
);
/** What `rscn` decodes. */
export type Rscn = Infer<typeof rscn>;
/** Accept of RSCN. Shape: 4 bytes. Source: FC-LS-3, RSCN. */
export const rscnAccept = plainAccept('RSCN');
/** What `rscnAccept` decodes. */
export type RscnAccept = Infer<typeof rscnAccept>;

/**
 * State change notification (obsolete: RSCN took its place).
 *
 * Shape: 4 bytes and 4 per page. Units: `payloadLengthBytes` counts the first word too.
 * Source: FC-PH-2, SCN; Agilent FCStruct.h.
 */
export const scn = codec(
  'SCN',
  'FC-PH-2, SCN',
  {
    command: commandCode(ElsCommand.SCN),
    pageLengthBytes: withDefault(u8, PAGE_BYTES),
    payloadLengthBytes: derived(u16, (_value, sizeOf) => 4 + sizeOf('pages')),
    pages: sized(
      of<{ payloadLengthBytes: number }>((value) => value.payloadLengthBytes - 4),
      pages(
        nPortEntry,
        of<{ pageLengthBytes: number }>((value) => value.pageLengthBytes),
      ),
      { mayLack: true },
    ),
  },
  'SCN',
);
/** What `scn` decodes. */
export type Scn = Infer<typeof scn>;
/**
 * Accept of SCN.
 *
 * Shape: 4 bytes.
 * Source: FC-PH-2, SCN; in Agilent FCStruct.h it has no structure but that of the accepts of one word.
 */
export const scnAccept = plainAccept('SCN', 'FC-PH-2');
/** What `scnAccept` decodes. */
export type ScnAccept = Infer<typeof scnAccept>;

/** Which events a port wants to hear of. Source: FC-LS-3, SCR registration function. */
export const ScrFunction = {
  FABRIC_DETECTED: 1,
  NX_PORT_DETECTED: 2,
  FULL: 3,
  CLEAR: 255,
} as const;

/** State change registration. Shape: 8 bytes. Source: FC-LS-3, SCR. */
export const scr = codec(
  'SCR',
  'FC-LS-3, SCR',
  {
    command: commandCode(ElsCommand.SCR),
    reserved1: reservedBytes(6),
    registrationFunction: named(u8, ScrFunction),
  },
  'SCR',
);
/** What `scr` decodes. */
export type Scr = Infer<typeof scr>;
/** Accept of SCR. Shape: 4 bytes. Source: FC-LS-3, SCR. */
export const scrAccept = plainAccept('SCR');
/** What `scrAccept` decodes. */
export type ScrAccept = Infer<typeof scrAccept>;
