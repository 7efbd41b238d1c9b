/** Where a guest's halves are, told by hand. */
import { expect, test } from 'vitest';
import { FabricLogins } from '../../../../src/audit/ledger/fabric-logins.ts';
import { GuestNames } from '../../../../src/audit/ledger/guest-names.ts';
import { type CameOut, Halves, type HalvesApart } from '../../../../src/audit/ledger/halves.ts';
import type { Happening } from '../../../../src/history/index.ts';
import { PlaceIndex } from '../../../../src/history/places.ts';
import { LAN_PLACES } from '../../../helpers/lan-rig.ts';

function halves() {
  const places = new PlaceIndex(LAN_PLACES);
  const parts = { places, names: new GuestNames(), logins: new FabricLogins(places) };
  const apart: HalvesApart[] = [];
  const out: CameOut[] = [];
  const ledger = new Halves(
    parts,
    (one) => apart.push(one),
    (one) => out.push(one),
  );
  const tell = (at: number, node: string, event: Happening) => ledger.observe({ at, node, event });
  const runs = (at: number, node: string) =>
    tell(at, node, { type: 'guest', vm: 'vm1', state: 'running' } as Happening);
  const tapped = (at: number, host: string, number: number) =>
    tell(at, '', {
      type: 'datagram-tapped',
      link: `lan-${host} cable`,
      direction: 'out',
      vm: 'vm1',
      way: 'to-guest',
      number,
    });
  return { apart, out, ledger, runs, tapped };
}

test('they are apart from the first datagram that comes out elsewhere until one comes out here', () => {
  const { apart, ledger, out, runs, tapped } = halves();
  runs(0, 'h1');
  tapped(10, 'h1', 1);
  tapped(20, 'h2', 2);
  tapped(30, 'h2', 3);
  runs(35, 'h2');
  tapped(40, 'h2', 4);
  tapped(50, 'h2', 5);
  ledger.conclude();
  expect(apart).toMatchObject([{ vm: 'vm1', forNs: 10 }]);
  expect(ledger.longestNs).toBe(10);
  expect(ledger.count).toBe(5);
  expect(out.map(({ at, hosts }) => [at, ...hosts])).toEqual([
    [10, 'h1'],
    [20, 'h2'],
    [30, 'h2'],
    [40, 'h2'],
    [50, 'h2'],
  ]);
});

test('one datagram that comes out at both is at both', () => {
  const { apart, ledger, runs, tapped } = halves();
  runs(0, 'h1');
  tapped(10, 'h2', 1);
  tapped(10, 'h1', 1);
  ledger.conclude();
  expect(apart).toEqual([]);
});

test('what does not agree again is apart to the end', () => {
  const { apart, ledger, runs, tapped } = halves();
  runs(0, 'h1');
  tapped(10, 'h2', 1);
  ledger.conclude();
  expect(apart).toMatchObject([{ forNs: undefined }]);
  expect(apart[0]!.text).toMatch(/sends its frames to h2, its storage is logged out/);
});
