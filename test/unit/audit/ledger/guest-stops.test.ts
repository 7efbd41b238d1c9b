import { expect, it } from 'vitest';
import { GuestStops } from '../../../../src/audit/ledger/guest-stops.ts';

const space = (at: number, state: 'out' | 'given', vm = 'vm1') =>
  ({ at, node: 'h1', event: { type: 'space', vm, luName: 'lu', state } }) as const;

it('counts the time of stops that are over, within two moments, each guest by itself', () => {
  const stops = new GuestStops();
  stops.observe(space(10, 'out'));
  stops.observe(space(12, 'out'));
  expect(stops.isStopped('vm1')).toBe(true);
  expect(stops.between('vm1', 0, 100)).toBe(0);
  stops.observe(space(30, 'given'));
  stops.observe(space(50, 'out'));
  stops.observe(space(60, 'given'));
  stops.observe(space(61, 'given'));
  expect(stops.isStopped('vm1')).toBe(false);
  expect(stops.between('vm1', 0, 100)).toBe(30);
  expect(stops.between('vm1', 25, 55)).toBe(10);
  expect(stops.between('vm2', 0, 100)).toBe(0);
});
