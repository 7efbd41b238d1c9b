import { describe, expect, it } from 'vitest';
import {
  Disturbances,
  fabricForgotten,
  forgetsAll,
  isArrayPowerLoss,
} from '../../../../src/audit/ledger/disturbances.ts';
import { type Happening, PlaceIndex } from '../../../../src/history/index.ts';
import { ARRAY, CRASHED, H1, LOST, PLACES, STARTED, SWITCH } from '../../../helpers/audit-rig.ts';

const entry = (at: number, node: string, event: Happening) => ({ at, node, event });

describe('what was done to the world', () => {
  it('lasts while a link or a machine is down, and is over at once for a frame', () => {
    const all = new Disturbances(new PlaceIndex(PLACES));
    expect([all.none, all.since(0), all.lastAt]).toEqual([true, false, Number.NEGATIVE_INFINITY]);
    all.observe(
      entry(5, '', { type: 'frame-hit', link: 'a', fault: 'drop', bytes: new Uint8Array(0) }),
    );
    expect([all.none, all.since(5), all.since(6)]).toEqual([false, true, false]);
    all.observe(entry(7, '', { type: 'link-down', link: 'a' }));
    expect(all.since(100)).toBe(true);
    all.observe(entry(8, '', { type: 'link-up', link: 'a' }));
    expect([all.since(8), all.since(9)]).toEqual([true, false]);
    all.observe(entry(10, H1, CRASHED));
    expect([all.crashes, all.since(100)]).toEqual([1, true]);
    all.observe(entry(11, H1, STARTED));
    expect(all.since(12)).toBe(false);
  });

  it('takes a guest along with the host that held its memory', () => {
    const all = new Disturbances(new PlaceIndex(PLACES));
    all.observe(entry(5, H1, LOST));
    expect([all.lostAt('vm1'), all.lostAt('vm2'), all.since(5)]).toEqual([5, undefined, true]);
  });
});

describe('a fall', () => {
  const places = new PlaceIndex(PLACES);

  it('means what the node was', () => {
    expect(isArrayPowerLoss(entry(1, ARRAY, CRASHED), places)).toBe(true);
    expect(isArrayPowerLoss(entry(1, H1, CRASHED), places)).toBe(false);
    expect(isArrayPowerLoss(entry(1, ARRAY, STARTED), places)).toBe(false);
    expect(fabricForgotten(entry(1, SWITCH, CRASHED), places)).toBe('A');
    expect(fabricForgotten(entry(1, ARRAY, CRASHED), places)).toBeUndefined();
    expect([forgetsAll(entry(1, H1, STARTED)), forgetsAll(entry(1, H1, LOST))]).toEqual([
      true,
      false,
    ]);
  });
});
