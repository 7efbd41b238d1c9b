/** Routes of Ethernet VPNs as a speaker tells them and a reflector passes them on. Source: RFC 7432, RFC 4456. */
import {
  AddressFamily,
  type EvpnRoute,
  type EvpnRouteInput,
  evpnRoute,
  type PathAttribute,
  type PathAttributeInput,
  PmsiTunnelType,
  SubsequentAddressFamily,
  TunnelType,
} from '../../codecs/bgp/index.ts';
import { formatHex } from '../../codecs/layout/index.ts';
import { ipv4Bytes, parseIpv4 } from '../../net/ipv4-address.ts';

const LOCAL_PREF = 100;

/** What is said of a route beside itself. */
export interface RouteOptions {
  /** Where its frames go: IPv4. */
  readonly nextHop: string;
  /** The network that it is of: its route target. */
  readonly vni: number;
  readonly sequence: number;
  readonly sticky: boolean;
}

/** A route as it was told, with all that was said of it. */
export interface Told {
  readonly route: EvpnRouteInput;
  readonly attributes: readonly PathAttributeInput[];
}

/** The address family of Ethernet VPNs. */
export const EVPN: { readonly afi: 25; readonly safi: 70 } = {
  afi: AddressFamily.L2VPN,
  safi: SubsequentAddressFamily.EVPN,
};

/** What tells one route from another: all of it but its label. Source: RFC 7432, 7.2. */
export function keyOf(route: EvpnRouteInput): string {
  if (route.kind !== 'macIp') return formatHex(evpnRoute.encode(route));
  const { label: _, label2: __, lengthBytes: ___, ...rest } = route;
  return formatHex(evpnRoute.encode({ ...rest, label: 0 }));
}

/** What a route says: where to, how it came, and of a MAC address how often it has moved. */
export function attributesOf(
  route: EvpnRouteInput,
  { nextHop, sequence, sticky, vni }: RouteOptions,
  as: number,
): PathAttributeInput[] {
  const address = ipv4Bytes(parseIpv4(nextHop));
  const isMoved = sequence > 0 || sticky;
  return [
    { kind: 'mpReach', ...EVPN, nextHop: address, routes: [route] },
    { kind: 'origin', origin: 0 },
    { kind: 'asPath', segments: new Uint8Array(0) },
    { kind: 'localPref', preference: LOCAL_PREF },
    {
      kind: 'extendedCommunities',
      communities: [
        { kind: 'routeTarget', as: as & 0xffff, number: vni },
        { kind: 'encapsulation', tunnelType: TunnelType.VXLAN },
        ...(isMoved
          ? [{ kind: 'macMobility', flags: sticky ? 1 : 0, sequenceNumber: sequence } as const]
          : []),
      ],
    },
    ...(route.kind === 'inclusiveMulticast'
      ? [
          {
            kind: 'pmsiTunnel',
            tunnelType: PmsiTunnelType['Ingress Replication'],
            label: vni,
            tunnelIdentifier: address,
          } as const,
        ]
      : []),
  ];
}

/** A route as a reflector passes it on: who brought it, and that it has passed here. */
export function reflect(
  route: EvpnRoute,
  attributes: readonly PathAttribute[],
  originator: string,
  own: string,
): PathAttributeInput[] {
  const cluster = ipv4Bytes(parseIpv4(own));
  const clusters = attributes.flatMap((one) => (one.kind === 'clusterList' ? one.clusterIds : []));
  const kept = attributes
    .filter(({ kind }) => kind !== 'clusterList' && kind !== 'mpUnreach')
    .map((one) =>
      one.kind === 'mpReach' ? { ...one, routes: [route], lengthField: undefined } : one,
    );
  const hasOriginator = attributes.some(({ kind }) => kind === 'originatorId');
  return [
    ...(kept as PathAttributeInput[]),
    ...(hasOriginator
      ? []
      : [{ kind: 'originatorId', routerId: ipv4Bytes(parseIpv4(originator)) } as const]),
    { kind: 'clusterList', clusterIds: [cluster, ...clusters] },
  ];
}
