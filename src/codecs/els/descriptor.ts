/** TLV descriptors of diagnostic link services. */
import {
  bit,
  bytes,
  codec,
  derived,
  type FixedField,
  family,
  fcId,
  flags,
  type Infer,
  list,
  named,
  of,
  reserved8,
  reserved24,
  reservedBits,
  struct,
  type Table,
  text,
  u8,
  u16,
  u32,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import {
  CongestionEvent,
  CongestionSeverity,
  DeliveryReason,
  LinkIntegrityEvent,
  LsDescriptorTag,
  OpticalElement,
  OpticalElementFlags,
  PortSpeed,
  SfpFlags,
  SignalCapability,
  SignalUnit,
} from './descriptor-codes.ts';
import { lesb } from './link-status.ts';

const HEAD_BYTES = 8;

/** Bytes of a descriptor's value: its fields of fixed size and its lists. */
function valueBytes(body: Table): (sizeOf: (key: string) => number) => number {
  let bits = 0;
  const lists: string[] = [];
  for (const [key, field] of Object.entries(body)) {
    if (field.place === 'fixed') bits += field.bits;
    else lists.push(key);
  }
  return (sizeOf) => lists.reduce((sum, key) => sum + sizeOf(key), bits / 8);
}

type DescriptorHead = {
  tag: FixedField<number, true>;
  valueLengthBytes: FixedField<number, true>;
};

/** A descriptor: tag, length of its value in bytes, value. */
function descriptor<const K extends keyof typeof LsDescriptorTag, F extends Table>(
  kind: K,
  body: F,
) {
  const lengthOf = valueBytes(body);
  const table: DescriptorHead & F = {
    tag: withDefault(named(u32, LsDescriptorTag), LsDescriptorTag[kind]),
    valueLengthBytes: derived(u32, (_value, sizeOf) => lengthOf(sizeOf)),
    ...body,
  };
  const name = kind.toLowerCase().replaceAll('_', ' ');
  return codec(`${name} descriptor`, 'FC-LS-5, link service TLV descriptors', table, kind);
}

/** The first word of the request that is answered. Shape: 12 bytes. */
export const linkServiceRequestDescriptor = descriptor('LINK_SERVICE_REQUEST_INFORMATION', {
  command: named(u8, ElsCommand),
  reserved1: reserved24,
});
/** Whose parameters are asked for. Shape: 12 bytes. */
export const nPortIdDescriptor = descriptor('N_PORT_ID', { reserved1: reserved8, nPortId: fcId });

/** Readings of a transceiver, in the units of SFF-8472 (1/256 °C, 100 µV, 2 µA, 0.1 µW). Shape: 20 bytes. */
export const sfpDescriptor = descriptor('SFP_DIAGNOSTICS', {
  temperature: u16,
  voltage: u16,
  txBias: u16,
  txPower: u16,
  rxPower: u16,
  flags: flags(u16, SfpFlags),
});
/** What speeds a port can run at, and at which it does. Shape: 12 bytes. */
export const portSpeedDescriptor = descriptor('PORT_SPEED', {
  capabilities: flags(u16, PortSpeed),
  operatingSpeed: flags(u16, PortSpeed),
});
/** Link errors; `portType` is 1 for a physical FC port, 2 for an Ethernet MAC. Shape: 36 bytes. */
export const linkErrorStatusDescriptor = descriptor('LINK_ERROR_STATUS', {
  lesb: struct(lesb),
  portType: bit(2),
  reserved1: reservedBits(6),
  reserved2: reserved24,
});
/** Node name first, then port name. Shape: 24 bytes. */
export const portNamesDescriptor = descriptor('PORT_NAMES', { nodeName: wwn, portName: wwn });
/** Blocks that forward error correction mended, and those that it could not. Shape: 16 bytes. */
export const fecStatusDescriptor = descriptor('FEC_STATUS', {
  correctedBlocks: u32,
  uncorrectableBlocks: u32,
});
/** Buffer credits of both ends; `roundTripTimeNs` in nanoseconds. Shape: 20 bytes. */
export const bufferCreditDescriptor = descriptor('BUFFER_CREDIT', {
  bbCredit: u32,
  attachedBbCredit: u32,
  roundTripTimeNs: u32,
});
/** Alarm and warning thresholds of one optical element, in the units of SFF-8472. Shape: 20 bytes. */
export const opticalElementDescriptor = descriptor('OPTICAL_ELEMENT_DATA', {
  highAlarm: u16,
  lowAlarm: u16,
  highWarning: u16,
  lowWarning: u16,
  element: named(bit(4), OpticalElement),
  reserved1: reservedBits(24),
  flags: flags(bit(4), OpticalElementFlags),
});
/** Who made the transceiver, and when. Shape: 68 bytes. */
export const opticalProductDescriptor = descriptor('OPTICAL_PRODUCT_DATA', {
  vendorName: text(16),
  modelNumber: text(16),
  serialNumber: text(16),
  revision: text(4),
  date: text(8),
});

/** Priorities that virtual entities may use in CS_CTL. `localVeIdUse` tells odd, even or both. Shape: 12 bytes. */
export const priorityRangeDescriptor = descriptor('PRIORITY_RANGE', {
  lowRange: u8,
  highRange: u8,
  qosPriority: u8,
  localVeIdUse: u8,
});
const globalVeId = bytes(16);
/** The manager of virtual entities, by its UUID. Shape: 24 bytes. */
export const vemIdDescriptor = descriptor('VEM_ID', { vemId: bytes(16) });
/** A virtual entity that came: its UUID, its port, and its local identifier for CS_CTL. Shape: 28 bytes. */
export const instantiatedVeDescriptor = descriptor('INSTANTIATED_VE', {
  globalVeId,
  nPortId: fcId,
  localVeId: u8,
});
/** A virtual entity that went. Shape: 28 bytes. */
export const deinstantiatedVeDescriptor = descriptor('DEINSTANTIATED_VE', {
  globalVeId,
  nPortId: fcId,
  localVeId: u8,
});

/** Errors at which a link counts as degraded, and no longer, each within an interval. Shape: 20 bytes. */
export const linkFaultCapabilityDescriptor = descriptor('LINK_FAULT_CAPABILITY', {
  degradeActivateThreshold: u32,
  degradeDeactivateThreshold: u32,
  fecDegradeInterval: u32,
});
/** Congestion signals that a port sends and takes. Shape: 24 bytes. Units: periods as their unit says. */
export const congestionSignalingDescriptor = descriptor('CONGESTION_SIGNALING_CAPABILITY', {
  transmitCapability: named(u32, SignalCapability),
  transmitPeriod: u16,
  transmitUnit: named(u16, SignalUnit),
  receiveCapability: named(u32, SignalCapability),
  receivePeriod: u16,
  receiveUnit: named(u16, SignalUnit),
});

/** Ports that can be reached through the attached port, by name. */
const reachablePorts = {
  portNameCount: derived(u32, (_value, sizeOf) => sizeOf('portNames') / 8),
  portNames: list(wwn, { count: of<{ portNameCount: number }>((value) => value.portNameCount) }),
} as const;

/** A link had errors. Shape: 40 bytes and 8 per port name. Units: `eventThresholdMs` milliseconds. */
export const linkIntegrityDescriptor = descriptor('LINK_INTEGRITY_NOTIFICATION', {
  detectingPortName: wwn,
  attachedPortName: wwn,
  eventType: named(u16, LinkIntegrityEvent),
  eventModifier: withDefault(u16, 0),
  eventThresholdMs: u32,
  eventCount: u32,
  ...reachablePorts,
});
/** A frame was lost. In newer fabrics its header follows, as `trailing`. Shape: 28 bytes. */
export const deliveryDescriptor = descriptor('DELIVERY_NOTIFICATION', {
  detectingPortName: wwn,
  attachedPortName: wwn,
  reason: named(u32, DeliveryReason),
});
/** A port that this one talks to is congested. Shape: 36 bytes and 8 per port name. */
export const peerCongestionDescriptor = descriptor('PEER_CONGESTION_NOTIFICATION', {
  detectingPortName: wwn,
  attachedPortName: wwn,
  eventType: named(u16, CongestionEvent),
  eventModifier: withDefault(u16, 0),
  eventPeriodMs: u32,
  ...reachablePorts,
});
/** This port is congested. Shape: 20 bytes. Units: `eventPeriodMs` milliseconds. */
export const congestionDescriptor = descriptor('CONGESTION_NOTIFICATION', {
  eventType: named(u16, CongestionEvent),
  eventModifier: withDefault(u16, 0),
  eventPeriodMs: u32,
  severity: named(u8, CongestionSeverity),
  reserved1: reserved24,
});
/** Notifications that a port wants: the tags of their descriptors. Shape: 12 bytes and 4 per tag. */
export const fpinRegistrationDescriptor = descriptor('FPIN_REGISTRATION', {
  tagCount: derived(u32, (_value, sizeOf) => sizeOf('tags') / 4),
  tags: list(named(u32, LsDescriptorTag), {
    count: of<{ tagCount: number }>((value) => value.tagCount),
  }),
});

const members = {
  LINK_SERVICE_REQUEST_INFORMATION: linkServiceRequestDescriptor,
  N_PORT_ID: nPortIdDescriptor,
  SFP_DIAGNOSTICS: sfpDescriptor,
  PORT_SPEED: portSpeedDescriptor,
  LINK_ERROR_STATUS: linkErrorStatusDescriptor,
  PORT_NAMES: portNamesDescriptor,
  FEC_STATUS: fecStatusDescriptor,
  BUFFER_CREDIT: bufferCreditDescriptor,
  OPTICAL_ELEMENT_DATA: opticalElementDescriptor,
  OPTICAL_PRODUCT_DATA: opticalProductDescriptor,
  PRIORITY_RANGE: priorityRangeDescriptor,
  VEM_ID: vemIdDescriptor,
  INSTANTIATED_VE: instantiatedVeDescriptor,
  DEINSTANTIATED_VE: deinstantiatedVeDescriptor,
  LINK_FAULT_CAPABILITY: linkFaultCapabilityDescriptor,
  CONGESTION_SIGNALING_CAPABILITY: congestionSignalingDescriptor,
  LINK_INTEGRITY_NOTIFICATION: linkIntegrityDescriptor,
  DELIVERY_NOTIFICATION: deliveryDescriptor,
  PEER_CONGESTION_NOTIFICATION: peerCongestionDescriptor,
  CONGESTION_NOTIFICATION: congestionDescriptor,
  FPIN_REGISTRATION: fpinRegistrationDescriptor,
} as const;

const kinds = new Map<number, keyof typeof members>(
  Object.keys(members).map((kind) => {
    const known = kind as keyof typeof members;
    return [LsDescriptorTag[known], known];
  }),
);

/**
 * Any TLV descriptor by its tag; `kind` is the tag's name.
 *
 * Shape: 8 bytes and `valueLengthBytes` more.
 * Errors: `bad-length` when the value runs past the list.
 * Source: FC-LS-5, link service TLV descriptors.
 */
export const lsDescriptor = family(
  'link service descriptor',
  'FC-LS-5, link service TLV descriptors',
  {
    members,
    select: (raw, at) => kinds.get(u32.read(raw, at, 0)),
    peekBytes: HEAD_BYTES,
    spoilsItself: true,
    extent: (raw, at) => HEAD_BYTES + u32.read(raw, at + 4, 0),
  },
);
/** What `lsDescriptor` decodes. */
export type LsDescriptor = Infer<typeof lsDescriptor>;
