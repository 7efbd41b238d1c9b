/**
 * Whom something happened to: initiator ports and target ports by name, whatever carries their SCSI.
 *
 * A name is its text form: `20:00:00:25:b5:00:00:01` for Fibre Channel, `iqn.…,i,0x00023d000001` and
 * `iqn.…,t,0x0001` for iSCSI (RFC 7143, 4.4.2: port names), an IP address for a client of NFS or NBD and `nfs:` or
 * `nbd:` with a name for its server. Equal names are equal values, as keys of a map too, and a name can be printed, stored and sent to a worker as it is.
 * Bytes of TransportIDs stay in `codecs/scsi`.
 */
import { formatHex, formatWwn, parseWwn, type Wwn } from '../codecs/layout/index.ts';

declare const initiatorPort: unique symbol;
declare const targetPort: unique symbol;
declare const initiatorDevice: unique symbol;

/** A SCSI initiator port by name: reservations and unit attentions go by it (SAM-5, SCSI port name). */
export type InitiatorPort = string & { readonly [initiatorPort]: true };

/** A SCSI target port by name. */
export type TargetPort = string & { readonly [targetPort]: true };

/** What masks go by: an iSCSI initiator whatever its session, a Fibre Channel port by its WWPN. */
export type InitiatorDevice = string & { readonly [initiatorDevice]: true };

/** Between an iSCSI name and the session identifier of an initiator port. */
const SESSION_MARK = ',i,';

/** In front of the name of a file server. */
const NFS_MARK = 'nfs:';

/** In front of the name of an NBD server. */
const NBD_MARK = 'nbd:';

/** Names that are kept so that each is made once; they go into every command's happenings. */
const KEPT_MAX = 100_000;
const kept = new Map<Wwn, string>();

function nameOf(wwpn: Wwn): string {
  let name = kept.get(wwpn);
  if (name === undefined) {
    name = formatWwn(wwpn);
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(wwpn, name);
  }
  return name;
}

/** The initiator port with a WWPN. */
export function fcInitiatorPort(wwpn: Wwn): InitiatorPort {
  return nameOf(wwpn) as InitiatorPort;
}

/** The target port with a WWPN. */
export function fcTargetPort(wwpn: Wwn): TargetPort {
  return nameOf(wwpn) as TargetPort;
}

/** The initiator port of a session: the initiator's name and its ISID of 6 bytes. Source: RFC 7143, 4.4.2. */
export function iscsiInitiatorPort(initiatorName: string, isid: Uint8Array): InitiatorPort {
  return `${initiatorName}${SESSION_MARK}0x${formatHex(isid)}` as InitiatorPort;
}

/** The target port of a portal group: the target's name and the group's tag of 16 bits. Source: RFC 7143, 4.4.2. */
export function iscsiTargetPort(targetName: string, groupTag: number): TargetPort {
  return `${targetName},t,0x${groupTag.toString(16).padStart(4, '0')}` as TargetPort;
}

/** The client of a file server that calls from an IP address, whatever its TCP port. */
export function nfsClient(address: string): InitiatorPort {
  return address as InitiatorPort;
}

/** The file server of a name. */
export function nfsServer(name: string): TargetPort {
  return `${NFS_MARK}${name}` as TargetPort;
}

/** The client of an NBD server: its IP address, or `local` on a Unix socket. */
export function nbdClient(address: string): InitiatorPort {
  return (address === '' ? 'local' : address) as InitiatorPort;
}

/** The NBD server of a name. */
export function nbdServer(name: string): TargetPort {
  return `${NBD_MARK}${name}` as TargetPort;
}

/** True for the name of an NBD server. */
export const isNbdServer = (port: TargetPort): boolean => port.startsWith(NBD_MARK);

/** True for the name of a file server. */
export const isNfsServer = (port: TargetPort): boolean => port.startsWith(NFS_MARK);

/** The device that an initiator port belongs to. */
export function deviceOf(port: InitiatorPort): InitiatorDevice {
  const end = port.indexOf(SESSION_MARK);
  return (end < 0 ? port : port.slice(0, end)) as string as InitiatorDevice;
}

/** The device with a WWPN. */
export function fcInitiatorDevice(wwpn: Wwn): InitiatorDevice {
  return nameOf(wwpn) as InitiatorDevice;
}

/** The device of an initiator that is known by its name: an iSCSI node, or the client of a file server. */
export function initiatorDeviceOf(name: string): InitiatorDevice {
  return (WWPN.test(name.toLowerCase()) ? nameOf(parseWwn(name)) : name) as InitiatorDevice;
}

/** What carries a port's SCSI, as its name tells. */
export type PortProtocol = 'fibre-channel' | 'iscsi' | 'other';

/** The protocol that a name is of: it decides which bytes stand for the port. */
export function protocolOf(name: InitiatorPort | TargetPort | InitiatorDevice): PortProtocol {
  if (WWPN.test(name)) return 'fibre-channel';
  return ISCSI.test(name) ? 'iscsi' : 'other';
}

/** A name as a WWPN; `undefined` where it is none. */
export function wwpnOf(name: InitiatorPort | TargetPort | InitiatorDevice): Wwn | undefined {
  return WWPN.test(name) ? parseWwn(name) : undefined;
}

/** RFC 7143, 4.2.7: the three name formats. */
const ISCSI = /^(iqn|eui|naa)\./;
const WWPN = /^[0-9a-f]{2}(:[0-9a-f]{2}){7}$/;
