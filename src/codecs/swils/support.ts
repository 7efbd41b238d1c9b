/** What switches support, and other services: ESS, AUTH_ILS, CEC, STR, FFI. */

import { GsType } from '../ct/preamble.ts';
import { authEnvelope } from '../els/authentication.ts';
import {
  codec,
  derived,
  family,
  hex,
  type Infer,
  list,
  named,
  of,
  reserved8,
  reserved16,
  reserved24,
  rest,
  struct,
  text,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { SwIlsCommand } from './codes.ts';
import { acceptHead, bareAccept, bareRequest, commandCode, head, plainAccept } from './parts.ts';

const INFORMATION_BYTES = 252;
/** Who made the switch: zero-terminated strings. Shape: 256 bytes. Source: FC-SW-6, ESS. */
export const interconnectInformation = codec('interconnect element information', 'FC-SW-6, ESS', {
  reserved1: reserved24,
  informationLengthBytes: u8,
  information: text(INFORMATION_BYTES, '\0'),
});
export type InterconnectInformation = Infer<typeof interconnectInformation>;

/** Capabilities of one server. Shape: 8 bytes. Source: FC-SW-6, ESS capability entry. */
export const capabilityEntry = codec('capability entry', 'FC-SW-6, ESS', {
  capabilities: hex(u32),
  vendorCapabilities: withDefault(hex(u32), 0),
});
export type CapabilityEntry = Infer<typeof capabilityEntry>;

const ENTRY_BYTES = 8;
const OBJECT_HEAD_BYTES = 4;
const VENDOR_OBJECT_HEAD_BYTES = 12;
/** Capabilities of a well-known server. Shape: 4 bytes and 8 per entry. Source: FC-SW-6, ESS. */
export const capabilityObject = codec(
  'capability object',
  'FC-SW-6, ESS',
  {
    gsType: named(u8, GsType),
    gsSubtype: hex(u8),
    reserved1: reserved8,
    entryCount: derived(u8, (_value, sizeOf) => sizeOf('entries') / ENTRY_BYTES),
    entries: list(capabilityEntry, {
      count: of<{ entryCount: number }>((value) => value.entryCount),
    }),
  },
  'SERVER',
);
/** Capabilities of the vendor's own. Shape: 12 bytes and data. Source: FC-SW-6, ESS. */
export const vendorCapabilityObject = codec(
  'vendor capability object',
  'FC-SW-6, ESS',
  {
    gsType: withDefault(named(u8, GsType), GsType.VENDOR),
    gsSubtype: hex(u8),
    reserved1: reserved8,
    dataLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('data')),
    vendorId: text(8),
    data: rest,
  },
  'VENDOR',
);
/**
 * A capability object by its service type.
 *
 * Shape: 4 bytes and 8 per entry, or 12 bytes and data.
 * Source: FC-SW-6, ESS.
 */
export const essCapability = family('capability object', 'FC-SW-6, ESS', {
  members: { SERVER: capabilityObject, VENDOR: vendorCapabilityObject },
  select: (raw, at) => (raw[at] === GsType.VENDOR ? 'VENDOR' : 'SERVER'),
  peekBytes: OBJECT_HEAD_BYTES,
  extent: (raw, at) =>
    raw[at] === GsType.VENDOR
      ? VENDOR_OBJECT_HEAD_BYTES + raw[at + 3]!
      : OBJECT_HEAD_BYTES + ENTRY_BYTES * raw[at + 3]!,
});
export type EssCapability = Infer<typeof essCapability>;

const ESS_REVISION = 1;
const LIST_HEAD_BYTES = 4;
const INTERCONNECT_BYTES = 256;
const supportBody = {
  revision: withDefault(u32, ESS_REVISION),
  payloadLengthBytes: derived(
    u32,
    (_value, sizeOf) => INTERCONNECT_BYTES + LIST_HEAD_BYTES + sizeOf('objects'),
  ),
  interconnect: struct(interconnectInformation),
  objectCount: derived(u16, (value) => (Array.isArray(value.objects) ? value.objects.length : 0)),
  reserved2: reserved16,
  objects: list(essCapability, {
    count: of<{ objectCount: number }>((value) => value.objectCount),
  }),
} as const;

/**
 * Exchange switch support: servers and their capabilities.
 *
 * Shape: 272 bytes and objects.
 * Source: FC-SW-6, ESS.
 */
export const ess = codec(
  'ESS',
  'FC-SW-6, ESS',
  { ...head(SwIlsCommand.ESS), ...supportBody },
  'ESS',
);
export type Ess = Infer<typeof ess>;
/** Accept of ESS. Shape: 272 bytes and objects. Source: FC-SW-6, ESS accept. */
export const essAccept = codec(
  'SW_ACC to ESS',
  'FC-SW-6, ESS accept',
  { ...acceptHead, ...supportBody },
  'SW_ACC ESS',
);
export type EssAccept = Infer<typeof essAccept>;

/**
 * Authentication message between switches; `authPayload` reads its payload.
 *
 * Shape: 12 bytes and that.
 * Source: FC-SP, AUTH_ILS.
 */
export const authIls = codec(
  'AUTH_ILS',
  'FC-SP, AUTH_ILS',
  { command: commandCode(SwIlsCommand.AUTH_ILS), ...authEnvelope },
  'AUTH_ILS',
);
export type AuthIls = Infer<typeof authIls>;
/** Accept of AUTH_ILS. Shape: 4 bytes. */
export const authIlsAccept = plainAccept('AUTH_ILS');

/** Check E_Port connectivity. Shape: 4 bytes and a payload. Layout: no public source. */
export const cec = bareRequest('CEC');
/** Accept of CEC. Shape: 4 bytes and a payload. */
export const cecAccept = bareAccept('CEC');
/** Switch trace route. Shape: 4 bytes and a payload. Layout: no public source. */
export const str = bareRequest('STR');
/** Accept of STR. Shape: 4 bytes and a payload. */
export const strAccept = bareAccept('STR');
/**
 * Fast fabric initialization for avionics.
 *
 * Shape: 4 bytes and a payload.
 * Layout: no public source.
 */
export const ffi = bareRequest('FFI');
/** Accept of FFI. Shape: 4 bytes and a payload. */
export const ffiAccept = bareAccept('FFI');
