/** What a line says of a message of BGP. */
import { describe, expect, it } from 'vitest';
import { type BgpMessageInput, bgpMessage } from '../../../../src/codecs/bgp/index.ts';
import { bgpNameOf, decodeBgp, summarize } from '../../../../src/codecs/frame/index.ts';

const route = {
  kind: 'macIp',
  routeDistinguisher: new Uint8Array(8),
  mac: '02:00:00:00:00:01',
  ip: Uint8Array.of(192, 0, 2, 1),
  label: 10_100,
} as const;
const lineOf = (message: BgpMessageInput): string =>
  summarize(decodeBgp(bgpMessage.encode(message)));

describe('a line', () => {
  it('says what an UPDATE is about', () => {
    const communities = [{ kind: 'macMobility', flags: 1, sequenceNumber: 4 }] as const;
    const nextHop = Uint8Array.of(10, 0, 0, 2);
    expect(
      lineOf({
        kind: 'UPDATE',
        attributes: [
          { kind: 'mpReach', afi: 25, safi: 70, nextHop, routes: [route] },
          { kind: 'extendedCommunities', communities },
        ],
      }),
    ).toBe('BGP UPDATE MAC 02:00:00:00:00:01 192.0.2.1 VNI 10100 at 10.0.0.2 mobility 4 sticky');
    expect(
      lineOf({
        kind: 'UPDATE',
        attributes: [{ kind: 'mpUnreach', afi: 25, safi: 70, routes: [route] }],
      }),
    ).toBe('BGP UPDATE withdrawn MAC 02:00:00:00:00:01 192.0.2.1 VNI 10100');
  });

  it('who opens a session, and why one ends', () => {
    const bgpIdentifier = Uint8Array.of(10, 0, 0, 1);
    const capabilities = [{ kind: 'fourOctetAs', as: 70_000 }] as const;
    const parameters = [{ kind: 'capabilities', capabilities }] as const;
    expect(
      lineOf({ kind: 'OPEN', myAs: 23_456, holdTimeSeconds: 90, bgpIdentifier, parameters }),
    ).toBe('BGP OPEN AS 70000 identifier 10.0.0.1 hold 90 s');
    expect(
      lineOf({ kind: 'NOTIFICATION', errorCode: 6, errorSubcode: 2, data: new Uint8Array() }),
    ).toBe('BGP NOTIFICATION Cease/2');
    expect(lineOf({ kind: 'ROUTE-REFRESH', afi: 25, safi: 70 })).toBe(
      'BGP ROUTE-REFRESH L2VPN EVPN',
    );
  });

  it('and that a message is not whole', () => {
    const cut = decodeBgp(bgpMessage.encode({ kind: 'KEEPALIVE' }).subarray(0, 10), {
      lengthBytes: 19,
    });
    expect(bgpNameOf(cut)).toBe('BGP type 0');
    expect(summarize(cut)).toContain('[cut]');
  });
});
