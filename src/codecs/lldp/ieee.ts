/**
 * TLVs of IEEE 802.1 and 802.3: VLANs, and Data Center Bridging Exchange (DCBX) as it was
 * standardized.
 * Source: IEEE 802.1Q, annex D; IEEE 802.3, LLDP extension; Wireshark epan/dissectors/packet-lldp.c.
 */
import {
  bit,
  bytes,
  codec,
  derived,
  flags,
  type Infer,
  list,
  named,
  of,
  reserved8,
  reservedBits,
  rest,
  restText,
  sized,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import { LldpOui, organizationHead } from './tlv.ts';

const SOURCE = 'IEEE 802.1Q, annex D';

/** Subtypes of IEEE 802.1 TLVs. */
export const Ieee8021Subtype = {
  'Port VLAN ID': 1,
  'Port and Protocol VLAN ID': 2,
  'VLAN Name': 3,
  'Protocol Identity': 4,
  'Congestion Notification': 8,
  'ETS Configuration': 9,
  'ETS Recommendation': 10,
  'Priority-based Flow Control Configuration': 11,
  'Application Priority': 12,
  EVB: 13,
  CDCP: 14,
} as const;

/** Subtypes of IEEE 802.3 TLVs. */
export const Ieee8023Subtype = {
  'MAC/PHY Configuration/Status': 1,
  'Power Via MDI': 2,
  'Link Aggregation': 3,
  'Maximum Frame Size': 4,
} as const;

const head = (name: keyof typeof Ieee8021Subtype, fixed: number, key?: string) =>
  organizationHead(LldpOui['IEEE 802.1'], Ieee8021Subtype, Ieee8021Subtype[name], fixed, key);

/** VLAN of frames that come without a tag; 0: none. Shape: 8 bytes. */
export const lldpPortVlanId = codec(
  'LLDP Port VLAN ID',
  SOURCE,
  { ...head('Port VLAN ID', 2), vid: u16 },
  'portVlanId',
);

/** A VLAN and its name. Shape: 9 bytes and a name of up to 32. */
export const lldpVlanName = codec(
  'LLDP VLAN Name',
  SOURCE,
  {
    ...head('VLAN Name', 3, 'name'),
    vid: u16,
    nameLengthBytes: derived(u8, (_, sizeOf) => sizeOf('name')),
    name: sized(
      of<{ nameLengthBytes: number }>((v) => v.nameLengthBytes),
      restText,
    ),
  },
  'vlanName',
);

/** Congestion notification: a bit for each priority, bit 0 priority 0. Shape: 8 bytes. */
export const lldpCongestionNotification = codec(
  'LLDP Congestion Notification',
  SOURCE,
  { ...head('Congestion Notification', 2), cnpv: u8, ready: u8 },
  'congestionNotification',
);

/** How a traffic class is served. */
export const TransmissionSelection = {
  'Strict priority': 0,
  'Credit-based shaper': 1,
  'Enhanced transmission selection': 2,
  'Vendor specific': 255,
} as const;

/**
 * A traffic class for each priority, 4 bits each; then bandwidth in percent and algorithm by class.
 */
const etsTables = {
  priority0: bit(4),
  priority1: bit(4),
  priority2: bit(4),
  priority3: bit(4),
  priority4: bit(4),
  priority5: bit(4),
  priority6: bit(4),
  priority7: bit(4),
  bandwidthPercent: bytes(8),
  transmissionSelection: bytes(8),
} as const;

/**
 * Enhanced transmission selection as it is configured. `maxTrafficClasses` 0 stands for 8.
 *
 * Shape: 27 bytes.
 * Units: bandwidth in percent.
 */
export const lldpEtsConfiguration = codec(
  'LLDP ETS Configuration',
  SOURCE,
  {
    ...head('ETS Configuration', 21),
    willing: withDefault(bit(1), 0),
    creditBasedShaper: withDefault(bit(1), 0),
    reserved1: reservedBits(3),
    maxTrafficClasses: withDefault(bit(3), 0),
    ...etsTables,
  },
  'etsConfiguration',
);
export type LldpEtsConfiguration = Infer<typeof lldpEtsConfiguration>;

/**
 * Enhanced transmission selection as the sender would have it.
 *
 * Shape: 27 bytes.
 * Units: bandwidth in percent.
 */
export const lldpEtsRecommendation = codec(
  'LLDP ETS Recommendation',
  SOURCE,
  { ...head('ETS Recommendation', 21), reserved1: reserved8, ...etsTables },
  'etsRecommendation',
);

/**
 * Priority-based flow control: `enabled` has a bit for each priority, bit 0 priority 0.
 *
 * Shape: 8 bytes.
 */
export const lldpPfcConfiguration = codec(
  'LLDP PFC Configuration',
  SOURCE,
  {
    ...head('Priority-based Flow Control Configuration', 2),
    willing: withDefault(bit(1), 0),
    macsecBypass: withDefault(bit(1), 0),
    reserved1: reservedBits(2),
    capability: withDefault(bit(4), 8),
    enabled: u8,
  },
  'pfcConfiguration',
);
export type LldpPfcConfiguration = Infer<typeof lldpPfcConfiguration>;

/** What the protocol number of an application priority entry is. */
export const ApplicationSelector = {
  EtherType: 1,
  'TCP or SCTP port': 2,
  'UDP or DCCP port': 3,
  'TCP, SCTP, UDP or DCCP port': 4,
  DSCP: 5,
} as const;

/** A protocol and the priority it is to use. Shape: 3 bytes. */
export const applicationPriorityEntry = codec('application priority entry', SOURCE, {
  priority: bit(3),
  reserved: reservedBits(2),
  selector: named(bit(3), ApplicationSelector),
  protocolId: u16,
});
export type ApplicationPriorityEntry = Infer<typeof applicationPriorityEntry>;

/**
 * Which protocols go by which priority: how FCoE finds its own.
 *
 * Shape: 7 bytes and 3 an application.
 */
export const lldpApplicationPriority = codec(
  'LLDP Application Priority',
  SOURCE,
  {
    ...head('Application Priority', 1, 'applications'),
    reserved1: reserved8,
    applications: list(applicationPriorityEntry),
  },
  'applicationPriority',
);
export type LldpApplicationPriority = Infer<typeof lldpApplicationPriority>;

/** Bridge's part of an EVB TLV. */
export const EvbBridgeStatus = { RRCTR: 0x01, RRCAP: 0x02, BGID: 0x04 } as const;

/**
 * Edge virtual bridging: reflective relay, retransmission exponents, ECP and VDP timers.
 *
 * Shape: 11 bytes.
 * Units: an exponent e stands for 10 us x 2^e.
 * Source: IEEE 802.1Q, EVB TLV; open-lldp, include/lldp_evb22.h.
 */
export const lldpEvb = codec(
  'LLDP EVB',
  'IEEE 802.1Q, EVB TLV',
  {
    ...head('EVB', 5),
    bridgeStatus: flags(u8, EvbBridgeStatus),
    stationReserved: reservedBits(4),
    sgid: bit(1),
    rrreq: bit(1),
    rrstat: bit(2),
    retries: bit(3),
    retransmissionExponent: bit(5),
    evbMode: bit(2),
    remoteOrLocalWait: bit(1),
    resourceWaitDelay: bit(5),
    reserved1: reservedBits(2),
    remoteOrLocalKeepAlive: bit(1),
    reinitKeepAlive: bit(5),
  },
  'evb',
);
export type LldpEvb = Infer<typeof lldpEvb>;

/** An S-channel and the S-VLAN that carries it. Shape: 3 bytes. */
export const sChannel = codec('S-channel', 'IEEE 802.1Q, CDCP TLV', {
  scid: bit(12),
  svid: bit(12),
});

/**
 * S-channels between a station and a bridge: several virtual ports on one link.
 *
 * Shape: 10 bytes and 3 a channel.
 */
export const lldpCdcp = codec(
  'LLDP CDCP',
  'IEEE 802.1Q, CDCP TLV',
  {
    ...head('CDCP', 4, 'channels'),
    role: bit(1),
    reserved1: reservedBits(3),
    sComponent: bit(1),
    reserved2: reservedBits(15),
    channelCapacity: bit(12),
    channels: list(sChannel),
  },
  'cdcp',
);
export type LldpCdcp = Infer<typeof lldpCdcp>;

/** Largest frame the sender's MAC takes: FCoE needs 2,180 and more. Shape: 8 bytes. */
export const lldpMaximumFrameSize = codec(
  'LLDP Maximum Frame Size',
  'IEEE 802.3, LLDP extension',
  {
    ...organizationHead(LldpOui['IEEE 802.3'], Ieee8023Subtype, 4, 2),
    maximumFrameSizeBytes: u16,
  },
  'maximumFrameSize',
);

/** An organization's TLV without a layout here. Shape: 6 bytes and its information. */
export const lldpOrganizational = codec(
  'LLDP Organizationally Specific',
  'IEEE 802.1AB, TLV formats',
  { ...organizationHead(0, {}, 0, 0, 'information'), information: rest },
  'organizational',
);
