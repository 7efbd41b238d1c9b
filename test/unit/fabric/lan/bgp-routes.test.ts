/** What is said of a route, and what a reflector adds to it. */
import { expect, test } from 'vitest';
import {
  type EvpnRoute,
  evpnRoute,
  type PathAttribute,
  pathAttribute,
} from '../../../../src/codecs/bgp/index.ts';
import { attributesOf, keyOf, reflect } from '../../../../src/fabric/lan/bgp-routes.ts';

const ROUTE = {
  kind: 'macIp',
  routeDistinguisher: Uint8Array.of(0, 1, 10, 0, 0, 1, 0, 2),
  mac: '02:00:00:00:00:01',
  ip: new Uint8Array(0),
  label: 100,
} as const;
const said = (sequence: number) =>
  attributesOf(ROUTE, { nextHop: '10.0.0.1', vni: 100, sequence, sticky: false }, 65_000);

test('a route is the same whatever its label', () => {
  expect(keyOf({ ...ROUTE, label: 7 })).toBe(keyOf(ROUTE));
  expect(keyOf({ ...ROUTE, mac: '02:00:00:00:00:02' })).not.toBe(keyOf(ROUTE));
});

test('number 0 is not sent, and a higher one is', () => {
  const communities = (sequence: number) => JSON.stringify(said(sequence));
  expect(communities(0)).not.toContain('macMobility');
  expect(communities(3)).toContain('macMobility');
});

test('a reflector says who brought a route, and that it has passed there', () => {
  const heard = said(0).map(
    (one): PathAttribute => pathAttribute.decode(pathAttribute.encode(one)),
  );
  const route: EvpnRoute = evpnRoute.decode(evpnRoute.encode(ROUTE));
  const once = reflect(route, heard, '10.0.0.1', '10.0.0.9');
  expect(once).toContainEqual({ kind: 'originatorId', routerId: Uint8Array.of(10, 0, 0, 1) });
  expect(once.at(-1)).toEqual({
    kind: 'clusterList',
    clusterIds: [Uint8Array.of(10, 0, 0, 9)],
  });
});
