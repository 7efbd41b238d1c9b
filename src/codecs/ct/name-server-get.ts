/** Name server queries and what they return, by the object that is asked for. */

import { FcType } from '../fc/codes.ts';
import {
  bytes,
  codec,
  fcId,
  flags,
  type Infer,
  list,
  named,
  reserved8,
  reserved24,
  reserved32,
  reservedBytes,
  text,
  u8,
  u32,
  u64,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { fc4Types } from './fc4-types.ts';
import {
  ClassOfService,
  EntryControl,
  FcpFeatures,
  NameServerCommand,
  NameServerPortType,
  nameServer,
} from './name-server-codes.ts';
import { accept, countedName, listUntil, request } from './parts.ts';

const SOURCE = 'FC-GS-7, name server';
type Name = keyof typeof NameServerCommand;
type Body = Parameters<typeof request>[4];

const ask = <const K extends Name, F extends Body>(name: K, body: F) =>
  request(nameServer, SOURCE, name, NameServerCommand[name], body);
const answer = <const K extends Name, F extends Body>(name: K, body: F) =>
  accept(nameServer, SOURCE, name, body);

/** Objects that requests and answers are made of. */
const byPortId = { reserved1: reserved8, portId: fcId } as const;
const byPortName = { portName: wwn } as const;
const byNodeName = { nodeName: wwn } as const;
const scope = {
  domainIdScope: withDefault(u8, 0),
  areaIdScope: withDefault(u8, 0),
} as const;
const byFc4Type = { reserved1: reserved8, ...scope, fc4Type: named(u8, FcType) } as const;
const portType = named(u8, NameServerPortType);
const classOfService = flags(u32, ClassOfService);
const control = withDefault(flags(u8, EntryControl), 0);
const ipAddress = bytes(16);

const isLast = (entry: { control: number }): boolean => (entry.control & EntryControl.LAST) !== 0;

/** A port identifier in a list. Shape: 4 bytes; the control byte marks the last. Source: FC-GS-7, name server. */
export const portIdEntry = codec('port identifier entry', SOURCE, { control, portId: fcId });
/** What `portIdEntry` decodes. */
export type PortIdEntry = Infer<typeof portIdEntry>;
/** A port identifier with its port name. Shape: 16 bytes. Source: FC-GS-7, GPN_FT. */
export const portNameEntry = codec('port name entry', SOURCE, {
  control,
  portId: fcId,
  reserved1: reserved32,
  portName: wwn,
});
/** What `portNameEntry` decodes. */
export type PortNameEntry = Infer<typeof portNameEntry>;
/** A port identifier with its node name. Shape: 16 bytes. Source: FC-GS-7, GNN_FT. */
export const nodeNameEntry = codec('node name entry', SOURCE, {
  control,
  portId: fcId,
  reserved1: reserved32,
  nodeName: wwn,
});
/** What `nodeNameEntry` decodes. */
export type NodeNameEntry = Infer<typeof nodeNameEntry>;

const portIds = { ports: listUntil(portIdEntry, isLast) } as const;
const portNames = { ports: listUntil(portNameEntry, isLast) } as const;
const nodeNames = { ports: listUntil(nodeNameEntry, isLast) } as const;
const SYMBOLIC_NAME_BYTES = 255;
const symbolicName = text(SYMBOLIC_NAME_BYTES, '\0');

/** Get all objects of the next port. Shape: 20 bytes. */
export const gaNxt = ask('GA_NXT', byPortId);
/**
 * All objects of one port.
 *
 * Shape: 636 bytes. Names stand in fields of 255 bytes behind their lengths, padded with zeros.
 */
export const gaNxtAccept = answer('GA_NXT', {
  portType,
  portId: fcId,
  portName: wwn,
  symbolicPortNameLengthBytes: u8,
  symbolicPortName: symbolicName,
  nodeName: wwn,
  symbolicNodeNameLengthBytes: u8,
  symbolicNodeName: symbolicName,
  initialProcessAssociator: withDefault(u64, 0n),
  nodeIpAddress: withDefault(ipAddress, new Uint8Array(16)),
  classOfService,
  fc4Types,
  portIpAddress: withDefault(ipAddress, new Uint8Array(16)),
  fabricPortName: withDefault(wwn, 0n),
  reserved1: reserved8,
  hardAddress: withDefault(fcId, 0),
});

/** Get identifiers: the domains of the fabric, or the areas of one of them. Shape: 20 bytes. */
export const gidA = ask('GID_A', {
  reserved1: reserved8,
  domainIdScope: withDefault(u8, 0),
  reserved2: withDefault(u8, 0),
  reserved3: reserved8,
});
/** Domain or area identifiers, in the place of port identifiers. Shape: 16 bytes and 4 per port. */
export const gidAAccept = answer('GID_A', portIds);

/** Get port name. Shape: 20 bytes. */
export const gpnId = ask('GPN_ID', byPortId);
/** Accept of GPN_ID. Shape: 24 bytes. */
export const gpnIdAccept = answer('GPN_ID', byPortName);
/** Get node name. Shape: 20 bytes. */
export const gnnId = ask('GNN_ID', byPortId);
/** Accept of GNN_ID. Shape: 24 bytes. */
export const gnnIdAccept = answer('GNN_ID', byNodeName);
/** Get class of service. Shape: 20 bytes. */
export const gcsId = ask('GCS_ID', byPortId);
/** Accept of GCS_ID. Shape: 20 bytes. */
export const gcsIdAccept = answer('GCS_ID', { classOfService });
/** Get FC-4 types. Shape: 20 bytes. */
export const gftId = ask('GFT_ID', byPortId);
/** Accept of GFT_ID. Shape: 48 bytes. */
export const gftIdAccept = answer('GFT_ID', { fc4Types });
/** Get symbolic port name. Shape: 20 bytes. */
export const gspnId = ask('GSPN_ID', byPortId);
/** Accept of GSPN_ID. Shape: 17 bytes and the name. */
export const gspnIdAccept = answer('GSPN_ID', countedName());
/** Get port type. Shape: 20 bytes. */
export const gptId = ask('GPT_ID', byPortId);
/** Accept of GPT_ID. Shape: 20 bytes. */
export const gptIdAccept = answer('GPT_ID', { portType, reserved1: reserved24 });
/** Get IP address of a port. Shape: 20 bytes. */
export const gippId = ask('GIPP_ID', byPortId);
/** Accept of GIPP_ID. Shape: 32 bytes. */
export const gippIdAccept = answer('GIPP_ID', { portIpAddress: ipAddress });
/** Get fabric port name. Shape: 20 bytes. */
export const gfpnId = ask('GFPN_ID', byPortId);
/** Accept of GFPN_ID. Shape: 24 bytes. */
export const gfpnIdAccept = answer('GFPN_ID', { fabricPortName: wwn });
/** Get hard address. Shape: 20 bytes. */
export const ghaId = ask('GHA_ID', byPortId);
/** Accept of GHA_ID. Shape: 20 bytes. */
export const ghaIdAccept = answer('GHA_ID', { reserved1: reserved8, hardAddress: fcId });

/** FC-4 descriptor object: a length and up to 255 characters. Shape: 256 bytes. */
export const fc4Descriptor = codec('FC-4 descriptor', SOURCE, {
  descriptorLengthBytes: u8,
  descriptor: symbolicName,
});
/** What `fc4Descriptor` decodes. */
export type Fc4Descriptor = Infer<typeof fc4Descriptor>;
/** Get the FC-4 descriptors of these FC-4 types. Shape: 52 bytes. */
export const gfdId = ask('GFD_ID', { ...byPortId, fc4Types });
/** Accept of GFD_ID. Shape: 16 bytes and 256 per descriptor. */
export const gfdIdAccept = answer('GFD_ID', {
  descriptors: list(fc4Descriptor, { mayBeCut: true }),
});
/** Get FC-4 features. Shape: 20 bytes. */
export const gffId = ask('GFF_ID', byPortId);
/**
 * Four bits of features for each FC-4 type, eight types a word.
 *
 * Shape: 144 bytes, of which `fc4Features` has 128.
 */
export const gffIdAccept = answer('GFF_ID', { fc4Features: bytes(128) });

/** Get port identifier. Shape: 24 bytes. */
export const gidPn = ask('GID_PN', byPortName);
/** Accept of GID_PN. Shape: 20 bytes. */
export const gidPnAccept = answer('GID_PN', byPortId);
/** Get IP address of a port, by its name. Shape: 24 bytes. */
export const gippPn = ask('GIPP_PN', byPortName);
/** Accept of GIPP_PN. Shape: 32 bytes. */
export const gippPnAccept = answer('GIPP_PN', { portIpAddress: ipAddress });
/** Get port identifiers of a node. Shape: 24 bytes. */
export const gidNn = ask('GID_NN', byNodeName);
/** Accept of GID_NN. Shape: 16 bytes and 4 per port. */
export const gidNnAccept = answer('GID_NN', portIds);
/** Get port names of a node. Shape: 24 bytes. */
export const gpnNn = ask('GPN_NN', byNodeName);
/** Accept of GPN_NN. Shape: 16 bytes and 16 per port. */
export const gpnNnAccept = answer('GPN_NN', portNames);
/** Get IP address of a node. Shape: 24 bytes. */
export const gipNn = ask('GIP_NN', byNodeName);
/** Accept of GIP_NN. Shape: 32 bytes. */
export const gipNnAccept = answer('GIP_NN', { nodeIpAddress: ipAddress });
/** Get initial process associator of a node. Shape: 24 bytes. */
export const gipaNn = ask('GIPA_NN', byNodeName);
/** Accept of GIPA_NN. Shape: 24 bytes. */
export const gipaNnAccept = answer('GIPA_NN', { initialProcessAssociator: u64 });
/** Get symbolic node name. Shape: 24 bytes. */
export const gsnnNn = ask('GSNN_NN', byNodeName);
/** Accept of GSNN_NN. Shape: 17 bytes and the name. */
export const gsnnNnAccept = answer('GSNN_NN', countedName());
/** Get node name, by the node's IP address. Shape: 32 bytes. */
export const gnnIp = ask('GNN_IP', { nodeIpAddress: ipAddress });
/** Accept of GNN_IP. Shape: 24 bytes. */
export const gnnIpAccept = answer('GNN_IP', byNodeName);
/** Get initial process associator, by the node's IP address. Shape: 32 bytes. */
export const gipaIp = ask('GIPA_IP', { nodeIpAddress: ipAddress });
/** Accept of GIPA_IP. Shape: 24 bytes. */
export const gipaIpAccept = answer('GIPA_IP', { initialProcessAssociator: u64 });

/** Get identifiers of the ports of an FC-4 type. Shape: 20 bytes. */
export const gidFt = ask('GID_FT', byFc4Type);
/** Accept of GID_FT. Shape: 16 bytes and 4 per port. */
export const gidFtAccept = answer('GID_FT', portIds);
/** Get names of the ports of an FC-4 type. Shape: 20 bytes. */
export const gpnFt = ask('GPN_FT', byFc4Type);
/** Accept of GPN_FT. Shape: 16 bytes and 16 per port. */
export const gpnFtAccept = answer('GPN_FT', portNames);
/** Get node names of the ports of an FC-4 type. Shape: 20 bytes. */
export const gnnFt = ask('GNN_FT', byFc4Type);
/** Accept of GNN_FT. Shape: 16 bytes and 16 per port. */
export const gnnFtAccept = answer('GNN_FT', nodeNames);
/** Get identifiers of the ports of a port type. Shape: 20 bytes. */
export const gidPt = ask('GID_PT', { portType, ...scope, reserved1: reserved8 });
/** Accept of GID_PT. Shape: 16 bytes and 4 per port. */
export const gidPtAccept = answer('GID_PT', portIds);
/** Get identifiers of the ports with an IP address. Shape: 32 bytes. */
export const gidIpp = ask('GID_IPP', { portIpAddress: ipAddress });
/** Accept of GID_IPP. Shape: 16 bytes and 4 per port. */
export const gidIppAccept = answer('GID_IPP', portIds);
/** Get names of the ports with an IP address. Shape: 32 bytes. */
export const gpnIpp = ask('GPN_IPP', { portIpAddress: ipAddress });
/** Accept of GPN_IPP. Shape: 16 bytes and 16 per port. */
export const gpnIppAccept = answer('GPN_IPP', portNames);
/** Get identifiers of the ports of an FC-4 type that have these features. Shape: 24 bytes. */
export const gidFf = ask('GID_FF', {
  reserved1: reserved8,
  ...scope,
  reserved2: reservedBytes(3),
  fc4Features: flags(u8, FcpFeatures),
  fc4Type: named(u8, FcType),
});
/** Accept of GID_FF. Shape: 16 bytes and 4 per port. */
export const gidFfAccept = answer('GID_FF', portIds);
