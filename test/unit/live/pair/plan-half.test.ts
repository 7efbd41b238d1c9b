/** Which array a server is, and what does not go with one of two. */
import { expect, test } from 'vitest';
import { parseListenAddress } from '../../../../src/live/listen-address.ts';
import type { PeerAddress, StreamPlace } from '../../../../src/live/pair/place.ts';
import { aliveOf } from '../../../../src/live/pair/plan-half.ts';
import { arrayOf } from '../../../../src/live/plan.ts';
import { type HalfOptions, halfPlan, TWO_SITES } from '../../../helpers/halves.ts';
import { TEXT } from '../../../helpers/scenario.ts';

const place: StreamPlace = { kind: 'unix', path: '/tmp/x' };
const peer = (fabric: string): PeerAddress => ({ fabric, place });
const witness: StreamPlace = { kind: 'unix', path: '/tmp/witness' };
const plan = (options: HalfOptions, text = TWO_SITES) =>
  halfPlan({ witness, listen: [parseListenAddress('unix:a')], ...options }, text);

test.each([
  ['W', 'array', 'E', 'E'],
  ['E', 'mirror', 'W', 'W'],
])('the array whose target ports are not in %s is %s', (there, name, fabric, first) => {
  const { half, listen, topology, units } = plan({ peers: [peer(there)] });
  const array = arrayOf({ topology } as Parameters<typeof arrayOf>[0]);
  expect(array.name).toBe(name);
  expect(topology.nodes.map((node) => node.kind)).toEqual(['switch', 'array']);
  expect(topology.cables.map((cable) => cable.fabric)).toEqual([fabric]);
  expect(half).toEqual({ cables: [{ fabric: there, place, port: 1 }], witness });
  expect(listen[0]!.fabric).toBe(first);
  expect(units).toHaveLength(1);
});

test('without peers there is one array, whose units have one leg', () => {
  const { half, topology } = plan({ witness: undefined });
  expect(half).toBeUndefined();
  expect(topology.nodes.filter(({ kind }) => kind === 'array')).toHaveLength(1);
});

test.each<[string, HalfOptions, RegExp, string?]>([
  ['no such fabric', { peers: [peer('X')] }, /there is no fabric X; there is E, W/],
  ['all of them', { peers: [peer('E'), peer('W')] }, /no array has all its target ports/],
  ['no second array', { peers: [peer('B')] }, /have one leg/, TEXT],
  ['no witness', { peers: [peer('W')], witness: undefined }, /say --witness ADDRESS/],
  [
    'a file',
    { peers: [peer('W')], luns: [{ kind: 'file', path: 'x', bytes: 512 }] },
    /a leg is in memory/,
  ],
  [
    'files for clients',
    { peers: [peer('W')], services: [{ protocol: 'nfs', host: '127.0.0.1', port: 1 }] },
    /over FCoE alone/,
  ],
  ['a witness and no other server', {}, /say --peer FABRIC=ADDRESS/],
  [
    'a witness that nobody asks',
    { peers: [peer('W')] },
    /winner is preferred\); leave --witness out/,
    TWO_SITES.replace('heartbeatMs: 50', 'winner: preferred, heartbeatMs: 50'),
  ],
  [
    'itself as the other one',
    { peers: [{ fabric: 'W', place: { kind: 'unix', path: 'x/../a' } }] },
    /--peer W=unix:x\/..\/a: that is where this server itself listens; give the address of the other serve/,
  ],
  [
    'itself as the other one, by another name',
    {
      listen: [parseListenAddress('tcp:127.0.0.1:3000')],
      peers: [{ fabric: 'W', place: { kind: 'tcp', host: 'localhost', port: 3000 } }],
    },
    /this server itself listens/,
  ],
  [
    'itself as the witness',
    { peers: [peer('W')], witness: { kind: 'unix', path: 'a' } },
    /--witness unix:a: that is where this server itself listens; .* sanmotion witness/,
  ],
  [
    'the other one as the witness',
    { peers: [peer('W')], witness: place },
    /that is where fabric W is/,
  ],
  ['a fabric without an address', { peers: [peer('W')] }, /where is fabric V/, withV()],
])('%s is refused in a line', (_, options, what, text) => {
  expect(() => plan(options, text)).toThrow(what);
});

/** The second array has ports on two fabrics. */
function withV(): string {
  return TWO_SITES.replace(
    'site: west }\nhosts',
    'site: west }\n  - { name: V, domain: 3 }\nhosts',
  ).replace('ports: [W], heart', 'ports: [W, V], heart');
}

test('an array of a pair has a life, another one has none', () => {
  const half = arrayOf(plan({ peers: [peer('W')] }));
  expect(aliveOf(half).pair!.life).toMatch(/^[0-9a-z]+-\d+$/);
  const alone = arrayOf(plan({ witness: undefined }));
  expect(aliveOf(alone)).toBe(alone);
});
