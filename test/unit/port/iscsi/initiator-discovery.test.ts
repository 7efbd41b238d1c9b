/** SendTargets, with our own target and with those that a test speaks for. */
import { describe, expect, it } from 'vitest';
import type { Discovery } from '../../../../src/port/iscsi/initiator-discovery.ts';
import { IscsiPair, PORTAL } from '../../../helpers/iscsi-pair.ts';
import { TARGET } from '../../../helpers/iscsi-rig.ts';

function discover(pair: IscsiPair): Discovery[] {
  const results: Discovery[] = [];
  pair.initiator().discover(PORTAL, pair.now, (result) => results.push(result));
  pair.settle();
  return results;
}

const BOTH = [
  { address: '10.0.0.1', port: 3260, groupTag: 1 },
  { address: '10.0.0.2', port: 3260, groupTag: 2 },
];

describe('a discovery', () => {
  it('tells targets with all their portals, and logs out', () => {
    const pair = new IscsiPair();
    expect(discover(pair)).toEqual([{ ok: true, targets: [{ name: TARGET, addresses: BOTH }] }]);
    expect(pair.toTarget.map(({ kind }) => kind)).toEqual([
      'Login Request',
      'Text Request',
      'Logout Request',
    ]);
    expect(pair.initiators[0]!.kept()).toEqual({
      connections: 0,
      'connections asked for': 0,
      timers: 0,
    });
  });

  it('asks for the rest of an answer that is too long for a PDU', () => {
    const many = Array.from({ length: 12_000 }, (_, i) => `10.1.${i >> 8}.${i & 255}:3260,1`);
    const pair = new IscsiPair({ addresses: () => many });
    // More keys than one negotiation may have.
    expect(discover(pair)).toMatchObject([{ ok: false }]);
    const some = new IscsiPair({ addresses: () => many.slice(0, 1000) });
    expect(discover(some)).toMatchObject([
      { ok: true, targets: [{ addresses: { length: 1000 } }] },
    ]);
  });

  it('says why it comes to nothing', () => {
    const pair = new IscsiPair();
    pair.portals.clear();
    expect(discover(pair)).toEqual([{ ok: false, reason: 'the target cannot be reached' }]);
    const guarded = new IscsiPair({ chap: { user: 'a', secret: 'b' } });
    expect(discover(guarded)).toEqual([
      { ok: false, reason: 'the target refuses: authentication failure' },
    ]);
  });
});
