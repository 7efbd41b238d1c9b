/** What a frame carries that nothing here reads further: for who asks what a capture is of. */
import {
  EtherType,
  ethernet,
  IpProtocol,
  ipv4,
  ipv6,
  ipv6Extension,
  ipv6Fragment,
  udp,
  vlanTag,
} from '../ethernet/index.ts';
import { nameOf } from '../layout/index.ts';
import type { Frame, Layer } from './layer.ts';

/** Below this an EtherType is a length: LLC follows. Source: IEEE 802.3, 3.2.6. */
const ETHERTYPE_MIN = 0x0600;

/**
 * TCP ports by which storage and routing are known.
 * Source: RFC 7143 (3260, 860), RFC 3821 (3225), RFC 4172 (3420), RFC 7530 (2049), RFC 4271 (179), IANA (10809, 4420).
 */
const TCP_PORTS: ReadonlyMap<number, string> = new Map([
  [179, 'BGP'],
  [860, 'iSCSI'],
  [2049, 'NFS'],
  [3225, 'FCIP'],
  [3260, 'iSCSI'],
  [3420, 'iFCP'],
  [4420, 'NVMe/TCP'],
  [10809, 'NBD'],
]);

/**
 * What is innermost in a frame, in a word or two: `iSCSI (TCP port 3260)`, `TCP port 13260`, `UDP`, `IPv4, protocol 89`,
 * `EtherType 88f5`. `undefined` where no layer says.
 */
export function carriedBy(frame: Frame): string | undefined {
  for (let i = frame.layers.length - 1; i >= 0; i--) {
    const words = wordsOf(frame, frame.layers[i]!);
    if (words !== undefined) return words;
  }
  return undefined;
}

function wordsOf(frame: Frame, { codec, length, offset, value }: Layer): string | undefined {
  if (codec === udp) return 'UDP';
  if (codec === ipv4) {
    return packetWords(frame, 'IPv4', (value as { protocol: number }).protocol, offset + length);
  }
  if (codec === ipv6 || codec === ipv6Extension || codec === ipv6Fragment) {
    const { nextHeader } = value as { nextHeader: number };
    return packetWords(frame, 'IPv6', nextHeader, offset + length);
  }
  if (codec !== vlanTag && codec !== ethernet) return undefined;
  const { etherType } = value as { etherType: number };
  if (etherType < ETHERTYPE_MIN) return 'IEEE 802.2 LLC';
  return nameOf(EtherType, etherType) ?? `EtherType ${etherType.toString(16).padStart(4, '0')}`;
}

function packetWords({ bytes }: Frame, version: string, protocol: number, at: number): string {
  if (protocol === IpProtocol.TCP && at + 4 <= bytes.length) {
    const ports = [(bytes[at]! << 8) | bytes[at + 1]!, (bytes[at + 2]! << 8) | bytes[at + 3]!];
    // Who serves has the lower port, mostly: clients take theirs from a high range (RFC 6335, 6).
    const served = ports.find((port) => TCP_PORTS.has(port)) ?? Math.min(...ports);
    const name = TCP_PORTS.get(served);
    return name === undefined ? `TCP port ${served}` : `${name} (TCP port ${served})`;
  }
  return nameOf(IpProtocol, protocol) ?? `${version}, protocol ${protocol}`;
}
