/** Makes random values ones that a sender could mean, where the field tables alone do not. */
import {
  EntryControl,
  GsType,
  VdpFilterFormat,
  ZoningObjectType,
} from '../../../src/codecs/index.ts';

const LONG_PAYLOAD = 0x0001;
/** The one authentication message without a body. */
const AUTH_DONE = 0x0c;

/** Name server, fabric controller, configuration server, zone server. */
const SERVERS = [
  [GsType.DIRECTORY, 0x02],
  [GsType.FABRIC_CONTROLLER, 0x01],
  [GsType.MANAGEMENT, 0x01],
  [GsType.MANAGEMENT, 0x03],
] as const;

/** The feature bit that announces a login payload of 256 bytes. */
function withPayloadBit(features: number, isLong: boolean): number {
  return isLong ? features | LONG_PAYLOAD : features & ~LONG_PAYLOAD;
}

/** A name server answers with at least one entry, and is asked for features with some. */
export const isEmptyList = (value: unknown): boolean => {
  const { kind, ports, fc4Features } = value as Readonly<Record<string, unknown>>;
  if (kind === 'GE_FF') return (fc4Features as Uint8Array).length === 0;
  return String(kind).startsWith('CT_ACC') && Array.isArray(ports) && ports.length === 0;
};

/** Fields whose values follow from others. */
const FOLLOWING = new Set(['fill', 'fullLengthBytes']);
/** What an interconnect element says of itself: strings, each with a zero behind it. */
const INFORMATION = 'VENDOR\0MODEL\0RELEASE\0SPECIFIC\0';

/**
 * A random value made one that a sender could mean: without what follows from the rest (bytes
 * that fill words), and with the last entry of a name server's list marked as such.
 */
export function meant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meant);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const kept = Object.entries(value).filter(([key]) => !FOLLOWING.has(key));
  const made = Object.fromEntries(kept.map(([key, one]) => [key, meant(one)]));
  if (typeof made.information === 'string') {
    made.information = INFORMATION;
    if ('informationLengthBytes' in made) made.informationLengthBytes = INFORMATION.length;
  }
  // How a logical link is down: one byte.
  if (made.status instanceof Uint8Array) made.status = Uint8Array.of(0x80);
  // A zone set holds zones, not zone sets.
  if (Array.isArray(made.zones) && 'type' in made)
    made.zones = made.zones.map((one) => ({ ...one, type: ZoningObjectType.ZONE }));
  // Capabilities are a server's; the type of a vendor's object says that it is one.
  if (typeof made.gsSubtype === 'number' && 'entries' in made)
    [made.gsType, made.gsSubtype] = SERVERS[made.gsSubtype % SERVERS.length]!;
  // Traffic by VLAN: one entry, VID 100.
  if ('filterInfo' in made) {
    made.filterFormat = VdpFilterFormat.VID;
    made.filterEntryCount = 1;
    for (const other of ['macs', 'groups', 'groupMacs']) delete made[other];
    made.vids = [{ ps: 0, priority: 0, vid: 100 }];
    made.filterInfo = new Uint8Array(0);
  }
  if ('memberType' in made) made.identifier = new Uint8Array(8);
  if ('messageCode' in made) made.messageCode = AUTH_DONE;
  const { common, ports } = made as { common?: { features?: number }; ports?: unknown };
  if (common?.features !== undefined)
    made.common = { ...common, features: withPayloadBit(common.features, 'extension' in made) };
  if (Array.isArray(ports) && String((value as { kind?: unknown }).kind).startsWith('CT_ACC'))
    made.ports = ports.map((one, i) => ({
      ...one,
      control: i === ports.length - 1 ? EntryControl.LAST : 0,
    }));
  return made;
}
