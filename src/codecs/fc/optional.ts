/**
 * Optional headers at the start of the data field, named by DF_CTL, in this order: ESP, Network,
 * Association, Device.
 * Source: FC-FS, optional headers.
 */
import {
  type AnyCodec,
  bytes,
  codec,
  flags,
  hex,
  type Infer,
  type InferInput,
  reserved8,
  u8,
  u32,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { DfCtl } from './codes.ts';

/** Encapsulating Security Payload header. Shape: 8 bytes; what follows may be encrypted. */
export const espHeader = codec('ESP_Header', 'FC-FS, ESP_Header', {
  securityParametersIndex: hex(u32),
  sequenceNumber: u32,
});
/** What `espHeader` decodes. */
export type EspHeader = Infer<typeof espHeader>;
/** What `espHeader` encodes. */
export type EspHeaderInput = InferInput<typeof espHeader>;

/** Names of the end points, for frames that pass gateways. Shape: 16 bytes. */
export const networkHeader = codec('Network_Header', 'FC-FS, Network_Header', {
  destination: wwn,
  source: wwn,
});
/** What `networkHeader` decodes. */
export type NetworkHeader = Infer<typeof networkHeader>;
/** What `networkHeader` encodes. */
export type NetworkHeaderInput = InferInput<typeof networkHeader>;

/** Which of an Association_Header's fields count. */
export const AssociationValidity = {
  'Originator Process_Associator': 0x80,
  'Responder Process_Associator': 0x40,
  'Originator Operation_Associator': 0x20,
  'Responder Operation_Associator': 0x10,
  'Multicast Process_Associator': 0x01,
} as const;

/** Processes or operations within a node; obsolete. Shape: 32 bytes. */
export const associationHeader = codec('Association_Header', 'FC-FS, Association_Header', {
  validity: flags(u8, AssociationValidity),
  originatorProcessAssociator: bytes(7),
  reserved: reserved8,
  responderProcessAssociator: bytes(7),
  originatorOperationAssociator: bytes(8),
  responderOperationAssociator: bytes(8),
});
/** What `associationHeader` decodes. */
export type AssociationHeader = Infer<typeof associationHeader>;
/** What `associationHeader` encodes. */
export type AssociationHeaderInput = InferInput<typeof associationHeader>;

const deviceHeader = (length: 16 | 32 | 64) =>
  codec('Device_Header', 'FC-FS, Device_Header', {
    content: withDefault(bytes(length), new Uint8Array(length)),
  });
/** Device_Header where DF_CTL ends with 01b; its content is defined by the FC-4. Shape: 16 bytes. */
export const deviceHeader16 = deviceHeader(16);
/** The same where DF_CTL ends with 10b. Shape: 32 bytes. */
export const deviceHeader32 = deviceHeader(32);
/** The same where DF_CTL ends with 11b. Shape: 64 bytes. */
export const deviceHeader64 = deviceHeader(64);

/** The codec of an optional header, all of fixed size. */
export type OptionalHeader = AnyCodec & { readonly headBytes: number };

/** Which optional header comes first, second and so on, for a DF_CTL value. */
export function optionalHeaders(dfCtl: number): OptionalHeader[] {
  const present: OptionalHeader[] = [];
  if (dfCtl & DfCtl.ESP_Header) present.push(espHeader);
  if (dfCtl & DfCtl.Network_Header) present.push(networkHeader);
  if (dfCtl & DfCtl.Association_Header) present.push(associationHeader);
  const device = [undefined, deviceHeader16, deviceHeader32, deviceHeader64][dfCtl & 3];
  if (device !== undefined) present.push(device);
  return present;
}
