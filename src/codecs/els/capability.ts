/** What a node complies with, and to which revision; obsolete: RNC. */
import {
  codec,
  derived,
  embed,
  flags,
  type Infer,
  list,
  named,
  of,
  optional,
  reserved8,
  reserved16,
  rest,
  sized,
  text,
  u8,
  u16,
  when,
  withDefault,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { commandCode } from './parts.ts';

const SOURCE = 'FC-PH-3, RNC';

/** Standards and profiles. Source: FC-PH-3, RNC document identifiers; Hitachi Ultrastar 15K450 specification. */
export const RncDocument = {
  'FC-LE': 0x01,
  'FC-SB': 0x02,
  'IPI-3': 0x03,
  'SCSI-FCP': 0x04,
  'FC-FP': 0x05,
  'FC-GS': 0x10,
  'FC-FG': 0x11,
  'FC-SW': 0x12,
  'FC-AL': 0x13,
  'FC-PH 4.2 deviations': 0x20,
  'FCSI mixed mode SCSI profile': 0x21,
  'FCSI class 2 SCSI profile': 0x22,
  'FCSI IP profile': 0x23,
  'FCSI IP class 2 profile': 0x24,
  'FC-PLDA': 0x25,
  FLA: 0x26,
  'FCA IP profile': 0x27,
} as const;
/** Which entries are meant. Source: FC-PH-3, RNC flags. */
export const RncFlags = { SELECT: 0x80 } as const;
/** How an entry is meant; its low two bits are the preference, 0 best. Source: FC-PH-3, RNC capability entry. */
export const RncEntryFlags = {
  INVALIDATE_PREVIOUS: 0x80,
  EXTENDED: 0x40,
  VENDOR_UNIQUE_OF_RECIPIENT: 0x20,
  VENDOR_UNIQUE: 0x10,
} as const;

const EXTENSION_HEAD_BYTES = 4;
/** What an extended entry adds. Units: `extensionLengthBytes` counts its own word too. */
const extension = codec('capability extension', `${SOURCE} capability entry`, {
  reserved1: reserved16,
  extensionLengthBytes: derived(u16, (_value, sizeOf) => EXTENSION_HEAD_BYTES + sizeOf('data')),
  data: sized(
    of<{ extensionLengthBytes: number }>(
      (value) => value.extensionLengthBytes - EXTENSION_HEAD_BYTES,
    ),
    rest,
  ),
});

/**
 * A standard or profile and the revisions that are supported.
 *
 * Shape: 4 bytes, and the extension of an extended entry. Units: revisions in tenths.
 * Source: FC-PH-3, RNC capability entry; Seagate Fibre Channel Interface Manual, table 52.
 */
export const rncEntry = codec('capability entry', `${SOURCE} capability entry`, {
  flags: withDefault(flags(u8, RncEntryFlags), 0),
  document: named(u8, RncDocument),
  lowRevisionTenths: withDefault(u8, 0),
  highRevisionTenths: withDefault(u8, 0),
  extension: optional(
    when<{ flags: number }>((value) => (value.flags & RncEntryFlags.EXTENDED) !== 0),
    embed(extension),
  ),
});
/** What `rncEntry` decodes. */
export type RncEntry = Infer<typeof rncEntry>;

const RNC_HEAD_BYTES = 16;
const VENDOR_BYTES = 8;
type Lengths = { payloadLengthBytes: number; vendorInformationLengthBytes: number };
const body = {
  reserved1: reserved8,
  payloadLengthBytes: derived(
    u16,
    (_value, sizeOf) => RNC_HEAD_BYTES + sizeOf('entries') + sizeOf('vendorInformation'),
  ),
  flags: withDefault(flags(u8, RncFlags), 0),
  reserved2: reserved16,
  vendorInformationLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('vendorInformation')),
  vendorId: text(VENDOR_BYTES),
  entries: sized(
    of<Lengths>(
      (value) => value.payloadLengthBytes - RNC_HEAD_BYTES - value.vendorInformationLengthBytes,
    ),
    list(rncEntry),
  ),
  vendorInformation: sized(
    of<Lengths>((value) => value.vendorInformationLengthBytes),
    rest,
  ),
} as const;

/**
 * Report node capabilities.
 *
 * Shape: 16 bytes, entries, vendor's information. Units: `payloadLengthBytes` counts all of it.
 * Errors: `bad-length` when the lengths contradict one another.
 * Source: FC-PH-3, RNC; Seagate Fibre Channel Interface Manual, table 51; Hitachi Ultrastar 15K450
 * specification, table 64.
 */
export const rnc = codec('RNC', SOURCE, { command: commandCode(ElsCommand.RNC), ...body }, 'RNC');
/** What `rnc` decodes. */
export type Rnc = Infer<typeof rnc>;
/** Accept of RNC: of the same shape. Shape: 16 bytes, entries, vendor's information. */
export const rncAccept = codec(
  'LS_ACC to RNC',
  `${SOURCE} accept`,
  { command: commandCode(ElsCommand.LS_ACC), ...body },
  'LS_ACC RNC',
);
/** What `rncAccept` decodes. */
export type RncAccept = Infer<typeof rncAccept>;
