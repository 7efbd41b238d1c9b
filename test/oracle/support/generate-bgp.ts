/** BGP as TCP segments: every message, every attribute, route, community and capability that is known. */
import fc from 'fast-check';
import {
  asPathSegment,
  BGP_TCP_PORT,
  bgpCapability,
  bgpMessage,
  evpnRoute,
  extendedCommunity,
  pathAttribute,
} from '../../../src/codecs/index.ts';
import type { AnyCodec } from '../../../src/codecs/layout/index.ts';
import { Connection, type Drawing } from './generate-streams.ts';

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const address = fc.oneof(octets(4), octets(16));
const noBytes = fc.constant(new Uint8Array(0));
const EVPN = { afi: fc.constant(25), safi: fc.constant(70), nlri: noBytes };
/** Type 1 with an address, an ESI of type 0: tshark shows others part by part. */
const routeDistinguisher = octets(6).map((rest) => Uint8Array.of(0, 1, ...rest));

const ROUTES: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  macIp: { routeDistinguisher, ip: fc.oneof(noBytes, address) },
  inclusiveMulticast: { routeDistinguisher, ip: address },
  ethernetSegment: { routeDistinguisher, ip: address },
  ethernetAutoDiscovery: { routeDistinguisher },
  ipPrefix: { routeDistinguisher },
  ipPrefixIpv6: { routeDistinguisher },
};

/** Every message of BGP. */
export function generateBgp(drawing: Drawing): void {
  const connection = new Connection(drawing, BGP_TCP_PORT);
  const send = (name: string, message: unknown): void =>
    connection.send(`BGP ${name}`, 'client', bgpMessage.encode(message as never));
  const drawn = (codec: AnyCodec, overrides = {}): unknown[] =>
    drawing.draw(codec, overrides).map((bytes) => codec.decode(bytes));
  const update = (name: string, ...attributes: unknown[]): void =>
    send(name, { kind: 'UPDATE', attributes });

  for (const member of Object.values(bgpCapability.members) as unknown as AnyCodec[])
    for (const one of drawn(
      member,
      member.kind === 'other' ? { code: fc.constant(200) } : {},
    ).slice(0, 4))
      send(`OPEN ${member.kind}`, {
        kind: 'OPEN',
        myAs: 65_000,
        holdTimeSeconds: 180,
        bgpIdentifier: Uint8Array.of(10, 0, 0, 1),
        parameters: [{ kind: 'capabilities', capabilities: [one] }],
      });
  for (const member of Object.values(evpnRoute.members) as unknown as AnyCodec[])
    for (const one of drawn(member, ROUTES[member.kind!]).slice(0, 4)) {
      const nextHop = Uint8Array.of(10, 0, 1, 2);
      update(member.kind!, { kind: 'mpReach', afi: 25, safi: 70, nextHop, routes: [one] });
      update(`${member.kind} gone`, { kind: 'mpUnreach', afi: 25, safi: 70, routes: [one] });
    }
  for (const member of Object.values(extendedCommunity.members) as unknown as AnyCodec[])
    for (const one of drawn(member).slice(0, 4))
      update(member.kind!, { kind: 'extendedCommunities', communities: [one] });
  const segments = asPathSegment.encode({ type: 2, ases: [65_000, 65_001] });
  for (const member of Object.values(pathAttribute.members) as unknown as AnyCodec[]) {
    const kind = member.kind!;
    if (['mpReach', 'mpUnreach', 'extendedCommunities'].includes(kind)) continue;
    const overrides: Record<string, fc.Arbitrary<unknown>> = { ...EVPN };
    if (kind === 'asPath') overrides.segments = fc.constant(segments);
    if (kind === 'pmsiTunnel') {
      overrides.tunnelType = fc.constant(6);
      overrides.tunnelIdentifier = octets(4);
    }
    for (const one of drawn(member, overrides).slice(0, 4)) update(kind, one);
  }
  for (const errorCode of [1, 2, 3, 4, 5, 6])
    send('NOTIFICATION', {
      kind: 'NOTIFICATION',
      errorCode,
      errorSubcode: 1,
      data: new Uint8Array(0),
    });
  send('KEEPALIVE', { kind: 'KEEPALIVE' });
  send('ROUTE-REFRESH', { kind: 'ROUTE-REFRESH', afi: 25, safi: 70 });
}
