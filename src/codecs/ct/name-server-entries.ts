/** Queries between name servers of different switches (GE_*), and the entry objects they return. */

import { FcType } from '../fc/codes.ts';
import {
  bytes,
  codec,
  derived,
  embed,
  fcId,
  flags,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  optional,
  reserved8,
  reserved16,
  reserved24,
  rest,
  sized,
  text,
  u8,
  u32,
  u64,
  when,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { fc4Types } from './fc4-types.ts';
import {
  ClassOfService,
  NameServerCommand,
  NameServerPortType,
  nameServer,
} from './name-server-codes.ts';
import { accept, request } from './parts.ts';
import { zoneName } from './zone-objects.ts';

const SOURCE = 'FC-SW-6, distributed name server';
type Name = keyof typeof NameServerCommand;
type Body = Parameters<typeof request>[4];
const ask = <const K extends Name, F extends Body>(name: K, body: F) =>
  request(nameServer, SOURCE, name, NameServerCommand[name], body);

/** Form of an entry object. Source: FC-SW-6, name server entry object format indicator. */
export const EntryFormat = { NO_SYMBOLIC_NAMES: 0x01, FC4_FEATURES_AND_DESCRIPTOR: 0x02 } as const;

const NAME_BYTES = 255;
const NO_IP = new Uint8Array(16);

/** Symbolic name in a field of its own. Shape: 256 bytes. Source: FC-SW-6, name server entry object. */
export const symbolicNameObject = codec('symbolic name object', SOURCE, {
  nameLengthBytes: derived(u8, (value) => String(value.name ?? '').length),
  name: text(NAME_BYTES, '\0'),
});
/** What `symbolicNameObject` decodes. */
export type SymbolicNameObject = Infer<typeof symbolicNameObject>;

/** FC-4 features and one descriptor. Shape: 388 bytes. Source: FC-SW-6, name server entry object. */
export const fc4Details = codec('FC-4 features and descriptor', SOURCE, {
  fc4Features: bytes(128),
  fc4Type: named(u8, FcType),
  descriptorCount: u8,
  reserved1: reserved16,
  descriptorLengthBytes: u8,
  descriptor: text(NAME_BYTES, '\0'),
});
/** What `fc4Details` decodes. */
export type Fc4Details = Infer<typeof fc4Details>;

type Format = { format: number };
const hasNames = when<Format>((entry) => (entry.format & EntryFormat.NO_SYMBOLIC_NAMES) === 0);
const hasDetails = when<Format>(
  (entry) => (entry.format & EntryFormat.FC4_FEATURES_AND_DESCRIPTOR) !== 0,
);

/**
 * Name server entry object: all that one switch knows of a port.
 *
 * Shape: 112 bytes, 512 more with symbolic names, 388 more with FC-4 features and descriptor, as
 * `format` says.
 * Source: FC-SW-6, name server entry object.
 */
export const nameServerEntry = codec('name server entry object', SOURCE, {
  format: flags(u8, EntryFormat),
  ownerId: fcId,
  portType: named(u8, NameServerPortType),
  portId: fcId,
  portName: wwn,
  symbolicPortName: optional(hasNames, embed(symbolicNameObject)),
  nodeName: wwn,
  symbolicNodeName: optional(hasNames, embed(symbolicNameObject)),
  initialProcessAssociator: withDefault(u64, 0n),
  nodeIpAddress: withDefault(bytes(16), NO_IP),
  classOfService: flags(u32, ClassOfService),
  fc4Types,
  portIpAddress: withDefault(bytes(16), NO_IP),
  fabricPortName: withDefault(wwn, 0n),
  reserved1: reserved8,
  hardAddress: withDefault(fcId, 0),
  fc4Details: optional(hasDetails, embed(fc4Details)),
});
/** What `nameServerEntry` decodes. */
export interface NameServerEntry extends Infer<typeof nameServerEntry> {}
/** What `nameServerEntry` encodes. */
export interface NameServerEntryInput extends InferInput<typeof nameServerEntry> {}

const answer = <const K extends Name>(name: K) =>
  accept(nameServer, SOURCE, name, {
    entryCount: derived(u32, (value) => (Array.isArray(value.entries) ? value.entries.length : 0)),
    entries: list<NameServerEntry, NameServerEntryInput>(nameServerEntry, {
      count: of<{ entryCount: number }>((value) => value.entryCount),
    }),
  });

/** Get entry of a port identifier. Shape: 20 bytes. */
export const geId = ask('GE_ID', { reserved1: reserved8, portId: fcId });
/** Accept of GE_ID. Shape: 20 bytes and the entries. */
export const geIdAccept = answer('GE_ID');
/** Get entry of a port name. Shape: 24 bytes. */
export const gePn = ask('GE_PN', { portName: wwn });
/** Accept of GE_PN. Shape: 20 bytes and the entries. */
export const gePnAccept = answer('GE_PN');
/** Get entries of a node name. Shape: 24 bytes. */
export const geNn = ask('GE_NN', { nodeName: wwn });
/** Accept of GE_NN. Shape: 20 bytes and the entries. */
export const geNnAccept = answer('GE_NN');
/** Get entries of a node's IP address. Shape: 32 bytes. */
export const geIp = ask('GE_IP', { nodeIpAddress: bytes(16) });
/** Accept of GE_IP. Shape: 20 bytes and the entries. */
export const geIpAccept = answer('GE_IP');
/** Get entries of FC-4 types. Shape: 48 bytes. */
export const geFt = ask('GE_FT', { fc4Types });
/** Accept of GE_FT. Shape: 20 bytes and the entries. */
export const geFtAccept = answer('GE_FT');
/** Get entries of a port type. Shape: 20 bytes. */
export const gePt = ask('GE_PT', {
  reserved1: reserved24,
  portType: named(u8, NameServerPortType),
});
/** Accept of GE_PT. Shape: 20 bytes and the entries. */
export const gePtAccept = answer('GE_PT');
/** Get entries of a zone member. Shape: 20 bytes and the identifier. */
export const geZm = ask('GE_ZM', {
  memberType: u8,
  reserved1: reserved8,
  memberFlags: withDefault(u8, 0),
  identifierLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('identifier')),
  identifier: sized(
    of<{ identifierLengthBytes: number }>((value) => value.identifierLengthBytes),
    rest,
  ),
});
/** Accept of GE_ZM. Shape: 20 bytes and the entries. */
export const geZmAccept = answer('GE_ZM');
/** Get entries of a zone. Shape: 20 bytes and the name in whole words. */
export const geZn = ask('GE_ZN', zoneName);
/** Accept of GE_ZN. Shape: 20 bytes and the entries. */
export const geZnAccept = answer('GE_ZN');
/** Get entries of a port's IP address. Shape: 32 bytes. */
export const geIpp = ask('GE_IPP', { portIpAddress: bytes(16) });
/** Accept of GE_IPP. Shape: 20 bytes and the entries. */
export const geIppAccept = answer('GE_IPP');
/** Get entries of FC-4 features. Shape: 16 bytes and the features. */
export const geFf = ask('GE_FF', { fc4Features: rest });
/** Accept of GE_FF. Shape: 20 bytes and the entries. */
export const geFfAccept = answer('GE_FF');
