/** Routes of Ethernet VPNs. Bytes: FRR 8.4.4 in fixtures/lan/frr-evpn-moves.pcap; the layouts of RFC 7432 and RFC 9136. */
import { describe, expect, it } from 'vitest';
import { evpnRoute, routeDistinguisherIpv4 } from '../../../../src/codecs/bgp/index.ts';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { bareHex, checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const RD = '00010a0001020002';
const ESI = '00000000000000000000';
const MAC_IP = `0221 ${RD} ${ESI} 00000000 30 525400aa0021 00 000064`;
const routeOf = (hex: string) => evpnRoute.decode(parseHex(bareHex(hex)));

describe('routes', () => {
  it('of the five types', () => {
    checkVector(evpnRoute, MAC_IP, {
      kind: 'macIp',
      routeDistinguisher: parseHex(RD),
      mac: '52:54:00:aa:00:21',
      ip: new Uint8Array(0),
      label: 100,
    });
    checkVector(evpnRoute, `0228 ${RD} ${ESI} 00000000 30 525400aa0021 20 0a000015 000064 0003e8`, {
      kind: 'macIp',
      routeDistinguisher: parseHex(RD),
      mac: '52:54:00:aa:00:21',
      ip: Uint8Array.of(10, 0, 0, 21),
      label: 100,
      label2: 1000,
    });
    checkVector(evpnRoute, `0119 ${RD} ${ESI} ffffffff 000000`, {
      kind: 'ethernetAutoDiscovery',
      routeDistinguisher: parseHex(RD),
      ethernetTag: 0xffff_ffff,
      label: 0,
    });
    checkVector(evpnRoute, `0311 ${RD} 00000000 20 0a000102`, {
      kind: 'inclusiveMulticast',
      routeDistinguisher: parseHex(RD),
      ip: Uint8Array.of(10, 0, 1, 2),
    });
    checkVector(evpnRoute, `0417 ${RD} 03525400aa00210000aa 20 0a000102`, {
      kind: 'ethernetSegment',
      routeDistinguisher: parseHex(RD),
      esi: parseHex('03525400aa00210000aa'),
      ip: Uint8Array.of(10, 0, 1, 2),
    });
    checkVector(evpnRoute, `0522 ${RD} ${ESI} 00000000 18 0a010200 00000000 0003e8`, {
      kind: 'ipPrefix',
      routeDistinguisher: parseHex(RD),
      prefixLengthBits: 24,
      prefix: Uint8Array.of(10, 1, 2, 0),
      gateway: new Uint8Array(4),
      label: 1000,
    });
    expect(
      routeOf(`053a ${RD} ${ESI} 00000000 40 ${'20'.repeat(16)} ${'00'.repeat(16)} 0003e8`),
    ).toMatchObject({ kind: 'ipPrefixIpv6', label: 1000 });
    expect(routeOf('0904 01020304')).toMatchObject({ kind: 'unknown' });
  });

  it('a route distinguisher of an address', () => {
    checkFixedVector(routeDistinguisherIpv4, RD, {
      address: Uint8Array.of(10, 0, 1, 2),
      number: 2,
    });
  });
});
