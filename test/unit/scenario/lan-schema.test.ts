/** What the part `lan` of a file may leave out, and what it may not say. */
import { expect, test } from 'vitest';
import { DUPLICATE_LIMIT } from '../../../src/fabric/lan/mac-routes.ts';
import { lanSchema } from '../../../src/scenario/lan-schema.ts';

test('a LAN that says nothing of itself learns from announcements, and follows the storage', () => {
  expect(lanSchema.parse({})).toMatchObject({
    kind: 'learning',
    order: 'san-first',
    duplicateMoves: DUPLICATE_LIMIT.moves,
    duplicateWindowMs: DUPLICATE_LIMIT.windowNs / 1e6,
  });
});

test.each([
  ['a VLAN that no tag has', { vid: 4095 }],
  ['a packet that no LAN takes', { packetBytes: 9001 }],
  ['three route reflectors', { reflectors: 3 }],
  ['a port that refuses what nobody asks', { refuses: { h1: 'everything' } }],
])('refuses %s', (_what, lan) => {
  expect(lanSchema.safeParse(lan).success).toBe(false);
});
