/** All mapped fields, and the names that are left out on purpose. */
import type { FieldMap, Mapped, Target } from '../mapping.ts';
import { same } from '../mapping.ts';
import { BGP_LEFT_OUT, bgpFields } from './bgp.ts';
import { ctFields } from './ct.ts';
import { elsFields } from './els.ts';
import { arpFields, ethernetFields, ipFields, tunnelFields } from './ethernet.ts';
import { fcFields } from './fc.ts';
import { fcipFields } from './fcip.ts';
import { fcoeFields, fipFields } from './fcoe.ts';
import { fcpFields } from './fcp.ts';
import { fcsFields } from './fcs.ts';
import { iscsiFields } from './iscsi.ts';
import { lldpFields } from './lldp.ts';
import { RPC_LEFT_OUT, rpcFields } from './rpc.ts';
import { sbcFields } from './sbc.ts';
import { scsiFields } from './scsi.ts';
import { swIlsFields } from './swils.ts';
import { tcpFields } from './tcp.ts';
import { zoneFields } from './zone.ts';

const maps: readonly FieldMap[] = [
  ethernetFields,
  arpFields,
  ipFields,
  tunnelFields,
  fcoeFields,
  fipFields,
  fcFields,
  elsFields,
  ctFields,
  fcsFields,
  zoneFields,
  swIlsFields,
  fcpFields,
  scsiFields,
  sbcFields,
  lldpFields,
  tcpFields,
  iscsiFields,
  fcipFields,
  rpcFields,
  bgpFields,
];

function listOf(mapped: Mapped): readonly Target[] {
  if (typeof mapped === 'string') return [same(mapped)];
  return 'place' in mapped ? [mapped] : mapped;
}

const targets = new Map<string, readonly Target[]>();
for (const map of maps) {
  for (const [name, target] of Object.entries(map)) {
    if (targets.has(name)) throw new Error(`${name} is mapped twice`);
    targets.set(name, listOf(target));
  }
}

/** Every name of tshark's that a table maps. */
export const mappedNames = (): string[] => [...targets.keys()];

/** What tshark's field may be among ours; `undefined` where no table has it. */
export const targetsOf = (name: string): readonly Target[] | undefined => targets.get(name);

/** Names of protocols of which our codecs read nothing, or no more than a table maps. */
const FOREIGN = new Set([
  'dhcp',
  'http',
  'icmp',
  'icmpv6',
  'stp',
  'mstp',
  'tcp',
  'llc',
  'fcsb3',
  'frame',
  'nbd', // compared message by message: test/oracle/codecs/nbd.test.ts
]);

/** Parts of what we keep as one: network addresses in identifiers. */
const PARTS_OF_ONE = /^lldp\.(network_address\.subtype|(chassis|port)\.id\.ip[46])$/;

/** Information of organizations whose TLVs we keep as bytes: of IEEE 802.3 all but the frame size, and LLDP-MED. */
const FOREIGN_TLVS = /^lldp\.(ieee\.802_3\.(mac_phy|pmd_|aggregat|mdi_)|media\.)/;

/** Names under which tshark shows a field once more, or bytes that no dissector of its own reads. */
const REPEATED =
  /^(fcoe\.crc\.status|eth\.(addr|ig|lg|(dst|src)\.oui|.*resolved)|ip\.(addr|host|src_host|dst_host)|ipv6\.(addr|host|src_host|dst_host|.*slaac.*|opt.*|hopopts.*)|udp\.(port|payload)|fc\.(id|ftype|reassembled)|fcct\.server|udp\.checksum\.status|vxlan\.flags_reserved|data\.data|fip\.descriptors)/;

/** Guesses about bytes behind the message: padding that looks like a frame check sequence. */
const GUESSED = /^(eth|vlan)\.(fcs|trailer|padding)/;

/** Why a field is left out, `undefined` for one that should be compared. */
export function leftOut(
  name: string,
): 'foreign' | 'part of one' | 'repeated' | 'guessed' | undefined {
  const isForeign = FOREIGN.has(name.split('.')[0]!) && !targets.has(name);
  if (isForeign || FOREIGN_TLVS.test(name)) return 'foreign';
  if (PARTS_OF_ONE.test(name)) return 'part of one';
  if (REPEATED.test(name) || RPC_LEFT_OUT.has(name) || BGP_LEFT_OUT.has(name)) return 'repeated';
  return GUESSED.test(name) ? 'guessed' : undefined;
}
