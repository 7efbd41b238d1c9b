/** Extended communities. Bytes: the layouts of RFC 4360, RFC 7432 and RFC 9012. */
import { describe, expect, it } from 'vitest';
import { extendedCommunity, MacMobilityFlags } from '../../../../src/codecs/bgp/index.ts';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

describe('communities', () => {
  it('of a route', () => {
    checkFixedVector(extendedCommunity, '0600 01 00 00000007', {
      kind: 'macMobility',
      flags: MacMobilityFlags.STICKY,
      sequenceNumber: 7,
    });
    checkFixedVector(extendedCommunity, '0002 fde8 00000064', {
      kind: 'routeTarget',
      as: 65_000,
      number: 100,
    });
    checkFixedVector(extendedCommunity, '0202 00010000 0064', {
      kind: 'routeTargetAs4',
      as: 65_536,
      number: 100,
    });
    checkFixedVector(extendedCommunity, '0603 525400aa0021', {
      kind: 'routersMac',
      mac: '52:54:00:aa:00:21',
    });
    expect(extendedCommunity.decode(parseHex('4002000000000001'))).toMatchObject({
      kind: 'unknown',
    });
  });
});
