/** Who a node is: RNID, RNFT, FAN, FARP-REQ, FARP-REPLY. */
import { FcType } from '../fc/codes.ts';
import {
  bytes,
  codec,
  derived,
  embed,
  fcId,
  flags,
  hex,
  type Infer,
  list,
  named,
  of,
  optional,
  reserved8,
  reserved16,
  reserved24,
  rest,
  sized,
  u8,
  u16,
  u24,
  u32,
  when,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { acceptHead, commandCode, head, plainAccept } from './parts.ts';

/** Which specific data RNID asks for; other values are FC-4 types. Source: FC-LS-3, RNID. */
export const NodeIdentificationFormat = { COMMON_ONLY: 0x00, GENERAL_TOPOLOGY: 0xdf } as const;

/** Request node identification data. Shape: 8 bytes. Source: FC-LS-3, RNID. */
export const rnid = codec(
  'RNID',
  'FC-LS-3, RNID',
  {
    ...head(ElsCommand.RNID),
    format: named(u8, NodeIdentificationFormat),
    reserved2: reserved24,
  },
  'RNID',
);
/** What `rnid` decodes. */
export type Rnid = Infer<typeof rnid>;

/** Common identification data. Shape: 16 bytes. Source: FC-LS-3, RNID accept. */
export const commonIdentification = codec('common identification data', 'FC-LS-3, RNID accept', {
  portName: wwn,
  nodeName: wwn,
});
/** What `commonIdentification` decodes. */
export type CommonIdentification = Infer<typeof commonIdentification>;

/** What a unit is; FFh tells that the bits of `MultiFunctionUnit` follow. Source: FC-LS-3, RNID. */
export const UnitType = {
  UNKNOWN: 0x01,
  OTHER: 0x02,
  HUB: 0x03,
  SWITCH: 0x04,
  GATEWAY: 0x05,
  CONVERTER: 0x06,
  HBA: 0x07,
  PROXY_AGENT: 0x08,
  STORAGE_DEVICE: 0x09,
  HOST: 0x0a,
  STORAGE_SUBSYSTEM: 0x0b,
  STORAGE_ACCESS_DEVICE: 0x0e,
  NAS_DEVICE: 0x11,
  BRIDGE: 0x12,
  VIRTUALIZATION_DEVICE: 0x13,
  MULTI_FUNCTION: 0xff,
} as const;

/** Units that are several things at once. Source: FC-LS-3, RNID. */
export const MultiFunctionUnit = {
  HUB: 0x8000_0000,
  SWITCH: 0x4000_0000,
  GATEWAY: 0x2000_0000,
  STORAGE_DEVICE: 0x1000_0000,
  HOST: 0x0800_0000,
  STORAGE_SUBSYSTEM: 0x0400_0000,
  STORAGE_ACCESS_DEVICE: 0x0200_0000,
  WAVELENGTH_DIVISION_MULTIPLEXER: 0x0100_0000,
  NAS_DEVICE: 0x0080_0000,
  BRIDGE: 0x0040_0000,
  VIRTUALIZATION_DEVICE: 0x0020_0000,
} as const;

/** How a node is managed. Source: FC-LS-3, RNID node management. */
export const NodeManagement = { SNMP: 0, TELNET: 1, HTTP: 2, HTTPS: 3, XML: 4 } as const;
/** IP version of a node's management address. Source: FC-LS-3, RNID. */
export const ManagementIpVersion = { NONE: 0, IPV4: 1, IPV6: 2 } as const;

/** General topology discovery data. Shape: 52 bytes. Source: FC-LS-3, RNID general topology. */
export const generalTopology = codec('general topology discovery data', 'FC-LS-3, RNID accept', {
  vendorSpecific: bytes(16),
  unitType: named(u32, UnitType),
  physicalPortNumber: u32,
  attachedNodes: u32,
  nodeManagement: named(u8, NodeManagement),
  ipVersion: named(u8, ManagementIpVersion),
  portNumber: u16,
  ipAddress: bytes(16),
  reserved1: reserved16,
  vendorFlags: hex(u16),
});
/** What `generalTopology` decodes. */
export type GeneralTopology = Infer<typeof generalTopology>;

type RnidHead = { format: number; commonLengthBytes: number; specificLengthBytes: number };
const TOPOLOGY_BYTES = 52;
const hasTopology = (value: RnidHead): boolean =>
  value.format === NodeIdentificationFormat.GENERAL_TOPOLOGY &&
  value.specificLengthBytes >= TOPOLOGY_BYTES;

/**
 * Accept of RNID.
 *
 * Shape: 8 bytes, common identification data (16 bytes), specific data (52 for the general
 * topology format), each as long as its length byte says.
 * Errors: `bad-length` when a part runs past the payload, `truncated` when it is too short for its fields.
 * Source: FC-LS-3, RNID accept.
 */
export const rnidAccept = codec(
  'LS_ACC to RNID',
  'FC-LS-3, RNID accept',
  {
    ...acceptHead,
    format: named(u8, NodeIdentificationFormat),
    commonLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('common')),
    reserved2: reserved8,
    specificLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('topology') + sizeOf('specific')),
    common: optional(
      when<RnidHead>((value) => value.commonLengthBytes > 0),
      sized(
        of<RnidHead>((value) => value.commonLengthBytes),
        embed(commonIdentification),
      ),
    ),
    topology: optional(
      when<RnidHead>(hasTopology),
      sized(
        of<RnidHead>((value) => value.specificLengthBytes),
        embed(generalTopology),
      ),
    ),
    specific: sized(
      of<RnidHead>((value) => (hasTopology(value) ? 0 : value.specificLengthBytes)),
      rest,
    ),
  },
  'LS_ACC RNID',
);
/** What `rnidAccept` decodes. */
export type RnidAccept = Infer<typeof rnidAccept>;

/** Report node FC-4 types. Shape: 8 bytes. Units: `maxSizeBytes` bytes. Source: FC-LS-3, RNFT. */
export const rnft = codec(
  'RNFT',
  'FC-LS-3, RNFT',
  {
    command: commandCode(ElsCommand.RNFT),
    reserved1: reserved8,
    maxSizeBytes: withDefault(u16, 0),
    reserved2: reserved24,
    index: withDefault(u8, 0),
  },
  'RNFT',
);
/** What `rnft` decodes. */
export type Rnft = Infer<typeof rnft>;

/** One FC-4 type of a node. Shape: 4 bytes. Source: FC-LS-3, RNFT record. */
export const fc4Record = codec('FC-4 type record', 'FC-LS-3, RNFT accept', {
  fc4Type: named(u8, FcType),
  qualifier: withDefault(u24, 0),
});
/** What `fc4Record` decodes. */
export type Fc4Record = Infer<typeof fc4Record>;

/** Accept of RNFT. Shape: 8 bytes and 4 per type. Source: FC-LS-3, RNFT accept. */
export const rnftAccept = codec(
  'LS_ACC to RNFT',
  'FC-LS-3, RNFT accept',
  {
    command: commandCode(ElsCommand.LS_ACC),
    reserved1: reserved8,
    payloadLengthBytes: derived(u16, (_value, sizeOf) => 8 + sizeOf('records')),
    reserved2: reserved8,
    listLength: derived(u8, (_value, sizeOf) => sizeOf('records') / 4),
    reserved3: reserved8,
    index: withDefault(u8, 0),
    records: list(fc4Record, { mayBeCut: true }),
  },
  'LS_ACC RNFT',
);
/** What `rnftAccept` decodes. */
export type RnftAccept = Infer<typeof rnftAccept>;

/** Fabric address notification on a loop; it has no reply. Shape: 24 bytes. Source: FC-LS-3, FAN. */
export const fan = codec(
  'FAN',
  'FC-LS-3, FAN',
  {
    ...head(ElsCommand.FAN),
    reserved2: reserved8,
    loopFabricAddress: fcId,
    fabricPortName: wwn,
    fabricName: wwn,
  },
  'FAN',
);
/** What `fan` decodes. */
export type Fan = Infer<typeof fan>;

/** What in a FARP must match. Source: FC-LS-3, FARP match address code points. */
export const FarpMatch = {
  NONE: 0,
  PORT_NAME: 1,
  NODE_NAME: 2,
  PORT_AND_NODE_NAME: 3,
  IP_ADDRESS: 4,
  PORT_NAME_AND_IP: 5,
  NODE_NAME_AND_IP: 6,
  ALL: 7,
} as const;
/** What the one who matches shall do. Source: FC-LS-3, FARP responder flags. */
export const FarpAction = { LOGIN: 0x01, REPLY: 0x02 } as const;

const farp = {
  matchAddress: named(u8, FarpMatch),
  requesterNPortId: fcId,
  responderFlags: flags(u8, FarpAction),
  responderNPortId: fcId,
  requesterPortName: wwn,
  requesterNodeName: wwn,
  responderPortName: wwn,
  responderNodeName: wwn,
  requesterIpAddress: bytes(16),
  responderIpAddress: bytes(16),
} as const;

/** FC address resolution request. Shape: 76 bytes. Source: FC-LS-3, FARP-REQ. */
export const farpReq = codec(
  'FARP-REQ',
  'FC-LS-3, FARP-REQ',
  { ...head(ElsCommand['FARP-REQ']), ...farp },
  'FARP-REQ',
);
/** What `farpReq` decodes. */
export type FarpReq = Infer<typeof farpReq>;
/** FC address resolution reply, a request of its own. Shape: 76 bytes. Source: FC-LS-3, FARP-REPLY. */
export const farpReply = codec(
  'FARP-REPLY',
  'FC-LS-3, FARP-REPLY',
  { ...head(ElsCommand['FARP-REPLY']), ...farp },
  'FARP-REPLY',
);
/** What `farpReply` decodes. */
export type FarpReply = Infer<typeof farpReply>;
/** Accept of FARP-REPLY. Shape: 4 bytes. Source: FC-LS-3, FARP-REPLY. */
export const farpReplyAccept = plainAccept('FARP-REPLY');
/** What `farpReplyAccept` decodes. */
export type FarpReplyAccept = Infer<typeof farpReplyAccept>;
