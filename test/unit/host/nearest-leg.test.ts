/** Reads go to the leg that answers soonest on this host, and now and then to another. */
import { expect, it } from 'vitest';
import { NearestLeg } from '../../../src/host/nearest-leg.ts';

const LEGS = ['far', 'near'];
const picked = (legs: NearestLeg): string => legs.pick(LEGS, (leg) => leg);

it('asks a leg that it does not know yet before all others, then the one that answers soonest', () => {
  const legs = new NearestLeg();
  legs.learn('far', 1000);
  expect(picked(legs)).toBe('near');
  legs.learn('near', 100);
  expect(picked(legs)).toBe('near');
  legs.learn('near', 10_000);
  expect(picked(legs)).toBe('far');
  legs.forget();
  legs.learn('far', 1);
  expect(picked(legs)).toBe('near');
});

it('asks another leg now and then', () => {
  const legs = new NearestLeg();
  legs.learn('far', 1000);
  legs.learn('near', 100);
  const found = Array.from({ length: 128 }, () => picked(legs));
  expect(found.filter((leg) => leg === 'far')).toHaveLength(1);
});
